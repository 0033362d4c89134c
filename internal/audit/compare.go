package audit

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"

	"jishi/internal/market"
)

// maxMissing bounds the events of a kind without a line that are looked at again.
const maxMissing = 1000

// copies is the lines that repeat events, by their source: short hashes only,
// some 80 bytes of memory each.
type copies struct {
	kinds map[string]bool // of documents that are compared
	lines map[[16]byte]copied
}

// copied is one of them. What erasure may have blanked in the document has
// hashes of its own.
type copied struct {
	seq     int64
	wiped   bool
	core    [16]byte // of the rest
	address [16]byte
	note    [16]byte
}

func newCopies(nouns []Noun) *copies {
	c := &copies{kinds: make(map[string]bool), lines: make(map[[16]byte]copied)}
	for _, n := range nouns {
		c.kinds[n.Kind()] = true
	}
	return c
}

func (c *copies) add(l *Line) {
	kind, _, _ := strings.Cut(l.Source, "/")
	if !c.kinds[kind] {
		return
	}
	c.lines[shortText(l.Source)] = copiedOf(l)
}

func copiedOf(l *Line) copied {
	if l.Wiped {
		return copied{seq: l.Seq, wiped: true}
	}
	one := partsOf(l.Body)
	one.seq = l.Seq
	return one
}

func partsOf(e market.Entry) copied {
	one := copied{address: shortText(e.Address), note: shortText(e.NoteSum)}
	e.Address, e.NoteSum = "", ""
	one.core = shortText(string(canonical(e)))
	return one
}

func shortText(s string) [16]byte {
	sum := sha256.Sum256([]byte(s))
	return [16]byte(sum[:16])
}

// says reports whether the line repeats an event.
func (c copied) says(event told) bool {
	want := partsOf(event.Entry)
	return c.wiped || c.core == want.core &&
		(c.address == want.address || event.Address == "") &&
		(c.note == want.note || event.NoteSum == "" && event.erased)
}

// waiting is the documents of a kind that followers have not seen yet.
type waiting struct {
	noun   Noun
	cursor string
	ids    map[market.ID]bool // changed up to cursor
	looked int                // events without a line at the time of the walk
}

// has reports whether a document changed after the followers were there.
func (w *waiting) has(ctx context.Context, id market.ID) (bool, error) {
	if w.ids[id] {
		return true, nil
	}
	var err error
	w.cursor, err = w.noun.changed(ctx, w.cursor, w.ids)
	return w.ids[id], err
}

// compare holds every event of the documents against the lines of the chain
// and notes in the report what is broken first: a line that says something
// else than its event, or whose event is gone, else an event without a line
// that does not wait for one.
func (w *walk) compare(ctx context.Context, all []*waiting) error {
	var missing *Break
	first := int64(0)
	note := func(seq int64, b Break) {
		if first == 0 || seq < first {
			first, w.report.Broken = seq, &b
		}
	}
	for _, one := range all {
		err := one.noun.events(ctx, func(e told) error {
			if w.report.Events++; w.report.Events%10_000 == 0 {
				w.tell()
			}
			key := shortText(e.Source)
			line, there := w.copies.lines[key]
			delete(w.copies.lines, key)
			switch {
			case there && !line.says(e):
				note(line.seq, Break{Seq: line.seq, Kind: e.Kind, Subject: e.Subject, What: "与单据中的历史不一致：单据的历史被改过"})
			case !there && missing == nil:
				var err error
				if missing, err = w.missing(ctx, one, e); err != nil {
					return err
				}
			}
			return ctx.Err()
		})
		if err != nil {
			return err
		}
	}
	for _, line := range w.copies.lines {
		if first == 0 || line.seq < first {
			note(line.seq, Break{Seq: line.seq, What: "单据中没有这条记录所说的历史：单据或它的历史被删去"})
		}
	}
	switch {
	case first > 0:
		return w.name(ctx)
	case missing != nil:
		w.report.Broken = missing
	case w.head == nil && w.report.Events > 0:
		w.broken(0, headMissing)
	}
	return nil
}

// missing looks again for the line of an event that had none when the chain
// was walked along, and says what is broken, nil when nothing is.
func (w *walk) missing(ctx context.Context, all *waiting, e told) (*Break, error) {
	_, seq, _ := strings.Cut(strings.TrimPrefix(e.Source, e.Kind+"/"), "/")
	broken := func(what string) *Break {
		return &Break{Kind: e.Kind, Subject: e.Subject, What: fmt.Sprintf("单据历史的第 %s 步%s", seq, what)}
	}
	waits, err := all.has(ctx, e.Subject)
	if err != nil {
		return nil, err
	}
	if !waits {
		return broken("没有审计记录：历史被直接写进了单据，或记录被删去"), nil
	}
	if all.looked++; all.looked <= maxMissing {
		line, err := w.trail.bySource(ctx, e.Source)
		switch {
		case err != nil:
			return nil, err
		case line != nil && !copiedOf(line).says(e):
			return broken("与审计记录不一致：单据的历史被改过"), nil
		case line != nil:
			return nil, nil
		}
	}
	w.report.Waiting++
	return nil, nil
}

// name says of which document the broken line tells.
func (w *walk) name(ctx context.Context) error {
	b := w.report.Broken
	if b.Subject != "" {
		return nil
	}
	line, err := w.trail.stores.Lines.Get(ctx, lineID(b.Seq))
	if err != nil {
		return err
	}
	if parts := strings.SplitN(line.Source, "/", 3); len(parts) == 3 {
		b.Kind, b.Subject = parts[0], market.ID(parts[1])
	}
	return nil
}
