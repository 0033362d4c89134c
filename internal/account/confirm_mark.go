package account

import (
	"context"

	"jishi/internal/market"
)

// ConfirmMark notes that the bureau has seen what proves a mark, or that it
// does no longer stand by it. The mark is named by its kind and the day it was
// given. Officers may, but for no organization of their own; version is the one
// they read, 0 for whatever is stored. Repeating it is harmless.
func (s *Organizations) ConfirmMark(ctx context.Context, by market.Actor, id market.ID, version int64, kind string, from market.Date, confirmed bool) (*market.Organization, error) {
	org, err := s.orgs.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := s.permitVerdict(ctx, by, market.ActConfirmMark, org); err != nil {
		return nil, err
	}
	if version != 0 && version != org.Version {
		return nil, organizationMoved(org)
	}
	mark := org.Mark(kind, from)
	if mark == nil {
		return nil, market.E(market.NotFound, "no_mark", "这个单位没有填报这项资质，可能刚被改动。请刷新后再办理。")
	}
	if mark.Confirmed == confirmed {
		return seen(by, org), nil
	}
	mark.Confirmed = confirmed
	note := market.MarkKinds.Name(kind) + "（" + string(from) + "）"
	if !confirmed {
		note = "撤销确认：" + note
	}
	org.History = append(org.History, market.NextEvent(org.History, by, s.now(), market.ActConfirmMark, string(org.State), string(org.State), note))
	if err := s.orgs.Update(ctx, org); err != nil {
		return nil, err
	}
	return seen(by, org), nil
}
