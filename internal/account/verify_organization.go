package account

import (
	"context"
	"slices"

	"jishi/internal/market"
)

// verdicts is the actions by which the bureau decides about an organization.
var verdicts = []market.Action{
	market.ActVerifyOrganization, market.ActReturnOrganization, market.ActRejectOrganization,
	market.ActSuspendOrganization, market.ActRestoreOrganization,
}

// MoveOrganization carries out a decision of the bureau: verify, return,
// reject, suspend or restore. Officers may, but for no organization of their
// own, whichever they act for. version is the one the officer read, 0 to decide
// on whatever is stored. note is the reason, required where
// market.OrganizationMoves says so. The organization's managers get a mail;
// repeating the last action as the same user answers success and sends what a
// crash kept from them.
func (s *Organizations) MoveOrganization(ctx context.Context, by market.Actor, id market.ID, version int64, action market.Action, note string) (*market.Organization, error) {
	if !slices.Contains(verdicts, action) {
		return nil, market.E(market.NotFound, "no_action", "没有这种操作。")
	}
	org, err := s.orgs.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := s.permitVerdict(ctx, by, action, org); err != nil {
		return nil, err
	}
	if decided(org, by, action) {
		return seen(by, org), s.tellOutcome(ctx, org)
	}
	if version != 0 && version != org.Version {
		return nil, organizationMoved(org)
	}
	move, err := market.OrganizationMoves.Next(org.State, action, note, market.OrganizationState.Name)
	if err != nil {
		return nil, err
	}
	org.History = append(org.History, market.NextEvent(org.History, by, s.now(), action, string(move.From), string(move.To), market.Fold(note)))
	org.State, org.Since = move.To, s.now().UTC()
	if err := s.orgs.Update(ctx, org); err != nil {
		return nil, err
	}
	return seen(by, org), s.tellOutcome(ctx, org)
}

// OrganizationActions returns what the actor may do with an organization in
// its present state, in the order of the state table. Pages show these.
func (s *Organizations) OrganizationActions(ctx context.Context, by market.Actor, org *market.Organization) ([]market.Action, error) {
	var actions []market.Action
	for _, action := range market.OrganizationMoves.Open(org.State) {
		err := s.permitVerdict(ctx, by, action, org)
		switch {
		case err == nil:
			actions = append(actions, action)
		case !market.Is(err, market.Denied) && !market.Is(err, market.Unauthenticated):
			return nil, err
		}
	}
	return actions, nil
}

// permitVerdict decides an action on an organization. Nobody decides about an
// organization they belong to, also while they act for another.
func (s *Organizations) permitVerdict(ctx context.Context, by market.Actor, action market.Action, org *market.Organization) error {
	if err := market.Permit(by, action, org.ID); err != nil {
		return err
	}
	if by.User == market.System.User || action == market.ActReviseOrganization {
		return nil
	}
	user, err := s.users.Get(ctx, by.User)
	if err != nil && !market.Is(err, market.NotFound) {
		return err
	}
	if org.Submitter == by.User || err == nil && user.MemberOf(org.ID) != nil {
		return market.E(market.Denied, "own_organization", "自己所在的单位须由另一位经办人办理。")
	}
	return nil
}

// decided reports whether the last thing that happened is this action by this user.
func decided(org *market.Organization, by market.Actor, action market.Action) bool {
	if len(org.History) == 0 {
		return false
	}
	last := org.History[len(org.History)-1]
	return last.Action == action && last.By == by.User && last.To == string(org.State)
}

// organizationMoved says who changed an organization since it was read.
func organizationMoved(org *market.Organization) error {
	stale := market.E(market.Stale, "stale_version", market.Somebody+"刚刚改动过单位资料，请看过最新内容再办理。")
	if n := len(org.History); n > 0 {
		stale.By = org.History[n-1].By
	}
	return stale
}
