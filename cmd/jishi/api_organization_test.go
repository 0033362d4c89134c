package main

import (
	"strings"
	"testing"
	"time"

	"jishi/internal/market"
)

// TestAPIOrganizations takes an organization from its sign-up to the directory
// and out of it again over HTTP.
func TestAPIOrganizations(t *testing.T) {
	w := startAPI(t)
	t.Run("signs up, waits, is corrected, verified, suspended", func(t *testing.T) { w.in(t).organizationStory() })
	t.Run("who has an account", func(t *testing.T) { w.in(t).signUpTellsNothing() })
	t.Run("the directory", func(t *testing.T) { w.in(t).directory() })
	t.Run("who may decide", func(t *testing.T) { w.in(t).foreignOrganization() })
}

// organizationSeen is what of an organization the tests read.
type organizationSeen struct {
	ID       string
	Name     string
	Version  int64
	State    string
	Verified bool
	Contact  *market.Contact
	Marks    []market.Mark
	Evidence []string
	History  []struct{ Action, To, Note string }
}

func (a answer) organization() organizationSeen {
	a.w.Helper()
	var o organizationSeen
	a.read(&o)
	return o
}

const newcomerPass = "Bai-lu-zhou-2026"

func signUpInput(login, name, code string) map[string]any {
	return map[string]any{
		"login": login, "name": "钟代表", "phone": "13800002222", "password": newcomerPass, "consent": []string{"account"},
		"organization": organizationEntry(name, code),
	}
}

func organizationEntry(name, code string) map[string]any {
	return map[string]any{
		"name": name, "code": code, "kind": "enterprise", "category": "100", "division": "500155", "summary": "做竹纤维板。",
		"contact": map[string]string{"name": "钟代表", "phone": "13800002222"},
	}
}

func demandInput(title string) map[string]any {
	return map[string]any{
		"title": title, "summary": "用于检验接口的需求：" + title + "。", "class": map[string]string{"field": "05"}, "modes": []string{"develop"}, "demand_kind": "problem",
	}
}

// queued is the ids that wait for the bureau.
func (w *apiWorld) queued() []string { return w.walkAs(bureau, "/organizations?scope=queue", 1) }

func (w *apiWorld) organizationStory() {
	const login, name = "zhong@bamboo.example", "示例竹板有限公司"
	bad := signUpInput(login, name, "914403001922038217")
	if p := w.ask(visitor, "POST", "/sign-ups", bad).want(422, "invalid_fields").problem(); len(p.Fields) != 1 || p.Fields[0].Field != "organization.code" {
		w.Errorf("a wrong check character: %+v", p.Fields)
	}
	w.ask(visitor, "POST", "/sign-ups", signUpInput(login, name, "914403001922038216")).want(202)
	w.signIn("newcomer", login, newcomerPass, "")
	id := w.me("newcomer").Organization.ID
	at := "/organizations/" + id
	if waiting := w.queued(); len(waiting) == 0 || waiting[len(waiting)-1] != id {
		w.Errorf("the queue %v does not end with %s", waiting, id)
	}
	w.ask(visitor, "GET", at, nil).want(401)
	w.ask(university, "GET", at, nil).want(403)
	w.draftsOnly()

	file := w.uploadFile("newcomer", filePart{"file", "licence.pdf", somePDF("licence")}).want(201)
	var kept struct{ ID string }
	file.read(&kept)
	entry := organizationEntry(name, "")
	entry["evidence"], entry["marks"] = []string{kept.ID}, []map[string]string{{"kind": "tech", "from": "2025-03-01"}}
	w.ask(university, "PUT", at, entry, "If-Match", `"1"`).want(403)
	w.ask("newcomer", "PUT", at, entry).want(428)
	w.ask("newcomer", "PUT", at, entry, "If-Match", `"9"`).want(412)
	o := w.ask("newcomer", "PUT", at, entry, "If-Match", `"1"`).want(200).organization()
	if o.State != "pending" || len(o.Evidence) != 1 || o.Marks[0].Confirmed || o.Contact == nil {
		w.Errorf("revised: %+v", o)
	}
	w.decideOrganization(at)
	w.publishesUntilSuspended(at)
}

// decideOrganization returns, corrects, confirms and verifies.
func (w *apiWorld) decideOrganization(at string) {
	w.ask(bureau, "POST", at+"/return", map[string]string{}).want(422, "note_required")
	w.ask(bureau, "POST", at+"/return", map[string]string{"note": "请附营业执照副本"}, "If-Match", `"1"`).want(412, "stale_version")
	w.ask(bureau, "POST", at+"/return", map[string]string{"note": "请附营业执照副本"}, "If-Match", `"2"`).want(200)
	w.ask(bureau, "POST", at+"/verify", nil).want(409, "wrong_state")
	o := w.ask("newcomer", "GET", at, nil).want(200).organization()
	if last := o.History[len(o.History)-1]; o.State != "returned" || last.Note != "请附营业执照副本" {
		w.Errorf("returned: %+v", o)
	}
	if text := w.lastMail("zhong@bamboo.example"); !strings.Contains(text, "请附营业执照副本") {
		w.Errorf("the mail says %q", text)
	}
	entry := organizationEntry("示例竹板有限公司", "")
	entry["evidence"], entry["marks"] = o.Evidence, []map[string]string{{"kind": "tech", "from": "2025-03-01"}}
	o = w.ask("newcomer", "PUT", at, entry, "If-Match", `"3"`).want(200).organization()
	if o.State != "pending" {
		w.Errorf("corrected: %+v", o)
	}
	w.ask(bureau, "POST", at+"/marks", map[string]any{"kind": "giant", "from": "2025-03-01", "confirmed": true}).want(404, "no_mark")
	w.ask("newcomer", "POST", at+"/marks", map[string]any{"kind": "tech", "from": "2025-03-01", "confirmed": true}).want(403)
	o = w.ask(bureau, "POST", at+"/marks", map[string]any{"kind": "tech", "from": "2025-03-01", "confirmed": true}, "If-Match", `"4"`).want(200).organization()
	if !o.Marks[0].Confirmed || o.Contact != nil && o.Contact.Phone == "13800002222" {
		w.Errorf("confirmed: %+v", o)
	}
	w.ask("newcomer", "POST", at+"/verify", nil).want(403)
	if o = w.ask(bureau, "POST", at+"/verify", nil).want(200).organization(); !o.Verified || o.State != "verified" {
		w.Errorf("verified: %+v", o)
	}
	renamed := organizationEntry("别的名称", "")
	if p := w.ask("newcomer", "PUT", at, renamed, "If-Match", `"6"`).want(422).problem(); len(p.Fields) != 1 || p.Fields[0].Field != "name" {
		w.Errorf("renamed after verification: %+v", p.Fields)
	}
	if o = w.ask(visitor, "GET", at, nil).want(200).organization(); o.History != nil || o.Evidence != nil || o.Contact != nil || len(o.Marks) != 1 {
		w.Errorf("a visitor sees %+v", o)
	}
}

// draftsOnly is what members of an organization may before it is checked:
// write, but have nothing shown and see nobody's contact.
func (w *apiWorld) draftsOnly() {
	d := w.create("newcomer", "/demands", demandInput("竹纤维板甲醛释放量控制"))
	w.ask("newcomer", "POST", "/demands/"+d.ID+"/submit", nil).want(403, "not_verified")
	c := w.create("newcomer", "/contracts", contractInput("未核验单位的合同", 100))
	w.ask("newcomer", "POST", "/contracts/"+c.ID+"/submit", nil).want(403, "not_verified")
	a := w.create(university, "/achievements", achievementInput("无醛竹纤维板胶黏剂"))
	w.ask(university, "POST", "/achievements/"+a.ID+"/submit", nil).want(200)
	w.ask(bureau, "POST", "/achievements/"+a.ID+"/approve", nil).want(200)
	if body := string(w.ask("newcomer", "GET", "/achievements/"+a.ID, nil).want(200).body); strings.Contains(body, "赵老师") || strings.Contains(body, "138") {
		w.Errorf("a contact is shown to an organization nobody checked: %s", body)
	}
	w.ask("newcomer", "POST", "/achievements/"+a.ID+"/contact", nil).want(403, "not_verified")
}

// publishesUntilSuspended is what verification opens and suspension closes.
func (w *apiWorld) publishesUntilSuspended(at string) {
	d := w.create("newcomer", "/demands", demandInput("竹纤维板含水率在线检测"))
	w.ask("newcomer", "POST", "/demands/"+d.ID+"/submit", nil).want(200)
	w.ask(bureau, "POST", "/demands/"+d.ID+"/approve", nil).want(200)
	w.ask(bureau, "POST", at+"/suspend", map[string]string{"note": "停业整顿"}).want(200)
	w.ask(bureau, "POST", at+"/suspend", map[string]string{"note": "停业整顿"}).want(200)
	for _, one := range []struct{ method, path string }{{"POST", "/demands/" + d.ID + "/renew"}, {"POST", "/demands"}, {"PUT", at}} {
		w.ask("newcomer", one.method, one.path, nil).want(403, "due_restore")
	}
	w.ask("newcomer", "GET", at, nil).want(200)
	w.ask(visitor, "GET", at, nil).want(401)
	w.eventually(5*time.Second, "what was published is withdrawn", func() bool {
		return w.ask(visitor, "GET", "/demands/"+d.ID, nil).status == 401
	})
	w.ask(bureau, "POST", at+"/restore", map[string]string{"note": "整顿完毕"}).want(200)
	w.ask("newcomer", "POST", "/demands/"+d.ID+"/reopen", nil).want(200)
	w.ask("newcomer", "POST", "/demands/"+d.ID+"/submit", nil).want(200)
}

// signUpTellsNothing compares the answers to sign-ups with logins and codes
// that are there and that are not.
func (w *apiWorld) signUpTellsNothing() {
	first := w.ask(visitor, "POST", "/sign-ups", signUpInput("fang@stone.example", "示例石材有限公司", "91350211M000100Y46")).want(202)
	before := w.versions()
	taken := signUpInput("fang@stone.example", "示例另一石材有限公司", "12100000400000624D")
	taken["password"] = "Qing-song-ling-2027"
	again := w.ask(visitor, "POST", "/sign-ups", taken).want(202)
	if string(first.body) != string(again.body) {
		w.Errorf("a new login is answered %s, a taken one %s", first.body, again.body)
	}
	for name, version := range w.versions() {
		if known := before[name]; known != version && !strings.HasPrefix(name, "mails/") {
			w.Errorf("a sign-up with a taken login changed %s", name)
		}
	}
	applied := w.ask(visitor, "POST", "/sign-ups", signUpInput("hu@stone.example", "示例石材有限公司", "91350211M000100Y46")).want(202)
	if string(applied.body) != string(first.body) {
		w.Errorf("an application is answered %s", applied.body)
	}
	w.signIn("applicant", "hu@stone.example", newcomerPass, "")
	if me := w.me("applicant"); me.Organization.ID != "" || len(me.Roles) > 0 {
		w.Errorf("an applicant acts for %+v", me)
	}
	w.ask("applicant", "POST", "/sign-ups", signUpInput("", "", "")).want(422)
	own := map[string]any{"organization": organizationEntry("示例石艺有限公司", "12100000400000624D")}
	var place struct{ Organization, Membership string }
	w.ask("applicant", "POST", "/sign-ups", own).want(202).read(&place)
	if place.Membership != "active" || place.Organization == "" {
		w.Errorf("an own organization besides: %+v", place)
	}
	w.ask(visitor, "POST", "/confirmations", map[string]string{"secret": "nothing"}).want(404, "link_over")
	_, rest, _ := strings.Cut(w.lastMail("hu@stone.example"), "/confirm/")
	w.ask(visitor, "POST", "/confirmations", map[string]string{"secret": strings.Fields(rest)[0]}).want(204)
}

func (w *apiWorld) directory() {
	var page struct {
		Items []organizationSeen
		Total int
	}
	w.ask(visitor, "GET", "/organizations?q=%E9%95%81+%E6%9C%89%E9%99%90%E5%85%AC%E5%8F%B8&mark=hightech", nil).want(200).read(&page) // 镁 有限公司
	if page.Total != 1 || page.Items[0].Name != "示例镁合金制品有限公司" || page.Items[0].Contact != nil {
		w.Errorf("found %+v", page)
	}
	all := w.walk("/organizations?division=500000", 7)
	seen := map[string]bool{}
	for _, id := range all {
		seen[id] = true
	}
	if len(seen) != len(all) || len(all) < 40 {
		w.Errorf("%d organizations, %d of them different", len(all), len(seen))
	}
	for _, path := range []string{"?kind=gold", "?mark=gold", "?division=1", "?scope=all", "?limit=0"} {
		w.ask(visitor, "GET", "/organizations"+path, nil).want(422)
	}
	w.ask(visitor, "GET", "/organizations?cursor=x", nil).want(400)
	w.ask(visitor, "GET", "/organizations?scope=queue", nil).want(401)
	w.ask(university, "GET", "/organizations?scope=queue", nil).want(403)
}

// foreignOrganization tries every decision as those who may not.
func (w *apiWorld) foreignOrganization() {
	own, err := w.h.organizations.LookUpOrganization(w.Context(), market.System, "", "示例区科技局")
	w.must(err)
	other, err := w.h.organizations.LookUpOrganization(w.Context(), market.System, "", "示例大学")
	w.must(err)
	before := w.versions()
	for _, as := range []string{visitor, university, enterprise, broker, bureau} {
		for _, id := range []market.ID{own.ID, other.ID} {
			if as == bureau && id == other.ID {
				continue
			}
			want := 403
			if as == visitor {
				want = 401
			}
			at := "/organizations/" + string(id)
			for _, move := range []string{"verify", "return", "reject", "suspend", "restore"} {
				w.ask(as, "POST", at+"/"+move, map[string]string{"note": "不行"}).want(want)
			}
			w.ask(as, "POST", at+"/marks", map[string]any{"kind": "tech", "from": "2025-03-01", "confirmed": true}).want(want)
			if as != bureau && (as != university || id != other.ID) { // whose own it is, manages it
				w.ask(as, "PUT", at, organizationEntry("改名", ""), "If-Match", `"1"`).want(want)
			}
		}
	}
	for name, version := range w.versions() {
		if before[name] != version && strings.HasPrefix(name, "organizations/") {
			w.Errorf("a refused request changed %s", name)
		}
	}
}
