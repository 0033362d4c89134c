package alert

import (
	"context"
	"maps"
	"slices"

	"jishi/internal/market"
)

// wanted returns which notices a person wants and may be told of by mail.
func (s *Service) wanted(ctx context.Context, id market.ID, due []*market.Notice) (map[market.ID]bool, error) {
	user, err := s.stores.Users.Get(ctx, id)
	if market.Is(err, market.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	setting, err := s.setting(ctx, id)
	if err != nil {
		return nil, err
	}
	if !present(user) || user.ConfirmedAt.IsZero() || !setting.Mail {
		return nil, nil
	}
	if (&market.Mail{To: user.Login, Subject: "-", Text: "-"}).Check() != nil {
		return nil, nil // the login is no address
	}
	standing, err := s.standing(ctx, user)
	if err != nil || len(standing) == 0 {
		return nil, err
	}
	gone, err := s.gone(ctx, due)
	if err != nil {
		return nil, err
	}
	wanted := make(map[market.ID]bool)
	for _, n := range due {
		wanted[n.ID] = n.State == market.NoticeUnread && (n.Org == "" || standing[n.Org]) && !gone[n.About]
	}
	return wanted, nil
}

// gone returns which listings that notices tell of are not public any more: a
// mail is not to spread what was taken back since. Of what was handed to
// somebody they are told all the same.
func (s *Service) gone(ctx context.Context, due []*market.Notice) (map[market.ID]bool, error) {
	gone := make(map[market.ID]bool)
	for _, n := range due {
		if n.About != "" && n.Kind != market.NoticeHanded {
			gone[n.About] = true
		}
	}
	ids := slices.Sorted(maps.Keys(gone))
	achievements, err := s.stores.Achievements.GetMany(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, a := range achievements {
		gone[a.ID] = !a.Public()
	}
	demands, err := s.stores.Demands.GetMany(ctx, ids)
	for _, d := range demands {
		gone[d.ID] = !d.Public()
	}
	return gone, err
}

// standing returns the organizations that a user is an active member of and
// that the bureau has not suspended.
func (s *Service) standing(ctx context.Context, user *market.User) (map[market.ID]bool, error) {
	var ids []market.ID
	for _, m := range user.Memberships {
		if m.State == market.MemberActive {
			ids = append(ids, m.Org)
		}
	}
	orgs, err := s.stores.Orgs.GetMany(ctx, ids)
	all := make(map[market.ID]bool)
	for _, org := range orgs {
		if org.State != market.OrgSuspended {
			all[org.ID] = true
		}
	}
	return all, err
}
