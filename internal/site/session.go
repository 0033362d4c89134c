package site

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/internal/signin"
)

// SessionPair is the two tokens that a browser keeps of its session.
type SessionPair = signin.Pair

// SessionCookie keeps the tokens of a session in the browser, out of reach of
// script and of other sites' unsafe requests.
type SessionCookie struct {
	Secure bool // people come by https: the browser sends the cookies over nothing else
}

// Name returns the name of the cookie with the access token. By https it has
// the prefix that makes browsers refuse it from anywhere but this very host
// (RFC 6265bis, 4.1.3).
func (s SessionCookie) Name() string {
	if s.Secure {
		return "__Host-jishi"
	}
	return "jishi"
}

// RefreshName returns the name of the cookie with the refresh token.
func (s SessionCookie) RefreshName() string { return s.Name() + "_refresh" }

// Token returns the access token a request carries, empty when there is none.
func (s SessionCookie) Token(c *fiber.Ctx) string { return c.Cookies(s.Name()) }

// Refresh returns the refresh token a request carries, empty when there is none.
func (s SessionCookie) Refresh(c *fiber.Ctx) string { return c.Cookies(s.RefreshName()) }

// Keep hands tokens to the browser, in place of those it had. It forgets them
// when the session ends.
func (s SessionCookie) Keep(c *fiber.Ctx, pair SessionPair) {
	seconds := max(1, int(pair.Left.Seconds()))
	s.set(c, s.Name(), pair.Access, seconds)
	if pair.Refresh == "" {
		s.set(c, s.RefreshName(), "", -1)
		return
	}
	s.set(c, s.RefreshName(), pair.Refresh, seconds)
}

// Drop makes the browser forget its tokens.
func (s SessionCookie) Drop(c *fiber.Ctx) {
	s.set(c, s.Name(), "", -1)
	s.set(c, s.RefreshName(), "", -1)
}

func (s SessionCookie) set(c *fiber.Ctx, name, value string, seconds int) {
	c.Cookie(&fiber.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: seconds,
		Secure: s.Secure, HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode,
	})
}

// AwaitsCode reports whether err says that a session waits for the second factor.
func AwaitsCode(err error) bool {
	var known *market.Error
	return errors.As(err, &known) && known.Code == signin.CodeFactorDue
}
