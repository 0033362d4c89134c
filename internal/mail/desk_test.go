package mail

import (
	"context"
	"errors"
	"testing"
	"time"

	"jishi/internal/market"
)

// trail is an audit trail that may be broken.
type trail struct {
	entries []market.Entry
	err     error
}

func (t *trail) Append(_ context.Context, e market.Entry) error {
	if t.err == nil {
		t.entries = append(t.entries, e)
	}
	return t.err
}

var (
	admin   = market.Actor{User: "u1", Org: "bureau", Name: "管理员", Roles: []market.Role{market.RoleAdmin}, Verified: true}
	officer = market.Actor{User: "u2", Org: "bureau", Name: "经办", Roles: []market.Role{market.RoleOfficer}, Verified: true}
)

func TestDesk(t *testing.T) {
	o := newOffice(t)
	seen := &trail{}
	desk := NewDesk(o.Outbox, seen, false)
	must(t, o.Send(t.Context(), &market.Mail{To: "zhang@example.cn", Subject: "邀请", Text: "链接"}))
	o.pass(time.Minute)
	must(t, o.Send(t.Context(), &market.Mail{To: "li@example.cn", Subject: "邀请", Text: "链接二"}))

	page, err := desk.List(t.Context(), admin, Filter{})
	must(t, err)
	if len(page.Items) != 2 || page.Items[0].ID != "m001" || page.Items[0].To != "z***@example.cn" || page.Items[0].Text != "" || len(seen.entries) > 0 {
		t.Fatalf("list %+v", page.Items)
	}
	shown, err := desk.Show(t.Context(), admin, "m001")
	if err != nil || shown.To != "z***@example.cn" || shown.Text != "" || !desk.Openable(shown) {
		t.Errorf("shown %+v, %v", shown, err)
	}
	ctx := market.WithRequest(t.Context(), market.Request{ID: "r1", Address: "203.0.113.9"})
	opened, err := desk.Open(ctx, admin, "m001")
	must(t, err)
	if opened.Text != "链接" || opened.To != "zhang@example.cn" || len(seen.entries) != 1 {
		t.Errorf("opened %+v, %d entries", opened, len(seen.entries))
	}
	if e := seen.entries[0]; e.Action != market.ActReadMail || e.Kind != "mail" || e.Subject != "m001" || e.User != "u1" || e.Request != "r1" || e.Address != "203.0.113.9" {
		t.Errorf("entry %+v", e)
	}
	handed, err := desk.Hand(t.Context(), admin, "m001", opened.Version)
	if err != nil || handed.State != market.MailHanded || !handed.Body.Empty() || handed.To != "z***@example.cn" {
		t.Errorf("handed %+v, %v", handed, err)
	}
	if again, err := desk.Hand(t.Context(), admin, "m001", opened.Version); err != nil || again.Version != handed.Version {
		t.Errorf("handed again: %+v, %v", again, err)
	}
	if _, err := desk.Open(t.Context(), admin, "m001"); !market.Is(err, market.Conflict) {
		t.Errorf("opened what was handed on: %v", err)
	}
	if page, err := desk.List(t.Context(), admin, Filter{State: market.MailHanded}); err != nil || len(page.Items) != 1 {
		t.Errorf("handed: %d, %v", len(page.Items), err)
	}
	seen.err = errors.New("disk full")
	if m, err := desk.Open(t.Context(), admin, "m002"); m != nil || err == nil {
		t.Errorf("opened without a trace: %+v, %v", m, err)
	}
}

func TestDeskRefuses(t *testing.T) {
	o := newOffice(t)
	seen := &trail{}
	desk := NewDesk(o.Outbox, seen, true)
	must(t, o.Send(t.Context(), &market.Mail{To: "zhang@example.cn", Subject: "邀请", Text: "链接"}))
	for _, by := range []market.Actor{{}, officer} {
		_, list := desk.List(t.Context(), by, Filter{})
		_, show := desk.Show(t.Context(), by, "m001")
		_, open := desk.Open(t.Context(), by, "m001")
		_, hand := desk.Hand(t.Context(), by, "m001", 0)
		for _, err := range []error{list, show, open, hand} {
			if !market.Is(err, market.Denied) && !market.Is(err, market.Unauthenticated) {
				t.Errorf("%s: %v", by.Name, err)
			}
		}
	}
	if _, err := desk.List(t.Context(), admin, Filter{State: "lost"}); !market.Is(err, market.Invalid) {
		t.Errorf("unknown state: %v", err)
	}
	if _, err := desk.Open(t.Context(), admin, "nothing"); !market.Is(err, market.NotFound) {
		t.Errorf("no such mail: %v", err)
	}
	if _, err := desk.Open(t.Context(), admin, "m001"); !market.Is(err, market.Conflict) {
		t.Errorf("opened a mail on its way: %v", err)
	}
	if _, err := desk.Hand(t.Context(), admin, "m001", 9); !market.Is(err, market.Stale) {
		t.Errorf("handed on what changed: %v", err)
	}
	must(t, o.round(t.Context(), panics{}))
	if m, err := desk.Open(t.Context(), admin, "m001"); err != nil || m.Text != "链接" || len(seen.entries) != 1 {
		t.Errorf("failed mail: %+v, %v", m, err)
	}
	must(t, o.Send(t.Context(), &market.Mail{To: "li@example.cn", Subject: "邀请", Text: "链接"}))
	ok := blocked{make(chan market.ID, 9), make(chan error, 9)}
	ok.release <- nil
	must(t, o.round(t.Context(), ok))
	if _, err := desk.Hand(t.Context(), admin, "m002", 0); !market.Is(err, market.Conflict) {
		t.Errorf("handed on what was sent: %v", err)
	}
	if page, err := desk.List(t.Context(), admin, Filter{State: market.MailSent}); err != nil || len(page.Items) != 1 {
		t.Errorf("sent: %d, %v", len(page.Items), err)
	}
}
