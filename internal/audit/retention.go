package audit

import (
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
// lets Verify tell this from a body that somebody else blanked. Several
// processes may wipe at the same time.
func (t *Trail) Wipe(ctx context.Context) (int, error) {
	now := t.now().UTC().Truncate(time.Millisecond)
	cutoff := now.AddDate(0, -t.keep, 0)
	wiped := 0
	for {
		due, err := t.due(ctx, cutoff)
		if err != nil || len(due) == 0 {
			return wiped, err
		}
		if wiped == 0 {
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
	}
}

// due returns some of the lines to be wiped, oldest first.
func (t *Trail) due(ctx context.Context, cutoff time.Time) ([]*Line, error) {
	page, err := t.stores.Lines.Find(ctx, store.Query{
		Equal: []store.Equal{{Field: "wiped", Value: false}}, Sort: "at", Range: &store.Range{To: cutoff}, Limit: 500,
	})
	return page.Items, err
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
