package account

import (
	"context"
	"slices"
	"strings"

	"jishi/internal/market"
	"jishi/internal/store"
)

// UserFilter says which users to list.
type UserFilter struct {
	Query string // beginning of a login or of a name; empty = all
	After string // cursor of the page before; only without Query
	Limit int    // 1–market.MaxPageSize; 0 = 50
}

// FindUsers returns users in order of login. Of those that Query finds there
// is one page. Admins may.
func (s *People) FindUsers(ctx context.Context, by market.Actor, f UserFilter) (store.Page[market.User], error) {
	if err := market.Permit(by, market.ActManageUsers); err != nil {
		return store.Page[market.User]{}, err
	}
	if f.Limit == 0 {
		f.Limit = 50
	}
	var p market.Problems
	p.Check(f.Limit > 0 && f.Limit <= market.MaxPageSize, "limit", "应在 1 与 100 之间")
	p.Check(len(f.Query) <= 200, "q", "最多 200 字节")
	if err := p.Err(); err != nil {
		return store.Page[market.User]{}, err
	}
	text := market.Fold(f.Query)
	if text == "" {
		return s.users.Find(ctx, store.Query{Sort: "login", After: f.After, Limit: f.Limit})
	}
	byLogin, err := s.users.Find(ctx, beginning("login", strings.ToLower(text), f.Limit))
	if err != nil {
		return store.Page[market.User]{}, err
	}
	byName, err := s.users.Find(ctx, beginning("name", text, f.Limit))
	if err != nil {
		return store.Page[market.User]{}, err
	}
	found := byLogin.Items
	for _, u := range byName.Items {
		if len(found) < f.Limit && !slices.ContainsFunc(found, func(one *market.User) bool { return one.ID == u.ID }) {
			found = append(found, u)
		}
	}
	return store.Page[market.User]{Items: found}, nil
}

// beginning asks for what begins with text.
func beginning(field, text string, limit int) store.Query {
	return store.Query{Sort: field, Range: &store.Range{From: text, To: text + "\U0010FFFF"}, Limit: limit}
}

// User returns one user to admins.
func (s *People) User(ctx context.Context, by market.Actor, id market.ID) (*market.User, error) {
	if err := market.Permit(by, market.ActManageUsers); err != nil {
		return nil, err
	}
	return s.users.Get(ctx, id)
}

// Places returns the organizations that people have to do with, by id, for
// pages that show memberships: to admins of anybody, to others of themselves.
func (s *People) Places(ctx context.Context, by market.Actor, users ...*market.User) (map[market.ID]*market.Organization, error) {
	var ids []market.ID
	for _, u := range users {
		if by.User != u.ID {
			if err := market.Permit(by, market.ActManageUsers); err != nil {
				return nil, err
			}
		}
		for _, m := range u.Memberships {
			ids = append(ids, m.Org)
		}
	}
	places := make(map[market.ID]*market.Organization, len(ids))
	for chunk := range slices.Chunk(ids, store.MaxLimit) {
		orgs, err := s.orgs.GetMany(ctx, chunk)
		if err != nil {
			return nil, err
		}
		for _, org := range orgs {
			org.Contact, org.History, org.Evidence = market.Contact{}, nil, nil
			places[org.ID] = org
		}
	}
	return places, nil
}
