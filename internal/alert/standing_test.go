package alert

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jishi/internal/follow"
	"jishi/internal/market"
)

// followers is what follows both kinds of listing, as one process has them.
type followers struct {
	achievements *follow.Follower[market.Achievement]
	demands      *follow.Follower[market.Demand]
}

func (w *world) follow(s *Service) followers {
	log := slog.New(slog.DiscardHandler)
	return followers{
		&follow.Follower[market.Achievement]{Source: w.achievements, Sink: s.Achievements(w.fits), Batch: 2, Log: log},
		&follow.Follower[market.Demand]{Source: w.demands, Sink: s.Demands(w.fits), Batch: 2, Log: log},
	}
}

func (w *world) catchUp(f followers) {
	w.Helper()
	w.must(f.achievements.CatchUp(w.Context()))
	w.must(f.demands.CatchUp(w.Context()))
}

// Whichever side of a pair becomes public last, both owners are told, once.
func TestBothSidesAreToldOnce(t *testing.T) {
	w := newWorld(t)
	uni, firm := w.org("uni"), w.org("firm")
	w.member("u1", uni, nil)
	w.member("u2", uni, func(u *market.User) { u.Disabled = true })
	w.member("u3", uni, func(u *market.User) { u.Memberships[0].State = market.MemberEnded })
	w.member("f1", firm, nil)
	w.fits.join("d1", "a1")
	w.achievement("a1", "镁合金压铸", uni)
	f := w.follow(w.service)
	w.catchUp(f)
	if got := w.told(); len(got) != 0 && w.fits.asked == 1 {
		t.Fatalf("told %v", got)
	}
	w.demand("d1", "轻量化支架", firm)
	w.catchUp(f)
	w.catchUp(w.follow(w.start())) // a new process
	want := map[market.ID]string{
		"f1": "需求“轻量化支架”有了可能合适的成果：镁合金压铸",
		"u1": "成果“镁合金压铸”有了可能用得上它的需求：轻量化支架",
	}
	got := w.told()
	if len(got) != len(want) {
		t.Errorf("told %v", got)
	}
	for user, title := range want {
		if len(got[user]) != 1 || got[user][0] != title {
			t.Errorf("%s was told %q, want %q once", user, got[user], title)
		}
	}
}

// Who searches for one word is told of what says another of the same meaning,
// as the search page finds it.
func TestToldByAnotherWord(t *testing.T) {
	w := newWorld(t)
	w.member("f1", w.org("firm"), nil)
	if _, err := w.service.Save(t.Context(), market.Actor{User: "f1", Org: "firm", Verified: true}, Wish{"器件", "q=SiC", market.AlertNow}, ""); err != nil {
		t.Fatal(err)
	}
	w.now = w.now.Add(time.Minute)
	w.achievement("a1", "碳化硅器件封装", w.org("uni"))
	w.achievement("a2", "氮化镓器件封装", w.org("uni2"))
	w.catchUp(w.follow(w.service))
	if got := w.told()["f1"]; len(got) != 1 || !strings.Contains(got[0], "碳化硅") {
		t.Errorf("told %q, want the one of the same meaning", got)
	}
}

func TestWhoIsNotTold(t *testing.T) {
	tests := []struct {
		name string
		set  func(w *world)
	}{
		{"one organization on both sides", func(w *world) { w.must(w.replaceOwner("d1", "uni")) }},
		{"alerts switched off", func(w *world) {
			for _, user := range []market.ID{"u1", "f1"} {
				_, err := w.service.Set(w.Context(), market.Actor{User: user}, 0, market.AlertOff, true)
				w.must(err)
			}
		}},
		{"published long ago", func(w *world) { w.now = w.now.Add(newsFor + time.Hour) }},
		{"withdrawn counterpart", func(w *world) {
			a, err := w.achievements.Get(w.Context(), "a1")
			w.must(err)
			a.State = market.StateWithdrawn
			w.must(w.achievements.Update(w.Context(), a))
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			w.member("u1", w.org("uni"), nil)
			w.member("f1", w.org("firm"), nil)
			w.fits.join("d1", "a1")
			w.achievement("a1", "镁合金压铸", "uni")
			w.demand("d1", "轻量化支架", "firm")
			tt.set(w)
			w.catchUp(w.follow(w.service))
			if got := w.told(); len(got) != 0 {
				t.Errorf("told %v", got)
			}
		})
	}
}

func (w *world) replaceOwner(id, owner market.ID) error {
	d, err := w.demands.Get(w.Context(), id)
	w.must(err)
	d.Owner = owner
	return w.demands.Update(w.Context(), d)
}

// What the index does not have yet is waited for; the follower tries again.
func TestIndexBehind(t *testing.T) {
	w := newWorld(t)
	w.member("u1", w.org("uni"), nil)
	w.member("f1", w.org("firm"), nil)
	w.fits.join("d1", "a1")
	w.achievement("a1", "镁合金压铸", "uni")
	w.demand("d1", "轻量化支架", "firm")
	w.fits.hidden["d1"] = true
	f := w.follow(w.service)
	w.must(f.achievements.CatchUp(t.Context()))
	if err := f.demands.CatchUp(t.Context()); !market.Is(err, market.Unavailable) {
		t.Fatalf("told of what nobody can find: %v", err)
	}
	delete(w.fits.hidden, "d1")
	w.catchUp(f)
	if got := w.told(); len(got["f1"]) != 1 || len(got["u1"]) != 1 {
		t.Errorf("told %v", got)
	}
}

// Whatever is published, changed, withdrawn and replayed in whatever order, by
// processes that stop in the middle: each person is told of each pair once, and
// of each pair of which both sides were public at the end.
func TestOnceWhateverHappens(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t)
		w.member("u1", w.org("uni"), nil)
		w.member("u2", "uni", nil)
		w.member("f1", w.org("firm"), nil)
		_, err := w.service.Save(t.Context(), market.Actor{User: "f1", Org: "firm", Verified: true}, Wish{"镁", "q=镁合金", market.AlertNow}, "")
		w.must(err)
		w.now = w.now.Add(time.Second)
		for d := range 2 {
			for a := range 2 {
				w.fits.join(market.ID(fmt.Sprint("d", d)), market.ID(fmt.Sprint("a", a)))
			}
		}
		f := w.follow(w.service)
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			w.now = w.now.Add(time.Second)
			w.step(rt, &f)
		}
		w.fits.fail = nil
		w.catchUp(f)
		w.catchUp(w.follow(w.start()))
		w.checkOnce(rt)
	})
}

// step does one thing that can happen.
func (w *world) step(rt *rapid.T, f *followers) {
	id := market.ID(rapid.SampledFrom([]string{"d0", "d1", "a0", "a1"}).Draw(rt, "listing"))
	switch rapid.SampledFrom([]string{"publish", "publish", "withdraw", "change", "follow", "follow", "restart", "break", "replay"}).Draw(rt, "what") {
	case "publish":
		w.put(id, market.StatePublished, "")
	case "withdraw":
		w.put(id, market.StateWithdrawn, "")
	case "change":
		w.put(id, market.StatePublished, rapid.SampledFrom([]string{"镁合金支架", "储氢罐"}).Draw(rt, "title"))
	case "follow":
		w.fits.fail = nil
		w.catchUp(*f)
	case "restart":
		*f = w.follow(w.start())
	case "break":
		w.fits.fail = errors.New("killed")
		_ = f.achievements.CatchUp(w.Context())
		_ = f.demands.CatchUp(w.Context())
		*f = w.follow(w.start())
	case "replay":
		w.fits.fail = nil
		for _, name := range []market.ID{"achievements", "demands"} {
			if p, err := w.stores.Positions.Get(w.Context(), name); err == nil {
				p.Cursor = ""
				w.must(w.stores.Positions.Update(w.Context(), p))
			}
		}
		*f = w.follow(w.start())
	}
}

// put brings a listing into a state, with another title unless that is empty.
func (w *world) put(id market.ID, state market.ListingState, title string) {
	w.Helper()
	change := func(l *market.Listing) {
		l.State = state
		if title != "" {
			l.Title = title
		}
		l.History = append(l.History, market.Event{Seq: len(l.History) + 1, At: w.now, To: string(state)})
	}
	if strings.HasPrefix(string(id), "d") {
		d, err := w.demands.Get(w.Context(), id)
		if market.Is(err, market.NotFound) {
			d = w.demand(id, "镁合金支架", "firm")
		}
		change(&d.Listing)
		w.must(w.demands.Update(w.Context(), d))
		return
	}
	a, err := w.achievements.Get(w.Context(), id)
	if market.Is(err, market.NotFound) {
		a = w.achievement(id, "镁合金压铸", "uni")
	}
	change(&a.Listing)
	w.must(w.achievements.Update(w.Context(), a))
}

// checkOnce holds the notices against what is published at the end.
func (w *world) checkOnce(rt *rapid.T) {
	docs, _, err := w.stores.Notices.Changes(w.Context(), "", 1000)
	w.must(err)
	type key struct{ user, about, link string }
	seen := map[key]int{}
	ids := map[market.ID]bool{}
	for _, n := range docs {
		if k := (key{string(n.User), string(n.About), n.Link}); seen[k] > 0 {
			rt.Fatalf("%s was told of %s twice: %s", n.User, n.About, n.Title)
		} else {
			seen[k]++
		}
		ids[n.ID] = true
	}
	for d := range 2 {
		for a := range 2 {
			demand, err1 := w.demands.Get(w.Context(), market.ID(fmt.Sprint("d", d)))
			achievement, err2 := w.achievements.Get(w.Context(), market.ID(fmt.Sprint("a", a)))
			if err1 != nil || err2 != nil || !demand.Public() || !achievement.Public() {
				continue
			}
			for _, user := range []market.ID{"u1", "u2", "f1"} {
				if !ids[market.NoticeID(market.NoticeMatch, user, demand.ID, achievement.ID)] {
					rt.Fatalf("%s was not told of %s and %s", user, demand.ID, achievement.ID)
				}
			}
			if strings.Contains(achievement.Title, "镁合金") && !ids[market.NoticeID(market.NoticeSearch, "f1", achievement.ID)] {
				rt.Fatalf("f1's search was not told of %s", achievement.ID)
			}
		}
	}
}
