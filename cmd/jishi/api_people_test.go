package main

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"jishi/internal/market"
)

const (
	admin      = "admin@demo"
	consultant = "consultant@demo"
)

// TestAPIPeople looks after people over HTTP: inviting, roles, several
// organizations, certificates, accounts.
func TestAPIPeople(t *testing.T) {
	w := startAPI(t)
	for _, login := range []string{admin, consultant} {
		w.signIn(login, login, demoPassword, "")
	}
	t.Run("invited, renamed, removed", func(t *testing.T) { w.in(t).members() })
	t.Run("invited with an account", func(t *testing.T) { w.in(t).invitedAgain() })
	t.Run("two organizations", func(t *testing.T) { w.in(t).switching() })
	t.Run("asks to join", func(t *testing.T) { w.in(t).applicant() })
	t.Run("hands over", func(t *testing.T) { w.in(t).handOver() })
	t.Run("certificates", func(t *testing.T) { w.in(t).certificates() })
	t.Run("accounts", func(t *testing.T) { w.in(t).accounts() })
}

var invitationSecret = regexp.MustCompile(`/invitations/([A-Z2-7]{26})`)

// me is who the API takes somebody for.
func (w *apiWorld) me(as string) (me struct {
	ID           market.ID
	Roles        []market.Role
	Organization struct{ ID, Name string }
	Others       []struct{ ID, Name string }
}) {
	w.Helper()
	w.ask(as, "GET", "/me", nil).want(200).read(&me)
	return me
}

// memberOf is somebody's place as the API shows it.
type memberSeen struct {
	User, Login, State string
	Version            int
	Roles              []string
}

func (w *apiWorld) invite(as, org, login string, roles ...string) string {
	w.Helper()
	w.ask(as, "POST", "/organizations/"+org+"/invitations", map[string]any{"login": login, "roles": roles}).want(201)
	found := invitationSecret.FindStringSubmatch(w.lastMail(login))
	if found == nil {
		w.Fatalf("no link in %q", w.lastMail(login))
	}
	return found[1]
}

func (w *apiWorld) members() {
	org := w.me(university).Organization.ID
	at := "/organizations/" + org
	w.ask(enterprise, "POST", at+"/invitations", map[string]any{"login": "feng@example.edu.cn", "roles": []string{"supplier"}}).want(403, "not_allowed")
	w.ask(university, "POST", at+"/invitations", map[string]any{"login": "feng@example.edu.cn", "roles": []string{"officer"}}).want(422, "invalid_fields")
	old := w.invite(university, org, "feng@example.edu.cn", "supplier")
	w.ask(university, "POST", at+"/invitations", map[string]any{"login": "feng@example.edu.cn", "roles": []string{"supplier"}}).want(409, "already_invited")
	var open struct{ Items []struct{ ID, Login string } }
	w.ask(university, "GET", at+"/invitations", nil).want(200).read(&open)
	w.ask(university, "POST", at+"/invitations/"+open.Items[0].ID+"/resend", nil).want(201)
	secret := invitationSecret.FindStringSubmatch(w.lastMail("feng@example.edu.cn"))[1]
	before := w.versions()
	w.ask(visitor, "GET", "/invitations/"+old, nil).want(409, "invitation_revoked")
	w.ask(visitor, "GET", "/invitations/"+secret, nil).want(200)
	w.ask(visitor, "GET", "/invitations/"+strings.Repeat("A", 26), nil).want(404, "not_found")
	w.ask(enterprise, "POST", "/invitations/"+secret+"/accept", nil).want(409, "invitation_for_other")
	person := map[string]any{"name": "示例冯老师", "password": "x", "purposes": []string{"contact"}}
	if p := w.ask(visitor, "POST", "/invitations/"+secret+"/accept", person).want(422).problem(); len(p.Fields) != 2 {
		w.Errorf("refused for %+v", p.Fields)
	}
	if after := w.versions(); len(after) != len(before) {
		w.Error("looking and being refused wrote something")
	}
	person["password"], person["purposes"] = "Shanhai-2026-jing", []string{"account"}
	w.ask(visitor, "POST", "/invitations/"+secret+"/accept", person).want(204)
	w.ask(visitor, "POST", "/invitations/"+secret+"/accept", person).want(409, "invitation_used")
	w.signIn("feng", "feng@example.edu.cn", "Shanhai-2026-jing", "")
	if me := w.me("feng"); me.Organization.ID != org || !slices.Equal(me.Roles, []market.Role{market.RoleSupplier}) {
		w.Fatalf("invited as %+v", me)
	}
	w.roles(at, w.me("feng").ID)
}

// roles gives a member other roles and ends the membership.
func (w *apiWorld) roles(at string, user market.ID) {
	w.Helper()
	member := at + "/members/" + string(user)
	w.ask("feng", "GET", at+"/members", nil).want(403, "not_allowed")
	got := w.ask(university, "GET", member, nil).want(200)
	etag := got.header.Get("ETag")
	w.ask(university, "PUT", member, map[string]any{"roles": []string{"demander"}}).want(428)
	w.ask(university, "PUT", member, map[string]any{"roles": []string{"demander"}}, "If-Match", `"99"`).want(412, "stale_version")
	w.ask("feng", "PUT", member, map[string]any{"roles": []string{"manager"}}, "If-Match", etag).want(403, "not_allowed")
	w.ask(university, "PUT", member, map[string]any{"roles": []string{"broker", "demander"}}, "If-Match", etag).want(200)
	if me := w.me("feng"); !slices.Equal(me.Roles, []market.Role{market.RoleDemander, market.RoleBroker}) {
		w.Errorf("roles %v", me.Roles)
	}
	own := at + "/members/" + string(w.me(university).ID)
	own1 := w.ask(university, "GET", own, nil).want(200)
	w.ask(university, "PUT", own, map[string]any{"roles": []string{"supplier"}}, "If-Match", own1.header.Get("ETag")).want(409, "last_manager")
	w.ask(university, "POST", "/me/leave", map[string]string{"organization": string(w.me(university).Organization.ID)}).want(409, "last_manager")
	w.ask(university, "POST", member+"/remove", nil).want(422, "note_required")
	w.ask(university, "POST", member+"/remove", map[string]string{"note": "离职"}).want(204)
	w.ask("feng", "GET", "/me", nil).want(401, "session_over")
	w.ask(university, "POST", member+"/remove", map[string]string{"note": "离职"}).want(404, "not_found")
	w.signIn("feng", "feng@example.edu.cn", "Shanhai-2026-jing", "")
	if me := w.me("feng"); me.Organization.ID != "" || len(me.Roles) > 0 {
		w.Errorf("who was removed acts for %+v", me)
	}
	w.ask("feng", "GET", "/achievements?scope=own", nil).want(403)
	w.ask("feng", "GET", "/me/profile", nil).want(200)
}

func (w *apiWorld) invitedAgain() {
	org := w.me(enterprise).Organization.ID
	login := w.teacher("guo@example.edu.cn")
	w.signIn("guo", login, demoPassword, "")
	secret := w.invite(enterprise, org, login, "demander")
	w.ask(visitor, "POST", "/invitations/"+secret+"/accept", map[string]any{"name": "别人", "password": "Shanhai-2026-jing", "purposes": []string{"account"}}).want(409, "login_taken")
	w.ask("guo", "POST", "/invitations/"+secret+"/accept", nil).want(204)
	w.ask("guo", "POST", "/invitations/"+secret+"/accept", nil).want(204)
	me := w.me("guo")
	if len(me.Others) != 1 || me.Others[0].ID != org {
		w.Fatalf("others %+v", me.Others)
	}
	w.ask("guo", "POST", "/me/leave", map[string]string{"organization": org}).want(204)
	w.ask("guo", "POST", "/me/leave", map[string]string{"organization": org}).want(422, "invalid_fields")
	w.ask("guo", "POST", "/invitations/"+secret+"/accept", nil).want(409, "invitation_used")
}

func (w *apiWorld) switching() {
	first := w.me(consultant)
	if len(first.Others) != 1 {
		w.Fatalf("acts for %+v, others %+v", first.Organization, first.Others)
	}
	other := first.Others[0].ID
	w.ask(consultant, "POST", "/sessions/act-for", map[string]string{"organization": w.me(bureau).Organization.ID}).want(422, "invalid_fields")
	var now struct{ Organization struct{ ID string } }
	w.ask(consultant, "POST", "/sessions/act-for", map[string]string{"organization": other}).want(200).read(&now)
	if now.Organization.ID != other || w.me(consultant).Organization.ID != other {
		w.Errorf("acts for %s after switching to %s", w.me(consultant).Organization.ID, other)
	}
	w.signIn("again", consultant, demoPassword, "")
	if got := w.me("again").Organization.ID; got != other {
		w.Errorf("the next sign-in begins at %s", got)
	}
	w.ask(consultant, "POST", "/sessions/act-for", map[string]string{"organization": first.Organization.ID}).want(200)
}

func (w *apiWorld) applicant() {
	org := w.me(broker).Organization.ID
	at := "/organizations/" + org + "/members"
	login := w.teacher("tao@example.edu.cn")
	w.signIn("tao", login, demoPassword, "")
	w.ask("tao", "POST", at, map[string]any{"roles": []string{"manager"}}).want(422, "invalid_fields")
	w.ask("tao", "POST", at, map[string]any{"roles": []string{"broker"}}).want(204)
	w.ask("tao", "POST", at, map[string]any{"roles": []string{"broker"}}).want(409, "already_applied")
	if me := w.me("tao"); len(me.Others) != 0 {
		w.Errorf("an applicant may act for %+v", me.Others)
	}
	member := at + "/" + string(w.me("tao").ID)
	w.ask(university, "POST", member+"/approve", nil).want(403, "not_allowed")
	var seen memberSeen
	w.ask(broker, "POST", member+"/approve", nil).want(200).read(&seen)
	if seen.State != "active" || !slices.Equal(seen.Roles, []string{"broker"}) {
		w.Errorf("approved %+v", seen)
	}
	if !strings.Contains(w.lastMail(login), "已同意您加入") {
		w.Errorf("told %q", w.lastMail(login))
	}
	w.ask(broker, "POST", member+"/refuse", map[string]string{"note": "x"}).want(409, "no_application")
}

func (w *apiWorld) handOver() {
	org := w.me(broker).Organization.ID
	to := "/organizations/" + org + "/members/" + string(w.me(consultant).ID)
	w.ask(consultant, "POST", "/sessions/act-for", map[string]string{"organization": org}).want(200)
	w.ask(consultant, "POST", to+"/hand-over", map[string]any{"roles": []string{"broker"}}).want(403, "not_allowed")
	w.ask(broker, "POST", to+"/hand-over", map[string]any{"roles": []string{}}).want(422, "invalid_fields")
	w.ask(broker, "POST", to+"/hand-over", map[string]any{"roles": []string{"broker"}}).want(204)
	w.ask(broker, "GET", "/organizations/"+org+"/members", nil).want(403, "not_allowed")
	w.ask(consultant, "GET", "/organizations/"+org+"/members", nil).want(200)
	back := "/organizations/" + org + "/members/" + string(w.me(broker).ID)
	w.ask(consultant, "POST", back+"/hand-over", map[string]any{"roles": []string{"broker"}}).want(204)
}

// brokersSeen is the directory of brokers as everybody sees it.
func (w *apiWorld) brokersSeen() (names []string) {
	w.Helper()
	var page struct{ Items []struct{ Name string } }
	w.ask(visitor, "GET", "/brokers", nil).want(200).read(&page)
	for _, one := range page.Items {
		names = append(names, one.Name)
	}
	return names
}

func (w *apiWorld) certificates() {
	if got := w.brokersSeen(); !slices.Equal(got, []string{"示例孙经纪"}) {
		w.Errorf("brokers %v", got)
	}
	w.ask(broker, "GET", "/certificates", nil).want(403, "not_allowed")
	var waiting struct {
		Items []struct{ User, Name string }
	}
	w.ask(bureau, "GET", "/certificates", nil).want(200).read(&waiting)
	if len(waiting.Items) != 1 || waiting.Items[0].Name != "示例吕顾问" {
		w.Fatalf("waiting %+v", waiting.Items)
	}
	at := "/certificates/" + waiting.Items[0].User
	w.ask(consultant, "POST", at+"/confirm", nil).want(403, "not_allowed")
	w.ask(bureau, "POST", at+"/refuse", nil).want(422, "note_required")
	w.ask(bureau, "POST", at+"/confirm", nil).want(200)
	w.ask(bureau, "POST", at+"/confirm", nil).want(409, "certificate_decided")
	w.eventually(3*time.Second, "in the directory", func() bool { return len(w.brokersSeen()) == 2 })
	got := w.ask(consultant, "GET", "/me/profile", nil).want(200)
	w.ask(consultant, "PUT", "/me/profile", map[string]any{"name": "示例吕顾问", "certificate": map[string]string{"level": "senior", "number": "A", "issuer": "B"}}, "If-Match", got.header.Get("ETag")).want(200)
	w.eventually(3*time.Second, "out of the directory until confirmed again", func() bool { return len(w.brokersSeen()) == 1 })
	got = w.ask(broker, "GET", "/me/profile", nil).want(200)
	w.ask(broker, "PUT", "/me/profile", map[string]any{"name": "示例孙经纪", "certificate": nil}, "If-Match", got.header.Get("ETag")).want(200)
	w.eventually(3*time.Second, "out of the directory", func() bool { return len(w.brokersSeen()) == 0 })
}

func (w *apiWorld) accounts() {
	login := w.teacher("wei@example.edu.cn")
	w.signIn("wei", login, demoPassword, "")
	var found struct{ Items []struct{ ID, Login string } }
	w.ask(admin, "GET", "/users?q="+url.QueryEscape("wei@"), nil).want(200).read(&found)
	if len(found.Items) != 1 || found.Items[0].Login != login {
		w.Fatalf("found %+v", found.Items)
	}
	at := "/users/" + found.Items[0].ID
	for _, as := range []string{visitor, university, bureau, "wei"} {
		if got := w.ask(as, "GET", "/users", nil); got.status != 401 && got.status != 403 {
			w.Errorf("%s lists users: %d", as, got.status)
		}
		if got := w.ask(as, "POST", at+"/disable", map[string]string{"note": "x"}); got.status != 401 && got.status != 403 {
			w.Errorf("%s disables: %d", as, got.status)
		}
	}
	w.ask(admin, "POST", "/users/"+string(w.me(admin).ID)+"/disable", map[string]string{"note": "x"}).want(409, "own_account")
	w.ask(admin, "POST", at+"/disable", nil).want(422, "note_required")
	w.ask(admin, "POST", at+"/disable", map[string]string{"note": "违规"}, "If-Match", `"99"`).want(412)
	w.ask(admin, "POST", at+"/disable", map[string]string{"note": "违规"}).want(200)
	w.ask("wei", "GET", "/me", nil).want(401, "session_over")
	w.ask(visitor, "POST", "/sessions", map[string]string{"login": login, "password": demoPassword}).want(403, "user_disabled")
	w.ask(admin, "POST", at+"/reset-factor", map[string]string{"note": "x"}).want(409, "wrong_state")
	w.ask(admin, "POST", at+"/enable", map[string]string{"note": "查清了"}).want(200)
	w.signIn("wei", login, demoPassword, "")
	var shown struct {
		History []struct{ Action, Note string }
	}
	w.ask(admin, "GET", at, nil).want(200).read(&shown)
	if last := shown.History[len(shown.History)-1]; last.Action != "user.enable" || last.Note != "查清了" {
		w.Errorf("history ends with %+v", last)
	}
}
