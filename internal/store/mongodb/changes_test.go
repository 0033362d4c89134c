package mongodb

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jishi/internal/market"
)

func ms(d time.Duration) int64 { return d.Milliseconds() }

func TestCursorText(t *testing.T) {
	for _, c := range []cursor{
		{},
		{place: place{at: 1_700_000_000_123, id: "a.b..号"}, begun: 7, wideAt: 9},
		{place: place{at: -5}, begun: -1},
	} {
		if got, err := parseCursor(c.String()); err != nil || got != c {
			t.Errorf("parseCursor(%q) = %+v, %v; want %+v", c, got, err, c)
		}
	}
	if c, err := parseCursor(""); err != nil || c != (cursor{}) {
		t.Errorf("empty cursor = %+v, %v", c, err)
	}
	for _, bad := range []string{"x", "m", "m.1.2.3", "m.1.2.x.id", "s.1.2.3.id", "1.2.3.4.id", "1700000000123.id", "m.99999999999999999999.1.1.a"} {
		if _, err := parseCursor(bad); !market.Is(err, market.Invalid) {
			t.Errorf("parseCursor(%q) = %v, want Invalid", bad, err)
		}
	}
}

func TestCursorNext(t *testing.T) {
	const now = int64(1_700_000_000_000)
	old, fresh := place{now - ms(time.Hour), "o"}, place{now - 50, "f"}
	back := place{at: now - ms(overlap)}
	running := cursor{place: old, begun: now, wideAt: now}
	for _, tt := range []struct {
		name  string
		c     cursor
		last  place
		full  bool
		after time.Duration // from the beginning of the pass to the answer
		want  cursor
	}{
		{"full page goes on exactly", running, fresh, true, time.Second, cursor{fresh, now, now}},
		{"short page goes back", running, fresh, false, time.Second, cursor{back, 0, now}},
		{"short page of old changes stays", running, old, false, time.Second, cursor{old, 0, now}},
		{"long pass is cut", running, fresh, true, passLimit, cursor{back, 0, now}},
		{"long pass far behind goes on exactly", running, old, true, passLimit, cursor{old, 0, now}},
		{"time for a wide pass", cursor{old, now, now - ms(wideEvery)}, fresh, false, time.Second,
			cursor{place{at: now - ms(wideEvery+wideOverlap)}, 0, now}},
		{"wide pass after long silence stays", cursor{old, now, now - ms(wideEvery)}, place{1, "x"}, false, time.Second,
			cursor{place{1, "x"}, 0, now}},
		{"no wide pass while behind", cursor{old, now, now - ms(wideEvery)}, fresh, true, passLimit, cursor{back, 0, now - ms(wideEvery)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.c.next(tt.last, tt.full, now+ms(tt.after)); got != tt.want {
				t.Errorf("next = %+v, want %+v", got, tt.want)
			}
		})
	}
}

// version is one document as the simulated database holds it.
type version struct {
	place
	n       int64
	visible int64
	lost    bool // its writer had given up waiting when it became visible
}

// simulation is a feed with writers whose writes take time and whose clocks
// differ, and one reader. Time is in milliseconds.
type simulation struct {
	now       int64
	readerOff int64 // reader's clock minus now
	stored    map[string]version
	pending   map[string]version // by document: a writer waits for its answer before it writes again
	since     cursor
	delivered map[string]int64
}

func newSimulation(t *rapid.T) *simulation {
	return &simulation{now: 1_700_000_000_000, readerOff: skew(t), stored: map[string]version{}, pending: map[string]version{}, delivered: map[string]int64{}}
}

// extreme draws from low to high, often one of the two.
func extreme(t *rapid.T, low, high int64, what string) int64 {
	return rapid.OneOf(rapid.Just(low), rapid.Just(high), rapid.Int64Range(low, high)).Draw(t, what)
}

// skew is a clock's distance from the true time: any two are within clockSkew.
func skew(t *rapid.T) int64 { return extreme(t, -ms(clockSkew)/2, ms(clockSkew)/2, "skew") }

// elapse lets time pass and writes become visible.
func (s *simulation) elapse(d int64) {
	s.now += d
	for id, w := range s.pending {
		if w.visible <= s.now {
			s.stored[id] = w
			delete(s.pending, id)
		}
	}
}

// toBrink lets time pass until just before the next write becomes visible.
func (s *simulation) toBrink() {
	next := s.now + 1
	for _, w := range s.pending {
		if next <= s.now+1 || w.visible < next {
			next = w.visible
		}
	}
	s.elapse(max(0, next-1-s.now))
}

// begin stamps a write, which becomes visible later.
func (s *simulation) begin(t *rapid.T) {
	id := fmt.Sprint("d", rapid.IntRange(0, 7).Draw(t, "document"))
	if _, busy := s.pending[id]; busy {
		return
	}
	w := version{place: place{s.now + skew(t), id}, n: s.stored[id].n + 1}
	longest := ms(callLimit)
	if w.lost = rapid.IntRange(0, 9).Draw(t, "lost") == 0; w.lost {
		longest = ms(wideOverlap - clockSkew)
	}
	w.visible = s.now + extreme(t, 0, longest, "delay")
	s.pending[id] = w
}

// read is one call of Changes that takes a while; it reports whether the feed
// came to its end.
func (s *simulation) read(limit int, takes int64) bool {
	c := s.since.start(s.now + s.readerOff)
	s.elapse(takes / 2)
	var page []version
	for _, v := range s.stored {
		if c.place.before(v.place) {
			page = append(page, v)
		}
	}
	slices.SortFunc(page, func(a, b version) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.id, b.id)) })
	page = page[:min(limit, len(page))]
	last := c.place
	for _, v := range page {
		s.delivered[v.id] = v.n
		last = v.place
	}
	s.elapse(takes - takes/2)
	s.since = c.next(last, len(page) == limit, s.now+s.readerOff)
	return len(page) < limit
}

// readToEnd reads a whole pass and fails if there is no end.
func (s *simulation) readToEnd(t *rapid.T) {
	for range 100 {
		if s.read(3, 5) {
			return
		}
	}
	t.Fatal("the pass does not end")
}

// missing returns the documents whose stored version was not delivered.
func (s *simulation) missing() []version {
	var list []version
	for id, v := range s.stored {
		if s.delivered[id] != v.n {
			list = append(list, v)
		}
	}
	return list
}

// act does one thing at random.
func (s *simulation) act(t *rapid.T) {
	switch rapid.IntRange(0, 9).Draw(t, "action") {
	case 0, 1, 2:
		s.begin(t)
	case 3:
		s.elapse(rapid.Int64Range(1, 4000).Draw(t, "wait"))
	case 4:
		s.elapse(rapid.Int64Range(1, ms(4*time.Minute)).Draw(t, "sleep"))
	case 5, 6:
		s.toBrink()
	case 7:
		s.read(rapid.IntRange(1, 4).Draw(t, "limit"), rapid.Int64Range(1, 4000).Draw(t, "takes"))
	default:
		s.readToEnd(t)
	}
}

// TestChangesNeverMisses: acknowledged writes are delivered by the pass that
// begins after their acknowledgement, those given up by the next wide one.
func TestChangesNeverMisses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := newSimulation(t)
		for range 150 {
			s.act(t)
		}
		s.elapse(ms(callLimit)) // now all but the lost writes are visible
		s.readToEnd(t)          // the pass under way
		began := s.now
		s.readToEnd(t)
		for _, v := range s.missing() {
			if !v.lost && v.visible < began {
				t.Fatalf("%+v was acknowledged but not delivered; delivered is %d", v, s.delivered[v.id])
			}
		}
		for range ms(wideOverlap+2*wideEvery) / 20_000 {
			s.elapse(20_000)
			s.readToEnd(t)
		}
		for _, v := range s.missing() {
			t.Fatalf("%+v was not delivered; delivered is %d", v, s.delivered[v.id])
		}
	})
}

// newFeed is a simulation in which n documents were changed at once, the given
// time ahead of the reader's clock.
func newFeed(n int, ahead time.Duration) *simulation {
	s := &simulation{now: 1_700_000_000_000, stored: map[string]version{}, pending: map[string]version{}, delivered: map[string]int64{}}
	for i := range n {
		id := fmt.Sprintf("d%02d", i)
		s.stored[id] = version{place: place{s.now + ms(ahead), id}, n: 1}
	}
	return s
}

// TestChangesComeToAnEnd: a clock that stands still, changes from the future
// and a slow server do not keep the reader from getting through.
func TestChangesComeToAnEnd(t *testing.T) {
	for _, tt := range []struct {
		name  string
		ahead time.Duration
		takes int64
	}{
		{"clock stands still", 0, 0},
		{"a writer is an hour ahead", time.Hour, 10},
		{"slow server", 0, 3000},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newFeed(50, tt.ahead)
			pages := 0
			for ; len(s.missing()) > 0 && pages < 70; pages++ {
				s.read(1, tt.takes)
			}
			if missing := s.missing(); len(missing) > 0 {
				t.Errorf("after %d pages %d of 50 are missing", pages, len(missing))
			}
		})
	}
}

// TestBusyReader: a reader that never sees the end of the feed, because changes
// come as fast as it reads, still goes back for a late one.
func TestBusyReader(t *testing.T) {
	s := newFeed(1, 0)
	late := version{place: place{s.now + 1000, "late"}, n: 1, visible: s.now + 1000 + ms(callLimit)}
	s.pending["late"] = late
	for i := range 30 {
		id := fmt.Sprint("stream ", i)
		s.stored[id] = version{place: place{s.now, id}, n: 1}
		if s.read(1, 1000) && i > 0 {
			t.Fatal("the reader saw the end")
		}
	}
	if s.delivered["late"] != 1 {
		t.Error("the late change was not delivered in 30 s")
	}
}
