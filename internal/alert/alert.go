// Package alert tells people of what is new to them: counterparts of what
// their organizations publish (standing matches), listings that fit a search
// they saved, and what other parts add. Each thing is told to each person once,
// ever, by a notice on the platform; notices still unread go into one mail a
// day to whoever wants that.
//
// Everything happens in followers of the store under deterministic ids, so
// that a crash, a replay or a second process repeats nothing.
package alert

import (
	"context"
	"log/slog"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// SearchSpec declares the collection of saved searches.
var SearchSpec = store.Spec{Name: "saved_searches", Indexes: []store.Index{
	{"user", "state", store.FieldCreated}, // one person's
	{"user", store.FieldCreated},          // for their copy and their erasure
}}

// NoticeSpec declares the collection of notices.
var NoticeSpec = store.Spec{Name: "notices", Indexes: []store.Index{
	{"user", store.FieldCreated}, {"user", "state", store.FieldCreated}, // one person's
	{"mail", "user"}, // what the next digests tell
}}

// SettingSpec declares the collection of settings, by user.
var SettingSpec = store.Spec{Name: "alert_settings"}

// DigestSpec declares the collection of digests.
var DigestSpec = store.Spec{Name: "digests", Indexes: []store.Index{{"state", store.FieldCreated}}}

// PositionSpec declares the collection of how far was told.
var PositionSpec = store.Spec{Name: "alert_positions"}

// Position is how far something is done: the cursor of a collection, or the
// day of the last digests.
type Position struct {
	market.Meta `bson:"-"`
	Cursor      string `bson:"cursor"`
}

// Stores is the collections alerts are made of.
type Stores struct {
	Searches  store.Collection[market.SavedSearch]
	Notices   store.Collection[market.Notice]
	Settings  store.Collection[market.AlertSetting]
	Digests   store.Collection[Digest]
	Positions store.Collection[Position]
	Tickets   store.Collection[market.Ticket]

	Users        store.Reader[market.User]
	Links        store.Reader[market.MemberLink]
	Orgs         store.Reader[market.Organization]
	Achievements store.Reader[market.Achievement]
	Demands      store.Reader[market.Demand]
}

// Mailer takes mails to be sent and knows the address of our pages;
// *mail.Outbox does.
type Mailer interface {
	market.Mailer
	// Link returns the absolute address of a path of ours.
	Link(path string) string
}

// ReadQuery reads a search as it stands in the address of the search page. It
// returns it with its keys in order and without cursor, and what it asks for.
// Invalid names what is wrong with it.
type ReadQuery func(query string) (string, market.SearchQuery, error)

// Terms cuts a text into the terms that search counts, each once or more often.
type Terms func(text string) []string

// Parts is what alerts need of other packages.
type Parts struct {
	Mail  Mailer
	Read  ReadQuery
	Terms Terms
	Log   *slog.Logger
}

// Service is what people decide about their alerts. Safe for concurrent use.
type Service struct {
	stores  Stores
	parts   Parts
	notices *Notices
	book    *book
	now     func() time.Time
	newID   func() market.ID
}

// New returns the service.
func New(stores Stores, parts Parts, now func() time.Time, newID func() market.ID) *Service {
	return &Service{stores: stores, parts: parts, notices: newNotices(stores, now, newID), book: newBook(stores, parts), now: now, newID: newID}
}

// Notices returns the notices behind the service.
func (s *Service) Notices() *Notices { return s.notices }

// clock returns the present instant as the store keeps it: UTC, milliseconds.
func clock(now func() time.Time) time.Time { return now().UTC().Truncate(time.Millisecond) }

// self refuses visitors and the System: what follows is about the caller.
func self(by market.Actor, action market.Action) error {
	if by.User == market.System.User {
		return market.E(market.Denied, "not_allowed", "系统没有自己的提醒。")
	}
	return market.Permit(by, action)
}

// missing is the answer for a document that is not there or not the caller's.
func missing() error {
	return market.E(market.NotFound, "not_found", "没有找到这条记录，可能已被移走。")
}

// each calls do with everything a query finds, page by page.
func each[T any](ctx context.Context, docs store.Reader[T], q store.Query, do func(*T) error) error {
	for {
		page, err := docs.Find(ctx, q)
		if err != nil {
			return err
		}
		for _, doc := range page.Items {
			if err := do(doc); err != nil {
				return err
			}
		}
		if q.After = page.Next; page.Next == "" {
			return nil
		}
	}
}
