package contract

import (
	"context"

	"jishi/internal/market"
)

// Revise replaces what the parties write in a draft or in a contract sent back
// for correction. entry carries the id, and as its Version the one the actor
// read: Stale, naming who changed what, when the contract is no longer that.
// Only the organization that entered the contract may.
func (s *Service) Revise(ctx context.Context, by market.Actor, entry *market.Contract) (*market.Contract, error) {
	if entry.Version < 1 {
		return nil, &market.Error{Kind: market.Invalid, Code: "version_required", Message: "请重新打开合同再修改。",
			Fields: []market.FieldError{{Field: "version", Reason: "须为打开时的版本号"}}}
	}
	draft := new(market.Contract)
	fill(draft, entry)
	wrong := draft.CheckDraft(s.today())
	st := step{id: entry.ID, version: entry.Version, action: market.ActReviseContract, entry: draft}
	return s.move(ctx, by, st, func(c *market.Contract) error {
		if wrong != nil {
			return wrong
		}
		fill(c, draft)
		c.Submitter = by.User
		return nil
	})
}
