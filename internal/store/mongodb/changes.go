package mongodb

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"

	"jishi/internal/market"
	"jishi/internal/store"
)

const (
	clockSkew   = 2 * time.Second  // most that the clocks of two processes may differ
	overlap     = 10 * time.Second // what each pass goes over again; more than callLimit + clockSkew
	passLimit   = 10 * time.Second // a pass that takes longer is cut into several
	wideEvery   = time.Minute      // least time between wide passes
	wideOverlap = 10 * time.Minute // what a wide pass goes over again
)

// place is a place in the feed, in the order of (changed_at, _id).
type place struct {
	at int64 // milliseconds
	id string
}

func (p place) before(q place) bool { return p.at < q.at || p.at == q.at && p.id < q.id }

// cursor is how far a reader of the feed has got.
//
// Reading goes in passes, from a place to the end of the feed. A change that
// became visible before a pass began lies where the pass finds it. One that
// becomes visible later was stamped at most overlap before the pass began: its
// writer stamped it when callLimit had begun to run, by a clock that is off by
// clockSkew at most. So the next pass starts overlap before the beginning of
// the last one, or where that ended if it did not get so far, and nothing is
// left behind for good.
//
// That holds for writes that were acknowledged. One whose writer had given up
// may be carried out later, by a server that stood still. For their sake a pass
// now and then is wide and starts wideOverlap before the last wide one.
type cursor struct {
	place        // all up to here is read in this pass
	begun  int64 // when the pass under way began, milliseconds; 0 between passes
	wideAt int64 // when the last wide pass was called for
}

// start is the cursor for a call at the time now.
func (c cursor) start(now int64) cursor {
	if c.begun == 0 {
		c.begun = now
	}
	if c.wideAt == 0 { // the first pass is as wide as can be
		c.wideAt = now
	}
	return c
}

// next is the cursor after a page that was read by a call at the time now and
// ended at last. full says that there may be more behind it.
func (c cursor) next(last place, full bool, now int64) cursor {
	begun := c.begun
	if full && now-begun < passLimit.Milliseconds() {
		c.place = last
		return c
	}
	c.begun = 0
	back := place{at: begun - overlap.Milliseconds()}
	// A pass that was cut is no time to go far back: the reader is behind.
	if !full && begun-c.wideAt >= wideEvery.Milliseconds() {
		back.at = c.wideAt - wideOverlap.Milliseconds()
		c.wideAt = begun
	}
	c.place = last
	if back.before(last) {
		c.place = back
	}
	return c
}

// cursorMark tells our cursors from those of another engine.
const cursorMark = "m"

func (c cursor) String() string {
	return fmt.Sprintf("%s.%d.%d.%d.%s", cursorMark, c.at, c.begun, c.wideAt, c.id)
}

// parseCursor reads what String wrote; the empty cursor is the beginning.
func parseCursor(since string) (cursor, error) {
	var c cursor
	if since == "" {
		return c, nil
	}
	parts := strings.SplitN(since, ".", 5)
	if len(parts) != 5 || parts[0] != cursorMark {
		return c, badSince()
	}
	for i, into := range []*int64{&c.at, &c.begun, &c.wideAt} {
		n, err := strconv.ParseInt(parts[i+1], 10, 64)
		if err != nil {
			return c, badSince()
		}
		*into = n
	}
	c.id = parts[4]
	return c, nil
}

func badSince() error {
	return market.E(market.Invalid, "bad_cursor", "读取位置无效，请从头开始。")
}

// Changes implements store.Table; see cursor. Documents come in the order of
// (ChangedAt, ID) within a pass.
func (t *table) Changes(ctx context.Context, since string, limit int) ([]store.Record, string, error) {
	c, err := parseCursor(since)
	if err != nil {
		return nil, "", err
	}
	c = c.start(t.engine.clock().UnixMilli()) // before reading
	filter := bson.D{{Key: "$and", Value: behind(store.FieldChanged, false, primitive.DateTime(c.at), market.ID(c.id))}}
	records, err := t.read(ctx, filter, page(store.FieldChanged, false, limit))
	if err != nil {
		return nil, "", err
	}
	last := c.place
	if n := len(records); n > 0 {
		last = place{records[n-1].ChangedAt.UnixMilli(), string(records[n-1].ID)}
	}
	return records, c.next(last, len(records) == limit, t.engine.clock().UnixMilli()).String(), nil
}
