package privacy

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"jishi/internal/follow"
	"jishi/internal/market"
)

// gone is everything that tells who the person of these tests was. None of it
// is part of another text in the store.
var gone = []string{"欧阳注销", "13677778888", "ouyang.gone@example.org", "ZS-2026-GONE", "GoneBrowser/1", "独家订阅的搜索", "只告诉此人的提醒", "此人亲笔写的判断理由", "此人先前的判断理由"}

// life leaves traces of a person everywhere the platform keeps something, and
// of a namesake who stays.
func (h *house) life(t *testing.T) (by market.Actor, namesake market.ID) {
	t.Helper()
	ctx := t.Context()
	org := h.organization(t, "示例大学", "university")
	by = h.user(t, gone[2], gone[0], org, market.RoleSupplier, market.RoleBroker)
	u, err := h.stores.Users.Get(ctx, by.User)
	must(t, err)
	u.ConfirmedAt = start
	u.Phone, u.Certificate = gone[1], &market.Certificate{Level: "junior", Number: gone[3], Issuer: "示例协会"}
	u.History = append(u.History, market.NextEvent(u.History, by, start, market.ActReviseUser, "", "", "姓名由"+gone[0]+"改"))
	must(t, h.stores.Users.Update(ctx, u))
	must(t, h.Give(ctx, by, []string{market.PurposeAccount, market.PurposeContact}))
	must(t, h.stores.Sessions.Insert(ctx, &market.Session{Meta: market.Meta{ID: "s1"}, User: by.User, Org: org, Agent: gone[4], Address: "192.0.2.7"}))
	for i, ticket := range []market.Ticket{
		{Purpose: market.TicketInvitation, Login: gone[2], Org: org, ExpiresAt: start.Add(time.Hour)},
		{Purpose: market.TicketRecovery, User: by.User, ExpiresAt: start.Add(time.Hour)},
		{Purpose: market.TicketInvitation, Login: gone[2], User: by.User, UsedAt: start},
	} {
		ticket.ID = market.TicketID(string(rune('a' + i)))
		must(t, h.stores.Tickets.Insert(ctx, &ticket))
	}
	for i, to := range []string{gone[2], "other@example.org"} {
		m := &market.Mail{Meta: market.Meta{ID: market.ID("m" + string(rune('0'+i)))}, To: to, Subject: "主题 " + to, State: market.MailWaiting, NextAt: start}
		body := m.SealedFields()[0]
		*body.Field, err = h.parts.Sealer.Seal("链接", body.About)
		must(t, err)
		must(t, h.stores.Mails.Insert(ctx, m))
	}
	must(t, h.stores.Files.Insert(ctx, &market.File{Meta: market.Meta{ID: "f1"}, Name: gone[0] + "的证书.pdf", Type: "pdf", User: by.User, Owner: org}))
	must(t, h.stores.Files.Insert(ctx, &market.File{Meta: market.Meta{ID: "f2"}, Name: "营业执照.pdf", Type: "pdf", User: by.User, Owner: org}))

	must(t, h.stores.Alerts.Searches.Insert(ctx, &market.SavedSearch{Meta: market.Meta{ID: "q1"}, User: by.User, Name: gone[5], Query: "q=" + gone[5], Alert: market.AlertDaily, State: market.SearchKept}))
	must(t, h.stores.Alerts.Notices.Insert(ctx, &market.Notice{Meta: market.Meta{ID: "n1"}, User: by.User, Kind: market.NoticeSearch, Title: gone[6], Link: "/demands/d1", State: market.NoticeUnread, Mail: market.MailDue}))
	must(t, h.stores.Alerts.Settings.Insert(ctx, market.DefaultAlertSetting(by.User)))
	must(t, h.stores.Alerts.Searches.Insert(ctx, &market.SavedSearch{Meta: market.Meta{ID: "q2"}, User: by.User, Name: wiped, Query: "q=named", Alert: market.AlertDaily, State: market.SearchKept}))
	must(t, h.stores.Verdicts.Insert(ctx, &market.Verdict{Meta: market.Meta{ID: "v1"}, User: by.User, Org: org, State: market.VerdictGiven, Judgement: market.JudgedNo, Reason: market.ReasonOther, Note: gone[7], Refuses: true, History: []market.Event{
		market.NextEvent(nil, by, start, market.ActJudge, "", "no", gone[8]), market.NextEvent(make([]market.Event, 1), by, start, market.ActJudge, "no", "no", "价格"),
	}}))
	must(t, h.stores.Demands.Insert(ctx, &market.Demand{Meta: market.Meta{ID: "d-handed"}, Listing: market.Listing{Title: "委托的需求", Summary: "摘要", Owner: "other", ImportKey: "handed", State: market.StatePublished, Broker: by.User}}))
	made := []market.Event{market.NextEvent(nil, by, start, market.ActCreateAchievement, "", "draft", "")}
	for i, one := range []struct {
		contact market.Contact
		history []market.Event
	}{
		{market.Contact{Name: gone[0], Phone: "+86 136-7777-8888"}, nil},           // name and number
		{market.Contact{Name: "课题组", Email: strings.ToUpper(gone[2])}, nil},        // address
		{market.Contact{Name: gone[0], Phone: "023-53221234"}, made},               // name and hand
		{market.Contact{Name: "王老师", Phone: "13811112222", Email: "w@e.cn"}, made}, // somebody else
	} {
		key := string(rune('0' + i))
		l := market.Listing{Title: "成果" + key, Summary: "摘要", Owner: org, ImportKey: key, Contact: one.contact, State: market.StatePublished, History: one.history}
		must(t, h.stores.Achievements.Insert(ctx, &market.Achievement{Meta: market.Meta{ID: market.ID("a" + key)}, Listing: l}))
		must(t, h.stores.Demands.Insert(ctx, &market.Demand{Meta: market.Meta{ID: market.ID("d" + key)}, Listing: l}))
	}
	place, err := h.stores.Organizations.Get(ctx, org)
	must(t, err)
	place.Contact = market.Contact{Name: gone[0], Phone: gone[1]}
	must(t, h.stores.Organizations.Update(ctx, place))
	other := h.user(t, "namesake@example.org", "欧阳同名", org, market.RoleSupplier)
	return by, other.User
}

// eraser follows the erasures as the program does.
func (h *house) eraser() *follow.Follower[market.Erasure] {
	return &follow.Follower[market.Erasure]{Name: "erasures", Source: h.stores.Erasures, Sink: NewEraser(h.Service, h.engine.Forget)}
}

func TestErase(t *testing.T) {
	h := newHouse(t)
	by, namesake := h.life(t)
	if n := h.found(t); n != len(gone) {
		t.Fatalf("%d of %d traces are in the store to begin with: the test proves less than it says", n, len(gone))
	}
	must(t, h.Erase(t.Context(), by, goodPassword, " Ouyang.Gone@example.org"))
	u, err := h.stores.Users.Get(t.Context(), by.User)
	must(t, err)
	if u.Name != market.ErasedName || u.ErasedAt.IsZero() || u.Epoch != 1 || !u.Disabled || u.PasswordHash != "" || u.ActiveIn(by.Org) || len(u.Memberships) != 1 {
		t.Errorf("left of the user at once: %+v", u)
	}
	must(t, h.eraser().CatchUp(t.Context()))
	h.found(t, "none may be left")

	t.Run("what was done stays", func(t *testing.T) {
		if u.History[0].Action != market.ActManageUsers || u.History[len(u.History)-1].Action != market.ActErase || u.History[len(u.History)-1].By != by.User {
			t.Errorf("history %+v", u.History)
		}
		for _, id := range []market.ID{"a0", "a1", "a2", "a3"} {
			a, err := h.stores.Achievements.Get(t.Context(), id)
			must(t, err)
			if a.Title == "" || a.State != market.StatePublished || (a.Contact == market.Contact{}) != (id != "a3") {
				t.Errorf("%s: %+v", id, a)
			}
			if last := a.History[len(a.History)-1]; id != "a3" && (last.Action != market.ActErase || last.Note == "" || last.From != last.To) {
				t.Errorf("%s does not say why: %+v", id, last)
			}
		}
		if f, err := h.stores.Files.Get(t.Context(), "f2"); err != nil || f.Name != "营业执照.pdf" {
			t.Errorf("a file of the organization: %+v, %v", f, err)
		}
		if m, err := h.stores.Mails.Get(t.Context(), "m1"); err != nil || m.State != market.MailWaiting || m.To != "other@example.org" {
			t.Errorf("a mail to somebody else: %+v, %v", m, err)
		}
		if other, err := h.stores.Users.Get(t.Context(), namesake); err != nil || other.Disabled {
			t.Errorf("the namesake: %+v, %v", other, err)
		}
	})
	t.Run("what was judged stays, and what was handed over goes back", func(t *testing.T) {
		v, err := h.stores.Verdicts.Get(t.Context(), "v1")
		if err != nil || !v.Refuses || v.Reason != market.ReasonOther || v.Note == "" || v.History[0].Note != "" || v.History[1].Note != "价格" || v.History[2].Action != market.ActErase || v.Check() != nil {
			t.Errorf("verdict %+v, %v", v, err)
		}
		d, err := h.stores.Demands.Get(t.Context(), "d-handed")
		if err != nil || d.Broker != "" || len(d.History) != 1 || d.History[0].Note == "" || d.State != market.StatePublished {
			t.Errorf("demand %+v, %v", d, err)
		}
		if q, err := h.stores.Alerts.Searches.Get(t.Context(), "q2"); err != nil || q.Query != "" || q.State != market.SearchDeleted {
			t.Errorf("a search named as if it had been wiped: %+v, %v", q, err)
		}
	})
	t.Run("what was open is closed", func(t *testing.T) {
		if s, err := h.stores.Sessions.Get(t.Context(), "s1"); err != nil || s.EndedBy != "erased" || s.Address != "" {
			t.Errorf("session %+v, %v", s, err)
		}
		for _, secret := range []string{"a", "b"} {
			if k, err := h.stores.Tickets.Get(t.Context(), market.TicketID(secret)); err != nil || k.RevokedAt.IsZero() {
				t.Errorf("ticket %+v, %v", k, err)
			}
		}
		if m, err := h.stores.Mails.Get(t.Context(), "m0"); err != nil || m.State != market.MailHanded || !m.Body.Empty() {
			t.Errorf("mail %+v, %v", m, err)
		}
		choices, err := h.Mine(t.Context(), by)
		must(t, err)
		for _, c := range choices {
			if c.Holds {
				t.Errorf("%s still holds", c.Purpose)
			}
		}
	})
	t.Run("again", func(t *testing.T) {
		e, err := h.stores.Erasures.Get(t.Context(), market.ErasureID(by.User))
		if err != nil || e.DoneAt.IsZero() || !e.Person.Empty() || e.Blanks != 8 {
			t.Fatalf("erasure %+v, %v", e, err)
		}
		must(t, h.Erase(t.Context(), by, "whatever", ""))
		must(t, h.eraser().CatchUp(t.Context()))
		if now, err := h.stores.Erasures.Get(t.Context(), e.ID); err != nil || now.Version != e.Version {
			t.Errorf("done again: %+v, %v", now, err)
		}
	})
}

// found returns how many traces are in the file of the store or its log.
func (h *house) found(t *testing.T, complain ...string) int {
	t.Helper()
	n := 0
	for _, text := range gone {
		there := false
		for _, name := range []string{h.path, h.path + "-wal"} {
			raw, err := os.ReadFile(name)
			must(t, err)
			there = there || bytes.Contains(raw, []byte(text))
		}
		if there {
			n++
			for _, complaint := range complain {
				t.Errorf("%s is in the store: %s", text, complaint)
			}
		}
	}
	return n
}

// However often it is cut short, it goes on where it stood and comes to the
// same end.
func TestEraseCutShort(t *testing.T) {
	h := newHouse(t)
	by, _ := h.life(t)
	must(t, h.Erase(t.Context(), by, goodPassword, gone[2]))
	whole := steps
	defer func() { steps = whole }()
	cut := errors.New("cut")
	for i, s := range whole {
		steps = append([]step(nil), whole...)
		steps[i].do = func(sv *Service, ctx context.Context, who person, after string) (string, bool, int, error) {
			next, more, blanks, err := s.do(sv, ctx, who, after)
			if err == nil { // done, but nobody learns of it
				err = cut
			}
			return next, more, blanks, err
		}
		if err := h.eraser().CatchUp(t.Context()); !errors.Is(err, cut) {
			t.Fatalf("%s: %v", s.name, err)
		}
		if e, err := h.stores.Erasures.Get(t.Context(), market.ErasureID(by.User)); err != nil || i > 0 && e.Step != whole[i-1].name || !e.DoneAt.IsZero() {
			t.Fatalf("cut at %s it stands at %+v, %v", s.name, e, err)
		}
	}
	steps = whole
	must(t, h.eraser().CatchUp(t.Context()))
	h.found(t, "none may be left")
}

// The user's own document is overwritten by the follower when the process died
// right after the wish was stored.
func TestErasePromised(t *testing.T) {
	h := newHouse(t)
	by, _ := h.life(t)
	u, err := h.stores.Users.Get(t.Context(), by.User)
	must(t, err)
	_, err = h.promise(t.Context(), u)
	must(t, err)
	must(t, h.eraser().CatchUp(t.Context()))
	if u, err := h.stores.Users.Get(t.Context(), by.User); err != nil || u.ErasedAt.IsZero() {
		t.Errorf("%+v, %v", u, err)
	}
	h.found(t, "none may be left")
}

func TestEraseRefused(t *testing.T) {
	h := newHouse(t)
	firm := h.organization(t, "示例镁业", "enterprise")
	boss := h.user(t, "boss@example.org", "郑经理", firm, market.RoleManager)
	must(t, h.refused(t, boss, "", "boss@example.org", market.Invalid, "password"))
	must(t, h.refused(t, boss, goodPassword, "bos@example.org", market.Invalid, "login"))
	must(t, h.refused(t, boss, "wrong", "boss@example.org", market.Invalid, "password"))
	must(t, h.refused(t, market.Actor{}, goodPassword, "", market.Unauthenticated))
	must(t, h.refused(t, market.System, goodPassword, "", market.Denied))
	must(t, h.refused(t, market.Actor{User: "nobody"}, goodPassword, "", market.NotFound))

	colleague := h.user(t, "colleague@example.org", "钱同事", firm, market.RoleDemander)
	must(t, h.refused(t, boss, goodPassword, "boss@example.org", market.Conflict))
	if e, err := h.stores.Erasures.Get(t.Context(), market.ErasureID(boss.User)); err != nil || e.DoneAt.IsZero() || !e.Person.Empty() {
		t.Errorf("what was refused is kept: %+v, %v", e, err)
	}
	must(t, h.eraser().CatchUp(t.Context()))
	if u, err := h.stores.Users.Get(t.Context(), boss.User); err != nil || !u.ErasedAt.IsZero() {
		t.Errorf("carried out though refused: %+v, %v", u, err)
	}
	must(t, h.Erase(t.Context(), colleague, goodPassword, "colleague@example.org"))
	must(t, h.Erase(t.Context(), boss, goodPassword, "boss@example.org")) // alone now
	must(t, h.eraser().CatchUp(t.Context()))
	if e, err := h.stores.Erasures.Get(t.Context(), market.ErasureID(boss.User)); err != nil || e.DoneAt.IsZero() {
		t.Errorf("asked again: %+v, %v", e, err)
	}
	t.Run("guessing", func(t *testing.T) {
		by := h.user(t, "open@example.org", "孙同事", firm, market.RoleDemander)
		for range maxTries {
			must(t, h.refused(t, by, "wrong", "open@example.org", market.Invalid, "password"))
		}
		must(t, h.refused(t, by, goodPassword, "open@example.org", market.TooMany))
		h.pass(tryWindow)
		must(t, h.Erase(t.Context(), by, goodPassword, "open@example.org"))
	})
}

// refused asks to erase and returns an error unless it is refused like this.
func (h *house) refused(t *testing.T, by market.Actor, password, login string, kind market.Kind, fields ...string) error {
	t.Helper()
	err := h.Erase(t.Context(), by, password, login)
	if !market.Is(err, kind) {
		return errors.Join(errors.New("not refused as wanted"), err)
	}
	var e *market.Error
	errors.As(err, &e)
	for i, f := range fields {
		if len(e.Fields) <= i || e.Fields[i].Field != f {
			return err
		}
	}
	return nil
}

func TestExport(t *testing.T) {
	h := newHouse(t)
	by, _ := h.life(t)
	c, err := h.Export(t.Context(), by)
	must(t, err)
	if len(h.trail.entries) != 1 || h.trail.entries[0].Action != market.ActExportSelf || h.trail.entries[0].Subject != by.User {
		t.Errorf("noted %+v", h.trail.entries)
	}
	sizes := []int{len(c.Consents), len(c.Sessions), len(c.Invitations), len(c.Files), len(c.Contacts), len(c.Entries), len(c.Organizations)}
	if want := []int{2, 1, 3, 2, 7, 1, 1}; !reflect.DeepEqual(sizes, want) || c.User.Login != gone[2] {
		t.Errorf("consents, sessions, invitations, files, contacts, entries, organizations: %v, want %v", sizes, want)
	}
	raw, err := json.Marshal(c)
	must(t, err)
	for _, text := range gone {
		if !strings.Contains(string(raw), text) {
			t.Errorf("%s is missing from the copy", text)
		}
	}
	u, err := h.stores.Users.Get(t.Context(), by.User)
	must(t, err)
	for _, secret := range []string{u.PasswordHash, "namesake@example.org", "欧阳同名", "王老师", "argon2"} {
		if strings.Contains(string(raw), secret) {
			t.Errorf("%s is in the copy", secret)
		}
	}
	h.trail.err = errors.New("disk full")
	if c, err := h.Export(t.Context(), by); c != nil || !errors.Is(err, h.trail.err) {
		t.Errorf("not noted: %v, %v", c, err)
	}
	if _, err := h.Export(t.Context(), market.Actor{}); !market.Is(err, market.Unauthenticated) {
		t.Errorf("a visitor: %v", err)
	}
}
