// Package privacy keeps what people agreed to, gives them their data and
// erases them (个人信息保护法 articles 14–16, 44–47), and lets personal data of
// others be seen only after that was noted.
//
// Erasing is one write: the Erasure, which says whom. A follower carries it
// out step by step and keeps how far it got, so that a crash leaves nothing
// half done: the user's own document first, which ends every session, then
// what names them elsewhere. Documents of the business (listings, contracts,
// histories, the trail) hold ids of people and stay.
package privacy

import (
	"context"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// ConsentSpec declares the collection of consents.
var ConsentSpec = store.Spec{Name: "consents", Indexes: []store.Index{{"user", store.FieldCreated}}}

// ErasureSpec declares the collection of erasures.
var ErasureSpec = store.Spec{Name: "erasures"}

// Stores is the collections with something about people in them.
type Stores struct {
	Users         store.Collection[market.User]
	Organizations store.Collection[market.Organization]
	Consents      store.Collection[market.Consent]
	Erasures      store.Collection[market.Erasure]
	Sessions      store.Collection[market.Session]
	Tickets       store.Collection[market.Ticket]
	Mails         store.Collection[market.Mail]
	Files         store.Collection[market.File]
	Achievements  store.Collection[market.Achievement]
	Demands       store.Collection[market.Demand]
	Verdicts      store.Collection[market.Verdict]
	Alerts        Alerts
}

// Passwords compares passwords; *signin.Passwords does.
type Passwords interface {
	// Matches reports whether a password has a hash; it takes as long as hashing.
	Matches(ctx context.Context, password, hash string) (bool, error)
}

// Members writes users who leave; *account.People does.
type Members interface {
	// WriteErased writes a user over the one they were before. Conflict when
	// others cannot do without them, Stale when the stored one is not before.
	WriteErased(ctx context.Context, before, after *market.User) error
}

// Entries finds what the trail has of one person; *audit.Trail does.
type Entries interface {
	// OfUser returns what a user did, oldest first, at most limit entries.
	OfUser(ctx context.Context, user market.ID, limit int) ([]market.Entry, error)
}

// Parts is what the service needs of other packages.
type Parts struct {
	Passwords Passwords
	Members   Members
	Sealer    market.Sealer
	Trail     market.Trail
	Entries   Entries
}

// Service is what people decide about their own data. Safe for concurrent use.
type Service struct {
	stores Stores
	parts  Parts
	now    func() time.Time
	agreed agreed
	tries  tries
}

// New returns the service.
func New(stores Stores, parts Parts, now func() time.Time) *Service {
	return &Service{stores: stores, parts: parts, now: now, tries: tries{now: now}}
}

// clock returns the present instant as the store keeps it: UTC, milliseconds.
func (s *Service) clock() time.Time { return s.now().UTC().Truncate(time.Millisecond) }

// self refuses visitors and the System: what follows is about the caller.
func self(by market.Actor) error {
	if by.User == market.System.User {
		return market.E(market.Denied, "not_allowed", "系统没有个人数据。")
	}
	return market.Permit(by, market.ActSelf)
}
