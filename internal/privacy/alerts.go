package privacy

import (
	"context"

	"jishi/internal/market"
	"jishi/internal/store"
)

// Alerts is what people are told and how they want to be.
type Alerts struct {
	Searches store.Collection[market.SavedSearch]
	Notices  store.Collection[market.Notice]
	Settings store.Collection[market.AlertSetting]
}

// wiped stands where something was that said something about a person.
const wiped = "（已清除）"

// copyAlerts takes saved searches, notices and how the person wants them.
func (s *Service) copyAlerts(ctx context.Context, c *Copy) (err error) {
	mine := store.Query{Equal: []store.Equal{{Field: "user", Value: string(c.User.ID)}}, Sort: store.FieldCreated}
	if c.SavedSearches, err = collect(ctx, s.stores.Alerts.Searches, mine); err != nil {
		return err
	}
	if c.Notices, err = collect(ctx, s.stores.Alerts.Notices, mine); err != nil {
		return err
	}
	setting, err := s.stores.Alerts.Settings.Get(ctx, c.User.ID)
	if market.Is(err, market.NotFound) {
		return nil
	}
	c.AlertSetting = setting
	return err
}

// forgetSearches overwrites what the person looked for, which tells of no
// more from then on.
func (s *Service) forgetSearches(ctx context.Context, who person, after string) (string, bool, int, error) {
	page, err := s.stores.Alerts.Searches.Find(ctx, store.Query{
		Equal: []store.Equal{{Field: "user", Value: string(who.User)}}, Sort: store.FieldCreated, After: after, Limit: stride,
	})
	if err != nil {
		return after, false, 0, err
	}
	for _, saved := range page.Items {
		if saved.Query == "" && saved.Name == wiped {
			continue
		}
		saved.History = append(saved.History, s.event(saved.History, saved.State, market.SearchDeleted))
		saved.Name, saved.Query, saved.Alert, saved.State = wiped, "", market.AlertOff, market.SearchDeleted
		if err := s.stores.Alerts.Searches.Update(ctx, saved); err != nil {
			return after, false, 0, err
		}
	}
	return page.Next, page.Next != "", 0, nil
}

// forgetNotices overwrites what the person was told; no mail tells of it any more.
func (s *Service) forgetNotices(ctx context.Context, who person, after string) (string, bool, int, error) {
	page, err := s.stores.Alerts.Notices.Find(ctx, store.Query{
		Equal: []store.Equal{{Field: "user", Value: string(who.User)}}, Sort: store.FieldCreated, After: after, Limit: stride,
	})
	if err != nil {
		return after, false, 0, err
	}
	for _, n := range page.Items {
		n.Title, n.Link, n.About, n.Mail = wiped, "/", "", market.MailDone
		if err := s.stores.Alerts.Notices.Update(ctx, n); err != nil {
			return after, false, 0, err
		}
	}
	return page.Next, page.Next != "", 0, nil
}
