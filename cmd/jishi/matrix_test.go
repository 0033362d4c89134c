package main

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"jishi/internal/api"
	"jishi/internal/market"
)

// way is one row of a route table.
type way struct {
	method, path string
	base         string // what stands before the path
	needs        market.Action
}

func (w way) String() string { return w.method + " " + w.base + w.path }

// ways is every route there is.
func (m *matrixWorld) ways() []way {
	var all []way
	for _, r := range m.api.Routes() {
		all = append(all, way{r.Method, r.Path, api.Prefix, r.Needs})
	}
	for _, r := range m.site.Routes() {
		all = append(all, way{r.Method, r.Path, "", r.Needs})
	}
	return all
}

// granted reads the permission table as it stands, for an actor in a relation
// to a document: it is what the program is held against, so nothing of the
// program's own reading of the table is used.
func granted(by market.Actor, action market.Action, own bool, state string) bool {
	for _, o := range market.Openings {
		if o.Action == action && o.State == state {
			return true
		}
	}
	if !by.Verified && slices.Contains(market.VerifiedOnly, action) {
		return false
	}
	for _, g := range market.Grants {
		has := g.Role == market.RoleAnyone || g.Role == market.RoleUser && by.User != "" && (by.Due == "" || slices.Contains(market.DueMay, action)) ||
			by.Due == "" && slices.Contains(by.Roles, g.Role)
		fits := g.Relation == market.RelAny || (g.Relation == market.RelOwn) == own
		if g.Action == action && has && fits {
			return true
		}
	}
	return false
}

// TestMatrix walks every route as everybody, on own and foreign records in
// every state, and compares what is answered with the permission table and the
// state tables.
func TestMatrix(t *testing.T) {
	m, start := startMatrix(t), time.Now()
	cells, ways := 0, m.ways()
	for _, way := range ways {
		if !slices.ContainsFunc(market.Grants, func(g market.Grant) bool { return g.Action == way.needs }) {
			t.Errorf("%s needs %q, which the table grants nobody", way, way.needs)
			continue
		}
		kind, prefix := kindOf(way.path)
		if kind == nil {
			if rest := unnamed(way.path); rest != "" {
				t.Errorf("%s: no record for %s", way, rest)
				continue
			}
			cells += m.tryWithout(way)
			continue
		}
		if rest := unnamed(strings.TrimPrefix(way.path, prefix)); rest != "" {
			t.Errorf("%s: no record for %s", way, rest)
			continue
		}
		cells += m.tryRecords(way, *kind)
	}
	t.Logf("%d routes, %d seats, %d cells in %v", len(ways), len(m.seats), cells, time.Since(start).Round(time.Millisecond))
}

// kindOf is the kind of record a path is about, the one that says most of it.
func kindOf(path string) (*recordKind, string) {
	longest := ""
	for prefix := range recordKinds {
		if (path == prefix || strings.HasPrefix(path, prefix+"/")) && len(prefix) > len(longest) {
			longest = prefix
		}
	}
	if longest == "" {
		return nil, ""
	}
	kind := recordKinds[longest]
	kind.name = longest
	return &kind, longest
}

// unnamed is the first parameter of a path that stands for a record.
func unnamed(path string) string {
	for part := range strings.SplitSeq(path, "/") {
		if _, known := literals[part]; strings.HasPrefix(part, ":") && !known {
			return part
		}
	}
	return ""
}

// tryWithout tries a route that is about no record: who may do the action on
// any may come in.
func (m *matrixWorld) tryWithout(w way) int {
	for seat, by := range m.seats {
		want := by.Org != "" && granted(by, w.needs, true, "") || granted(by, w.needs, false, "")
		got := m.send(seat, w.method, record{}.address(w.base+w.path), w.body(m, record{}), 0)
		m.compare(w, seat, "", want, got)
		m.restoreAfter(got)
	}
	return len(m.seats)
}

// tryRecords tries a route on records in every state, own and foreign, and
// those one is a party to without owning them.
func (m *matrixWorld) tryRecords(w way, kind recordKind) int {
	cells := 0
	for _, state := range kind.states {
		for seat, by := range m.seats {
			owners := map[string][2]market.ID{"foreign": {otherOrg, ""}}
			if by.Org != "" || kind.personal && by.User != "" {
				owners["own"] = [2]market.ID{by.Org, ""}
				if kind.personal {
					owners["own"] = [2]market.ID{by.Org, by.User}
				}
				if kind.party && by.Org != "" {
					owners["party"] = [2]market.ID{otherOrg, by.Org}
				}
			}
			for relation, who := range owners {
				key := [4]string{kind.name, state, string(who[0]), string(who[1])}
				r, made := m.made[key]
				if !made || kind.name == "/organizations/:id" {
					r = kind.make(m, state, who[0], who[1])
				}
				if m.made[key] = r; m.tryRecord(w, kind, seat, relation, r) {
					delete(m.made, key)
				}
				cells++
			}
		}
	}
	return cells
}

// readsAsParty is what being a party to a record counts for; the rest is its
// owner's.
var readsAsParty = []market.Action{market.ActReadContract, market.ActRevealIdentity}

// showsPart is actions that show a part of a record, for which one must be
// allowed to read it in the first place.
var showsPart = []market.Action{market.ActReadContact, market.ActRevealIdentity}

// tryRecord tries a route on one record, and reports whether that may have
// changed it.
func (m *matrixWorld) tryRecord(w way, kind recordKind, seat, relation string, r record) bool {
	by := m.seats[seat]
	own := r.user != "" && r.user == by.User || by.Org != "" && (r.owner == by.Org || slices.Contains(readsAsParty, w.needs) && slices.Contains(r.parties, by.Org))
	want := granted(by, w.needs, own, r.state) && (own || !kind.personal)
	if slices.Contains(showsPart, w.needs) {
		want = want && granted(by, kind.reads, own, r.state)
	}
	before := r.version()
	got := m.send(seat, w.method, r.address(w.base+w.path), w.body(m, r), before)
	m.compare(w, seat, relation+" "+r.state, want, got)
	if want && kind.moves != nil && !got.led() {
		known, legal := kind.moves(r.state, w.needs)
		stuck := got.status == http.StatusConflict && (got.code == "" || got.code == "wrong_state")
		form := w.method == http.MethodGet && !strings.HasSuffix(w.path, "/edit") // where one decides between several
		if known && legal == stuck && !form {
			m.Errorf("%s as %s on %s %s: %d %s, the state table says legal = %v", w, seat, relation, r.state, got.status, got.code, legal)
		}
	}
	if after := r.version(); (!want || w.method == http.MethodGet) && after != before {
		m.Errorf("%s as %s on %s %s: refused or a read, and the record is changed", w, seat, relation, r.state)
	}
	if r.kind == "/organizations/:id" {
		m.restore() // making it brought one of those there are into another state
		return true
	}
	m.restoreAfter(got)
	return got.method != http.MethodGet && got.status < http.StatusBadRequest || r.version() != before
}

// compare holds an answer against the table.
func (m *matrixWorld) compare(w way, seat, what string, want bool, got answered) {
	m.Helper()
	switch {
	case got.led(), strings.HasPrefix(w.path, "/sign-in/") && got.status == http.StatusSeeOther: // the second step without the first
	case got.status >= 500:
		m.Errorf("%s as %s on %s: %d %s", w, seat, what, got.status, got.body)
	case want && got.refused():
		m.Errorf("%s (%s) as %s on %s: %d %s %s, the table allows it", w, w.needs, seat, what, got.status, got.code, got.location)
	case !want && !got.refused():
		m.Errorf("%s (%s) as %s on %s: %d %s %s, the table refuses it", w, w.needs, seat, what, got.status, got.code, got.location)
	}
}
