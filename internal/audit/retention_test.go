package audit

import (
	"strings"
	"testing"
	"time"

	"jishi/internal/market"
)

func TestKeep(t *testing.T) {
	for months, good := range map[int]bool{-1: false, 1: false, 5: false, 6: true, 36: true, 1200: true, 1201: false} {
		if err := CheckKeep(months); (err == nil) != good {
			t.Errorf("CheckKeep(%d) = %v", months, err)
		}
	}
	w := newWorld(t)
	if _, err := New(w.stores, Options{Keep: 5}); !market.Is(err, market.Invalid) {
		t.Errorf("a trail of five months = %v", err)
	}
}

// keeping starts a trail that keeps bodies for so many months.
func (w *world) keeping(months int) {
	w.t.Helper()
	w.trail.Close()
	trail, err := New(w.stores, Options{Keys: testKeys(w.t, "a"), Keep: months, Now: w.now})
	w.must(err)
	w.t.Cleanup(trail.Close)
	w.trail = trail
}

func TestWipe(t *testing.T) {
	w := newWorld(t)
	w.append(5)
	doc := w.target(2)
	followOnce(w, w.trail)
	if n, err := w.trail.Wipe(t.Context()); n != 0 || err != nil {
		t.Fatalf("Wipe of what is new = %d, %v", n, err)
	}
	w.whole(7, 2) // and no entry about it
	w.clock.Store(testStart.AddDate(0, DefaultKeep, 1).UnixMilli())
	w.append(3)
	n, err := w.trail.Wipe(t.Context())
	if n != 7 || err != nil {
		t.Fatalf("Wipe = %d, %v", n, err)
	}
	w.settled()
	r := w.verify()
	if r.Broken != nil || r.Wiped != 7 || r.Lines != 11 || r.Events != 2 {
		t.Fatalf("after Wipe: %+v, %v", r, r.Broken)
	}
	page, err := w.trail.Find(t.Context(), officer, Filter{Limit: 100})
	w.must(err)
	for _, row := range page.Rows {
		if row.Wiped && (row.User != "" || row.Address != "" || row.Subject != "" || row.Detail != "" || row.At.IsZero() || row.Hash == "") {
			t.Errorf("wiped row %+v", row)
		}
		if strings.HasPrefix(row.Source, "target/") && !row.Wiped {
			t.Errorf("old row %+v is not wiped", row)
		}
	}
	for _, line := range lines(w) {
		if line.Wiped && (line.Salt != nil || line.Body != market.Entry{}) {
			t.Errorf("line %d still has its body", line.Seq)
		}
	}
	followOnce(w, w.begin(testKeys(t, "a"))) // what was wiped does not come back
	w.grow(doc, 1)
	w.must(w.targets.Update(t.Context(), doc))
	followOnce(w, w.trail)
	w.whole(12, 3)
	if n, err := w.trail.Wipe(t.Context()); n != 0 || err != nil {
		t.Errorf("second Wipe = %d, %v", n, err)
	}
}

func lines(w *world) []*Line {
	w.t.Helper()
	var all []*Line
	for _, s := range openSQL(w.t, w.path).all(w.t, LineSpec.Name) {
		all = append(all, load[Line](w.t, s))
	}
	return all
}

// The entry about a Wipe grows old and is wiped itself, by a later one.
func TestWipeTwice(t *testing.T) {
	w := newWorld(t)
	w.keeping(MinKeep)
	w.append(2)
	for range 3 {
		w.clock.Store(w.now().AddDate(0, MinKeep, 1).UnixMilli())
		w.append(1)
		if _, err := w.trail.Wipe(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	w.settled()
	if r := w.verify(); r.Broken != nil || r.Wiped != 6 {
		t.Errorf("wiped %d, broken %v", r.Wiped, r.Broken)
	}
}

// A body that is blanked beside those whose time was over is found, also when
// an entry about a Wipe is forged for it.
func TestWipedByOthers(t *testing.T) {
	w, db := onSQLite(t)
	w.append(3)
	w.clock.Store(testStart.AddDate(0, DefaultKeep, 1).UnixMilli())
	w.append(3)
	_, err := w.trail.Wipe(t.Context())
	w.must(err)
	w.settled()
	blank := func(l *Line) { l.Wiped, l.Salt, l.Body = true, nil, market.Entry{} }
	for _, tt := range []struct {
		name string
		do   func(all []*Line) []*Line
		want int64
	}{
		{"too young", func(all []*Line) []*Line { blank(all[4]); return all }, 5},
		{"the entry about it blank as well", func(all []*Line) []*Line { blank(all[6]); return all }, 1},
		{"its time changed", func(all []*Line) []*Line { blank(all[4]); all[4].At = testStart; return all }, 5},
		{"the entry about it changed", func(all []*Line) []*Line {
			blank(all[4])
			all[6].Body.To = w.now().Format(time.RFC3339Nano)
			return all
		}, 1},
		{"an entry about it forged", func(all []*Line) []*Line {
			blank(all[4])
			forged := testKeys(t, "thief").newLine(place{all[6].Seq, all[6].Hash}, market.Entry{At: w.now().AddDate(1, 0, 0), Action: market.ActWipeAudit, To: w.now().Format(time.RFC3339Nano)})
			return append(all, forged)
		}, 5},
	} {
		t.Run(tt.name, func(t *testing.T) {
			kept := db.all(t, LineSpec.Name)
			var docs []stored
			for _, l := range tt.do(lines(w)) {
				docs = append(docs, store1(t, l.ID, l))
			}
			db.put(t, LineSpec.Name, docs)
			got := w.verify().Broken
			if got == nil || got.Seq != tt.want {
				t.Errorf("found as %v, want line %d", got, tt.want)
			}
			db.put(t, LineSpec.Name, kept)
		})
	}
	if r := w.verify(); r.Broken != nil {
		t.Errorf("put back, it is broken: %v", r.Broken)
	}
}

// A wipe that leaves less than six months is none, whoever wrote it.
func TestWipeKeepsSixMonths(t *testing.T) {
	w, db := onSQLite(t)
	w.append(1)
	w.must(w.trail.Append(t.Context(), market.Entry{At: w.now(), Action: market.ActWipeAudit, To: w.now().Format(time.RFC3339Nano)}))
	w.settled()
	all := lines(w)
	all[0].Wiped, all[0].Salt, all[0].Body = true, nil, market.Entry{}
	db.put(t, LineSpec.Name, []stored{store1(t, all[0].ID, all[0]), store1(t, all[1].ID, all[1])})
	if got := w.verify().Broken; got == nil || got.Seq != 1 {
		t.Errorf("found as %v", got)
	}
}
