package audit

import (
	"context"
	"encoding/hex"
	"iter"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// Filter says which entries are meant; what is empty does not matter.
type Filter struct {
	User    market.ID
	Org     market.ID
	Action  market.Action
	Kind    string // code of market.SubjectKinds
	Subject market.ID
	Result  string      // market.ResultOK or the code of a refusal
	From    market.Date // first day, Shanghai
	To      market.Date // last day
	After   string      // cursor of the page before
	Limit   int         // 1–market.MaxPageSize; 0 = 50
}

// maxLooked bounds the lines that one page of a filter by several things looks
// at. One thing has an index, the others are looked for among what it finds.
const maxLooked = 5000

// MaxExport bounds the rows of one exported file.
const MaxExport = 100_000

// maxExportLooked bounds the lines that an export looks at.
const maxExportLooked = 1_000_000

// Row is one entry as officers read it.
type Row struct {
	market.Entry
	Seq   int64
	Hash  string // 64 hex digits
	Wiped bool   // its time of keeping is over: only Seq, At, Hash and Source are left
}

// Page is one page of entries, newest first.
type Page struct {
	Rows   []Row
	Next   string    // cursor of the page after, empty at the end
	Looked int       // lines looked at
	Until  time.Time // when the search stopped at its bound before the page was full: how far back it got; else zero
}

// Check returns Invalid naming every broken part of the filter.
func (f *Filter) Check() error {
	var p market.Problems
	for _, one := range []struct {
		field string
		id    market.ID
	}{{"user", f.User}, {"org", f.Org}, {"subject", f.Subject}, {"action", market.ID(f.Action)}, {"result", market.ID(f.Result)}} {
		p.Check(one.id == "" || one.id.WellFormed(), one.field, "应为 129 个以内的字母、数字、点、横线或下划线")
	}
	p.Check(f.Kind == "" || market.SubjectKinds.Has(f.Kind), "kind", "请从列表中选择")
	p.Check(f.From == "" || f.From.Valid(), "from", "请写成 2026-03-01 的样子")
	p.Check(f.To == "" || f.To.Valid(), "to", "请写成 2026-03-31 的样子")
	p.Check(f.From == "" || f.To == "" || f.From <= f.To, "to", "结束日期不能早于开始日期")
	return p.Err()
}

// query is the one thing to find by, best first, and the rest to look for.
func (f *Filter) query() (store.Query, []store.Equal) {
	var all []store.Equal
	for _, one := range []struct{ field, value string }{
		{"body.subject", string(f.Subject)}, {"body.user", string(f.User)}, {"body.org", string(f.Org)}, {"body.action", string(f.Action)},
		{"body.result", f.Result}, {"body.kind", f.Kind},
	} {
		if one.value != "" {
			all = append(all, store.Equal{Field: one.field, Value: one.value})
		}
	}
	q := store.Query{Sort: "at", Desc: true, After: f.After}
	if len(all) > 0 {
		q.Equal = all[:1]
	}
	if f.From != "" || f.To != "" {
		q.Range = &store.Range{}
		if f.From != "" {
			q.Range.From = f.From.Time()
		}
		if f.To != "" {
			q.Range.To = f.To.Time().AddDate(0, 0, 1)
		}
	}
	return q, all[min(1, len(all)):]
}

// fits reports whether a line is one that the filter means.
func (f *Filter) fits(e *market.Entry) bool {
	return (f.Subject == "" || e.Subject == f.Subject) && (f.User == "" || e.User == f.User) && (f.Org == "" || e.Org == f.Org) &&
		(f.Action == "" || e.Action == f.Action) && (f.Result == "" || e.Result == f.Result) && (f.Kind == "" || e.Kind == f.Kind)
}

// Find returns a page of what the filter means, newest first. Officers and
// administrators only.
func (t *Trail) Find(ctx context.Context, by market.Actor, f Filter) (Page, error) {
	if err := market.Permit(by, market.ActReadAudit); err != nil {
		return Page{}, err
	}
	if err := f.Check(); err != nil {
		return Page{}, err
	}
	if f.Limit == 0 {
		f.Limit = 50
	}
	if f.Limit < 1 || f.Limit > market.MaxPageSize {
		return Page{}, market.E(market.Invalid, "bad_limit", "每页最多 100 条。")
	}
	q, rest := f.query()
	if len(rest) == 0 {
		q.Limit = f.Limit
		found, err := t.stores.Lines.Find(ctx, q)
		return Page{Rows: rowsOf(found.Items), Next: found.Next, Looked: len(found.Items)}, err
	}
	return t.look(ctx, f, q)
}

// look goes through what the query finds until a page is full, the end is
// reached or maxLooked lines were looked at.
func (t *Trail) look(ctx context.Context, f Filter, q store.Query) (Page, error) {
	var page Page
	for {
		q.Limit = 500
		found, err := t.stores.Lines.Find(ctx, q)
		if err != nil {
			return page, err
		}
		for i, line := range found.Items {
			if !f.fits(&line.Body) {
				continue
			}
			page.Rows = append(page.Rows, rowOf(line))
			if len(page.Rows) < f.Limit {
				continue
			}
			page.Looked += i + 1
			if i+1 < len(found.Items) { // asked again so that its cursor ends here
				q.Limit = i + 1
				found, err = t.stores.Lines.Find(ctx, q)
			}
			page.Next = found.Next
			return page, err
		}
		page.Looked += len(found.Items)
		page.Next, q.After = found.Next, found.Next
		if found.Next == "" {
			return page, nil
		}
		if page.Looked >= maxLooked {
			page.Until = found.Items[len(found.Items)-1].At
			return page, nil
		}
	}
}

// Each goes through all that the filter means, newest first, whatever its
// Limit. It ends in TooLarge where there are more rows than MaxExport or more
// lines to look at than one file may cost. Officers and administrators only.
func (t *Trail) Each(ctx context.Context, by market.Actor, f Filter) (iter.Seq2[Row, error], error) {
	if err := market.Permit(by, market.ActExportAudit); err != nil {
		return nil, err
	}
	if err := f.Check(); err != nil {
		return nil, err
	}
	return func(yield func(Row, error) bool) { t.each(ctx, f, yield) }, nil
}

func (t *Trail) each(ctx context.Context, f Filter, yield func(Row, error) bool) {
	q, _ := f.query()
	q.Limit, q.After = store.MaxLimit, ""
	for rows, looked := 0, 0; ; {
		found, err := t.stores.Lines.Find(ctx, q)
		if err != nil {
			yield(Row{}, err)
			return
		}
		looked += len(found.Items)
		for _, line := range found.Items {
			if !f.fits(&line.Body) {
				continue
			}
			if rows++; rows > MaxExport {
				yield(Row{}, market.E(market.TooLarge, "export_too_large", "一次最多导出 100,000 条，请加上时间或别的条件分几次导出。"))
				return
			}
			if !yield(rowOf(line), nil) {
				return
			}
		}
		if q.After = found.Next; found.Next == "" {
			return
		}
		if looked >= maxExportLooked {
			yield(Row{}, market.E(market.TooLarge, "export_too_large", "要翻查的记录超过 1,000,000 条，请缩短时间范围再导出。"))
			return
		}
	}
}

// OfUser returns what a user did, newest first, at most limit entries. Whoever
// calls it makes sure that the reader may know.
func (t *Trail) OfUser(ctx context.Context, user market.ID, limit int) ([]market.Entry, error) {
	var entries []market.Entry
	f := Filter{User: user}
	q, _ := f.query()
	for len(entries) < limit {
		q.Limit = min(store.MaxLimit, limit-len(entries))
		page, err := t.stores.Lines.Find(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, line := range page.Items {
			entries = append(entries, line.Body)
		}
		if q.After = page.Next; page.Next == "" {
			break
		}
	}
	return entries, nil
}

func rowOf(l *Line) Row {
	r := Row{Entry: l.Body, Seq: l.Seq, Hash: hex.EncodeToString(l.Hash), Wiped: l.Wiped}
	if l.Wiped {
		r.At = l.At
		if isEvent(l.Source) {
			r.Source = l.Source
		}
	}
	return r
}

func rowsOf(lines []*Line) []Row {
	rows := make([]Row, len(lines))
	for i, l := range lines {
		rows[i] = rowOf(l)
	}
	return rows
}
