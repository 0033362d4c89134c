package audit

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"strconv"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// Report is what a verification found.
type Report struct {
	Lines   int64  `bson:"lines" json:"lines"`   // looked at, up to the first broken one
	Wiped   int64  `bson:"wiped" json:"wiped"`   // of these, whose body was blanked when its time was over
	Events  int64  `bson:"events" json:"events"` // of documents, held against their lines
	Head    string `bson:"head" json:"head"`     // of the chain: number, colon, hash in hex; to be kept elsewhere
	Broken  *Break `bson:"broken" json:"broken"` // the first; nil when all is whole
	Left    int64  `bson:"left" json:"left"`     // lines sealed with a key that is not known here, proved by what follows them
	Waiting int64  `bson:"waiting" json:"-"`     // of Events, not copied yet when it was looked
}

// Break is what is broken first.
type Break struct {
	Seq     int64     `bson:"seq" json:"seq"`         // of the line; 0 when it is none
	Kind    string    `bson:"kind" json:"kind"`       // of the document it is about, if known
	Subject market.ID `bson:"subject" json:"subject"` // that document
	What    string    `bson:"what" json:"what"`       // Chinese
}

// String says it in one sentence.
func (b *Break) String() string {
	text := b.What
	if b.Seq > 0 {
		text = fmt.Sprintf("第 %d 条：%s", b.Seq, b.What)
	}
	if b.Subject != "" {
		text += "（" + market.SubjectKinds.Name(b.Kind) + " " + string(b.Subject) + "）"
	}
	return text
}

// headMissing is said also when lines and head are gone together: a store that
// has anything in it, or had a head once, has a head.
const headMissing = "链头缺失：它被直接从数据库中删去，或整条链被清空后另起，无法证明记录是否完整"

// walk is one way along the chain.
type walk struct {
	trail    *Trail
	head     *Head
	anchors  map[int64]string // hashes that were heads once
	at       place            // the last line that was whole
	doubt    int64            // first of the lines up to at whose key is not known; 0 when there is none
	until    time.Time        // before which bodies may be blank
	report   *Report
	copies   *copies
	progress func(done, total int64)
}

// chain walks along the chain and notes in the report what is broken first.
func (w *walk) chain(ctx context.Context) error {
	var err error
	if w.head, err = w.trail.head(ctx); err != nil {
		return err
	}
	if w.until, err = w.trail.wipedUntil(ctx); err != nil {
		return err
	}
	w.at = genesis
	for q := (store.Query{Sort: store.FieldID, Limit: store.MaxLimit}); ; {
		page, err := w.trail.stores.Lines.Find(ctx, q)
		if err != nil {
			return err
		}
		for _, line := range page.Items {
			if err := w.line(ctx, line); err != nil || w.report.Broken != nil {
				return err
			}
		}
		w.tell()
		if q.After = page.Next; page.Next == "" {
			w.end()
			return nil
		}
	}
}

func (w *walk) tell() {
	total := w.at.seq
	if w.head != nil {
		total = max(total, w.head.Seq)
	}
	w.progress(w.at.seq, total)
}

// line checks the next line.
func (w *walk) line(ctx context.Context, l *Line) error {
	want := w.at.seq + 1
	fault := w.misplaced(l, want)
	if fault == "" {
		fault = w.trail.keys.fault(l)
	}
	switch {
	case fault == "":
		w.report.Left += w.proved(want)
	case fault != faultKey:
		w.broken(want, fault)
		return nil
	case w.doubt == 0:
		w.doubt = want
	}
	if err := w.wiped(ctx, l); err != nil || w.report.Broken != nil {
		return err
	}
	if what := w.replaced(l); what != "" {
		w.broken(want, what)
		return nil
	}
	w.at = place{l.Seq, l.Hash}
	w.report.Lines++
	w.copies.add(l)
	return nil
}

// misplaced says why a line is not the one that follows the last, "" when it is.
func (w *walk) misplaced(l *Line, want int64) string {
	switch {
	case l.ID != lineID(l.Seq) || l.ID < lineID(want):
		return "这里多出一条记录（标识 " + market.Clip(string(l.ID), 40) + "）：不是本系统写入的"
	case l.ID > lineID(want):
		return fmt.Sprintf("缺失：下一条是第 %d 条", l.Seq)
	case !bytes.Equal(l.Previous, w.at.hash):
		return "与前一条接不上：这条或前一条写入后被改过"
	}
	return ""
}

// replaced says that a line is not the one of its number that was a head, ""
// when it is or was none.
func (w *walk) replaced(l *Line) string {
	if w.head != nil && l.Seq == w.head.Seq && !bytes.Equal(l.Hash, w.head.Hash) {
		return "与链头记下的校验值不符：这条记录写入后被换过"
	}
	if hash, ok := w.anchors[l.Seq]; ok && hash != hex.EncodeToString(l.Hash) {
		return "与另外保存的链头不符：这条记录写入后被换过"
	}
	return ""
}

// proved ends the doubt about lines whose key is not known: a line that is
// bound to them is genuine. It returns how many there were.
func (w *walk) proved(seq int64) int64 {
	if w.doubt == 0 {
		return 0
	}
	n := seq - w.doubt
	w.doubt = 0
	return n
}

// wiped checks that a blank body is one whose time was over.
func (w *walk) wiped(ctx context.Context, l *Line) error {
	if !l.Wiped {
		return nil
	}
	if !l.At.Before(w.until) { // perhaps it was blanked since the walk began
		until, err := w.trail.wipedUntil(ctx)
		if err != nil {
			return err
		}
		w.until = until
	}
	if !l.At.Before(w.until) {
		w.broken(l.Seq, "内容被提前清除：没有到期清除的记录，或记录还不满 6 个月")
		return nil
	}
	w.report.Wiped++
	return nil
}

// end checks what the end of the chain must have.
func (w *walk) end() {
	last := w.at.seq
	for seq := range w.anchors {
		if seq > last && w.report.Broken == nil {
			w.broken(last+1, fmt.Sprintf("从这里起缺失：另外保存的链头记到第 %d 条", seq))
		}
	}
	switch {
	case w.report.Broken != nil:
	case w.head == nil && (last > 0 || len(w.anchors) > 0):
		w.broken(0, headMissing)
	case w.head == nil:
	case !w.trail.keys.headGood(w.head):
		what := "链头的签名不符：它被改过"
		if _, known := w.trail.keys.of(w.head.Key); !known {
			what = "链头签名所用的密钥不在本机：请用写入时的密钥核对"
		}
		w.broken(0, what)
	case w.head.Seq > last:
		w.broken(last+1, fmt.Sprintf("从这里起缺失：链头记到第 %d 条", w.head.Seq))
	case w.doubt > 0:
		w.broken(w.doubt, faultKey)
	}
	w.report.Head = Anchor{last, hex.EncodeToString(w.at.hash)}.String()
}

// columns checks what the store keeps beside the lines: officers find lines by
// it, and what is to be wiped is.
func (w *walk) columns(ctx context.Context) error {
	lines, ok := w.trail.stores.Lines.(store.Checker)
	if !ok {
		return nil
	}
	id, field, err := lines.Differs(ctx)
	if err != nil || field == "" {
		return err
	}
	seq, _ := strconv.ParseInt(string(id), 10, 64) // 0 for an id that came in since the walk and is none of ours
	w.broken(seq, "索引中的 "+field+" 与内容不符：它被直接在数据库中改过")
	return nil
}

func (w *walk) broken(seq int64, what string) { w.report.Broken = &Break{Seq: seq, What: what} }
