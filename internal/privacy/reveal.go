package privacy

import (
	"context"
	"strings"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// DailyReveals is how often a day one user may have masked personal data shown
// unless configured otherwise. A broker at work needs some dozens; who wants
// the whole market's contacts needs thousands.
const DailyReveals = 100

// RevealSpec declares the collection that counts reveals.
var RevealSpec = store.Spec{Name: "reveals"}

// Count is how often a user, its id, had personal data shown on the last day
// they did.
type Count struct {
	market.Meta `bson:"-"`
	Day         market.Date `bson:"day"`
	Times       int         `bson:"times"`
}

// Reveals lets masked personal data be shown. Safe for concurrent use.
type Reveals struct {
	counts store.Collection[Count]
	trail  market.Trail
	limit  int
	now    func() time.Time
}

// NewReveals returns the reveals on a collection opened with RevealSpec. trail
// takes who saw what; limit is for each user and Shanghai day.
func NewReveals(counts store.Collection[Count], trail market.Trail, limit int, now func() time.Time) *Reveals {
	return &Reveals{counts: counts, trail: trail, limit: limit, now: now}
}

// Reveal implements market.Reveals.
func (r *Reveals) Reveal(ctx context.Context, by market.Actor, action market.Action, kind string, subject market.ID, fields ...string) error {
	if err := r.count(ctx, by.User); err != nil {
		return err
	}
	entry := market.NewEntry(ctx, by, r.now(), action, kind, subject)
	entry.Detail = market.Clip(strings.Join(fields, " "), market.MaxNote-1)
	return r.trail.Append(ctx, entry)
}

// count counts one more, again when somebody else was faster.
func (r *Reveals) count(ctx context.Context, user market.ID) error {
	for range 10 {
		now := r.now()
		today := market.DateOf(now)
		c, err := r.counts.Get(ctx, user)
		if market.Is(err, market.NotFound) {
			err = r.counts.Insert(ctx, &Count{Meta: market.Meta{ID: user}, Day: today, Times: 1})
			if !store.IsTaken(err) {
				return err
			}
			continue
		}
		if err != nil {
			return err
		}
		if c.Day != today {
			c.Day, c.Times = today, 0
		}
		if c.Times >= r.limit {
			return &market.Error{Kind: market.TooMany, Code: "too_many_reveals",
				Message: "您今天查看的联系方式和证件号已达上限，请明天再看；确有需要请联系科技局。",
				Retry:   today.Time().AddDate(0, 0, 1).Sub(now)}
		}
		c.Times++
		if err := r.counts.Update(ctx, c); !market.Is(err, market.Stale) {
			return err
		}
	}
	return market.E(market.Unavailable, "busy", "系统正忙，请稍后再试。")
}
