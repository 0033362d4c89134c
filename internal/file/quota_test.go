package file_test

import (
	"bytes"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"time"

	"jishi/internal/market"
)

// least is what the smallest file is charged.
const least = 4 << 10

func (w *world) used(by market.Actor) int64 {
	w.Helper()
	used, _, err := w.files.Use(w.Context(), by)
	must(w.T, err)
	return used
}

// TestQuotaRace lets twenty uploads fight for the room of seven.
func TestQuotaRace(t *testing.T) {
	w := newWorld(t, 7*least+100)
	var wait sync.WaitGroup
	var stored, full atomic.Int64
	for i := range 20 {
		wait.Go(func() {
			_, err := w.files.Add(t.Context(), member, "a.pdf", pdf(fmt.Sprint(i)))
			switch {
			case err == nil:
				stored.Add(1)
			case market.Is(err, market.Conflict):
				full.Add(1)
			default:
				t.Errorf("Add = %v", err)
			}
		})
	}
	wait.Wait()
	if stored.Load() != 7 || full.Load() != 13 || w.docCount() != 7 {
		t.Errorf("%d stored, %d refused, %d known, want 7, 13, 7", stored.Load(), full.Load(), w.docCount())
	}
	if used := w.used(colleague); used != 7*least {
		t.Errorf("used %d, want %d", used, 7*least)
	}
	use, err := w.uses.Get(t.Context(), member.Org)
	if err != nil || use.Bytes != 7*least || len(use.Pending) != 0 {
		t.Errorf("use %+v, %v", use, err)
	}
	if _, err := w.files.Add(t.Context(), stranger, "a.pdf", pdf()); err != nil {
		t.Errorf("another organization: %v", err)
	}
}

// TestQuotaOfBroken charges nothing for what was not stored, and gives back
// the charge of a process that died: at once when there is room, after an hour
// when there is none.
func TestQuotaOfBroken(t *testing.T) {
	w := newWorld(t, 2*least)
	_, err := w.files.Upload(t.Context(), member, "a.pdf", io.MultiReader(bytes.NewReader(pdf()), iotest.ErrReader(io.ErrUnexpectedEOF)))
	if !market.Is(err, market.Unavailable) || w.used(member) != 0 || w.docCount() != 0 || w.blobCount() != 0 {
		t.Errorf("broken off: %v, %d bytes used", err, w.used(member))
	}
	dead := &market.FileUse{Meta: market.Meta{ID: member.Org}, Pending: []market.FileCharge{{File: "died", Bytes: 2 * least, At: w.now}}}
	must(t, w.uses.Insert(t.Context(), dead))
	if _, err := w.files.Add(t.Context(), member, "a.pdf", pdf()); !market.Is(err, market.Conflict) {
		t.Errorf("while the other may be on its way: %v", err)
	}
	w.now = w.now.Add(time.Hour + time.Second)
	w.upload(member, "a.pdf", pdf())
	if used := w.used(member); used != least {
		t.Errorf("used %d, want %d", used, least)
	}
	stored := w.upload(member, "b.pdf", pdf())
	use, err := w.uses.Get(t.Context(), member.Org)
	must(t, err)
	use.Bytes, use.Pending = least, []market.FileCharge{{File: stored.ID, Bytes: least, At: w.now.Add(-2 * time.Hour)}}
	must(t, w.uses.Update(t.Context(), use)) // as if it had died after storing
	if _, err := w.files.Add(t.Context(), member, "c.pdf", pdf()); !market.Is(err, market.Conflict) {
		t.Errorf("a stored file's charge was given back: %v", err)
	}
}
