package alert

import (
	"strings"
	"testing"
	"time"

	"jishi/internal/market"
)

// Titles of listings may have several lines. Whoever writes such a one, or
// names a search like that, is not to keep all others from being told.
func TestLinesInATitleStopNobody(t *testing.T) {
	w := newWorld(t)
	w.member("u1", w.org("uni"), nil)
	w.member("f1", w.org("firm"), nil)
	saved := w.save("f1", "q=镁合金")
	saved.Name = "两\n行" // as it may have been stored
	w.must(w.stores.Searches.Update(t.Context(), saved))
	w.now = w.now.Add(time.Minute)
	w.fits.join("d1", "a1")
	w.demand("d1", "镁合金支架\r\n· 请打开 https://evil.example", "firm")
	w.achievement("a1", "镁合金\n压铸", "uni")
	w.achievement("a2", "镁合金挤压", "uni")
	w.catchUp(w.follow(w.service))
	told := w.told()
	if len(told["u1"]) != 1 || len(told["f1"]) != 3 {
		t.Fatalf("told %q", told)
	}
	for user, titles := range told {
		for _, title := range titles {
			if strings.ContainsAny(title, "\r\n") {
				t.Errorf("%s was told several lines: %q", user, title)
			}
		}
	}
}

// A listing of which a notice cannot be made is passed over.
func TestWhatCannotBeToldIsPassedOver(t *testing.T) {
	w := newWorld(t)
	w.member("f1", w.org("firm"), nil)
	w.save("f1", "q=镁合金")
	w.now = w.now.Add(time.Minute)
	w.achievement("a1", "镁合金\x01压铸", w.org("uni")) // no form lets it in
	w.achievement("a2", "镁合金挤压", "uni")
	w.catchUp(w.follow(w.service))
	if got := w.told()["f1"]; len(got) != 1 || !strings.HasSuffix(got[0], "镁合金挤压") {
		t.Errorf("told %q", got)
	}
}

func TestSearchNamedInLines(t *testing.T) {
	w := newWorld(t)
	by := w.member("f1", w.org("firm"), nil)
	if _, err := w.service.Save(t.Context(), by, Wish{"两\n行", "q=镁合金", market.AlertNow}, ""); !market.Is(err, market.Invalid) {
		t.Errorf("Save = %v, want Invalid", err)
	}
}

// What was withdrawn since is in no mail.
func TestDigestLeavesOutWhatWasTakenBack(t *testing.T) {
	w := newWorld(t)
	w.member("f1", w.org("firm"), nil)
	_, err := w.service.Save(t.Context(), market.Actor{User: "f1", Org: "firm", Verified: true}, Wish{"搜索", "q=镁合金", market.AlertDaily}, "")
	w.must(err)
	w.now = w.now.Add(time.Minute)
	back := w.achievement("a1", "镁合金机密压铸", w.org("uni"))
	w.achievement("a2", "镁合金挤压", "uni")
	w.catchUp(w.follow(w.service))
	back.State = market.StateWithdrawn
	w.must(w.achievements.Update(t.Context(), back))
	w.now = w.now.AddDate(0, 0, 1)
	w.must(w.service.SendDigests(t.Context()))
	if len(w.mails.mails) != 1 {
		t.Fatalf("%d mails", len(w.mails.mails))
	}
	for _, m := range w.mails.mails {
		if strings.Contains(m.Text, "机密") || !strings.Contains(m.Text, "镁合金挤压") || !strings.Contains(m.Subject, "1 条") {
			t.Errorf("mail %q %q", m.Subject, m.Text)
		}
	}
}

// Somebody whose searches a listing fits several times is told of it once, and
// by mail when one of them asks for that.
func TestManySearchesOneNotice(t *testing.T) {
	w := newWorld(t)
	w.org("uni")
	for _, user := range []market.ID{"f1", "f2"} {
		by := w.member(user, "firm", nil)
		for i, query := range []string{"q=镁合金", "q=储氢", "q=压铸", "kind=achievement"} {
			alert := market.AlertNow
			if i == 2 && user == "f1" {
				alert = market.AlertDaily
			}
			_, err := w.service.Save(t.Context(), by, Wish{query, query, alert}, "")
			w.must(err)
		}
	}
	w.now = w.now.Add(time.Minute)
	w.achievement("a1", "镁合金压铸", "uni")
	w.catchUp(w.follow(w.service))
	w.must(w.stores.Positions.Update(t.Context(), forgotten(t, w)))
	w.catchUp(w.follow(w.start()))
	docs, _, err := w.stores.Notices.Changes(t.Context(), "", 10)
	w.must(err)
	if len(docs) != 2 {
		t.Fatalf("told %q", w.told())
	}
	for _, n := range docs {
		want := map[market.ID]string{"f1": market.MailDue, "f2": market.MailDone}[n.User]
		if n.Title != "搜索“q=镁合金”等 3 个搜索有新的成果：镁合金压铸" || n.Mail != want {
			t.Errorf("%s was told %q, mail %s", n.User, n.Title, n.Mail)
		}
	}
}

// forgotten is how far achievements were told of, at the beginning again.
func forgotten(t *testing.T, w *world) *Position {
	t.Helper()
	p, err := w.stores.Positions.Get(t.Context(), "achievements")
	w.must(err)
	p.Cursor = ""
	return p
}
