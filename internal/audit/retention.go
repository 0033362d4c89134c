package audit

import (
	"bytes"
	"context"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// MinKeep is how many months bodies are kept at least. 网络安全法 article 21(3)
// (text of 2016): network logs are kept for no less than six months.
const MinKeep = 6

// DefaultKeep is how many months bodies are kept where nobody says otherwise:
// what civil claims need (民法典 article 188, three years).
const DefaultKeep = 36

// maxKeep bounds what can be asked for, in months.
const maxKeep = 1200

// CheckKeep returns Invalid when bodies may not be kept for so many months.
func CheckKeep(months int) error {
	if months < MinKeep || months > maxKeep {
		return &market.Error{Kind: market.Invalid, Code: "bad_audit_keep", Message: "审计记录至少保存 6 个月（网络安全法第二十一条第三项），最多 1200 个月。",
			Fields: []market.FieldError{{Field: "audit_keep", Reason: "应为 6 至 1200 的整数，单位为月"}}}
	}
	return nil
}

// Wipe blanks the bodies of the lines that are older than they are to be kept
// and returns how many. An entry that says up to when comes first: it is what
// lets Verify tell this from a body that somebody else blanked. A line that was
// changed, or that only an index says is old, is left as it is and logged.
// Several processes may wipe at the same time.
func (t *Trail) Wipe(ctx context.Context) (int, error) {
	now := t.now().UTC().Truncate(time.Millisecond)
	cutoff := now.AddDate(0, -t.keep, 0)
	wiped, after := 0, ""
	for {
		page, err := t.stores.Lines.Find(ctx, store.Query{
			Equal: []store.Equal{{Field: "wiped", Value: false}}, Sort: "at", Range: &store.Range{To: cutoff}, Limit: 500, After: after,
		})
		if err != nil {
			return wiped, err
		}
		due, err := t.due(ctx, page.Items, cutoff)
		if err != nil {
			return wiped, err
		}
		if wiped == 0 && len(due) > 0 {
			err := t.Append(ctx, market.Entry{
				At: now, User: market.System.User, Org: market.System.Org, Action: market.ActWipeAudit, Kind: "audit", To: cutoff.Format(time.RFC3339Nano),
			})
			if err != nil {
				return 0, err
			}
		}
		for _, line := range due {
			line.Wiped, line.Salt, line.Body = true, nil, market.Entry{}
			err := t.stores.Lines.Update(ctx, line)
			if err != nil && !market.Is(err, market.Stale) { // another process wiped it
				return wiped, err
			}
			wiped++
		}
		if after = page.Next; after == "" {
			return wiped, nil
		}
	}
}

// due returns those of the lines found by their time that are to be wiped.
func (t *Trail) due(ctx context.Context, found []*Line, cutoff time.Time) ([]*Line, error) {
	var due []*Line
	for _, line := range found {
		whole, err := t.genuine(ctx, line)
		if err != nil {
			return nil, err
		}
		if line.Wiped || !whole || !line.At.Before(cutoff) {
			t.log.Error("audit: a line is not wiped: it or its index was changed; see jishi verify", "line", line.ID)
			continue
		}
		due = append(due, line)
	}
	return due, nil
}

// genuine reports whether a line is as it was written: by its seal or, when
// its key is not known any more, by the line that is bound to it.
func (t *Trail) genuine(ctx context.Context, line *Line) (bool, error) {
	fault := t.keys.fault(line)
	if fault != faultKey {
		return fault == "" && line.ID == lineID(line.Seq), nil
	}
	next, err := t.stores.Lines.Get(ctx, lineID(line.Seq+1))
	if market.Is(err, market.NotFound) {
		return false, nil
	}
	return err == nil && line.ID == lineID(line.Seq) && bytes.Equal(next.Previous, line.Hash), err
}

// wipedUntil returns the time before which bodies may be blank: that of the
// newest genuine entry of a Wipe, if it left the months of MinKeep. One whose
// key is not known counts only where there is none better: the walk along the
// chain proves it.
func (t *Trail) wipedUntil(ctx context.Context) (time.Time, error) {
	page, err := t.stores.Lines.Find(ctx, store.Query{
		Equal: []store.Equal{{Field: "body.action", Value: string(market.ActWipeAudit)}}, Sort: "at", Desc: true, Limit: 20,
	})
	if err != nil {
		return time.Time{}, err
	}
	var second time.Time
	for _, line := range page.Items {
		cutoff, err := time.Parse(time.RFC3339Nano, line.Body.To)
		if err != nil || cutoff.After(line.At.AddDate(0, -MinKeep, 0)) {
			continue
		}
		switch t.keys.fault(line) {
		case "":
			return cutoff, nil
		case faultKey:
			second = cutoff
		}
	}
	return second, nil
}
