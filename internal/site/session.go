package site

import (
	"github.com/gofiber/fiber/v2"

	"jishi/internal/signin"
)

// SessionCookie keeps the session token in the browser, out of reach of
// script and of other sites' unsafe requests.
type SessionCookie struct {
	Secure bool // people come by https: the browser sends the cookie over nothing else
}

// Name returns the name of the cookie. By https it has the prefix that makes
// browsers refuse it from anywhere but this very host (RFC 6265bis, 4.1.3).
func (s SessionCookie) Name() string {
	if s.Secure {
		return "__Host-jishi"
	}
	return "jishi"
}

// Token returns the token a request carries, empty when there is none.
func (s SessionCookie) Token(c *fiber.Ctx) string { return c.Cookies(s.Name()) }

// Keep hands a token to the browser, in place of the one it had.
func (s SessionCookie) Keep(c *fiber.Ctx, token string) {
	s.set(c, token, int(signin.SessionLifetime.Seconds()))
}

// Drop makes the browser forget its token.
func (s SessionCookie) Drop(c *fiber.Ctx) { s.set(c, "", -1) }

func (s SessionCookie) set(c *fiber.Ctx, value string, seconds int) {
	c.Cookie(&fiber.Cookie{
		Name: s.Name(), Value: value, Path: "/", MaxAge: seconds,
		Secure: s.Secure, HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode,
	})
}
