package main

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"jishi/internal/account"
	"jishi/internal/audit"
	"jishi/internal/market"
)

// tokenPair is what signing in and renewing answer.
type tokenPair struct {
	Access    string `json:"access_token"`
	Refresh   string `json:"refresh_token"`
	ExpiresIn int    `json:"expires_in"`
}

// teacher adds a user whose login can be mailed to and returns it.
func (w *apiWorld) teacher(login string) string {
	w.Helper()
	org, err := w.h.organizations.LookUpOrganization(w.Context(), market.System, "", "示例大学")
	w.must(err)
	user, err := w.h.people.CreateUser(w.Context(), market.System, account.NewUser{
		Login: login, Name: "示例吴老师", Org: org.ID, Roles: []market.Role{market.RoleSupplier}, Password: demoPassword,
	})
	w.must(err)
	w.agree(user)
	return login
}

// agree has a user agree to the privacy notice, which is asked for first.
func (w *apiWorld) agree(user *market.User) {
	w.Helper()
	by := market.Actor{User: user.ID, Org: user.Org, Name: user.Name}
	w.must(w.h.privacy.Give(w.Context(), by, []string{market.PurposeAccount}))
}

// signIn opens a session and lets requests be sent under it by a name.
func (w *apiWorld) signIn(as, login, password, code string) tokenPair {
	w.Helper()
	var g tokenPair
	w.ask(visitor, "POST", "/sessions", map[string]string{"login": login, "password": password, "code": code}).want(201).read(&g)
	w.tokens[as] = g.Access
	return g
}

func (w *apiWorld) refresh(as, token string) tokenPair {
	w.Helper()
	var g tokenPair
	w.ask(visitor, "POST", "/sessions/refresh", map[string]string{"refresh_token": token}).want(200).read(&g)
	w.tokens[as] = g.Access
	return g
}

// TestAPISession lives through sessions as a program does: renewing, looking,
// ending one, ending all, and being robbed.
func TestAPISession(t *testing.T) {
	w := startAPI(t)
	login := w.teacher("wu@example.edu.cn")
	first := w.signIn("one", login, demoPassword, "")
	w.signIn("two", login, demoPassword, "")
	if first.ExpiresIn != 900 || first.Refresh == "" {
		t.Errorf("granted %+v", first)
	}
	second := w.refresh("one", first.Refresh)
	if second.Refresh == first.Refresh {
		t.Error("the refresh token was not rotated")
	}
	var list struct {
		Items []struct {
			ID           string
			Current      bool
			Address      string
			Agent        string
			Organization struct{ Name string }
		}
	}
	w.ask("one", "GET", "/sessions", nil).want(200).read(&list)
	if len(list.Items) != 2 || !list.Items[1].Current || list.Items[0].Current || list.Items[0].Address != "127.0.0.1" ||
		!strings.HasPrefix(list.Items[0].Agent, "Go-http-client") || list.Items[0].Organization.Name != "示例大学" {
		t.Fatalf("sessions %+v", list.Items)
	}
	w.ask(university, "DELETE", "/sessions/"+list.Items[0].ID, nil).want(404, "not_found")
	w.ask("two", "GET", "/me", nil).want(200)
	w.ask("one", "DELETE", "/sessions/"+list.Items[0].ID, nil).want(204)
	w.ask("one", "DELETE", "/sessions/"+list.Items[0].ID, nil).want(204)
	w.ask("two", "GET", "/me", nil).want(401, "session_over")
	third := w.refresh("one", second.Refresh)
	w.ask(visitor, "POST", "/sessions/refresh", map[string]string{"refresh_token": first.Refresh}).want(401, "refresh_reused")
	w.ask("one", "GET", "/me", nil).want(401, "session_over")
	w.ask(visitor, "POST", "/sessions/refresh", map[string]string{"refresh_token": third.Refresh}).want(401, "session_over")
	if mail := w.lastMail(login); !strings.Contains(mail, "使用了两次") {
		t.Errorf("the user was told %q", mail)
	}
	a := w.signIn("one", login, demoPassword, "")
	w.signIn("two", login, demoPassword, "")
	w.ask("two", "POST", "/sessions/end-all", nil).want(204)
	w.ask("one", "GET", "/me", nil).want(401, "session_over")
	w.ask("two", "GET", "/me", nil).want(401, "session_over")
	w.ask(visitor, "POST", "/sessions/refresh", map[string]string{"refresh_token": a.Refresh}).want(401, "session_over")
}

// lastMail is the text of the mail stored last to an address.
func (w *apiWorld) lastMail(to string) string {
	w.Helper()
	text, at := "", time.Time{}
	for m, err := range every[market.Mail](w.Context(), w.h.docs.mails) {
		w.must(err)
		if m.To != to || m.CreatedAt.Before(at) {
			continue
		}
		body := m.SealedFields()[0]
		var failed error
		text, failed = w.h.vault.Open(*body.Field, body.About)
		w.must(failed)
		at = m.CreatedAt
	}
	return text
}

var recoverySecret = regexp.MustCompile(`/recover/([A-Z2-7]{26})`)

// TestAPIPassword changes a password, forgets it and gets back in by mail.
func TestAPIPassword(t *testing.T) {
	w := startAPI(t)
	login := w.teacher("wu@example.edu.cn")
	w.signIn("one", login, demoPassword, "")
	w.signIn("two", login, demoPassword, "")
	change := func(old, fresh string) answer {
		return w.ask("one", "POST", "/me/password", map[string]string{"password": old, "new_password": fresh})
	}
	if p := change("wrong", "Lanhai-wanzhong-7").want(422, "invalid_fields").problem(); p.Fields[0].Field != "password" {
		t.Errorf("wrong old one: %+v", p.Fields)
	}
	if p := change(demoPassword, "wu-12345678").want(422).problem(); p.Fields[0].Field != "new_password" {
		t.Errorf("weak new one: %+v", p.Fields)
	}
	var g tokenPair
	change(demoPassword, "Lanhai-wanzhong-7").want(200).read(&g)
	w.ask("one", "GET", "/me", nil).want(401)
	w.tokens["one"] = g.Access
	w.ask("one", "GET", "/me", nil).want(200)
	w.ask("two", "GET", "/me", nil).want(401)

	w.ask(visitor, "POST", "/recoveries", map[string]string{"login": "nobody@example.edu.cn"}).want(204)
	w.ask(visitor, "POST", "/recoveries", map[string]string{"login": login}).want(204)
	secret := recoverySecret.FindStringSubmatch(w.lastMail(login))
	if secret == nil {
		t.Fatalf("the mail has no link: %s", w.lastMail(login))
	}
	use := map[string]string{"secret": secret[1], "password": "Qingshan-lvshui-8"}
	w.ask(visitor, "POST", "/recoveries/use", use).want(204)
	w.ask(visitor, "POST", "/recoveries/use", use).want(404, "link_over")
	w.ask("one", "GET", "/me", nil).want(401)
	w.signIn("one", login, "Qingshan-lvshui-8", "")
}

// TestAPIFactor sets a second factor up, signs in with it and takes it away.
func TestAPIFactor(t *testing.T) {
	w := startAPI(t)
	login := w.teacher("wu@example.edu.cn")
	w.signIn("one", login, demoPassword, "")
	var made struct{ Secret, URI string }
	w.ask("one", "POST", "/me/factor", map[string]string{"password": "wrong"}).want(422, "invalid_fields")
	w.ask("one", "POST", "/me/factor/confirm", map[string]string{"code": "123456"}).want(404, "factor_not_started")
	w.ask("one", "POST", "/me/factor", map[string]string{"password": demoPassword}).want(201).read(&made)
	code := func(at time.Time) string {
		text, err := totp.GenerateCode(made.Secret, at)
		w.must(err)
		return text
	}
	var codes struct {
		Recovery []string `json:"recovery_codes"`
	}
	now := time.Now()
	w.ask("one", "POST", "/me/factor/confirm", map[string]string{"code": code(now)}).want(200).read(&codes)
	if len(codes.Recovery) != 10 {
		t.Fatalf("recovery codes %v", codes.Recovery)
	}
	credentials := map[string]string{"login": login, "password": demoPassword}
	w.ask(visitor, "POST", "/sessions", credentials).want(401, "second_factor_required")
	credentials["code"] = code(now) // was used
	w.ask(visitor, "POST", "/sessions", credentials).want(401, "wrong_code")
	w.signIn("one", login, demoPassword, code(now.Add(30*time.Second))) // clocks may be off
	w.signIn("two", login, demoPassword, codes.Recovery[0])
	credentials["code"] = codes.Recovery[0]
	w.ask(visitor, "POST", "/sessions", credentials).want(401, "wrong_code")
	var state struct {
		Since        string
		RecoveryLeft int `json:"recovery_left"`
	}
	if w.ask("two", "GET", "/me/factor", nil).want(200).read(&state); state.Since == "" || state.RecoveryLeft != 9 {
		t.Errorf("state %+v", state)
	}
	w.ask("two", "POST", "/me/factor/remove", map[string]string{"password": demoPassword}).want(422, "invalid_fields")
	w.ask("two", "POST", "/me/factor/remove", map[string]string{"password": demoPassword, "code": codes.Recovery[1]}).want(204)
	w.signIn("one", login, demoPassword, "")
}

// TestAPISessionTrail looks for sign-ins in the audit trail, and for nothing
// that was typed.
func TestAPISessionTrail(t *testing.T) {
	w := startAPI(t)
	login := w.teacher("wu@example.edu.cn")
	w.signIn("one", login, demoPassword, "")
	w.ask(visitor, "POST", "/sessions", map[string]string{"login": login, "password": "wrong"}).want(401)
	w.ask(visitor, "POST", "/sessions", map[string]string{"login": "Secret-typed-here-1", "password": "wrong"}).want(401)
	w.ask("one", "DELETE", "/sessions", nil).want(204)
	seen := map[string]int{}
	entries, err := w.h.trail.Each(w.Context(), market.System, audit.Filter{})
	w.must(err)
	for entry, err := range entries {
		w.must(err)
		seen[string(entry.Action)+" "+entry.Result]++
		if strings.Contains(strings.ToLower(entry.Detail), "secret-typed") {
			t.Errorf("the trail has what was typed: %+v", entry)
		}
	}
	for _, want := range []string{"session.open ok", "session.open wrong_credentials", "session.end ok"} {
		if seen[want] == 0 {
			t.Errorf("no entry %q in %v", want, seen)
		}
	}
}
