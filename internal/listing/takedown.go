package listing

import (
	"context"

	"jishi/internal/market"
	"jishi/internal/store"
)

// Takedown withdraws what organizations that the bureau suspended have on the
// market or on its way there. It is a sink of a follower over organizations;
// doing it twice is harmless. Once restored, they reopen and submit again.
type Takedown struct {
	achievements *Achievements
	demands      *Demands
	position     string
}

// NewTakedown returns the takedown of both kinds of listing.
func NewTakedown(achievements *Achievements, demands *Demands) *Takedown {
	return &Takedown{achievements: achievements, demands: demands}
}

// Position returns the cursor up to which organizations were looked at since
// the start; it is not kept, since a suspended organization that is looked at
// again has nothing left to withdraw.
func (t *Takedown) Position(context.Context) (string, error) { return t.position, nil }

// Apply withdraws the listings of those among orgs that are suspended.
func (t *Takedown) Apply(ctx context.Context, orgs []*market.Organization, next string) error {
	for _, org := range orgs {
		if org.State != market.OrgSuspended {
			continue
		}
		if err := t.achievements.takeDown(ctx, org.ID); err != nil {
			return err
		}
		if err := t.demands.takeDown(ctx, org.ID); err != nil {
			return err
		}
	}
	t.position = next
	return nil
}

// suspended tells an owner why.
const suspended = "单位已被科技局停用"

// takeDownMerged sees to it that a merged listing is withdrawn once it is
// unmerged, and shown to nobody as a source meanwhile.
func (b *Book[T, P]) takeDownMerged(ctx context.Context, doc *T) error {
	shared := P(doc).Shared()
	if from := shared.MergedFrom; from != market.StatePublished && from != market.StateSubmitted {
		return nil
	}
	shared.MergedFrom = market.StateWithdrawn
	state := string(shared.State)
	shared.History = append(shared.History, market.NextEvent(shared.History, market.System, b.now().UTC(), market.ActWithdraw, state, state, suspended))
	return b.docs.Update(ctx, doc)
}

// takeDown withdraws what an owner has published or submitted. What somebody
// else moves meanwhile has been seen to.
func (b *Book[T, P]) takeDown(ctx context.Context, owner market.ID) error {
	for after := ""; ; {
		page, err := b.docs.Find(ctx, store.Query{
			Equal: []store.Equal{{Field: "owner", Value: string(owner)}}, Sort: store.FieldChanged, After: after, Limit: market.MaxPageSize,
		})
		if err != nil {
			return err
		}
		for _, doc := range page.Items {
			var err error
			switch P(doc).Shared().State {
			case market.StatePublished, market.StateSubmitted:
				_, err = b.Move(ctx, market.System, P(doc).Head().ID, 0, market.ActWithdraw, suspended)
			case market.StateMerged:
				err = b.takeDownMerged(ctx, doc)
			}
			if err != nil && !market.Is(err, market.Stale) && !market.Is(err, market.Conflict) {
				return err
			}
		}
		if after = page.Next; after == "" {
			return nil
		}
	}
}
