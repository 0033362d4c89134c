package api

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/internal/signin"
)

// accountRoutes are the actions on sign-ins.
func (a *API) accountRoutes() []Route {
	return []Route{
		{"POST", "/sessions", a.openSession, market.ActSignIn},
		{"DELETE", "/sessions", a.endSession, market.ActSelf},
		{"GET", "/me", a.me, market.ActSelf},
	}
}

// credentials is the body of POST /sessions.
type credentials struct {
	Login    string `json:"login"`
	Password string `json:"password"`
}

// grant answers a sign-in in the words of RFC 6749 section 5.1.
type grant struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type"` // always "Bearer"
	ExpiresIn   int    `json:"expires_in"` // seconds
}

// openSession signs a program in.
func (a *API) openSession(c *fiber.Ctx) error {
	var in credentials
	if err := decode(c, &in); err != nil {
		return err
	}
	opened, err := a.Sessions.Open(c.UserContext(), in.Login, in.Password)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Status(fiber.StatusCreated).JSON(grant{
		AccessToken: opened.Token, TokenType: "Bearer", ExpiresIn: int(signin.TokenLifetime / time.Second),
	})
}

// endSession ends the session the caller's token belongs to.
func (a *API) endSession(c *fiber.Ctx) error {
	if err := a.Sessions.End(c.UserContext(), actor(c)); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}
