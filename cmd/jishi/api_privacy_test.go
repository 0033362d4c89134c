package main

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"jishi/internal/account"
	"jishi/internal/audit"
	"jishi/internal/market"
)

// whole and hidden are the contact of the stage's achievement in full and as
// others see it.
var whole, hidden = market.Contact{Name: "赵老师", Phone: "13812345678", Email: "zhao@example.edu"},
	market.Contact{Name: "赵老师", Phone: "138****5678", Email: "z***@example.edu"}

// noted is how often the trail says that a reader had something revealed.
func (w *apiWorld) noted(action market.Action, subject string) int {
	w.Helper()
	page, err := w.h.trail.Find(w.Context(), market.System, audit.Filter{Action: action, Subject: market.ID(subject), Limit: market.MaxPageSize})
	w.must(err)
	return len(page.Rows)
}

// TestAPIContacts asks as everybody for the contact of everything that has one.
func TestAPIContacts(t *testing.T) {
	w := startAPI(t)
	s := w.stage()
	s.readable()
	none := market.Contact{}
	for _, tt := range []struct {
		name, path, subject string
		full                market.Contact
		plain               []string // who sees it unasked
		refused             map[string]int
	}{
		{"a published achievement", "/achievements/", s.ids["achievements published"], whole, []string{university}, map[string]int{visitor: 401}},
		{"an achievement's draft", "/achievements/", s.ids["achievements draft"], whole, []string{university}, map[string]int{visitor: 401, enterprise: 403, broker: 403}},
		{"an anonymous demand", "/demands/", s.ids["demands published"], market.Contact{Name: "钱经理", Phone: "13912345678", Email: "qian@example.com"},
			[]string{enterprise}, map[string]int{visitor: 401, university: 409, broker: 409}},
		{"an organization", "/organizations/", s.ids["organizations"], market.Contact{Name: "孙主任", Phone: "13712345678", Email: "sun@example.org"},
			nil, map[string]int{visitor: 401}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := *w
			w.T = t
			looks := 0
			for _, as := range everybody {
				var shown struct{ Contact market.Contact }
				if got := w.ask(as, "GET", tt.path+tt.subject, nil); got.status == 200 {
					got.read(&shown)
				}
				want := tt.full.Shown(market.Masked)
				if slices.Contains(tt.plain, as) {
					want = tt.full
				}
				if _, refused := tt.refused[as]; refused {
					want = none
				}
				if shown.Contact != want {
					t.Errorf("%s reads %+v, want %+v", as, shown.Contact, want)
				}
				got := w.ask(as, "POST", tt.path+tt.subject+"/contact", nil)
				if status, refused := tt.refused[as]; refused {
					got.want(status)
					continue
				}
				var revealed market.Contact
				got.want(200).read(&revealed)
				if revealed != tt.full || got.header.Get("Cache-Control") != "no-store" {
					t.Errorf("%s is shown %+v, %s", as, revealed, got.header.Get("Cache-Control"))
				}
				if !slices.Contains(tt.plain, as) {
					looks++
				}
				if n := w.noted(market.ActReadContact, tt.subject); n != looks {
					t.Errorf("after %s the trail has %d looks, want %d", as, n, looks)
				}
			}
		})
	}
	t.Run("deciding shows an officer no more", func(t *testing.T) {
		got := w.ask(bureau, "POST", "/achievements/"+s.ids["achievements submitted"]+"/approve", map[string]string{}).want(200)
		if strings.Contains(string(got.body), whole.Phone) || !strings.Contains(string(got.body), hidden.Phone) {
			t.Errorf("answered with %s", got.body)
		}
	})
}

const someCard = "11010519491231002X" // of the standard itself, nobody's

// TestAPIIdentities keeps an identity card and looks for it in everything that
// is answered or stored.
func TestAPIIdentities(t *testing.T) {
	w := startAPI(t)
	input := contractInput("个人发明的转让", 100)
	input["sellers"] = []map[string]string{{"name": "李发明", "category": "500", "identity": someCard}}
	path := "/contracts/" + w.create(university, "/contracts", input).ID
	raw, err := json.Marshal(input)
	w.must(err)
	w.ask(university, "PUT", path, strings.Replace(string(raw), someCard, "", 1), "If-Match", `"1"`).want(200) // not typed again
	for _, as := range []string{university, bureau} {
		got := w.ask(as, "GET", path, nil).want(200)
		if strings.Contains(string(got.body), someCard) || !strings.Contains(string(got.body), `"identity_masked":"1101*************X"`) {
			t.Errorf("%s reads %s", as, got.body)
		}
		if got := w.ask(as, "POST", path+"/identities", nil).want(200); !strings.Contains(string(got.body), someCard) {
			t.Errorf("%s is shown %s", as, got.body)
		}
	}
	w.ask(visitor, "POST", path+"/identities", nil).want(401)
	w.ask(broker, "POST", path+"/identities", nil).want(403)
	w.ask(enterprise, "POST", path+"/identities", nil).want(403)
	if n := w.noted(market.ActRevealIdentity, strings.TrimPrefix(path, "/contracts/")); n != 2 {
		t.Errorf("the trail has %d looks, want 2", n)
	}
	for field, body := range map[string]string{
		"sellers.identity": `{"sellers":[{"name":"某公司","category":"100","identity":"` + someCard + `"}]}`,
		"sellers.name":     `{"sellers":[{"name":"李发明` + someCard + `","category":"500"}]}`,
		"sellers.code":     `{"sellers":[{"name":"李发明","code":"` + someCard + `"}]}`,
		"project":          `{"project":"` + someCard + `"}`,
	} {
		got := w.ask(university, "POST", "/contracts", body).want(422)
		if p := got.problem(); p.Fields[0].Field != field || strings.Contains(string(got.body), someCard) {
			t.Errorf("%s: %s", field, got.body)
		}
	}
	summary := map[string]any{"title": "题目", "summary": "联系人身份证 " + someCard}
	w.ask(university, "POST", "/achievements", summary).want(422, "invalid_fields")
	w.bring(university, "kind=achievements", []byte(goodHeader+"r-1,成果,简介 "+someCard+",05,license,middle,示例大学,\nr-2,"+someCard+",,05,license,middle,"+someCard+",\n"))
	w.absent(someCard)
}

// absent fails when a text is in the file of the store or its log.
func (w *apiWorld) absent(texts ...string) {
	w.Helper()
	for _, name := range []string{"jishi.db", "jishi.db-wal"} {
		raw, err := os.ReadFile(w.data + "/" + name)
		w.must(err)
		for _, text := range texts {
			if bytes.Contains(raw, []byte(text)) {
				w.Errorf("%s is in %s", text, name)
			}
		}
	}
}

// newcomer adds a user who has not agreed to anything yet, and signs them in.
func (w *apiWorld) newcomer(login, name string, roles ...market.Role) {
	w.Helper()
	org, err := w.h.organizations.LookUpOrganization(w.Context(), market.System, "", "示例大学")
	w.must(err)
	_, err = w.h.people.CreateUser(w.Context(), market.System, account.NewUser{Login: login, Name: name, Org: org.ID, Roles: roles, Password: demoPassword})
	w.must(err)
	var granted struct {
		Token string `json:"access_token"`
	}
	w.ask(visitor, "POST", "/sessions", map[string]string{"login": login, "password": demoPassword}).want(201).read(&granted)
	w.tokens[login] = granted.Token
}

// TestAPIConsents lets somebody in who has to agree first.
func TestAPIConsents(t *testing.T) {
	w := startAPI(t)
	const fresh = "fresh@example.org"
	w.newcomer(fresh, "新同事", market.RoleSupplier)
	input := map[string]any{"title": "题目", "summary": "简介"}
	w.ask(fresh, "POST", "/achievements", input).want(403, "due_consent")
	w.ask(fresh, "GET", "/me", nil).want(200)
	w.ask(fresh, "GET", "/search", nil).want(200) // what everybody may read
	w.ask(fresh, "POST", "/me/consents", map[string]any{"purposes": []string{"contact"}}).want(200)
	w.ask(fresh, "POST", "/achievements", input).want(403, "due_consent") // not the one that is needed
	w.ask(fresh, "POST", "/me/consents", map[string]any{"purposes": []string{"account", "contact"}}).want(200)
	w.ask(fresh, "POST", "/achievements", input).want(201)
	w.ask(fresh, "DELETE", "/me/consents/contact", nil).want(200)
	w.ask(fresh, "DELETE", "/me/consents/account", nil).want(409, "account_needed")
	w.ask(fresh, "DELETE", "/me/consents/none", nil).want(404)
	w.ask(fresh, "POST", "/me/consents", map[string]any{"purposes": []string{}}).want(422)
	var mine struct {
		Purposes []struct {
			Purpose string
			Holds   bool
			Past    []market.Consent
		}
	}
	w.ask(fresh, "GET", "/me/consents", nil).want(200).read(&mine)
	if got := mine.Purposes[1]; got.Purpose != "contact" || got.Holds || len(got.Past) != 1 || got.Past[0].WithdrawnAt.IsZero() || got.Past[0].History[0].ByName != "新同事" {
		t.Errorf("recorded %+v", got)
	}
	for _, as := range everybody[1:] {
		w.ask(as, "GET", "/me/consents", nil).want(200)
	}
	w.ask(visitor, "GET", "/me/consents", nil).want(401)
}

// TestAPIErase follows one person from their copy to their erasure, after which
// nothing of them is anywhere.
func TestAPIErase(t *testing.T) {
	w := startAPI(t)
	const login, name, phone = "ouyang.gone@example.org", "欧阳注销", "13677778888"
	w.newcomer(login, name, market.RoleSupplier)
	w.ask(login, "POST", "/me/consents", map[string]any{"purposes": []string{"account"}}).want(200)
	input := achievementInput("欧阳的成果")
	input["contact"] = map[string]string{"name": name, "phone": phone, "email": login}
	path := "/achievements/" + w.create(login, "/achievements", input).ID
	w.ask(login, "POST", path+"/submit", map[string]string{}).want(200)
	w.ask(bureau, "POST", path+"/approve", map[string]string{}).want(200)
	contractPath := "/contracts/" + w.create(login, "/contracts", contractInput("欧阳的合同", 100)).ID

	var mine struct {
		User     struct{ Login string }
		Contacts []struct{ ID string }
	}
	got := w.ask(login, "GET", "/me/export", nil).want(200).read(&mine)
	if mine.User.Login != login || len(mine.Contacts) != 1 || !strings.HasSuffix(path, mine.Contacts[0].ID) || strings.Contains(string(got.body), "argon2") {
		t.Errorf("the copy: %s", got.body)
	}
	w.ask(visitor, "GET", "/me/export", nil).want(401)

	w.ask(login, "POST", "/me/erase", map[string]string{"login": login, "password": "wrong"}).want(422)
	w.ask(login, "POST", "/me/erase", map[string]string{"login": "x", "password": demoPassword}).want(422)
	w.ask(login, "GET", "/me", nil).want(200)
	w.ask(login, "POST", "/me/erase", map[string]string{"login": login, "password": demoPassword}).want(204)
	w.ask(login, "GET", "/me", nil).want(401)
	w.ask(visitor, "POST", "/sessions", map[string]string{"login": login, "password": demoPassword}).want(401)

	w.eventually(10*time.Second, "erased", func() bool {
		all, _, err := w.h.docs.private.erasures.Changes(w.Context(), "", 10)
		w.must(err)
		return len(all) == 1 && !all[0].DoneAt.IsZero()
	})
	for _, place := range []string{path, contractPath} {
		body := string(w.ask(bureau, "GET", place, nil).want(200).body)
		if !strings.Contains(body, `"by_name":"`+market.ErasedName+`"`) {
			t.Errorf("%s does not say that somebody who left did it: %s", place, body)
		}
		for _, text := range []string{login, name, phone} {
			if strings.Contains(body, text) {
				t.Errorf("%s is in %s", text, place)
			}
		}
	}
	res, err := w.client.Get(w.base + path)
	w.must(err)
	defer res.Body.Close()
	if res.StatusCode != 200 {
		t.Errorf("the listing's page: %d", res.StatusCode)
	}
	w.eventually(10*time.Second, "forgotten", func() bool { // the log is emptied right after
		raw, err := os.ReadFile(w.data + "/jishi.db-wal")
		w.must(err)
		return !bytes.Contains(raw, []byte(phone))
	})
	w.absent(login, name, phone)
}
