// Package listing publishes achievements and demands: draft, submit, review,
// publish, revise, withdraw, renew, find and import. Both kinds live the same
// life, so one Book serves either.
package listing

import (
	"context"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// AchievementSpec declares the collection of achievements.
var AchievementSpec = store.Spec{Name: "achievements", Unique: []string{"import_key"}, Indexes: indexes}

// DemandSpec declares the collection of demands.
var DemandSpec = store.Spec{Name: "demands", Unique: []string{"import_key"}, Indexes: indexes}

var indexes = []store.Index{
	{"state", store.FieldChanged},  // review queue
	{"state", "published"},         // newest first
	{"state", "valid_until"},       // what expires next
	{"owner", store.FieldChanged},  // one's own
	{"broker", store.FieldChanged}, // handed to a broker
}

// Kind is a pointer to one of the listing types.
type Kind[T any] interface {
	*T
	store.Document
	Item[T]
}

// Item is what a Book asks of a listing.
type Item[T any] interface {
	Shared() *market.Listing
	// Check normalises and returns Invalid naming every broken field; strict
	// adds what submitting needs.
	Check(strict bool) error
	// ClaimKeys returns the names no other live listing may hold.
	ClaimKeys() []string
	// Masked returns a copy without what the reader may not see.
	Masked(detail bool, contact market.Exposure) *T
}

// Book keeps all listings of one kind.
type Book[T any, P Kind[T]] struct {
	docs   store.Collection[T]
	claims store.Claims
	now    func() time.Time
	newID  func() market.ID
	create market.Action // what creating needs permission for
}

// Achievements is the book of achievements.
type Achievements = Book[market.Achievement, *market.Achievement]

// Demands is the book of demands.
type Demands = Book[market.Demand, *market.Demand]

// NewAchievements returns the book of achievements.
func NewAchievements(docs store.Collection[market.Achievement], claims store.Claims, now func() time.Time, newID func() market.ID) *Achievements {
	return &Achievements{docs: docs, claims: claims, now: now, newID: newID, create: market.ActCreateAchievement}
}

// NewDemands returns the book of demands.
func NewDemands(docs store.Collection[market.Demand], claims store.Claims, now func() time.Time, newID func() market.ID) *Demands {
	return &Demands{docs: docs, claims: claims, now: now, newID: newID, create: market.ActCreateDemand}
}

// claim takes the listing's names, so that nobody lists the same thing twice.
// It returns Conflict naming the listing that holds one already. Names of
// listings that were withdrawn or refused pass on.
func (b *Book[T, P]) claim(ctx context.Context, doc P) error {
	id := doc.Head().ID
	for _, name := range doc.ClaimKeys() {
		holder, err := store.Take(ctx, b.claims, name, id, b.alive(name))
		if err != nil {
			return err
		}
		if holder != id {
			return duplicate(holder)
		}
	}
	return nil
}

// claimable is claim without taking anything: it says whether the names are
// to be had now.
func (b *Book[T, P]) claimable(ctx context.Context, doc P) error {
	for _, name := range doc.ClaimKeys() {
		holder, err := store.Holder(ctx, b.claims, name, b.alive(name))
		if err != nil {
			return err
		}
		if holder != "" && holder != doc.Head().ID {
			return duplicate(holder)
		}
	}
	return nil
}

// duplicate refuses a listing whose title or number another one of the same
// organization holds.
func duplicate(holder market.ID) error {
	return &market.Error{Kind: market.Conflict, Code: "duplicate_listing", Other: holder,
		Message: "本单位已发布过同名、或同一专利号（登记号）的内容，请先查看那一条：需要改动就修改它，不用再发一条。",
		Fields:  []market.FieldError{{Field: "title", Reason: "与已有发布项重复"}}}
}

// claimGrace is how long a listing that took a name may need to finish its
// submission. Without it, two drafts submitted at the same instant could each
// take the name from the other.
const claimGrace = time.Minute

// alive reports whether the holder of a name still needs it: it exists, is on
// its way or published, and still bears the name.
func (b *Book[T, P]) alive(name string) func(context.Context, market.ID) (bool, error) {
	return func(ctx context.Context, id market.ID) (bool, error) {
		doc, err := b.docs.Get(ctx, id)
		if market.Is(err, market.NotFound) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		switch P(doc).Shared().State {
		case market.StateWithdrawn, market.StateMerged:
			return false, nil
		case market.StateDraft, market.StateRejected:
			claim, err := b.claims.Get(ctx, market.ID(name))
			return err == nil && b.now().Sub(claim.ChangedAt) < claimGrace, err
		}
		for _, key := range P(doc).ClaimKeys() {
			if key == name {
				return true, nil
			}
		}
		return false, nil
	}
}
