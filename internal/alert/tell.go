package alert

import (
	"context"
	"slices"

	"jishi/internal/market"
	"jishi/internal/store"
)

// maxMembers bounds the people of one organization who are told.
const maxMembers = 1000

// others returns the counterparts of a listing of a kind that are still public.
func (s *Service) others(ctx context.Context, kind market.ListingKind, ids []market.ID) ([]subject, error) {
	var all []subject
	if kind == market.KindDemand {
		found, err := s.stores.Achievements.GetMany(ctx, ids)
		for _, a := range found {
			all = append(all, achievementSubject(a))
		}
		return public(all), err
	}
	found, err := s.stores.Demands.GetMany(ctx, ids)
	for _, d := range found {
		all = append(all, demandSubject(d))
	}
	return public(all), err
}

func public(all []subject) []subject {
	return slices.DeleteFunc(all, func(s subject) bool { return !s.listing.Public() })
}

// tellPair tells the owners of both sides of a match. Two listings of one
// organization are no news to it.
func (s *Service) tellPair(ctx context.Context, one, other subject) error {
	if one.listing.Owner == other.listing.Owner {
		return nil
	}
	if err := s.tellMembers(ctx, one, other); err != nil {
		return err
	}
	return s.tellMembers(ctx, other, one)
}

// tellMembers tells the members of the owner of own that other fits it.
func (s *Service) tellMembers(ctx context.Context, own, other subject) error {
	users, err := s.members(ctx, own.listing.Owner)
	if err != nil {
		return err
	}
	ids := make([]market.ID, len(users))
	for i, u := range users {
		ids[i] = u.ID
	}
	settings, err := s.settings(ctx, ids)
	if err != nil {
		return err
	}
	pair := []market.ID{own.id, other.id} // of which the demand comes first
	title := "成果“" + own.listing.Title + "”有了可能用得上它的需求：" + other.listing.Title
	if own.kind == market.KindDemand {
		title = "需求“" + own.listing.Title + "”有了可能合适的成果：" + other.listing.Title
	} else {
		pair = []market.ID{other.id, own.id}
	}
	for _, u := range users {
		if settings[u.ID].Standing == market.AlertOff {
			continue
		}
		notice := market.Notice{
			Meta: market.Meta{ID: market.NoticeID(market.NoticeMatch, u.ID, pair...)}, User: u.ID, Org: own.listing.Owner,
			Kind: market.NoticeMatch, Title: title, Link: own.path() + "#fits", About: other.id, Mail: mailFor(settings[u.ID].Standing),
		}
		if err := s.notices.Add(ctx, notice); err != nil {
			return err
		}
	}
	return nil
}

func mailFor(alert market.Alert) string {
	if alert == market.AlertDaily {
		return market.MailDue
	}
	return market.MailDone
}

// members returns the people of an organization who can be told.
func (s *Service) members(ctx context.Context, org market.ID) ([]*market.User, error) {
	page, err := s.stores.Links.Find(ctx, store.Query{
		Equal: []store.Equal{{Field: "org", Value: string(org)}, {Field: "state", Value: string(market.MemberActive)}}, Sort: "user", Limit: maxMembers,
	})
	if err != nil {
		return nil, err
	}
	ids := make([]market.ID, len(page.Items))
	for i, link := range page.Items {
		ids[i] = link.User
	}
	users, err := s.stores.Users.GetMany(ctx, ids)
	if err != nil {
		return nil, err
	}
	told := users[:0]
	for _, u := range users {
		if present(u) && u.ActiveIn(org) {
			told = append(told, u)
		}
	}
	return told, nil
}

// present reports whether somebody can be told anything at all.
func present(u *market.User) bool { return !u.Disabled && u.ErasedAt.IsZero() }

// settings returns how people want to be told, by user.
func (s *Service) settings(ctx context.Context, users []market.ID) (map[market.ID]*market.AlertSetting, error) {
	all := make(map[market.ID]*market.AlertSetting, len(users))
	for _, id := range users {
		all[id] = market.DefaultAlertSetting(id)
	}
	found, err := s.stores.Settings.GetMany(ctx, users)
	for _, one := range found {
		all[one.ID] = one
	}
	return all, err
}

// tellSearcher tells whoever saved a search that a listing fits it. What was
// public when they saved it, and what is of their own organization, they know.
func (s *Service) tellSearcher(ctx context.Context, one subject, saved *market.SavedSearch) error {
	if !one.published().After(saved.CreatedAt) {
		return nil
	}
	u, err := s.stores.Users.Get(ctx, saved.User)
	if market.Is(err, market.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if !present(u) || u.ActiveIn(one.listing.Owner) {
		return nil
	}
	return s.notices.Add(ctx, market.Notice{
		Meta: market.Meta{ID: market.NoticeID(market.NoticeSearch, u.ID, saved.ID, one.id)}, User: u.ID, Kind: market.NoticeSearch,
		Title: "搜索“" + saved.Name + "”有新的" + market.ListingKinds.Name(string(one.kind)) + "：" + one.listing.Title,
		Link:  one.path(), About: one.id, Mail: mailFor(saved.Alert),
	})
}
