package market

import (
	"errors"
	"testing"
)

func TestMarks(t *testing.T) {
	for _, tt := range []struct {
		name  string
		kind  string
		marks []Mark
		field string
	}{
		{"good", "enterprise", []Mark{{Kind: "hightech", From: "2025-03-01", Until: "2028-03-01"}, {Kind: "hightech", From: "2022-03-01"}}, ""},
		{"unknown", "enterprise", []Mark{{Kind: "best", From: "2025-03-01"}}, "marks.0.kind"},
		{"no day", "enterprise", []Mark{{Kind: "tech"}}, "marks.0.from"},
		{"ends before it begins", "enterprise", []Mark{{Kind: "tech", From: "2025-03-01", Until: "2025-02-01"}}, "marks.0.until"},
		{"twice", "enterprise", []Mark{{Kind: "tech", From: "2025-03-01"}, {Kind: "tech", From: "2025-03-01"}}, "marks.1.kind"},
		{"too many", "enterprise", make([]Mark, MaxMarks+1), "marks"},
	} {
		wantField(t, (&Organization{Name: "甲公司", Kind: tt.kind, Marks: tt.marks}).Check(), tt.field)
	}
	wantField(t, (&Organization{Name: "甲公司", Kind: "enterprise", Services: []string{"ip"}}).Check(), "services")
	wantField(t, (&Organization{Name: "甲公司", Kind: "service", Services: []string{"ip"}, Level: "district"}).Check(), "")
	m := Mark{Kind: "tech", From: "2025-03-01", Until: "2026-03-01"}
	if m.Holds("2025-06-01") {
		t.Error("a mark nobody confirmed holds")
	}
	m.Confirmed = true
	if m.Holds("2025-02-28") || !m.Holds("2025-03-01") || !m.Holds("2026-03-01") || m.Holds("2026-03-02") {
		t.Error("holds on the wrong days")
	}
}

// What is the organization's own, or not confirmed, is in no public copy, and
// the copy leaves the original as it is.
func TestPublicOrganization(t *testing.T) {
	o := &Organization{
		State: OrgVerified, Submitter: "u", Evidence: []ID{"f"}, History: []Event{{Seq: 1}},
		Marks: []Mark{{Kind: "tech", Evidence: "f"}, {Kind: "hightech", Evidence: "f", Confirmed: true}},
	}
	got := o.Public()
	if got.Submitter != "" || got.Evidence != nil || got.History != nil || len(got.Marks) != 1 || got.Marks[0].Kind != "hightech" || got.Marks[0].Evidence != "" {
		t.Errorf("public: %+v", got)
	}
	if len(o.Marks) != 2 || o.Marks[1].Evidence != "f" || !o.Verified() || OrgSuspended.Name() != "已停用" {
		t.Errorf("the original changed: %+v", o)
	}
}

func TestAdmit(t *testing.T) {
	manager := Actor{User: "u", Org: "o", Roles: []Role{RoleManager}, Verified: true}
	unverified, due := manager, manager
	unverified.Verified, due.Due = false, DueRestore
	for _, tt := range []struct {
		name   string
		by     Actor
		action Action
		code   string
	}{
		{"own or not, somewhere", manager, ActReviseMember, ""}, {"everybody", Actor{}, ActPublic, ""},
		{"visitor", Actor{}, ActReviseMember, "sign_in_first"}, {"another role", manager, ActRegister, "not_allowed"},
		{"not checked yet", unverified, ActInvite, "not_verified"}, {"something due", due, ActReviseMember, "due_restore"},
		{"something due, about themselves", due, ActSelf, ""}, {"why it is so", due, ActReadOrganization, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var known *Error
			err := Admit(tt.by, tt.action)
			if errors.As(err, &known); err == nil && tt.code != "" || err != nil && known.Code != tt.code {
				t.Errorf("Admit = %v, want code %q", err, tt.code)
			}
		})
	}
}
