package api

import (
	"github.com/gofiber/fiber/v2"

	"jishi/internal/alert"
	"jishi/internal/market"
)

// savedSearchActions are the actions on saved searches.
type savedSearchActions struct{ *API }

func (a savedSearchActions) routes() []Route {
	return []Route{
		{"GET", "/saved-searches", a.listSavedSearches, market.ActSelf},
		{"POST", "/saved-searches", a.saveSearch, market.ActSaveSearch},
		{"GET", "/saved-searches/:id", a.showSavedSearch, market.ActSelf},
		{"PUT", "/saved-searches/:id", a.changeSavedSearch, market.ActSaveSearch},
		{"DELETE", "/saved-searches/:id", a.dropSavedSearch, market.ActSaveSearch},
		{"POST", "/saved-searches/:id/restore", a.restoreSavedSearch, market.ActSaveSearch},
	}
}

// savedSearchInput is the body of POST /saved-searches and PUT /saved-searches/{id}.
type savedSearchInput struct {
	Name  string       `json:"name"`
	Query string       `json:"query"` // as in the address of the search page; prices in 万元
	Alert market.Alert `json:"alert"`
}

// listSavedSearches answers one page of the caller's saved searches, newest first.
func (a savedSearchActions) listSavedSearches(c *fiber.Ctx) error {
	limit, err := queryInt(c, "limit", 20, market.MaxPageSize)
	if err != nil {
		return err
	}
	deleted, err := queryBool(c, "deleted")
	if err != nil {
		return err
	}
	found, err := a.Alerts.Mine(c.UserContext(), actor(c), deleted, c.Query("cursor"), limit)
	if err != nil {
		return err
	}
	for _, one := range found.Items {
		if err := named(c, one); err != nil {
			return err
		}
	}
	return c.JSON(pageOf(found.Items, found.Next))
}

func (a savedSearchActions) saveSearch(c *fiber.Ctx) error {
	var in savedSearchInput
	if err := decode(c, &in); err != nil {
		return err
	}
	key, err := idempotencyKey(c)
	if err != nil {
		return err
	}
	saved, err := a.Alerts.Save(c.UserContext(), actor(c), alert.Wish(in), key)
	if err != nil {
		return err
	}
	return created(c, "/saved-searches", saved.Meta, saved)
}

func (a savedSearchActions) showSavedSearch(c *fiber.Ctx) error {
	saved, err := a.Alerts.Show(c.UserContext(), actor(c), id(c))
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, saved.Meta, saved)
}

func (a savedSearchActions) changeSavedSearch(c *fiber.Ctx) error {
	var in savedSearchInput
	if err := decode(c, &in); err != nil {
		return err
	}
	version, err := needMatch(c)
	if err != nil {
		return err
	}
	saved, err := a.Alerts.Change(c.UserContext(), actor(c), id(c), version, alert.Wish(in))
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, saved.Meta, saved)
}

func (a savedSearchActions) dropSavedSearch(c *fiber.Ctx) error {
	version, err := ifMatch(c)
	if err != nil {
		return err
	}
	saved, err := a.Alerts.Drop(c.UserContext(), actor(c), id(c), version)
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, saved.Meta, saved)
}

func (a savedSearchActions) restoreSavedSearch(c *fiber.Ctx) error {
	if err := decodeOptional(c, &struct{}{}); err != nil {
		return err
	}
	version, err := ifMatch(c)
	if err != nil {
		return err
	}
	saved, err := a.Alerts.Restore(c.UserContext(), actor(c), id(c), version)
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, saved.Meta, saved)
}
