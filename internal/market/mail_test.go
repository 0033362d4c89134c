package market

import (
	"context"
	"strings"
	"testing"
	"time"
)

func TestMailCheck(t *testing.T) {
	for _, tt := range []struct {
		name, to, subject, text, field string
	}{
		{"good", "a@b.cn", "您好", "正文", ""}, {"no address", "甲", "您好", "正文", "to"}, {"two addresses", "a@b.cn, c@d.cn", "您好", "正文", "to"},
		{"another header in the address", "a@b.cn\r\nBcc: c@d.cn", "您好", "正文", "to"}, {"another header in the subject", "a@b.cn", "您好\r\nBcc: c@d.cn", "正文", "subject"},
		{"no subject", "a@b.cn", "", "正文", "subject"}, {"no text", "a@b.cn", "您好", " ", "text"}, {"no end", "a@b.cn", strings.Repeat("长", 1000), "正文", "subject"},
	} {
		wantField(t, (&Mail{To: tt.to, Subject: tt.subject, Text: tt.text}).Check(), tt.field)
	}
}

func TestMailEnds(t *testing.T) {
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	m := &Mail{Meta: Meta{CreatedAt: at}, State: MailWaiting, To: "zhang@b.cn", Text: "链接", Body: Sealed{Key: "k", Data: []byte{1}}, Failure: "421"}
	if m.Stuck(at.Add(MailStuckAfter)) || !m.Stuck(at.Add(MailStuckAfter+time.Second)) {
		t.Error("stuck at the wrong time")
	}
	m.Finish(Event{Seq: 1, At: at, To: string(MailSent)})
	if m.State != MailSent || m.To == "zhang@b.cn" || m.Text != "" || !m.Body.Empty() || m.Failure != "" || !m.DoneAt.Equal(at) || m.Stuck(at.AddDate(1, 0, 0)) {
		t.Errorf("after it was sent: %+v", m)
	}
}

func TestTicket(t *testing.T) {
	secret, other := NewTicketSecret(), NewTicketSecret()
	if secret == other || len(secret) < 26 || TicketID(secret) == TicketID(other) || strings.Contains(string(TicketID(secret)), secret) || !TicketID(secret).WellFormed() {
		t.Errorf("secrets %s and %s, id %s", secret, other, TicketID(secret))
	}
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for name, tt := range map[string]struct {
		ticket Ticket
		good   bool
	}{
		"good":            {Ticket{Purpose: TicketRecovery, ExpiresAt: now.Add(time.Minute)}, true},
		"another purpose": {Ticket{Purpose: TicketInvitation, ExpiresAt: now.Add(time.Minute)}, false},
		"expired":         {Ticket{Purpose: TicketRecovery, ExpiresAt: now}, false},
		"used":            {Ticket{Purpose: TicketRecovery, ExpiresAt: now.Add(time.Minute), UsedAt: now}, false},
		"revoked":         {Ticket{Purpose: TicketRecovery, ExpiresAt: now.Add(time.Minute), RevokedAt: now}, false},
	} {
		if tt.ticket.Good(TicketRecovery, now) != tt.good {
			t.Errorf("%s: good is %v", name, !tt.good)
		}
	}
}

// Names that are made of others are the same each time, and different for
// different things.
func TestNamesOfConsents(t *testing.T) {
	seen := map[ID]bool{}
	for _, id := range []ID{
		ConsentID("u", PurposeAccount, "1", 0), ConsentID("u", PurposeAccount, "1", 1), ConsentID("u", PurposeAccount, "2", 0),
		ConsentID("u", PurposeContact, "1", 0), ConsentID("v", PurposeAccount, "1", 0), KeyedID("u", "k"), KeyedID("v", "k"),
	} {
		if seen[id] || !id.WellFormed() {
			t.Errorf("%s is there twice, or no id", id)
		}
		seen[id] = true
	}
	if !(&Consent{}).Holds() || (&Consent{WithdrawnAt: time.Now()}).Holds() {
		t.Error("holds wrongly")
	}
}

func TestNewEntry(t *testing.T) {
	ctx := WithRequest(context.Background(), Request{ID: "r", Address: "192.0.2.1"})
	at := time.Date(2026, 3, 1, 8, 0, 0, 1_234_567, Shanghai)
	e := NewEntry(ctx, Actor{User: "u", Org: "o"}, at, ActSignIn, "session", "s")
	want := Entry{At: time.Date(2026, 3, 1, 0, 0, 0, 1_000_000, time.UTC), User: "u", Org: "o", Action: ActSignIn, Kind: "session", Subject: "s", Result: ResultOK, Address: "192.0.2.1", Request: "r"}
	if e != want {
		t.Errorf("got %+v, want %+v", e, want)
	}
}

// Every sealed field is named by its document, so that none opens elsewhere.
func TestSealedFields(t *testing.T) {
	sealed := Sealed{Key: "k", Data: []byte{1}}
	contract := &Contract{Meta: Meta{ID: "c"}, Sellers: []Party{{}, {Identity: sealed}}, Buyers: []Party{{Identity: sealed}}}
	user := &User{Meta: Meta{ID: "u"}, Factor: &Factor{Secret: sealed}}
	mail := &Mail{Meta: Meta{ID: "m"}, Body: sealed}
	for about, fields := range map[string][]SealedField{"contract/c/": contract.SealedFields(), "user/u/": user.SealedFields(), "mail/m/": mail.SealedFields()} {
		for _, one := range fields {
			if !strings.HasPrefix(one.About, about) || one.Field.Empty() {
				t.Errorf("%s: sealed for %s", about, one.About)
			}
		}
	}
	if got := len(contract.SealedFields()); got != 2 {
		t.Errorf("%d sealed fields of a contract, want 2", got)
	}
	if got := (&User{}).SealedFields(); got != nil {
		t.Errorf("sealed fields %v of somebody without a second factor", got)
	}
}
