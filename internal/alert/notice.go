package alert

import (
	"context"
	"strings"
	"sync"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// MostUnread is how far unread notices are counted; more are shown as "99+".
const MostUnread = 100

const (
	countFor  = 5 * time.Second // a count another process changed is right again after
	maxCounts = 20_000          // people whose counts are remembered
	readStep  = 200             // notices read at a time by ReadAll
)

// Notices is everybody's notices. Safe for concurrent use.
type Notices struct {
	stores Stores
	now    func() time.Time
	newID  func() market.ID

	mu     sync.Mutex
	counts map[market.ID]counted
}

// counted is how many notices of a person were unread at a time.
type counted struct {
	unread  int
	at      time.Time
	changes int // how often the notices were changed here since the person is remembered
}

func newNotices(stores Stores, now func() time.Time, newID func() market.ID) *Notices {
	return &Notices{stores: stores, now: now, newID: newID, counts: make(map[market.ID]counted)}
}

// Add gives a person a notice: User, Kind, Title and Link, and Mail where a
// digest shall tell of it (market.MailDue). One that brings an id of its own
// (see market.NoticeID) is made once, however often it is added, also after it
// was read. Invalid when the notice is none.
func (n *Notices) Add(ctx context.Context, notice market.Notice) error {
	_, err := n.add(ctx, notice)
	return err
}

// add is Add and reports whether the notice is new.
func (n *Notices) add(ctx context.Context, notice market.Notice) (bool, error) {
	notice.Title = market.Clip(oneLine(notice.Title), market.MaxNoticeTitle-1)
	notice.State, notice.ReadAt, notice.Digest = market.NoticeUnread, time.Time{}, ""
	if notice.Mail != market.MailDue {
		notice.Mail = market.MailDone
	}
	if err := notice.Check(); err != nil {
		return false, err
	}
	if notice.ID == "" {
		notice.ID = n.newID()
	}
	err := n.stores.Notices.Insert(ctx, &notice)
	if store.IsTaken(err) {
		return false, nil
	}
	n.forget(notice.User)
	return err == nil, err
}

// oneLine writes a text on one line: titles of listings may have several, and
// in a mail a line of somebody else's could pass for one of ours.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// Filter bounds a list of notices.
type Filter struct {
	Unread bool // only these
	After  string
	Limit  int // 1–market.MaxPageSize, 0 = 20
}

// List returns one page of the actor's notices, newest first.
func (n *Notices) List(ctx context.Context, by market.Actor, f Filter) (store.Page[market.Notice], error) {
	if err := self(by, market.ActSelf); err != nil {
		return store.Page[market.Notice]{}, err
	}
	q := store.Query{Equal: []store.Equal{{Field: "user", Value: string(by.User)}}, Sort: store.FieldCreated, Desc: true, After: f.After, Limit: limit(f.Limit)}
	if f.Unread {
		q.Equal = append(q.Equal, store.Equal{Field: "state", Value: market.NoticeUnread})
	}
	return n.stores.Notices.Find(ctx, q)
}

func limit(n int) int {
	if n <= 0 {
		return 20
	}
	return min(n, market.MaxPageSize)
}

// Read notes that the actor has read one of their notices and returns it.
// Reading twice is harmless. NotFound for somebody else's.
func (n *Notices) Read(ctx context.Context, by market.Actor, id market.ID) (*market.Notice, error) {
	if err := self(by, market.ActSelf); err != nil {
		return nil, err
	}
	notice, err := n.stores.Notices.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if notice.User != by.User {
		return nil, missing()
	}
	return notice, n.read(ctx, notice)
}

// read writes that a notice was read; a digest tells of it no more.
func (n *Notices) read(ctx context.Context, notice *market.Notice) (err error) {
	defer n.forget(notice.User)
	for range 5 { // each round loses only to somebody else's success
		if notice.State == market.NoticeRead {
			return nil
		}
		notice.State, notice.ReadAt, notice.Mail = market.NoticeRead, clock(n.now), market.MailDone
		if err = n.stores.Notices.Update(ctx, notice); !market.Is(err, market.Stale) {
			return err
		}
		stored, err := n.stores.Notices.Get(ctx, notice.ID)
		if err != nil {
			return err
		}
		*notice = *stored
	}
	return err
}

// ReadAll notes that the actor has read all their notices and returns how many
// were unread.
func (n *Notices) ReadAll(ctx context.Context, by market.Actor) (int, error) {
	if err := self(by, market.ActSelf); err != nil {
		return 0, err
	}
	count := 0
	q := store.Query{Equal: []store.Equal{{Field: "user", Value: string(by.User)}, {Field: "state", Value: market.NoticeUnread}}, Sort: store.FieldCreated, Limit: readStep}
	err := each(ctx, n.stores.Notices, q, func(notice *market.Notice) error {
		count++
		return n.read(ctx, notice)
	})
	return count, err
}

// Unread returns how many notices of the actor are unread, at most MostUnread.
// It is asked with every page, so it is remembered for a few seconds; what
// this process changes shows at once. It never fails: 0 when the store is away.
func (n *Notices) Unread(ctx context.Context, by market.Actor) int {
	if by.User == "" || by.User == market.System.User {
		return 0
	}
	n.mu.Lock()
	known, ok := n.counts[by.User]
	n.mu.Unlock()
	if now := n.now(); ok && now.Sub(known.at) < countFor && !now.Before(known.at) {
		return known.unread
	}
	asked := n.now()
	page, err := n.stores.Notices.Find(ctx, store.Query{
		Equal: []store.Equal{{Field: "user", Value: string(by.User)}, {Field: "state", Value: market.NoticeUnread}},
		Sort:  store.FieldCreated, Desc: true, Limit: MostUnread,
	})
	if err != nil {
		return known.unread
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.counts[by.User].changes == known.changes { // else what was found may be old
		if len(n.counts) >= maxCounts {
			clear(n.counts)
		}
		n.counts[by.User] = counted{len(page.Items), asked, known.changes}
	}
	return len(page.Items)
}

// forget has a person's notices counted anew.
func (n *Notices) forget(user market.ID) {
	n.mu.Lock()
	defer n.mu.Unlock()
	known := n.counts[user]
	n.counts[user] = counted{unread: known.unread, changes: known.changes + 1}
}
