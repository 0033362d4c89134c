package main

import (
	"encoding/json"
	"flag"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"jishi/internal/market"
)

var update = flag.Bool("update", false, "write testdata/api_seen.txt anew")

// seenFile says, for every answer to reading, which readers find something in
// which fields.
const seenFile = "testdata/api_seen.txt"

// TestAPISeen lists which fields have something in them, for whom, in every
// answer there is to reading. A new one shows as a difference to the file
// under testdata, to be looked at before it goes there with -update.
func TestAPISeen(t *testing.T) {
	w := startAPI(t)
	s := w.stage()
	s.readable()
	seen := map[string][]string{} // reading and field → readers
	for _, as := range everybody {
		for name, path := range s.readings() {
			got := w.ask(as, "GET", path, nil)
			w.private(as, name, got)
			for field := range w.filled(got) {
				seen[name+"\t"+field] = append(seen[name+"\t"+field], as)
				// A target's history is public, and so is that of the quality: its earlier figures.
				if as == visitor && secret(field) && !strings.HasPrefix(field, "targets[].history[]") && (name != "the quality" || !strings.HasPrefix(field, "history[]")) {
					t.Errorf("a visitor sees %s in %s", field, path)
				}
			}
		}
	}
	lines := table(seen)
	if *update {
		w.must(os.WriteFile(seenFile, []byte(strings.Join(lines, "\n")+"\n"), 0o600))
	}
	raw, err := os.ReadFile(seenFile)
	w.must(err)
	known := strings.Split(strings.TrimSpace(string(raw)), "\n")
	for _, line := range lines {
		if !slices.Contains(known, line) {
			t.Errorf("now:    %s", line)
		}
	}
	for _, line := range known {
		if !slices.Contains(lines, line) {
			t.Errorf("before: %s", line)
		}
	}
}

// table writes one line for the fields of an answer that the same readers see.
func table(seen map[string][]string) []string {
	groups := map[string][]string{}
	for key, readers := range seen {
		name, field, _ := strings.Cut(key, "\t")
		group := name + ": " + strings.Join(readers, " ")
		groups[group] = append(groups[group], field)
	}
	var lines []string
	for group, fields := range groups {
		slices.Sort(fields)
		lines = append(lines, group+": "+strings.Join(fields, " "))
	}
	slices.Sort(lines)
	return lines
}

// readable fills what the stage has not: a contact of an organization, an
// import with a problem in it, a saved search, a verdict in words.
func (s *stage) readable() {
	w := s.w
	org := w.create(bureau, "/organizations", map[string]any{"name": "示例可读单位", "kind": "enterprise", "summary": "用于检验接口。",
		"contact": map[string]string{"name": "孙主任", "phone": "13712345678", "email": "sun@example.org"}})
	s.ids["organizations"] = org.ID
	s.ids["imports"] = w.bring(university, "kind=achievements&dry_run=true", []byte(goodHeader+"r-1,,没有名称,05,license,middle,示例大学,\n")).ID
	s.indexed()
	w.create(enterprise, "/saved-searches", map[string]any{"name": "钱经理要找的", "query": "q=待扰的找法", "alert": "now"})
	w.ask(university, "POST", "/matches/"+s.pair()+"/verdict", map[string]string{"judgement": "no", "reason": "other", "note": "待扰的评语"}).want(200)
	w.entries("subject="+s.ids["contracts registered"], func(e []entryAnswer) bool { return len(e) >= 3 })
}

// pair is the match of the published demand and the published achievement.
func (s stage) pair() string {
	return s.ids["demands published"] + "." + s.ids["achievements published"]
}

// indexed waits until what the stage published is found.
func (s stage) indexed() {
	s.w.Helper()
	s.w.eventually(2*time.Second, "found", func() bool {
		body := string(s.w.ask(visitor, "GET", "/search?limit=100&sort=newest", nil).body)
		return strings.Contains(body, s.ids["demands published"]) && strings.Contains(body, s.ids["achievements published"])
	})
}

// readings is every address there is to read, by a name for it.
func (s stage) readings() map[string]string {
	id := s.ids
	return map[string]string{
		"a search": "/search?limit=100&q=" + url.QueryEscape("待扰"), "a published achievement": "/achievements/" + id["achievements published"],
		"an achievement's draft": "/achievements/" + id["achievements draft"], "a withdrawn achievement": "/achievements/" + id["achievements withdrawn"],
		"an anonymous demand": "/demands/" + id["demands published"], "an anonymous demand's draft": "/demands/" + id["demands draft"],
		"achievements": "/achievements?limit=100", "demands": "/demands?limit=100", "own achievements": "/achievements?scope=own", "own demands": "/demands?scope=own",
		"achievements to review": "/achievements?scope=queue", "demands to review": "/demands?scope=queue",
		"matches of an achievement": "/achievements/" + id["achievements published"] + "/matches", "matches of an anonymous demand": "/demands/" + id["demands published"] + "/matches",
		"a registered contract": "/contracts/" + id["contracts registered"], "a contract's draft": "/contracts/" + id["contracts draft"],
		"registered contracts": "/contracts?limit=100", "own contracts": "/contracts?scope=own", "contracts bought": "/contracts?scope=own&side=buyer",
		"contracts to review": "/contracts?scope=queue", "who asks": "/me", "organizations": "/organizations?limit=100", "an organization": "/organizations/" + id["organizations"],
		"turnover": "/turnover?by=month,type", "targets": "/turnover/target", "indicators": "/indicators?year=2025", "an import": "/imports/" + id["imports"],
		"the trail": "/audit?limit=2&subject=" + id["contracts registered"], "how the trail was verified": "/audit/verification",
		"a file": "/files/" + id["files"], "files": "/files",
		"members": "/organizations/" + string(s.organization) + "/members", "invitations": "/organizations/" + string(s.organization) + "/invitations",
		"suggestions": "/suggest?q=" + url.QueryEscape("待扰"), "a match": "/matches/" + s.pair(), "verdicts on a match": "/matches/" + s.pair() + "/verdicts", "own verdicts": "/verdicts",
		"the weights": "/weighting", "the quality": "/quality", "gaps": "/radar", "synonyms": "/synonyms", "the index": "/index", "notices": "/notices", "unread notices": "/notices/unread",
		"how to be told": "/alert-setting", "own saved searches": "/saved-searches", "demands handed over": "/demands/entrusted", "duplicates": "/duplicates?limit=100",
		"duplicates of an achievement": "/achievements/" + id["achievements published"] + "/duplicates", "duplicates of an anonymous demand": "/demands/" + id["demands published"] + "/duplicates",
		"own profile": "/me/profile", "users": "/users", "certificates to look at": "/certificates", "brokers": "/brokers",
	}
}

// filled is the fields of an answer with something in them, marked when that is
// masked; of a refusal its code.
func (w *apiWorld) filled(got answer) map[string]bool {
	w.Helper()
	if got.status != 200 {
		return map[string]bool{got.problem().Code: true}
	}
	var body any
	w.must(json.Unmarshal(got.body, &body))
	fields := map[string]bool{}
	for path, value := range leaves("", body) {
		switch {
		case strings.Contains(value, "***"):
			fields[facet(path)+"(masked)"] = true
		case value != "" || strings.HasSuffix(path, ".start"): // a place may be 0
			fields[facet(path)] = true
		}
	}
	return fields
}

// facet writes the many names that stand for values as one.
func facet(path string) string {
	if inner, ok := strings.CutPrefix(path, "facets."); ok {
		_, rest, _ := strings.Cut(inner, "[]")
		return "facets.*[]" + rest
	}
	return path
}

// personal is what the stage has of people and secrets, and who may find it
// in what there is to read. Numbers and addresses of contacts are for nobody
// but their own people: others find them masked.
var personal = map[string][]string{
	"13812345678": {university}, "zhao@example.edu": {university}, "赵老师": {university, enterprise, broker, bureau}, // whom to ask
	"13712345678": {}, "sun@example.org": {}, "孙主任": {university, enterprise, broker, bureau},
	"配方与工艺参数": {university, bureau}, "示例周老师": {university, bureau}, "待扰的合同registered": {university, bureau},
	"产线与配方": {enterprise, bureau}, "示例郑经理": {enterprise, bureau}, // behind an anonymous demand
	"13912345678": {enterprise}, "qian@example.com": {enterprise}, "钱经理": {enterprise, bureau},
	"钱经理要找的": {enterprise}, "待扰的找法": {enterprise}, "待扰的评语": {university, bureau}, // what one looked for, and judged
	"示例王科长": {university, enterprise, broker, bureau}, // who decided, for those it concerns
}

// private fails when an answer holds personal data that is not its reader's.
func (w *apiWorld) private(as, name string, got answer) {
	w.Helper()
	for text, readers := range personal {
		if strings.Contains(string(got.body), text) && !slices.Contains(readers, as) {
			w.Errorf("%s finds %s in %s", as, text, name)
		}
	}
}

// TestAPIAnonymous looks for who is behind an anonymous demand in every way
// there is to ask.
func TestAPIAnonymous(t *testing.T) {
	w := startAPI(t)
	s := w.stage()
	id := s.ids["demands published"]
	org, err := w.h.organizations.LookUpOrganization(w.Context(), market.System, "", "示例镁合金制品有限公司")
	w.must(err)
	owner := string(org.ID)
	s.indexed()
	for _, as := range []string{visitor, university, broker} {
		var seen map[string]any
		w.ask(as, "GET", "/demands/"+id, nil).want(200).read(&seen)
		if seen["demander"] != "" || seen["owner"] != "" || seen["anonymous"] != true {
			t.Errorf("%s sees %v, %v", as, seen["demander"], seen["owner"])
		}
		for _, path := range []string{"/search?limit=100&kind=demand&owner=" + owner, "/search?limit=100&kind=demand&q=" + url.QueryEscape("示例镁合金制品有限公司")} {
			if strings.Contains(string(w.ask(as, "GET", path, nil).want(200).body), id) {
				t.Errorf("%s finds the demand by %s", as, path)
			}
		}
		for name, path := range s.readings() {
			if strings.HasSuffix(path, "/") {
				continue
			}
			got := w.ask(as, "GET", path, nil)
			for _, item := range around(string(got.body), id) {
				if strings.Contains(item, owner) || strings.Contains(item, "示例镁合金制品有限公司") {
					t.Errorf("%s finds who asks in %s: %s", as, name, item)
				}
			}
		}
	}
	own := w.ask(enterprise, "GET", "/demands/"+id, nil).want(200)
	if !strings.Contains(string(own.body), owner) {
		t.Error("the owner does not see its own name")
	}
}

// around is the JSON objects in a text that have an id in them.
func around(text, id string) []string {
	var found []string
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, inner := range v {
				walk(inner)
			}
		case map[string]any:
			if v["id"] == id {
				raw, _ := json.Marshal(v)
				found = append(found, string(raw))
			}
			for _, inner := range v {
				walk(inner)
			}
		}
	}
	var body any
	if json.Unmarshal([]byte(text), &body) == nil {
		walk(body)
	}
	return found
}
