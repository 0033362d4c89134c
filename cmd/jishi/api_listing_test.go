package main

import (
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"testing"
	"time"
)

// TestAPIListings takes listings through their lives over HTTP.
func TestAPIListings(t *testing.T) {
	w := startAPI(t)
	t.Run("sign in and out", func(t *testing.T) { w.in(t).signIns() })
	t.Run("from draft to found", func(t *testing.T) { w.in(t).publish() })
	t.Run("who may see and do what", func(t *testing.T) { w.in(t).foreign() })
	t.Run("only the version that was read is replaced", func(t *testing.T) { w.in(t).conditions() })
	t.Run("reject, revise, withdraw, reopen", func(t *testing.T) { w.in(t).lives() })
	t.Run("the same again", func(t *testing.T) { w.in(t).again() })
	t.Run("what is not there", func(t *testing.T) { w.in(t).missing() })
}

// listing is an achievement as it is written, complete enough to be submitted.
func achievementInput(title string) map[string]any {
	return map[string]any{
		"title": title, "summary": "用于检验接口的成果：以" + title + "为例，说明它如何被写下、审核和找到。",
		"keywords": []string{"镁合金", "接口"}, "class": map[string]any{"field": "05", "industry": "C"},
		"modes": []string{"license"}, "holder": "示例大学", "maturity": map[string]any{"stage": "middle", "trl": 6},
		"price":   map[string]any{"mode": "range", "low_fen": 50_000_000, "high_fen": 90_000_000},
		"contact": map[string]any{"name": "赵老师", "phone": "13812345678", "email": "zhao@example.edu"},
		"detail":  "配方与工艺参数",
	}
}

// doc is what of a listing or contract the tests read.
type doc struct {
	ID      string
	Version int64
	State   string
	Title   string
	Project string
	History []struct{ Action, To, Note string }
	etag    string
}

func (a answer) doc() doc {
	a.w.Helper()
	var d doc
	a.read(&d)
	if d.etag = a.header.Get("ETag"); d.etag != `"`+itoa(int(d.Version))+`"` || d.ID == "" {
		a.w.Errorf("%s: ETag %s of version %d of %q", a.request, d.etag, d.Version, d.ID)
	}
	return d
}

// create posts a listing and checks that it is where Location says.
func (w *apiWorld) create(as, list string, body any, header ...string) doc {
	w.Helper()
	a := w.ask(as, "POST", list, body, header...).want(201)
	d := a.doc()
	if at := a.header.Get("Location"); at != "/api/v1"+list+"/"+d.ID {
		w.Errorf("%s made %s at %s", list, d.ID, at)
	}
	if stored := w.ask(as, "GET", list+"/"+d.ID, nil).want(200); string(stored.body) != string(a.body) {
		w.Errorf("created\n%s\nstored\n%s", a.body, stored.body)
	}
	return d
}

func (w *apiWorld) signIns() {
	var granted struct {
		Token   string `json:"access_token"`
		Type    string `json:"token_type"`
		Expires int    `json:"expires_in"`
	}
	a := w.ask(visitor, "POST", "/sessions", map[string]string{"login": " University@Demo ", "password": demoPassword}).want(201).read(&granted)
	if granted.Type != "Bearer" || granted.Expires != 900 || a.header.Get("Cache-Control") != "no-store" || a.header.Get("Set-Cookie") != "" {
		w.Errorf("granted %+v with %v", granted, a.header)
	}
	w.tokens["fresh"] = granted.Token
	var me struct {
		Roles        []string
		Organization struct {
			Name     string
			Verified bool
		}
	}
	w.ask("fresh", "GET", "/me", nil).want(200).read(&me)
	if !slices.Equal(me.Roles, []string{"supplier", "manager"}) || me.Organization.Name != "示例大学" || !me.Organization.Verified {
		w.Errorf("me %+v", me)
	}
	w.ask("fresh", "DELETE", "/sessions", nil).want(204)
	w.ask("fresh", "GET", "/me", nil).want(401, "session_over")
	w.ask("fresh", "GET", "/search", nil).want(401, "session_over")
	refused := w.ask(visitor, "POST", "/sessions", map[string]string{"login": "university@demo", "password": "wrong"}).want(401, "wrong_credentials")
	unknown := w.ask(visitor, "POST", "/sessions", map[string]string{"login": "nobody@demo", "password": "wrong"}).want(401, "wrong_credentials")
	if refused.problem().Detail != unknown.problem().Detail || refused.header.Get("WWW-Authenticate") != "Bearer" {
		w.Errorf("%s\n%s\n%v", refused.body, unknown.body, refused.header)
	}
}

// publish takes an achievement from draft to search in under a second.
func (w *apiWorld) publish() {
	title := "镁合金回收料在线除杂接口试验"
	d := w.create(university, "/achievements", achievementInput(title))
	if d.State != "draft" {
		w.Fatalf("created as %s", d.State)
	}
	d = w.ask(university, "POST", "/achievements/"+d.ID+"/submit", nil, "If-Match", d.etag).want(200).doc()
	w.ask(university, "POST", "/achievements/"+d.ID+"/approve", nil).want(403)
	d = w.ask(bureau, "POST", "/achievements/"+d.ID+"/approve", map[string]string{"note": "内容属实"}, "If-Match", d.etag).want(200).doc()
	if d.State != "published" || d.Version != 3 || len(d.History) != 3 || d.History[2].Note != "内容属实" {
		w.Errorf("approved: %+v", d)
	}
	took := w.eventually(time.Second, "found", func() bool {
		found := w.find("kind=achievement&q=" + url.QueryEscape(title))
		return len(found.Hits) > 0 && found.Hits[0].ID == d.ID
	})
	w.Logf("found %v after approval", took.Round(time.Millisecond))
	w.ask(university, "POST", "/achievements/"+d.ID+"/withdraw", nil).want(200)
	w.eventually(time.Second, "gone", func() bool {
		found := w.find("kind=achievement&q=" + url.QueryEscape(title))
		return len(found.Hits) == 0 || found.Hits[0].ID != d.ID
	})
	w.ask(visitor, "GET", "/achievements/"+d.ID, nil).want(401)
}

func (w *apiWorld) foreign() {
	d := w.create(university, "/achievements", achievementInput("他人草稿接口试验"))
	at := "/achievements/" + d.ID
	before := w.versions()
	for _, tt := range []struct {
		as     string
		status int
	}{{visitor, 401}, {enterprise, 403}, {broker, 403}} {
		w.ask(tt.as, "GET", at, nil).want(tt.status)
		w.ask(tt.as, "GET", at+"/matches", nil).want(tt.status)
		w.ask(tt.as, "PUT", at, achievementInput("改写"), "If-Match", d.etag).want(tt.status)
		for _, move := range []string{"submit", "approve", "withdraw", "renew", "reopen"} {
			w.ask(tt.as, "POST", at+"/"+move, nil).want(tt.status)
		}
		w.ask(tt.as, "POST", at+"/reject", map[string]string{"note": "不行"}).want(tt.status)
	}
	w.ask(bureau, "GET", at, nil).want(200)
	w.ask(bureau, "PUT", at, achievementInput("改写"), "If-Match", d.etag).want(403)
	w.ask(enterprise, "POST", "/achievements", achievementInput("无权发布")).want(403)
	w.ask(visitor, "POST", "/achievements", achievementInput("无权发布")).want(401)
	w.ask(university, "POST", "/demands", map[string]any{"title": "无权发布", "summary": "无"}).want(403)
	if after := w.versions(); !maps.Equal(before, after) {
		w.Errorf("refused requests changed the store")
	}
}

func (w *apiWorld) conditions() {
	d := w.create(university, "/achievements", achievementInput("版本接口试验"))
	at := "/achievements/" + d.ID
	w.ask(university, "PUT", at, achievementInput("版本接口试验之一")).want(428, "if_match_required")
	w.ask(university, "PUT", at, achievementInput("版本接口试验之一"), "If-Match", "*").want(428, "if_match_required")
	second := w.ask(university, "PUT", at, achievementInput("版本接口试验之一"), "If-Match", d.etag).want(200).doc()
	if second.Version != 2 || second.Title != "版本接口试验之一" {
		w.Errorf("revised: %+v", second)
	}
	for _, tag := range []string{d.etag, `"99"`, `W/"2"`, `"2", "1"`, "2", `"-2"`, `"2`, `""`, `"abc"`, `"99999999999999999999"`} {
		w.ask(university, "PUT", at, achievementInput("旧版本"), "If-Match", tag).want(412, "stale_version")
		w.ask(university, "POST", at+"/submit", nil, "If-Match", tag).want(412, "stale_version")
	}
	if now := w.ask(university, "GET", at, nil).want(200).doc(); now.Version != 2 || now.Title != "版本接口试验之一" {
		w.Errorf("a stale request went through: %+v", now)
	}
	w.ask(university, "POST", at+"/submit", nil, "If-Match", "*").want(200)
}

// lives are the ways beside the straight one.
func (w *apiWorld) lives() {
	input := map[string]any{"title": "需求接口试验", "summary": "想找能在线除杂的方法。"}
	d := w.create(enterprise, "/demands", input)
	at := "/demands/" + d.ID
	p := w.ask(enterprise, "POST", at+"/submit", nil).want(422, "invalid_fields").problem()
	fields := []string{}
	for _, f := range p.Fields {
		fields = append(fields, f.Field)
	}
	if slices.Sort(fields); !slices.Equal(fields, []string{"class.field", "demand_kind", "modes"}) {
		w.Errorf("to submit are missing %v", fields)
	}
	maps.Copy(input, map[string]any{"class": map[string]string{"field": "05"}, "modes": []string{"license"}, "demand_kind": "problem",
		"criteria": []map[string]string{{"name": "除杂率", "op": "ge", "value": "95", "unit": "%"}}, "deadline": "2030-12-31"})
	d = w.ask(enterprise, "PUT", at, input, "If-Match", d.etag).want(200).doc()
	w.ask(enterprise, "POST", at+"/submit", nil).want(200)
	w.ask(bureau, "POST", at+"/reject", nil).want(422, "note_required")
	w.ask(bureau, "POST", at+"/reject", map[string]string{"note": "指标写得再清楚些"}).want(200)
	w.ask(bureau, "POST", at+"/approve", nil).want(409, "wrong_state")
	d = w.ask(enterprise, "GET", at, nil).want(200).doc()
	if d.State != "rejected" || d.History[len(d.History)-1].Note != "指标写得再清楚些" {
		w.Errorf("rejected: %+v", d)
	}
	for _, step := range []struct{ as, move, state string }{
		{enterprise, "submit", "submitted"}, {bureau, "approve", "published"}, {enterprise, "renew", "published"},
		{enterprise, "withdraw", "withdrawn"}, {enterprise, "reopen", "draft"},
	} {
		if d = w.ask(step.as, "POST", at+"/"+step.move, nil).want(200).doc(); d.State != step.state {
			w.Errorf("%s: %s", step.move, d.State)
		}
	}
	if d.Version != int64(len(d.History)) {
		w.Errorf("version %d with %d events", d.Version, len(d.History))
	}
}

// again sends what was sent before: it is not done twice.
func (w *apiWorld) again() {
	d := w.create(university, "/achievements", achievementInput("重复接口试验"))
	at := "/achievements/" + d.ID
	once := w.ask(university, "POST", at+"/submit", nil).want(200)
	if twice := w.ask(university, "POST", at+"/submit", nil).want(200); string(once.body) != string(twice.body) {
		w.Errorf("submitted twice:\n%s\n%s", once.body, twice.body)
	}
	same := w.create(university, "/achievements", achievementInput("重复接口试验"))
	w.ask(university, "POST", "/achievements/"+same.ID+"/submit", nil).want(409, "duplicate_listing")
	w.keyed()
}

// keyed creates under a key: the request sent again makes nothing new.
func (w *apiWorld) keyed() {
	for _, tt := range []struct {
		as, list string
		body     map[string]any
		other    string // a field to change
	}{
		{university, "/achievements", achievementInput("带标识的成果"), "title"},
		{enterprise, "/demands", map[string]any{"title": "带标识的需求", "summary": "用于检验接口。"}, "title"},
		{university, "/contracts", contractInput("带标识的合同", 100), "project"},
	} {
		first := w.create(tt.as, tt.list, tt.body, "Idempotency-Key", "k-1")
		before := w.versions()
		if again := w.create(tt.as, tt.list, tt.body, "Idempotency-Key", "k-1"); again.ID != first.ID || again.Version != 1 {
			w.Errorf("%s: made %s again as %+v", tt.list, first.ID, again)
		}
		changed := maps.Clone(tt.body)
		changed[tt.other] = "别的内容"
		p := w.ask(tt.as, "POST", tt.list, changed, "Idempotency-Key", "k-1").want(422, "key_reused").problem()
		if p.Fields[0].Field != "Idempotency-Key" || !maps.Equal(before, w.versions()) {
			w.Errorf("%s: %+v", tt.list, p)
		}
		if other := w.create(tt.as, tt.list, changed, "Idempotency-Key", "k-2"); other.ID == first.ID {
			w.Errorf("%s: another key made the same %s", tt.list, other.ID)
		}
	}
}

func (w *apiWorld) missing() {
	for _, path := range []string{
		"/achievements/none", "/demands/none", "/contracts/none", "/organizations/none", "/achievements/none/matches", "/demands/none/matches",
	} {
		w.ask(bureau, "GET", path, nil).want(404, "not_found")
		w.ask(visitor, "GET", path, nil).want(404, "not_found")
	}
	w.ask(bureau, "GET", "/imports/none", nil).want(404)
	w.ask(bureau, "PUT", "/demands/none", map[string]any{"title": "无", "summary": "无"}, "If-Match", `"1"`).want(404)
	w.ask(bureau, "POST", "/achievements/none/approve", nil).want(404)
	w.ask(bureau, "POST", "/contracts/none/register", map[string]string{"number": "20265001559999"}).want(404)
	for _, path := range []string{"/nothing", "/achievements/a/b/c", "/search/more"} {
		raw := w.send(w.request(visitor, "GET", path, nil)).want(404, "no_route")
		if !json.Valid(raw.body) {
			w.Errorf("%s: %s", path, raw.body)
		}
	}
	got := w.send(w.request(visitor, "POST", "/search", "{}")).want(405, "method_not_allowed")
	if got.header.Get("Allow") == "" {
		w.Errorf("405 without Allow: %v", got.header)
	}
}
