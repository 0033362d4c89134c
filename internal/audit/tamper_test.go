package audit

import (
	"math/rand/v2"
	"strings"
	"testing"

	"jishi/internal/market"
)

// tampers is every way to change the chain. Each changes lines, which are
// copies, and returns them with the number of the first broken line.
var tampers = []struct {
	name string
	do   func(r *rand.Rand, lines []*Line) ([]*Line, int64)
}{
	{"change", change}, {"remove", remove}, {"insert", insert}, {"reorder", reorder}, {"truncate", truncate}, {"rewrite", rewrite}, {"wipe early", wipeEarly},
}

// chainLength is how many lines are tampered with: few, so that many ways are tried.
const chainLength = 24

// TestTampering changes the chain directly in the store, a thousand times in
// each way at random places, and wants each found and the first broken line named.
func TestTampering(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		w, raw := onSQLite(t)
		tamper(t, w, raw, 1000)
	})
	t.Run("mongodb", func(t *testing.T) {
		w, raw := onMongoDB(t)
		tamper(t, w, raw, 40)
	})
}

func tamper(t *testing.T, w *world, db raw, times int) {
	w.append(chainLength/2 - 3)
	w.target(3)
	followOnce(w, w.trail)
	w.append(chainLength / 2)
	w.settled()
	w.whole(chainLength, 3)
	w.trail.Close()
	verifier := NewVerifier(w.trail, w.nouns(), nil, w.newID) // copies nothing: the documents stay as they are
	kept := db.all(t, LineSpec.Name)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	for _, way := range tampers {
		found := 0
		for range times {
			var lines []*Line
			for _, s := range kept {
				lines = append(lines, load[Line](t, s))
			}
			lines, want := way.do(r, lines)
			docs := make([]stored, len(lines))
			for i, l := range lines {
				docs[i] = store1(t, l.ID, l)
			}
			db.put(t, LineSpec.Name, docs)
			var report Report
			must(t, verifier.look(t.Context(), &report, func(int64, int64) {}))
			got := report.Broken
			if got == nil || got.Seq != want || got.What == "" {
				t.Fatalf("%s: broken line %d found as %v", way.name, want, got)
			}
			found++
		}
		t.Logf("%s: %d of %d found", way.name, found, times)
	}
	db.put(t, LineSpec.Name, kept)
	var report Report
	must(t, verifier.look(t.Context(), &report, func(int64, int64) {}))
	if report.Broken != nil || report.Lines != chainLength || report.Events != 3 {
		t.Errorf("put back, it is %+v", report)
	}
}

// TestTamperedHead wants found what is done to the head.
func TestTamperedHead(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(t *testing.T, w *world, db raw)
		seq  int64
		what string
	}{
		{"removed", func(t *testing.T, _ *world, db raw) { db.put(t, HeadSpec.Name, nil) }, 0, "链头缺失"},
		{"back", func(t *testing.T, w *world, db raw) {
			head := load[Head](t, db.all(t, HeadSpec.Name)[0])
			head.Seq, head.Hash = 5, load[Line](t, db.all(t, LineSpec.Name)[4]).Hash
			db.put(t, HeadSpec.Name, []stored{store1(t, headID, head)})
		}, 0, "签名不符"},
		{"another key", func(t *testing.T, w *world, db raw) {
			head := load[Head](t, db.all(t, HeadSpec.Name)[0])
			keys := testKeys(t, "thief")
			keys.sealHead(head)
			db.put(t, HeadSpec.Name, []stored{store1(t, headID, head)})
		}, 0, "密钥不在本机"},
		{"chain and head of another key", func(t *testing.T, w *world, db raw) {
			forge(t, db, testKeys(t, "thief"))
		}, 0, "密钥不在本机"},
		{"all lines gone", func(t *testing.T, _ *world, db raw) { db.put(t, LineSpec.Name, nil) }, 1, "缺失"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w, db := onSQLite(t)
			w.append(10)
			w.settled()
			tt.do(t, w, db)
			got := w.verify().Broken
			if got == nil || got.Seq != tt.seq || !strings.Contains(got.String(), tt.what) {
				t.Errorf("found as %v", got)
			}
			// Going on must not cover it up.
			trail := w.begin(testKeys(t, "a"))
			w.must(trail.Append(t.Context(), w.signIn()))
			trail.Close()
			if got := w.verify().Broken; got == nil {
				t.Error("the next entry covers it up")
			}
		})
	}
}

// forge rewrites the whole chain with its head under other keys.
func forge(t *testing.T, db raw, keys Keys) {
	t.Helper()
	at := genesis
	var docs []stored
	for _, s := range db.all(t, LineSpec.Name) {
		e := load[Line](t, s).Body
		e.Detail = "forged"
		l := keys.newLine(at, e)
		at = place{l.Seq, l.Hash}
		docs = append(docs, store1(t, l.ID, l))
	}
	db.put(t, LineSpec.Name, docs)
	head := &Head{Seq: at.seq, Hash: at.hash}
	keys.sealHead(head)
	db.put(t, HeadSpec.Name, []stored{store1(t, headID, head)})
}

// An old copy of chain and head is whole by itself; a head kept elsewhere
// shows what is gone.
func TestAnchors(t *testing.T) {
	w, db := onSQLite(t)
	w.append(5)
	w.settled()
	oldLines, oldHead := db.all(t, LineSpec.Name), db.all(t, HeadSpec.Name)
	w.append(5)
	w.settled()
	anchor, err := ParseAnchor(w.verify().Head)
	w.must(err)
	if r := w.verify(anchor, Anchor{}); r.Broken != nil || anchor.Seq != 10 {
		t.Errorf("%v is broken at %v", anchor, r.Broken)
	}
	db.put(t, LineSpec.Name, oldLines)
	db.put(t, HeadSpec.Name, oldHead)
	if r := w.verify(); r.Broken != nil {
		t.Fatalf("an old copy is broken by itself: %v", r.Broken)
	}
	if got := w.verify(anchor).Broken; got == nil || got.Seq != 6 {
		t.Errorf("an old copy is found as %v", got)
	}
	w.trail.Close()
	w.trail = w.begin(testKeys(t, "a"))
	w.append(5)
	w.settled()
	if got := w.verify(anchor).Broken; got == nil || got.Seq != 10 {
		t.Errorf("an old copy that went on is found as %v", got)
	}
	for _, text := range []string{"", "5", "x:00", "5:zz", "-1:" + strings.Repeat("0", 64), "5:00"} {
		if _, err := ParseAnchor(text); !market.Is(err, market.Invalid) {
			t.Errorf("ParseAnchor(%q) = %v", text, err)
		}
	}
}

// TestTamperedDocuments changes histories behind the trail's back.
func TestTamperedDocuments(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(docs []*market.Target) []*market.Target
		seq  int64
		what string
	}{
		{"event changed", func(d []*market.Target) []*market.Target { d[1].History[1].By = "u-other"; return d }, 5, "历史被改过"},
		{"request changed", func(d []*market.Target) []*market.Target { d[1].History[0].Request = "other"; return d }, 4, "历史被改过"},
		{"address changed", func(d []*market.Target) []*market.Target { d[0].History[0].Address = "198.51.100.1"; return d }, 1, "历史被改过"},
		{"reason changed", func(d []*market.Target) []*market.Target { d[0].History[1].Note = "另一个理由"; return d }, 2, "历史被改过"},
		{"reason removed", func(d []*market.Target) []*market.Target { d[1].History[2].Note = ""; return d }, 6, "历史被改过"},
		{"address erased", func(d []*market.Target) []*market.Target { d[0].History[0].Address = ""; return d }, 0, ""},
		{"event removed", func(d []*market.Target) []*market.Target { d[0].History = d[0].History[:2]; return d }, 3, "被删去"},
		{"document removed", func(d []*market.Target) []*market.Target { return d[1:] }, 1, "被删去"},
		{"events swapped", func(d []*market.Target) []*market.Target {
			h := d[1].History
			h[0].From, h[2].From = h[2].From, h[0].From
			return d
		}, 4, "历史被改过"},
		{"event added", func(d []*market.Target) []*market.Target {
			d[0].History = append(d[0].History, market.Event{Seq: 4, At: testStart, By: "u-other", Action: market.ActSetTarget})
			return d
		}, 0, "没有审计记录"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w, db := onSQLite(t)
			w.target(3)
			w.target(3)
			followOnce(w, w.trail)
			w.settled()
			var targets []*market.Target
			for _, s := range db.all(t, "targets") {
				targets = append(targets, load[market.Target](t, s))
			}
			var docs []stored
			for _, doc := range tt.do(targets) {
				s := store1(t, doc.ID, doc)
				s.meta = doc.Meta // as if nothing had been written
				docs = append(docs, s)
			}
			db.put(t, "targets", docs)
			got := w.verify().Broken
			switch {
			case tt.what == "" && got != nil:
				t.Errorf("found as %v", got)
			case tt.what != "" && (got == nil || got.Seq != tt.seq || !strings.Contains(got.String(), tt.what) || got.Kind != "target" || got.Subject == ""):
				t.Errorf("found as %+v", got)
			}
		})
	}
}

// What happens while the chain is walked along is not taken for tampering.
func TestVerifyBesideWriters(t *testing.T) {
	w := newWorld(t)
	w.append(50)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for i := range 60 {
			w.target(2)
			if i%3 == 0 {
				w.append(1)
			}
		}
	}()
	for rounds, writing := 0, true; writing; rounds++ {
		select {
		case <-ended:
			writing = false
		default:
		}
		if r := w.verify(); r.Broken != nil {
			t.Errorf("round %d: broken: %v", rounds, r.Broken)
		}
	}
	followOnce(w, w.trail)
	w.whole(50+20+120, 120)
}
