package audit

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"jishi/internal/market"
)

func (w *world) verifier() *Verifier { return NewVerifier(w.trail, w.nouns(), nil, w.newID) }

// TestVerify keeps what a verification found and adds an entry about it.
func TestVerify(t *testing.T) {
	w, db := onSQLite(t)
	v := w.verifier()
	if running, last, err := v.Latest(t.Context(), officer); running != nil || last != nil || err != nil {
		t.Errorf("before the first: %v, %v, %v", running, last, err)
	}
	w.append(3)
	w.target(2)
	followOnce(w, w.trail)
	told := int64(0)
	c, err := v.Verify(t.Context(), officer, func(done, _ int64) { told = done })
	if err != nil || !c.Whole() || c.Report.Lines != 5 || c.Report.Events != 2 || told != 5 || c.By != officer.User {
		t.Fatalf("Verify = %+v, %v, told %d", c, err, told)
	}
	page, err := w.trail.Find(t.Context(), officer, Filter{Action: market.ActVerifyAudit})
	w.must(err)
	if len(page.Rows) != 1 || page.Rows[0].Result != market.ResultOK || page.Rows[0].Subject != c.ID {
		t.Errorf("entries %+v", page.Rows)
	}
	w.settled()
	all := lines(w)
	all[1].Body.User = "u-other"
	var docs []stored
	for _, l := range all {
		docs = append(docs, store1(t, l.ID, l))
	}
	db.put(t, LineSpec.Name, docs)
	w.pass(time.Second)
	c, err = v.Verify(t.Context(), officer, nil)
	if err != nil || c.Whole() || c.Report.Broken.Seq != 2 || c.Report.Lines != 1 {
		t.Fatalf("Verify of a broken chain = %+v, %v", c, err)
	}
	running, last, err := v.Latest(t.Context(), officer)
	if err != nil || running != nil || last.ID != c.ID || last.Whole() || last.Report.Broken.String() != c.Report.Broken.String() {
		t.Errorf("latest %+v, %v, %v", last, running, err)
	}
	page, err = w.trail.Find(t.Context(), officer, Filter{Result: "broken"})
	w.must(err)
	if len(page.Rows) != 1 || !strings.Contains(page.Rows[0].Detail, "第 2 条") {
		t.Errorf("entries %+v", page.Rows)
	}
}

func TestVerifyInBackground(t *testing.T) {
	w := newWorld(t)
	v := w.verifier()
	t.Cleanup(v.Close)
	w.append(3)
	w.must(v.Start(t.Context(), officer))
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		_, last, err := v.Latest(t.Context(), officer)
		w.must(err)
		if last != nil {
			if !last.Whole() || last.Report.Lines != 3 {
				t.Errorf("found %+v", last)
			}
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("it does not end")
		}
	}
	v.Close()
	if err := v.Start(t.Context(), officer); !market.Is(err, market.Conflict) {
		t.Errorf("Start after Close = %v", err)
	}
	for name, by := range map[string]market.Actor{"visitor": {}, "supplier": supplier} {
		if err := v.Start(t.Context(), by); err == nil {
			t.Errorf("%s starts a verification", name)
		}
		if _, err := v.Verify(t.Context(), by, nil); err == nil {
			t.Errorf("%s verifies", name)
		}
		if _, _, err := v.Latest(t.Context(), by); err == nil {
			t.Errorf("%s reads what was found", name)
		}
	}
}

// One that was cut short does not count, nor does it seem to run for ever.
func TestInterruptedVerification(t *testing.T) {
	w := newWorld(t)
	w.append(3)
	v := w.verifier()
	w.trail.now = time.Now // the store's clock, by which a beat is judged
	_, err := v.begin(t.Context(), officer)
	w.must(err)
	if running, last, err := v.Latest(t.Context(), officer); running == nil || last != nil || err != nil {
		t.Errorf("just begun: %v, %v, %v", running, last, err)
	}
	w.trail.now = func() time.Time { return time.Now().Add(deadAfter + time.Second) }
	if running, last, err := v.Latest(t.Context(), officer); running != nil || last != nil || err != nil {
		t.Errorf("cut short: %v, %v, %v", running, last, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	c, err := v.begin(ctx, officer)
	w.must(err)
	cancel()
	if err := v.run(ctx, c, nil); err == nil || c.Whole() || c.Failure == "" {
		t.Errorf("under an ended context: %+v, %v", c, err)
	}
	if _, last, _ := v.Latest(t.Context(), officer); last == nil || last.Whole() || last.Failure == "" {
		t.Errorf("latest %+v", last)
	}
}

// TestKeyChange keeps proving what earlier keys sealed, with those at hand or
// by what follows.
func TestKeyChange(t *testing.T) {
	w := newWorld(t)
	w.append(3)
	w.settled()
	w.trail.Close()
	w.trail = w.begin(testKeys(t, "b", "a"))
	if r := w.verify(); r.Broken != nil || r.Left != 0 {
		t.Errorf("with both keys: %+v", r)
	}
	w.append(2)
	w.settled()
	w.whole(5, 0)
	w.trail.Close()
	w.trail = w.begin(testKeys(t, "b"))
	if r := w.verify(); r.Broken != nil || r.Left != 3 || r.Lines != 5 {
		t.Errorf("without the old key: %+v, %v", r, r.Broken)
	}
	w.trail.Close()
	w.trail = w.begin(testKeys(t, "c"))
	if got := w.verify().Broken; got == nil || !strings.Contains(got.What, "密钥不在本机") {
		t.Errorf("with neither: %v", got)
	}
}

// A store that goes away is an error, not a broken chain.
func TestVerifyWithoutStore(t *testing.T) {
	w := newWorld(t)
	w.append(1)
	v := NewVerifier(w.trail, nil, nil, w.newID)
	w.must(w.engine.Close())
	var report Report
	if err := v.verify(t.Context(), &report, func(int64, int64) {}); !market.Is(err, market.Unavailable) || report.Broken != nil {
		t.Errorf("verify = %v, %+v", err, report)
	}
	if _, err := v.Verify(t.Context(), officer, nil); !market.Is(err, market.Unavailable) {
		t.Errorf("Verify = %v", err)
	}
	if err := v.Start(t.Context(), officer); !market.Is(err, market.Unavailable) {
		t.Errorf("Start = %v", err)
	}
	if err := v.Start(t.Context(), officer); !market.Is(err, market.Unavailable) {
		t.Errorf("Start again = %v", err)
	}
	if _, err := New(Stores{}, Options{Keep: 1, Log: slog.Default()}); err == nil {
		t.Error("a month is enough")
	}
}
