package alert

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"jishi/internal/market"
)

func TestSave(t *testing.T) {
	by := market.Actor{User: "u1", Org: "uni", Verified: true}
	tests := []struct {
		name string
		by   market.Actor
		wish Wish
		want market.Kind // 0 = saved
	}{
		{"a search", by, Wish{"镁合金", "kind=demand&q=%E9%95%81&cursor=x", market.AlertDaily}, 0},
		{"of everything", by, Wish{"全部", "", market.AlertOff}, 0},
		{"without a name", by, Wish{" ", "q=x", market.AlertNow}, market.Invalid},
		{"with a long name", by, Wish{strings.Repeat("长", market.MaxWord+1), "q=x", market.AlertNow}, market.Invalid},
		{"with a control character", by, Wish{"a\x00b", "q=x", market.AlertNow}, market.Invalid},
		{"alerting in a way there is not", by, Wish{"x", "q=x", "hourly"}, market.Invalid},
		{"with filters there are not", by, Wish{"x", "kind=bad", market.AlertNow}, market.Invalid},
		{"that is no address", by, Wish{"x", "%zz", market.AlertNow}, market.Invalid},
		{"too long", by, Wish{"x", "q=" + strings.Repeat("x", market.MaxSearchAddress), market.AlertNow}, market.Invalid},
		{"by a visitor", market.Actor{}, Wish{"x", "q=x", market.AlertNow}, market.Unauthenticated},
		{"by the system", market.System, Wish{"x", "q=x", market.AlertNow}, market.Denied},
		{"by who must consent first", market.Actor{User: "u1", Due: market.DueConsent}, Wish{"x", "q=x", market.AlertNow}, market.Denied},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			saved, err := newWorld(t).service.Save(t.Context(), tt.by, tt.wish, "")
			if tt.want == 0 && err != nil || tt.want != 0 && !market.Is(err, tt.want) {
				t.Fatalf("Save = %v, want kind %v", err, tt.want)
			}
			if tt.want == 0 && (strings.Contains(saved.Query, "cursor") || len(saved.History) != 1 || saved.History[0].Action != market.ActSaveSearch) {
				t.Errorf("saved %+v", saved)
			}
		})
	}
}

// One key makes one search, also when sent at once; 51 are too many.
func TestSaveOnceAndNotTooMany(t *testing.T) {
	w := newWorld(t)
	by := market.Actor{User: "u1", Org: "uni"}
	ids := make([]market.ID, 8)
	var wait sync.WaitGroup
	for i := range ids {
		wait.Go(func() {
			saved, err := w.service.Save(t.Context(), by, Wish{"x", "q=x", market.AlertNow}, "key")
			if err != nil {
				t.Error(err)
				return
			}
			ids[i] = saved.ID
		})
	}
	wait.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Errorf("one key made %v", ids)
		}
	}
	if _, err := w.service.Save(t.Context(), by, Wish{"y", "q=y", market.AlertNow}, "key"); !market.Is(err, market.Invalid) {
		t.Errorf("another search under the key: %v", err)
	}
	for i := 1; i < market.MaxSavedSearches; i++ {
		w.save("u1", fmt.Sprint("q=", i))
	}
	if _, err := w.service.Save(t.Context(), by, Wish{"y", "q=y", market.AlertNow}, ""); !market.Is(err, market.Conflict) {
		t.Errorf("one too many: %v", err)
	}
	if _, err := w.service.Save(t.Context(), by, Wish{"x", "q=x", market.AlertNow}, "key"); err != nil {
		t.Errorf("the first again: %v", err)
	}
	_, err := w.service.Drop(t.Context(), by, ids[0], 0)
	w.must(err)
	w.save("u1", "q=last")
	if _, err := w.service.Restore(t.Context(), by, ids[0], 0); !market.Is(err, market.Conflict) {
		t.Errorf("brought back as the 51st: %v", err)
	}
}

func TestChangeOfASearch(t *testing.T) {
	w := newWorld(t)
	by, other := market.Actor{User: "u1", Org: "uni"}, market.Actor{User: "u2", Org: "uni"}
	saved := w.save("u1", "q=x")
	for name, do := range map[string]func() error{
		"show": func() error { _, err := w.service.Show(t.Context(), other, saved.ID); return err },
		"change": func() error {
			_, err := w.service.Change(t.Context(), other, saved.ID, 0, Wish{"y", "", market.AlertOff})
			return err
		},
		"drop":    func() error { _, err := w.service.Drop(t.Context(), other, saved.ID, 0); return err },
		"restore": func() error { _, err := w.service.Restore(t.Context(), other, saved.ID, 0); return err },
		"seen":    func() error { _, err := w.service.Seen(t.Context(), other, saved.ID); return err },
	} {
		if err := do(); !market.Is(err, market.NotFound) {
			t.Errorf("%s of another's: %v", name, err)
		}
	}
	changed, err := w.service.Change(t.Context(), by, saved.ID, saved.Version, Wish{"新名字", "q=y", market.AlertOff})
	w.must(err)
	if _, err := w.service.Change(t.Context(), by, saved.ID, saved.Version, Wish{"更新", "q=z", market.AlertOff}); !market.Is(err, market.Stale) {
		t.Errorf("from the version before: %v", err)
	}
	for range 2 { // twice is once
		changed, err = w.service.Drop(t.Context(), by, saved.ID, 0)
		w.must(err)
	}
	if _, err := w.service.Change(t.Context(), by, saved.ID, 0, Wish{"x", "q=x", market.AlertNow}); !market.Is(err, market.Conflict) {
		t.Errorf("change of a deleted one: %v", err)
	}
	for range 2 {
		changed, err = w.service.Restore(t.Context(), by, saved.ID, 0)
		w.must(err)
	}
	var actions []market.Action
	for _, e := range changed.History {
		actions = append(actions, e.Action)
	}
	if want := "[search.save search.revise search.drop search.restore]"; fmt.Sprint(actions) != want {
		t.Errorf("history %v, want %s", actions, want)
	}
	page, err := w.service.Mine(t.Context(), by, false, "", 0)
	w.must(err)
	if len(page.Items) != 1 || page.Items[0].Name != "新名字" || page.Items[0].Query != "q=y" {
		t.Errorf("mine %+v", page.Items)
	}
}

func TestNotices(t *testing.T) {
	w := newWorld(t)
	by, other := w.member("u1", w.org("uni"), nil), w.member("u2", "uni", nil)
	n := w.service.Notices()
	first := w.due("u1", "uni", "一")
	if n.Unread(t.Context(), by) != 1 || n.Unread(t.Context(), other) != 0 || n.Unread(t.Context(), market.Actor{}) != 0 {
		t.Error("counted wrongly")
	}
	w.due("u1", "uni", "二")
	if got := n.Unread(t.Context(), by); got != 2 {
		t.Errorf("%d unread right after the second", got)
	}
	if _, err := n.Read(t.Context(), other, first); !market.Is(err, market.NotFound) {
		t.Errorf("another's: %v", err)
	}
	for range 2 {
		_, err := n.Read(t.Context(), by, first)
		w.must(err)
	}
	if got := n.Unread(t.Context(), by); got != 1 {
		t.Errorf("%d unread after one of two was read", got)
	}
	// Read, and found again: it stays read.
	w.must(n.Add(t.Context(), market.Notice{Meta: market.Meta{ID: first}, User: "u1", Kind: market.NoticeMatch, Title: "一", Link: "/"}))
	if got := n.Unread(t.Context(), by); got != 1 {
		t.Errorf("%d unread after a read one was found again", got)
	}
	count, err := n.ReadAll(t.Context(), by)
	if w.must(err); count != 1 || n.Unread(t.Context(), by) != 0 {
		t.Errorf("%d were unread", count)
	}
	for name, bad := range map[string]market.Notice{
		"another site":  {User: "u1", Kind: market.NoticeMatch, Title: "x", Link: "https://evil.example"},
		"another host":  {User: "u1", Kind: market.NoticeMatch, Title: "x", Link: "//evil.example"},
		"backslash":     {User: "u1", Kind: market.NoticeMatch, Title: "x", Link: "/\\evil.example"},
		"nobody":        {Kind: market.NoticeMatch, Title: "x", Link: "/"},
		"no such kind":  {User: "u1", Kind: "spam", Title: "x", Link: "/"},
		"without title": {User: "u1", Kind: market.NoticeMatch, Link: "/"},
	} {
		if err := n.Add(t.Context(), bad); !market.Is(err, market.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
