package account

import (
	"slices"
	"testing"

	"jishi/internal/market"
)

func TestReviseOrganization(t *testing.T) {
	h := newHouse(t)
	verified, pending := h.in(t, market.OrgVerified, codeTwo), h.in(t, market.OrgReturned, codeThree)
	file := func(owner, user market.ID) market.ID {
		f := &market.File{Meta: market.Meta{ID: h.newID()}, Type: "pdf", Name: "证明.pdf", Owner: owner, User: user}
		if err := h.parts.Files.(shelf).docs.Insert(t.Context(), f); err != nil {
			t.Fatal(err)
		}
		return f.ID
	}
	own, before, foreign, others := file(verified.id, "colleague"), file("", verified.manager.User), file(h.org.ID, "u"), file("", "somebody")
	plain := func(s stage) market.Actor { a := s.manager; a.Roles = []market.Role{market.RoleDemander}; return a }
	tests := []struct {
		name   string
		on     stage
		by     market.Actor
		change func(*market.Organization)
		kind   market.Kind // -1 for success
		fields []string
	}{
		{"visitor", verified, market.Actor{}, func(o *market.Organization) { o.Summary = "改" }, market.Unauthenticated, nil},
		{"member who is no manager", verified, plain(verified), func(o *market.Organization) { o.Summary = "改" }, market.Denied, nil},
		{"manager of another", verified, pending.manager, func(o *market.Organization) { o.Summary = "改" }, market.Denied, nil},
		{"officer", verified, actor(market.RoleOfficer), func(o *market.Organization) { o.Summary = "改" }, market.Denied, nil},
		{"older version", verified, verified.manager, func(o *market.Organization) { o.Version-- }, market.Stale, nil},
		{"no version", verified, verified.manager, func(o *market.Organization) { o.Version = 0 }, market.Stale, nil},
		{"name and kind after verification", verified, verified.manager, func(o *market.Organization) { o.Name, o.Kind = "乙", "service" }, market.Invalid, []string{"name", "kind"}},
		{"code", pending, pending.manager, func(o *market.Organization) { o.Code = codeOne }, market.Invalid, []string{"code"}},
		{"no code", pending, pending.manager, func(o *market.Organization) { o.Code = "" }, -1, nil},
		{"a bureau", pending, pending.manager, func(o *market.Organization) { o.Kind = "bureau" }, market.Invalid, []string{"kind"}},
		{"services of an enterprise", verified, verified.manager, func(o *market.Organization) { o.Services = []string{"ip"} }, market.Invalid, []string{"services"}},
		{"file of another organization", verified, verified.manager, func(o *market.Organization) { o.Evidence = []market.ID{foreign} }, market.Invalid, []string{"evidence"}},
		{"file of another user", verified, verified.manager, func(o *market.Organization) { o.Evidence = []market.ID{others, "nothing"} }, market.Invalid, []string{"evidence", "evidence"}},
		{"mark with a foreign file", verified, verified.manager, func(o *market.Organization) {
			o.Marks = []market.Mark{{Kind: "tech", From: "2025-01-01", Evidence: foreign}}
		}, market.Invalid, []string{"marks.0.evidence"}},
		{"mark twice, wrong days", verified, verified.manager, func(o *market.Organization) {
			o.Marks = []market.Mark{{Kind: "tech", From: "2025-01-01", Until: "2024-01-01"}, {Kind: "tech", From: "2025-01-01"}, {Kind: "gold", From: "x"}}
		}, market.Invalid, []string{"marks.0.until", "marks.1.kind", "marks.2.kind", "marks.2.from"}},
		{"own files, marks, summary", verified, verified.manager, func(o *market.Organization) {
			o.Summary, o.Evidence = "做镁合金和铝合金。", append(o.Evidence, own, before)
			o.Marks = []market.Mark{{Kind: "tech", From: "2025-01-01", Evidence: own, Confirmed: true}}
		}, -1, nil},
		{"name and kind before verification", pending, pending.manager, func(o *market.Organization) {
			o.Name, o.Kind, o.Services, o.Level = "示例技术服务有限公司", "service", []string{"ip"}, "district"
		}, -1, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			old, err := h.orgs.Get(t.Context(), tt.on.id)
			if err != nil {
				t.Fatal(err)
			}
			entry := *old
			tt.change(&entry)
			got, err := h.ReviseOrganization(t.Context(), tt.by, &entry)
			if tt.kind >= 0 {
				if now, _ := h.orgs.Get(t.Context(), tt.on.id); !market.Is(err, tt.kind) || !slices.Equal(fieldsOf(err), tt.fields) || now.Version != old.Version {
					t.Fatalf("got %v naming %v, want kind %d naming %v", err, fieldsOf(err), tt.kind, tt.fields)
				}
				return
			}
			if err != nil || got.Code != old.Code || slices.ContainsFunc(got.Marks, func(m market.Mark) bool { return m.Confirmed }) {
				t.Fatalf("got %+v, %v", got, err)
			}
		})
	}
	if org := h.orgOf(t, codeThree); org.State != market.OrgPending {
		t.Errorf("a corrected organization is %s", org.State)
	}
	if org := h.orgOf(t, codeTwo); org.State != market.OrgVerified || len(org.Evidence) != 3 {
		t.Errorf("a revised organization is %+v", org)
	}
}

func TestConfirmMark(t *testing.T) {
	h := newHouse(t)
	s, officer := h.in(t, market.OrgVerified, codeTwo), actor(market.RoleOfficer)
	revise := func(marks ...market.Mark) *market.Organization {
		t.Helper()
		entry := h.orgOf(t, codeTwo)
		entry.Marks = marks
		org, err := h.ReviseOrganization(t.Context(), s.manager, entry)
		if err != nil {
			t.Fatal(err)
		}
		return org
	}
	tech, high := market.Mark{Kind: "tech", From: "2024-05-01"}, market.Mark{Kind: "hightech", From: "2025-01-01", Until: "2027-12-31", Number: "GR2025"}
	revise(tech, high)
	confirm := func(by market.Actor, version int64, m market.Mark, yes bool) error {
		_, err := h.ConfirmMark(t.Context(), by, s.id, version, m.Kind, m.From, yes)
		return err
	}
	own := officer
	own.Org = s.id
	for name, tt := range map[string]struct {
		by      market.Actor
		version int64
		mark    market.Mark
		kind    market.Kind
	}{
		"visitor": {market.Actor{}, 0, high, market.Unauthenticated}, "manager": {s.manager, 0, high, market.Denied}, "officer of its own": {own, 0, high, market.Denied},
		"admin": {actor(market.RoleAdmin), 0, high, market.Denied}, "older version": {officer, 1, high, market.Stale}, "no such mark": {officer, 0, market.Mark{Kind: "giant"}, market.NotFound},
	} {
		if err := confirm(tt.by, tt.version, tt.mark, true); !market.Is(err, tt.kind) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if seen, _ := h.Organization(t.Context(), market.Actor{}, s.id); len(seen.Marks) != 0 {
		t.Errorf("a visitor sees %+v before they are confirmed", seen.Marks)
	}
	for range 2 {
		if err := confirm(officer, 0, high, true); err != nil {
			t.Fatal(err)
		}
	}
	seen, err := h.Organization(t.Context(), market.Actor{}, s.id)
	if err != nil || len(seen.Marks) != 1 || !seen.Marks[0].Confirmed || len(seen.Evidence) > 0 || seen.Submitter != "" || seen.History != nil {
		t.Errorf("a visitor sees %+v, %v", seen, err)
	}
	if org := revise(tech, high); !org.Mark("hightech", "2025-01-01").Confirmed {
		t.Error("a mark that reads as before is no longer confirmed")
	}
	high.Until = "2030-12-31"
	if org := revise(tech, high); org.Mark("hightech", "2025-01-01").Confirmed {
		t.Error("a mark that was changed stays confirmed")
	}
	if err := confirm(officer, 0, high, true); err != nil {
		t.Fatal(err)
	}
	if err := confirm(officer, 0, high, false); err != nil || h.orgOf(t, codeTwo).Mark("hightech", "2025-01-01").Confirmed {
		t.Errorf("taken back: %v", err)
	}
}

func TestOrganizationQueue(t *testing.T) {
	h := newHouse(t)
	first := h.in(t, market.OrgPending, codeTwo)
	h.clock.pass(1e9)
	second := h.in(t, market.OrgPending, codeThree)
	h.clock.pass(1e9)
	entry := h.orgOf(t, codeTwo)
	entry.Summary = "改一次，不用重新排队。"
	if _, err := h.ReviseOrganization(t.Context(), first.manager, entry); err != nil {
		t.Fatal(err)
	}
	for _, by := range []market.Actor{{}, first.manager, actor(market.RoleAdmin)} {
		if _, err := h.OrganizationQueue(t.Context(), by, "", 10); err == nil {
			t.Errorf("%v reads the queue", by.Roles)
		}
	}
	page, err := h.OrganizationQueue(t.Context(), actor(market.RoleOfficer), "", 1)
	if err != nil || len(page.Items) != 1 || page.Items[0].ID != first.id || page.Items[0].Contact != (market.Contact{}) {
		t.Fatalf("%+v, %v", page, err)
	}
	page, err = h.OrganizationQueue(t.Context(), actor(market.RoleOfficer), page.Next, 1)
	if err != nil || len(page.Items) != 1 || page.Items[0].ID != second.id || page.Next != "" {
		t.Fatalf("%+v, %v", page, err)
	}
	who, err := h.RepresentativeOf(t.Context(), actor(market.RoleOfficer), page.Items[0])
	if err != nil || who.Name != "李代表" || who.Confirmed {
		t.Errorf("%+v, %v", who, err)
	}
	if _, err := h.RepresentativeOf(t.Context(), first.manager, page.Items[0]); !market.Is(err, market.Denied) {
		t.Errorf("a manager learns who: %v", err)
	}
}
