package account

import (
	"context"
	"fmt"

	"jishi/internal/market"
	"jishi/internal/store"
)

// Actor returns who acts when a user does, as user and organization stand now.
// Unauthenticated when the user is not there or disabled, or when epoch is not
// the user's present one: raising it kills all tokens issued before.
func (s *Service) Actor(ctx context.Context, user market.ID, epoch int64) (market.Actor, error) {
	u, err := s.users.Get(ctx, user)
	if market.Is(err, market.NotFound) || err == nil && (u.Disabled || u.Epoch != epoch) {
		return market.Actor{}, sessionOver(nil)
	}
	if err != nil {
		return market.Actor{}, err
	}
	return s.actorOf(ctx, u)
}

func (s *Service) actorOf(ctx context.Context, u *market.User) (market.Actor, error) {
	org, err := s.orgs.Get(ctx, u.Org)
	if market.Is(err, market.NotFound) {
		err = market.Wrap(market.Internal, err, "no_organization", "您的单位没有登记，请联系管理员。")
	}
	if err != nil {
		return market.Actor{}, fmt.Errorf("organization of user %s: %w", u.ID, err)
	}
	return market.Actor{User: u.ID, Org: org.ID, Name: u.Name, OrgName: org.Name, Roles: u.Roles, Verified: org.Verified}, nil
}

// userByLogin returns the user of a folded login, nil when there is none.
func (s *Service) userByLogin(ctx context.Context, login string) (*market.User, error) {
	page, err := s.users.Find(ctx, store.Query{Equal: []store.Equal{{Field: "login", Value: login}}, Limit: 1})
	if err != nil || len(page.Items) == 0 {
		return nil, err
	}
	return page.Items[0], nil
}

// sessionOver is the one answer to a token that proves nothing any more.
func sessionOver(cause error) error {
	return market.Wrap(market.Unauthenticated, cause, "session_over", "登录已失效，请重新登录。")
}
