package audit

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

const (
	headEvery  = 64               // most lines that the head is behind while there is more to do
	writeLimit = 10 * time.Second // for one entry, whatever its caller's patience
	maxRaces   = 50               // lost to other processes before an entry is given up
)

// writer appends the lines of this process, one after the other.
type writer struct {
	trail  *Trail
	copied *job   // followers' job under way; nil when there is none
	tail   *place // end of the chain; nil when it has to be read
	behind int    // lines appended since the head was moved
	adrift bool   // the head is not ours to move: missing, or sealed by nobody we know
}

// loop takes urgent jobs first, copies while there are none, and moves the
// head when nothing is left to do.
func (w *writer) loop() {
	t := w.trail
	defer close(t.ended)
	for {
		select {
		case j := <-t.urgent:
			w.all(j)
			continue
		default:
		}
		if w.copied != nil {
			w.step()
			continue
		}
		select {
		case w.copied = <-t.copies:
			continue
		default:
		}
		w.moveHead()
		select {
		case j := <-t.urgent:
			w.all(j)
		case w.copied = <-t.copies:
		case <-t.closed:
			return
		}
	}
}

// all appends every entry of a job.
func (w *writer) all(j *job) {
	for j.at < len(j.entries) && j.err == nil {
		w.next(j)
	}
	close(j.done)
}

// step appends one entry of the followers' job.
func (w *writer) step() {
	j := w.copied
	if j.err = j.ctx.Err(); j.err == nil {
		w.next(j)
	}
	if j.err != nil || j.at == len(j.entries) {
		close(j.done)
		w.copied = nil
	}
}

func (w *writer) next(j *job) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(j.ctx), writeLimit)
	defer cancel()
	j.err = w.append(ctx, j.entries[j.at])
	j.at++
	if w.behind >= headEvery {
		w.moveHead()
	}
}

// append adds one line at the end of the chain.
func (w *writer) append(ctx context.Context, e market.Entry) error {
	for try := range maxRaces {
		if w.tail == nil {
			if err := w.readTail(ctx); err != nil {
				return err
			}
		}
		line := w.trail.keys.newLine(*w.tail, e)
		err := w.trail.stores.Lines.Insert(ctx, line)
		switch {
		case err == nil:
			w.tail = &place{line.Seq, line.Hash}
			w.behind++
			return nil
		case takenField(err) == "source" && e.Source != "":
			return nil // it is there
		}
		w.tail = nil // not known: another process was first, or the outcome is open
		if !store.IsTaken(err) {
			return err
		}
		giveWay(try)
	}
	return market.E(market.Unavailable, "audit_busy", "系统正忙，审计记录没有写成，请稍后再试。")
}

// giveWay waits for a moment that grows with the races lost, and by chance: who
// waits alike meets again.
func giveWay(lost int) {
	time.Sleep(rand.N(time.Duration(min(lost+1, 20)) * time.Millisecond))
}

// takenField is the field whose value was taken, "" for other errors.
func takenField(err error) string {
	var e *market.Error
	if !store.IsTaken(err) || !errors.As(err, &e) || len(e.Fields) == 0 {
		return ""
	}
	return e.Fields[0].Field
}

// readTail finds the end of the chain. When lines are missing that the head
// knows of, the chain goes on behind them, so that the gap stays to be found;
// when the head is missing none is made: only Begin does that.
func (w *writer) readTail(ctx context.Context) error {
	t := w.trail
	head, err := t.head(ctx)
	if err != nil {
		return err
	}
	last, err := t.lastLine(ctx)
	if err != nil {
		return err
	}
	tail := genesis
	if last != nil {
		tail = place{last.Seq, last.Hash}
	}
	adrift := head == nil || !t.keys.headGood(head)
	if adrift && !w.adrift {
		t.log.Error("audit: the head of the chain is missing or sealed with another key; see jishi verify")
	}
	if w.adrift = adrift; !adrift && head.Seq > tail.seq {
		tail = place{head.Seq, head.Hash}
	}
	w.tail = &tail
	return nil
}

// head returns the head, nil when there is none.
func (t *Trail) head(ctx context.Context) (*Head, error) {
	head, err := t.stores.Heads.Get(ctx, headID)
	if market.Is(err, market.NotFound) {
		return nil, nil
	}
	return head, err
}

// lastLine returns the line of the highest number, nil when there is none.
func (t *Trail) lastLine(ctx context.Context) (*Line, error) {
	page, err := t.stores.Lines.Find(ctx, store.Query{Sort: store.FieldID, Desc: true, Limit: 1})
	if err != nil || len(page.Items) == 0 {
		return nil, err
	}
	return page.Items[0], nil
}

// moveHead makes the head say how far the chain goes. It never goes back. What
// it fails to do the next entry's move makes good.
func (w *writer) moveHead() {
	if w.behind == 0 || w.tail == nil || w.adrift {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), writeLimit)
	defer cancel()
	if err := w.trail.moveHead(ctx, *w.tail); err != nil {
		w.trail.log.Error("audit: move head", "err", err)
	}
	w.behind = 0
}

func (t *Trail) moveHead(ctx context.Context, to place) error {
	for range maxRaces {
		head, err := t.head(ctx)
		if err != nil || head == nil || !t.keys.headGood(head) || head.Seq >= to.seq {
			return err
		}
		head.Seq, head.Hash = to.seq, slices.Clone(to.hash)
		t.keys.sealHead(head)
		if err = t.stores.Heads.Update(ctx, head); !market.Is(err, market.Stale) {
			return err
		}
	}
	return nil // others move it
}
