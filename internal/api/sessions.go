package api

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/internal/signin"
)

// sessionActions are the actions on sessions.
type sessionActions struct{ *API }

func (a sessionActions) routes() []Route {
	routes := []Route{
		{"POST", "/sessions", a.openSession, market.ActSignIn},
		{"POST", "/sessions/refresh", a.refreshSession, market.ActRefresh},
		{"GET", "/sessions", a.listSessions, market.ActSelf},
		{"DELETE", "/sessions", a.endSession, market.ActSelf},
		{"DELETE", "/sessions/:id", a.endOneSession, market.ActSelf},
		{"POST", "/sessions/end-all", a.endAllSessions, market.ActSelf},
		{"GET", "/me", a.me, market.ActSelf},
	}
	return append(append(routes, factorActions(a).routes()...), passwordActions(a).routes()...)
}

// credentials is the body of POST /sessions.
type credentials struct {
	Login    string `json:"login"`
	Password string `json:"password"`
	Code     string `json:"code"` // of the second factor; empty without one
}

// grant answers a sign-in in the words of RFC 6749 section 5.1.
type grant struct {
	AccessToken  string `json:"access_token"`
	TokenType    string `json:"token_type"` // always "Bearer"
	ExpiresIn    int    `json:"expires_in"` // seconds
	RefreshToken string `json:"refresh_token"`
}

// answerGrant answers with the tokens of a session, which no cache keeps.
func answerGrant(c *fiber.Ctx, status int, opened signin.Opened) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Status(status).JSON(grant{
		AccessToken: opened.Access, TokenType: "Bearer", ExpiresIn: int(opened.Lasts() / time.Second), RefreshToken: opened.Refresh,
	})
}

// openSession signs a program in.
func (a sessionActions) openSession(c *fiber.Ctx) error {
	var in credentials
	if err := decode(c, &in); err != nil {
		return err
	}
	opened, err := a.Sessions.Grant(c.UserContext(), signin.Credentials(in))
	if err != nil {
		return err
	}
	return answerGrant(c, fiber.StatusCreated, opened)
}

// renewal is the body of POST /sessions/refresh.
type renewal struct {
	RefreshToken string `json:"refresh_token"`
}

// refreshSession takes a refresh token for a new pair.
func (a sessionActions) refreshSession(c *fiber.Ctx) error {
	var in renewal
	if err := decode(c, &in); err != nil {
		return err
	}
	opened, err := a.Sessions.Refresh(c.UserContext(), in.RefreshToken)
	if err != nil {
		return err
	}
	return answerGrant(c, fiber.StatusOK, opened)
}

// endSession ends the session the caller's token belongs to.
func (a sessionActions) endSession(c *fiber.Ctx) error {
	if err := a.Sessions.End(c.UserContext(), actor(c)); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

// openOne is one open session of the caller.
type openOne struct {
	ID           market.ID `json:"id"`
	StartedAt    time.Time `json:"started_at"`
	UsedAt       time.Time `json:"used_at"` // to within a few minutes
	Address      string    `json:"address"`
	Agent        string    `json:"agent"`
	Organization ref       `json:"organization"`
	Current      bool      `json:"current"`
}

// ref names a document.
type ref struct {
	ID   market.ID `json:"id"`
	Name string    `json:"name"`
}

// listSessions answers the caller's open sessions.
func (a sessionActions) listSessions(c *fiber.Ctx) error {
	open, err := a.Sessions.List(c.UserContext(), actor(c))
	if err != nil {
		return err
	}
	items := make([]openOne, len(open))
	for i, one := range open {
		items[i] = openOne{
			ID: one.ID, StartedAt: one.Started, UsedAt: one.Used, Address: one.Address, Agent: one.Agent,
			Organization: ref{one.Org, one.OrgName}, Current: one.Current,
		}
	}
	return c.JSON(fiber.Map{"items": items})
}

// endOneSession ends one of the caller's sessions.
func (a sessionActions) endOneSession(c *fiber.Ctx) error {
	if err := a.Sessions.EndSession(c.UserContext(), actor(c), id(c)); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

// endAllSessions signs the caller out everywhere.
func (a sessionActions) endAllSessions(c *fiber.Ctx) error {
	if err := a.Sessions.EndAll(c.UserContext(), actor(c)); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}
