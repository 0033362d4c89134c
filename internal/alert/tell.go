package alert

import (
	"context"
	"slices"
	"strconv"

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

// tellSearchers tells whoever saved searches that a listing fits: once, however
// many of theirs it fits. What was public when they saved them, and what is of
// their own organization, they know.
func (s *Service) tellSearchers(ctx context.Context, one subject, fitting []*market.SavedSearch) error {
	var users []market.ID
	of := make(map[market.ID][]*market.SavedSearch)
	for _, saved := range fitting {
		if !one.published().After(saved.CreatedAt) {
			continue
		}
		if of[saved.User] == nil {
			users = append(users, saved.User)
		}
		of[saved.User] = append(of[saved.User], saved)
	}
	for some := range slices.Chunk(users, store.MaxLimit) {
		found, err := s.stores.Users.GetMany(ctx, some)
		if err != nil {
			return err
		}
		for _, u := range found {
			if !present(u) || u.ActiveIn(one.listing.Owner) {
				continue
			}
			if err := s.notices.Add(ctx, searchNotice(one, u.ID, of[u.ID])); err != nil {
				return err
			}
		}
	}
	return nil
}

// searchNotice is what somebody is told of a listing that fits their searches,
// of which there is one at least. A mail tells of it when one of them asks for that.
func searchNotice(one subject, user market.ID, fitting []*market.SavedSearch) market.Notice {
	which, mail := "“"+fitting[0].Name+"”", market.MailDone
	if n := len(fitting); n > 1 {
		which += "等 " + strconv.Itoa(n) + " 个搜索"
	}
	for _, saved := range fitting {
		if mailFor(saved.Alert) == market.MailDue {
			mail = market.MailDue
		}
	}
	return market.Notice{
		Meta: market.Meta{ID: market.NoticeID(market.NoticeSearch, user, one.id)}, User: user, Kind: market.NoticeSearch,
		Title: "搜索" + which + "有新的" + market.ListingKinds.Name(string(one.kind)) + "：" + one.listing.Title,
		Link:  one.path(), About: one.id, Mail: mail,
	}
}
