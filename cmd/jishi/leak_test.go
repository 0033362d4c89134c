package main

import (
	"encoding/base32"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jishi/internal/account"
	"jishi/internal/market"
)

// What nobody may find but in the hands it was given to.
const (
	leakPassword = "Xq7-kanarienvogel-Lm2"
	leakWrong    = "Vw8-wellensittich-Po3"
	leakIdentity = "11010519491231002X" // the example of GB 11643-1999
	leakPhone    = "13900004321"
	leakTitle    = "可以找到的成果标题"
)

// leakWorld is the program with secrets in it.
type leakWorld struct {
	*apiWorld
	secrets map[string]string // by what they are
	answers []string          // refusals, as they came
}

// TestNoSecretLeaves signs in well and badly, renews, enrols a second factor,
// enters an identity card and asks for what it may not, and then looks for the
// secrets in the log, in the trail, among the mails, in every refusal and in
// the files of the store.
func TestNoSecretLeaves(t *testing.T) {
	w := &leakWorld{apiWorld: startAPI(t), secrets: map[string]string{
		"a password": leakPassword, "a wrong password": leakWrong, "the demonstration's password": demoPassword, "an identity card": leakIdentity,
	}}
	org, err := w.h.organizations.LookUpOrganization(t.Context(), market.System, "", demoUsers[3].org)
	w.must(err)
	for login, role := range map[string]market.Role{"leak-admin@demo.example": market.RoleAdmin, "leak-officer@demo.example": market.RoleOfficer} {
		_, err := w.h.people.CreateUser(t.Context(), market.System, account.NewUser{Login: login, Name: "查漏", Org: org.ID, Roles: []market.Role{role}, Password: leakPassword})
		w.must(err)
		w.signIn(login)
	}
	w.use()
	w.search("the log", w.read(w.log))
	for _, answer := range w.answers {
		w.search("a refusal", answer)
	}
	for _, path := range []string{"/audit?limit=100", "/mails?limit=100", "/mails?limit=100&state=sent"} {
		for _, as := range []string{"leak-admin@demo.example", "leak-officer@demo.example"} {
			w.search(path, string(w.send(w.request(as, "GET", path, nil)).body))
		}
	}
	w.searchStore()
}

// signIn opens a session and notes its tokens as secrets.
func (w *leakWorld) signIn(login string) {
	w.Helper()
	var granted struct {
		Access  string `json:"access_token"`
		Refresh string `json:"refresh_token"`
	}
	w.send(w.request(visitor, "POST", "/sessions", map[string]string{"login": login, "password": leakPassword})).want(201).read(&granted)
	w.tokens[login] = granted.Access
	w.secrets["an access token of "+login], w.secrets["a refresh token of "+login] = granted.Access, granted.Refresh
}

// use does what secrets are for, and what they are not for.
func (w *leakWorld) use() {
	const admin = "leak-admin@demo.example"
	try := func(as, method, path string, body any, header ...string) answer {
		got := w.send(w.request(as, method, path, body, header...))
		if got.status >= 500 {
			w.Errorf("%s %s: %d %s", method, path, got.status, got.body)
		}
		if got.status >= 400 {
			w.answers = append(w.answers, string(got.body))
		}
		return got
	}
	try(visitor, "POST", "/sessions", map[string]string{"login": admin, "password": leakWrong})
	try(visitor, "POST", "/sessions", map[string]string{"login": "nobody@demo.example", "password": leakWrong})
	try(visitor, "POST", "/sessions", map[string]string{"login": admin, "password": leakPassword, "code": leakWrong})
	try(visitor, "GET", "/me?access_token="+leakWrong, nil, "Authorization", "Bearer "+w.secrets["a refresh token of "+admin])
	try(visitor, "POST", "/sessions/refresh", map[string]string{"refresh_token": w.tokens[admin]})
	try(visitor, "POST", "/sessions/refresh", `{"refresh_token":"`+w.secrets["a refresh token of "+admin]+`"`)
	try(admin, "POST", "/me/password", map[string]string{"password": leakWrong, "new_password": leakWrong})
	try(admin, "POST", "/me/password", `{"password":"`+leakPassword+`","new_password":12}`)
	try(visitor, "POST", "/recoveries", map[string]string{"login": admin})
	try(visitor, "POST", "/recoveries/use", map[string]string{"secret": leakWrong, "password": leakWrong})
	var enrolled struct{ Secret string }
	try(admin, "POST", "/me/factor", map[string]string{"password": leakPassword}).want(201).read(&enrolled)
	w.secrets["the seed of a factor"] = enrolled.Secret
	if raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(enrolled.Secret); err == nil {
		w.secrets["the seed of a factor in bytes"] = string(raw)
	}
	try(admin, "POST", "/me/factor/confirm", map[string]string{"code": "000000"})

	contract := contractInput("查漏的合同", 100)
	contract["sellers"] = []map[string]string{{"name": "示例自然人", "category": market.CategoryPerson, "division": "500155", "identity": leakIdentity}}
	made := try(university, "POST", "/contracts", contract)
	var d doc
	if json.Unmarshal(made.body, &d) != nil || d.ID == "" {
		w.Fatalf("no contract: %d %s", made.status, made.body)
	}
	for _, as := range []string{university, enterprise, broker, visitor, bureau} {
		w.search("a contract read by "+as, string(try(as, "GET", "/contracts/"+d.ID, nil).body))
	}
	try(university, "PUT", "/contracts/"+d.ID, contract, "If-Match", `"99"`)
	listing := achievementInput(leakTitle)
	listing["contact"] = map[string]string{"name": "查漏", "phone": leakPhone}
	w.ask(university, "POST", "/achievements", listing).want(201)
	try(enterprise, "POST", "/achievements", listing)
}

func (w *leakWorld) read(path string) string {
	raw, err := os.ReadFile(path)
	w.must(err)
	return string(raw)
}

// search fails when a text has a secret in it, or a telephone number.
func (w *leakWorld) search(where, text string) {
	w.Helper()
	for what, secret := range w.secrets {
		if strings.Contains(text, secret) {
			w.Errorf("%s has %s", where, what)
		}
	}
	if strings.Contains(text, leakPhone) {
		w.Errorf("%s has a telephone number", where)
	}
}

// searchStore looks through every file below the data folder but the keys;
// that it sees texts at all a title shows.
func (w *leakWorld) searchStore() {
	seen := false
	err := filepath.WalkDir(w.data, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		seen = seen || strings.Contains(string(raw), leakTitle)
		for what, secret := range w.secrets {
			if strings.Contains(string(raw), secret) {
				w.Errorf("%s has %s", filepath.Base(path), what)
			}
		}
		return nil
	})
	w.must(err)
	if !seen {
		w.Error("nothing is found in the files of the store, not even what is public")
	}
}
