package audit

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"

	"jishi/internal/market"
)

// maxMissing bounds the events without a line that are looked at again.
const maxMissing = 1000

// copies is the lines that repeat events, by their source: short hashes only,
// some 80 bytes of memory each.
type copies struct {
	kinds map[string]bool // of documents that are compared
	lines map[[16]byte]copied
}

// copied is one of them.
type copied struct {
	seq   int64
	body  [16]byte
	bare  [16]byte // without the address, which erasure may have blanked in the document
	wiped bool
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
	one := copied{seq: l.Seq, wiped: l.Wiped}
	if !l.Wiped {
		one.body, one.bare = short(l.Body), bare(l.Body)
	}
	c.lines[shortText(l.Source)] = one
}

func shortText(s string) [16]byte {
	sum := sha256.Sum256([]byte(s))
	return [16]byte(sum[:16])
}

func short(e market.Entry) [16]byte { return shortText(string(canonical(e))) }

func bare(e market.Entry) [16]byte {
	e.Address = ""
	return short(e)
}

// says reports whether the line repeats an event.
func (c copied) says(event market.Entry) bool {
	if event.Address == "" {
		return c.wiped || c.bare == short(event)
	}
	return c.wiped || c.body == short(event)
}

// compare holds every event of the documents against the lines of the chain
// and notes in the report what is broken first: a line that says something
// else than its event, or whose event is gone, else an event without a line.
func (w *walk) compare(ctx context.Context, nouns []Noun) error {
	var missing []market.Entry
	first := int64(0)
	note := func(seq int64, b Break) {
		if first == 0 || seq < first {
			first, w.report.Broken = seq, &b
		}
	}
	for _, n := range nouns {
		err := n.events(ctx, func(e market.Entry) error {
			if w.report.Events++; w.report.Events%10_000 == 0 {
				w.tell()
			}
			key := shortText(e.Source)
			line, there := w.copies.lines[key]
			switch {
			case !there && len(missing) < maxMissing:
				missing = append(missing, e)
			case there && !line.says(e):
				note(line.seq, Break{Seq: line.seq, Kind: e.Kind, Subject: e.Subject, What: "与单据中的历史不一致：单据的历史被改过"})
			}
			delete(w.copies.lines, key)
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
	if first > 0 {
		return w.name(ctx)
	}
	return w.missing(ctx, nouns, missing)
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

// missing looks again for the lines of events that happened while the chain
// was walked along.
func (w *walk) missing(ctx context.Context, nouns []Noun, events []market.Entry) error {
	if len(events) == 0 {
		return nil
	}
	for _, n := range nouns {
		if err := n.catchUp(ctx, w.trail); err != nil {
			return err
		}
	}
	for _, e := range events {
		line, err := w.trail.bySource(ctx, e.Source)
		if err != nil {
			return err
		}
		what := "没有审计记录：历史被直接写进了单据，或记录被删去"
		if line != nil {
			if repeats(line.Body, e) {
				continue
			}
			what = "与审计记录不一致：单据的历史被改过"
		}
		_, seq, _ := strings.Cut(strings.TrimPrefix(e.Source, e.Kind+"/"), "/")
		w.report.Broken = &Break{Kind: e.Kind, Subject: e.Subject, What: fmt.Sprintf("单据历史的第 %s 步%s", seq, what)}
		return nil
	}
	return nil
}
