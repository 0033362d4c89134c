package alert

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// due gives somebody a notice that a digest shall tell of.
func (w *world) due(user, org market.ID, title string) market.ID {
	w.Helper()
	id := market.ID(fmt.Sprintf("nt-%06d", w.ids.Add(1)))
	w.must(w.service.notices.Add(w.Context(), market.Notice{
		Meta: market.Meta{ID: id}, User: user, Org: org, Kind: market.NoticeMatch, Title: title, Link: "/demands/d1", Mail: market.MailDue,
	}))
	return id
}

func TestDigestTellsOnce(t *testing.T) {
	w := newWorld(t)
	w.member("u1", w.org("uni"), nil)
	w.member("u2", "uni", nil)
	w.due("u1", "uni", "第一条")
	w.due("u1", "", "第二条")
	read := w.due("u2", "uni", "已经看过")
	_, err := w.service.notices.Read(t.Context(), market.Actor{User: "u2"}, read)
	w.must(err)
	for range 3 { // again, and by another process
		w.must(w.service.SendDigests(t.Context()))
		w.must(w.start().SendDigests(t.Context()))
	}
	if len(w.mails.mails) != 1 {
		t.Fatalf("%d mails, want one to u1: u2 has read theirs", len(w.mails.mails))
	}
	for _, m := range w.mails.mails {
		if m.To != "u1@example.cn" || !strings.Contains(m.Text, "第一条") || !strings.Contains(m.Text, "第二条") || !strings.Contains(m.Text, "https://jishi.example/demands/d1") {
			t.Errorf("mail to %s: %s", m.To, m.Text)
		}
		if m.Unsubscribe == "" || !strings.Contains(m.Text, m.Unsubscribe) {
			t.Errorf("no way to end it: %q in %s", m.Unsubscribe, m.Text)
		}
	}
	w.now = w.now.Add(24 * time.Hour)
	w.must(w.service.SendDigests(t.Context()))
	if len(w.mails.mails) != 1 {
		t.Error("there was nothing to tell the next day, and a mail went out")
	}
	w.due("u1", "uni", "第三条")
	w.must(w.service.SendDigests(t.Context()))
	if got := w.mails.mails["dg-2026-03-03-u1"]; len(w.mails.mails) != 2 || strings.Contains(got.Text, "第一条") || !strings.Contains(got.Text, "第三条") {
		t.Errorf("the next day: %s", got.Text)
	}
}

func TestWhoGetsNoDigest(t *testing.T) {
	tests := []struct {
		name   string
		change func(*market.User)
		then   func(w *world)
	}{
		{"address not proved", func(u *market.User) { u.ConfirmedAt = time.Time{} }, nil},
		{"left", func(u *market.User) { u.Memberships[0].State = market.MemberEnded }, nil},
		{"disabled", func(u *market.User) { u.Disabled = true }, nil},
		{"erased", func(u *market.User) { u.ErasedAt = u.ConfirmedAt }, nil},
		{"login is no address", func(u *market.User) { u.Login = "zhao@place" }, nil},
		{"organization suspended", nil, func(w *world) {
			o, err := w.orgs.Get(w.Context(), "uni")
			w.must(err)
			o.State = market.OrgSuspended
			w.must(w.orgs.Update(w.Context(), o))
		}},
		{"mails ended", nil, func(w *world) {
			_, err := w.service.Set(w.Context(), market.Actor{User: "u1"}, 0, market.AlertDaily, false)
			w.must(err)
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			w.member("u1", w.org("uni"), tt.change)
			if tt.then != nil {
				tt.then(w)
			}
			w.due("u1", "uni", "一条")
			w.must(w.service.SendDigests(t.Context()))
			if len(w.mails.mails) != 0 {
				t.Errorf("mailed %v", w.mails.mails)
			}
		})
	}
}

// broken is a notice collection whose writes fail from the nth on: a process
// that is killed there.
type broken struct {
	store.Collection[market.Notice]
	left int
}

func (b *broken) Update(ctx context.Context, doc *market.Notice) error {
	if b.left--; b.left < 0 {
		return market.E(market.Unavailable, "killed", "killed")
	}
	return b.Collection.Update(ctx, doc)
}

// A process killed anywhere between digest, mail and marks leaves each notice
// in one mail.
func TestDigestAfterKill(t *testing.T) {
	for kill := range 8 {
		t.Run(fmt.Sprint("at write ", kill), func(t *testing.T) {
			w := newWorld(t)
			w.member("u1", w.org("uni"), nil)
			for i := range 5 {
				w.due("u1", "uni", fmt.Sprintf("第%d条", i))
			}
			whole := w.stores.Notices
			w.stores.Notices = &broken{whole, kill}
			w.mails.fail = kill == 7
			err := w.start().SendDigests(t.Context())
			if failed := err != nil; failed != (kill < 5 || kill == 7) {
				t.Fatalf("killed at %d: %v", kill, err)
			}
			w.stores.Notices, w.mails.fail = whole, false
			w.due("u1", "uni", "后来的一条")
			w.must(w.start().SendDigests(t.Context()))
			w.now = w.now.Add(24 * time.Hour)
			w.must(w.start().SendDigests(t.Context()))
			for _, title := range []string{"第0条", "第1条", "第2条", "第3条", "第4条", "后来的一条"} {
				n := 0
				for _, m := range w.mails.mails {
					n += strings.Count(m.Text, title)
				}
				if n != 1 {
					t.Errorf("%s is in %d mails", title, n)
				}
			}
		})
	}
}

func TestDigestTime(t *testing.T) {
	tests := []struct {
		name string
		now  time.Time
		want int
	}{
		{"before eight in the morning", time.Date(2026, 3, 2, 23, 59, 0, 0, time.UTC), 0},
		{"at eight", time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC), 1},
		{"a process that was down at eight", time.Date(2026, 3, 3, 6, 0, 0, 0, time.UTC), 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			w.member("u1", w.org("uni"), nil)
			w.due("u1", "uni", "一条")
			w.now = tt.now
			for range 3 {
				pause, err := w.service.digestsOnTime(t.Context(), DigestTime)
				if w.must(err); pause <= 0 || pause > time.Minute {
					t.Errorf("looks again after %v", pause)
				}
			}
			if len(w.mails.mails) != tt.want {
				t.Errorf("%d mails, want %d", len(w.mails.mails), tt.want)
			}
			w.due("u1", "uni", "当天后来的")
			_, err := w.start().digestsOnTime(t.Context(), DigestTime)
			if w.must(err); len(w.mails.mails) != tt.want {
				t.Error("a second mail on one day")
			}
		})
	}
}

// The link in a digest ends digests, however often it is opened, and nothing else.
func TestNoMail(t *testing.T) {
	w := newWorld(t)
	by := w.member("u1", w.org("uni"), nil)
	w.due("u1", "uni", "一条")
	w.must(w.service.SendDigests(t.Context()))
	var secret string
	for _, m := range w.mails.mails {
		secret = m.Unsubscribe[strings.LastIndex(m.Unsubscribe, "/")+1:]
	}
	w.must(w.service.NoMailTicket(t.Context(), secret))
	for range 3 {
		w.must(w.service.NoMail(t.Context(), secret))
	}
	setting, err := w.service.Setting(t.Context(), by)
	w.must(err)
	if setting.Mail || setting.Standing != market.AlertDaily || len(setting.History) != 1 {
		t.Errorf("setting %+v", setting)
	}
	for name, bad := range map[string]string{"another": market.NewTicketSecret(), "empty": "", "cut": secret[:10]} {
		if err := w.service.NoMail(t.Context(), bad); !market.Is(err, market.NotFound) {
			t.Errorf("%s secret: %v", name, err)
		}
	}
	w.now = w.now.Add(noMailFor + time.Hour)
	if err := w.service.NoMailTicket(t.Context(), secret); !market.Is(err, market.NotFound) {
		t.Errorf("a link of last year: %v", err)
	}
}

// The texts of a mail stay within what a mail may have, whatever is told.
func TestDigestOfVeryMany(t *testing.T) {
	w := newWorld(t)
	w.member("u1", w.org("uni"), nil)
	for range 200 {
		w.due("u1", "uni", strings.Repeat("很长的标题", 90))
	}
	w.must(w.service.SendDigests(t.Context()))
	if m := w.mails.mails["dg-2026-03-02-u1"]; !strings.Contains(m.Text, "另有 170 条") || !strings.Contains(m.Subject, "200 条") {
		t.Errorf("%s: %d characters", m.Subject, len([]rune(m.Text)))
	}
}
