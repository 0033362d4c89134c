package api

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/account"
	"jishi/internal/market"
)

// userActions are the actions on users.
type userActions struct{ *API }

// routes are the actions of admins on users, and everybody's on themselves.
func (a userActions) routes() []Route {
	return []Route{
		{"GET", "/users", a.listUsers, market.ActManageUsers},
		{"GET", "/users/:id", a.showUser, market.ActManageUsers},
		{"POST", "/users/:id/disable", a.decideUser((*account.People).DisableUser), market.ActDisableUser},
		{"POST", "/users/:id/enable", a.decideUser((*account.People).EnableUser), market.ActEnableUser},
		{"POST", "/users/:id/reset-factor", a.decideUser((*account.People).ResetFactor), market.ActResetFactor},
		{"GET", "/me/profile", a.showProfile, market.ActSelf},
		{"PUT", "/me/profile", a.reviseProfile, market.ActSelf},
	}
}

// userView is a user as admins and they themselves see them.
type userView struct {
	ID          market.ID           `json:"id"`
	Version     int64               `json:"version"`
	Login       string              `json:"login"`
	Name        string              `json:"name"`
	Phone       string              `json:"phone"`
	Memberships []place             `json:"memberships"`
	Certificate *market.Certificate `json:"certificate,omitempty"`
	TwoFactor   bool                `json:"two_factor"`
	Disabled    bool                `json:"disabled"`
	ConfirmedAt time.Time           `json:"confirmed_at,omitzero"` // when the address in login was proved
	ErasedAt    time.Time           `json:"erased_at,omitzero"`
	History     []market.Event      `json:"history,omitempty"` // not in lists
	ChangedAt   time.Time           `json:"changed_at"`
}

// place is a membership of a user.
type place struct {
	Organization selfOrg                `json:"organization"`
	Roles        []market.Role          `json:"roles"`
	State        market.MembershipState `json:"state"`
	Since        time.Time              `json:"since"`
}

func viewOf(u *market.User, places map[market.ID]*market.Organization) userView {
	view := userView{
		ID: u.ID, Version: u.Version, Login: u.Login, Name: u.Name, Phone: u.Phone, Memberships: []place{}, Certificate: u.Certificate,
		TwoFactor: u.Factor != nil && !u.Factor.Since.IsZero(), Disabled: u.Disabled, ConfirmedAt: u.ConfirmedAt, ErasedAt: u.ErasedAt, ChangedAt: u.ChangedAt,
	}
	for _, m := range u.Memberships {
		one := place{Organization: selfOrg{ID: m.Org}, Roles: orEmpty(m.Roles), State: m.State, Since: m.Since}
		if org := places[m.Org]; org != nil {
			one.Organization.Name, one.Organization.Verified = org.Name, org.Verified()
		}
		view.Memberships = append(view.Memberships, one)
	}
	return view
}

// listUsers answers ?q&cursor&limit: by the beginning of login or name.
func (a userActions) listUsers(c *fiber.Ctx) error {
	limit, err := queryInt(c, "limit", 50, market.MaxPageSize)
	if err != nil {
		return err
	}
	ctx, by := c.UserContext(), actor(c)
	found, err := a.People.FindUsers(ctx, by, account.UserFilter{Query: c.Query("q"), After: c.Query("cursor"), Limit: limit})
	if err != nil {
		return err
	}
	places, err := a.People.Places(ctx, by, found.Items...)
	if err != nil {
		return err
	}
	items := make([]userView, len(found.Items))
	for i, u := range found.Items {
		items[i] = viewOf(u, places)
	}
	return c.JSON(pageOf(items, found.Next))
}

func (a userActions) showUser(c *fiber.Ctx) error {
	u, err := a.People.User(c.UserContext(), actor(c), id(c))
	if err != nil {
		return err
	}
	return a.answerUser(c, u)
}

func (a userActions) answerUser(c *fiber.Ctx, u *market.User) error {
	places, err := a.People.Places(c.UserContext(), actor(c), u)
	if err != nil {
		return err
	}
	view := viewOf(u, places)
	view.History = u.History
	return answer(c, fiber.StatusOK, u.Meta, view)
}

// decideUser is a decision of an admin about an account; the body gives the
// reason.
func (a userActions) decideUser(decide func(*account.People, context.Context, market.Actor, market.ID, int64, string) (*market.User, error)) fiber.Handler {
	return func(c *fiber.Ctx) error {
		version, note, err := reasoned(c)
		if err != nil {
			return err
		}
		u, err := decide(a.People, c.UserContext(), actor(c), id(c), version, note)
		if err != nil {
			return err
		}
		return a.answerUser(c, u)
	}
}

func (a userActions) showProfile(c *fiber.Ctx) error {
	u, err := a.People.Self(c.UserContext(), actor(c))
	if err != nil {
		return err
	}
	return a.answerUser(c, u)
}

// profileInput is what people may write of themselves.
type profileInput struct {
	Name        string            `json:"name"`
	Phone       string            `json:"phone"`
	Certificate *certificateInput `json:"certificate"` // null takes it away
}

// certificateInput is a broker's certificate; whether it holds says the bureau.
type certificateInput struct {
	Level    string      `json:"level"`
	Number   string      `json:"number"`
	Issuer   string      `json:"issuer"`
	Until    market.Date `json:"until"`
	Evidence market.ID   `json:"evidence"`
}

func (a userActions) reviseProfile(c *fiber.Ctx) error {
	version, err := needMatch(c)
	if err != nil {
		return err
	}
	var in profileInput
	if err := decode(c, &in); err != nil {
		return err
	}
	profile := account.Profile{Name: in.Name, Phone: in.Phone}
	if in.Certificate != nil {
		profile.Certificate = &market.Certificate{
			Level: in.Certificate.Level, Number: in.Certificate.Number, Issuer: in.Certificate.Issuer,
			Until: in.Certificate.Until, Evidence: in.Certificate.Evidence,
		}
	}
	u, err := a.People.ReviseProfile(c.UserContext(), actor(c), version, profile)
	if err != nil {
		return err
	}
	return a.answerUser(c, u)
}
