package audit

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"jishi/internal/market"
)

// emptied removes the whole trail: chain, head and positions.
func emptied(t *testing.T, db raw) {
	t.Helper()
	for _, name := range []string{LineSpec.Name, HeadSpec.Name, PositionSpec.Name} {
		db.put(t, name, nil)
	}
}

// Whoever empties the trail is found, with heads kept elsewhere and without,
// also after a new process began and copied everything anew.
func TestTrailEmptied(t *testing.T) {
	for _, kept := range []bool{false, true} {
		t.Run(fmt.Sprintf("heads kept %v", kept), func(t *testing.T) {
			w, db := onSQLite(t)
			first, err := w.trail.Anchor(t.Context())
			w.must(err)
			if first.Seq != 0 || first.Hash == "" {
				t.Fatalf("a chain that begins has the head %v", first)
			}
			var anchors []Anchor
			if kept {
				anchors = append(anchors, first)
			}
			w.target(3)
			followOnce(w, w.trail)
			w.settled()
			if r := w.verify(anchors...); r.Broken != nil {
				t.Fatalf("broken: %v", r.Broken)
			}
			w.trail.Close()
			emptied(t, db)
			w.trail = w.begin(testKeys(t, "a"))
			if begun, err := w.trail.Begin(t.Context(), w.nouns()...); begun || err != nil {
				t.Fatalf("Begin in a store with documents = %v, %v", begun, err)
			}
			for _, step := range []string{"at once", "asked again", "after followers", "after an entry"} {
				switch step {
				case "after followers":
					followOnce(w, w.trail)
				case "after an entry":
					w.append(1)
				}
				if got := w.verify(anchors...).Broken; got == nil || !strings.Contains(got.What, "链头缺失") {
					t.Errorf("%s: found as %v", step, got)
				}
			}
			if holds, err := w.trail.Holds(t.Context(), first); holds || err != nil {
				t.Errorf("Holds = %v, %v", holds, err)
			}
		})
	}
}

// The first head, put back over a chain that was emptied, is genuine; heads
// kept since then show it.
func TestFirstHeadPutBack(t *testing.T) {
	w, db := onSQLite(t)
	old := db.all(t, HeadSpec.Name)
	w.target(3)
	followOnce(w, w.trail)
	w.settled()
	anchor, err := w.trail.Anchor(t.Context())
	w.must(err)
	if holds, err := w.trail.Holds(t.Context(), anchor); !holds || err != nil {
		t.Fatalf("Holds = %v, %v", holds, err)
	}
	w.trail.Close()
	emptied(t, db)
	db.put(t, HeadSpec.Name, old)
	w.trail = w.begin(testKeys(t, "a"))
	followOnce(w, w.trail)
	w.append(2)
	w.settled()
	if got := w.verify(anchor).Broken; got == nil || got.Seq != 3 || !strings.Contains(got.What, "另外保存的链头") {
		t.Errorf("found as %v", got)
	}
	if holds, err := w.trail.Holds(t.Context(), anchor); holds || err != nil {
		t.Errorf("Holds = %v, %v", holds, err)
	}
	other := anchor
	other.Hash = strings.Repeat("0", 64)
	if got := w.verify(other, anchor).Broken; got == nil {
		t.Error("of two heads that disagree the later counts")
	}
}

// A verification writes nothing before it knows what is there: what waits to
// be copied is counted, then copied.
func TestVerifyWritesAfterwards(t *testing.T) {
	w, db := onSQLite(t)
	w.target(2)
	followOnce(w, w.trail)
	w.settled()
	w.target(3)
	before := len(db.all(t, LineSpec.Name))
	v := NewVerifier(w.trail, w.nouns(), nil, w.newID)
	var report Report
	w.must(v.look(t.Context(), &report, func(int64, int64) {}))
	if report.Broken != nil || report.Waiting != 3 || report.Events != 5 || len(db.all(t, LineSpec.Name)) != before {
		t.Errorf("found %+v, lines %d", report, len(db.all(t, LineSpec.Name)))
	}
	if r := w.verify(); r.Waiting != 3 || r.Broken != nil {
		t.Errorf("found %+v", r)
	}
	w.whole(5, 5)
}

// What the database keeps beside the lines is held against them, field by field.
func TestColumnsChanged(t *testing.T) {
	w := newWorld(t)
	db := openSQL(t, w.path)
	w.append(3)
	w.settled()
	for _, field := range LineSpec.Fields() {
		t.Run(field, func(t *testing.T) {
			column := `"f_` + field + `"`
			for _, value := range []any{7, "x", nil, []byte("x")} {
				if value == nil && field == "source" {
					continue // a key
				}
				var kept any
				w.must(db.db.QueryRow("SELECT " + column + " FROM audit WHERE id='" + string(lineID(2)) + "'").Scan(&kept))
				set := func(v any) {
					_, err := db.db.Exec("UPDATE audit SET "+column+"=? WHERE id=?", v, string(lineID(2)))
					w.must(err)
				}
				set(value)
				if got := w.verify().Broken; got == nil || got.Seq != 2 || !strings.Contains(got.What, field) {
					t.Errorf("%v found as %v", value, got)
				}
				set(kept)
			}
		})
	}
	w.whole(3, 0)
}

// An index that says a line is old does not get it wiped, nor does a line that
// was changed; what is due beside them is wiped.
func TestWipeTrustsNoIndex(t *testing.T) {
	w := newWorld(t)
	db := openSQL(t, w.path)
	w.append(3)
	w.clock.Store(testStart.AddDate(0, DefaultKeep, 1).UnixMilli())
	w.append(3)
	w.settled()
	_, err := db.db.Exec(`UPDATE audit SET "f_at"=0`)
	w.must(err)
	second := lines(w)[1]
	second.At = second.At.Add(-time.Hour)
	body := store1(t, second.ID, second).body
	_, err = db.db.Exec(`UPDATE audit SET body=? WHERE id=?`, []byte(body), string(second.ID))
	w.must(err)
	if n, err := w.trail.Wipe(t.Context()); n != 2 || err != nil {
		t.Errorf("Wipe = %d, %v", n, err)
	}
	for _, line := range lines(w) {
		if want := line.Seq == 1 || line.Seq == 3; line.Wiped != want {
			t.Errorf("line %d wiped: %v", line.Seq, line.Wiped)
		}
	}
}

// Lines of a key that is not known any more are wiped when what follows is
// bound to them.
func TestWipeAfterRotation(t *testing.T) {
	w := newWorld(t)
	w.append(3)
	w.settled()
	w.trail.Close()
	w.trail = w.begin(testKeys(t, "b"))
	w.clock.Store(testStart.AddDate(0, DefaultKeep, 1).UnixMilli())
	w.append(1)
	if n, err := w.trail.Wipe(t.Context()); n != 3 || err != nil {
		t.Errorf("Wipe = %d, %v", n, err)
	}
}

// Erasing a person's data blanks the reasons in their history; nothing else
// may be without the one that was noted.
func TestReasonErased(t *testing.T) {
	for _, erased := range []bool{true, false} {
		w := newWorld(t)
		doc := w.target(2)
		followOnce(w, w.trail)
		for i := range doc.History {
			doc.History[i].Note = ""
		}
		action := market.ActSetTarget
		if erased {
			action = market.ActErase
		}
		doc.History = append(doc.History, market.NextEvent(doc.History, officer, w.now(), action, "", "", ""))
		w.must(w.targets.Update(t.Context(), doc))
		followOnce(w, w.trail)
		w.settled()
		if got := w.verify().Broken; (got == nil) != erased {
			t.Errorf("erased %v: found as %v", erased, got)
		}
	}
}
