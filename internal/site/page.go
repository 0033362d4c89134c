package site

import (
	"bytes"
	"encoding/base64"
	"strings"

	"github.com/gofiber/fiber/v2"

	"jishi/web"
)

// render answers with a page. Nothing of a page that fails half-way is sent.
// What a signed-in reader sees is kept by no cache.
func (s *Site) render(c *fiber.Ctx, status int, name string, data any) error {
	var page bytes.Buffer
	if err := s.Pages.Render(&page, name, data); err != nil {
		return err
	}
	kept := "no-cache"
	if actor(c).SignedIn() || status != fiber.StatusOK || c.Method() != fiber.MethodGet {
		kept = "no-store"
	}
	c.Set(fiber.HeaderCacheControl, kept)
	c.Vary(fiber.HeaderCookie)
	c.Type("html", "utf-8")
	return c.Status(status).Send(page.Bytes())
}

// done answers a write: the browser goes on to an address by GET, where text
// says what happened.
func done(c *fiber.Ctx, next string, tone web.Tone, text string) error {
	if text != "" {
		keepFlash(c, web.Flash{Kind: tone, Text: text})
	}
	return c.Redirect(next, fiber.StatusSeeOther)
}

// flashCookie carries the message of a write to the page that follows it.
const (
	flashCookie  = "jishi_flash"
	flashSeconds = 60
	maxFlash     = 1024 // bytes read back
)

func keepFlash(c *fiber.Ctx, f web.Flash) {
	setFlash(c, base64.RawURLEncoding.EncodeToString([]byte(string(f.Kind)+"\n"+f.Href+"\n"+f.Text)), flashSeconds)
}

// takeFlash returns the message once; nil when there is none.
func takeFlash(c *fiber.Ctx) *web.Flash {
	text := c.Cookies(flashCookie)
	if text == "" {
		return nil
	}
	setFlash(c, "", -1)
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw) > maxFlash {
		return nil
	}
	kind, rest, _ := strings.Cut(string(raw), "\n")
	href, message, _ := strings.Cut(rest, "\n")
	if !strings.HasPrefix(href, "/") || strings.HasPrefix(href, "//") {
		href = "" // only ever ours, but the cookie is the browser's
	}
	return &web.Flash{Kind: web.Tone(kind), Text: strings.ToValidUTF8(message, ""), Href: href}
}

func setFlash(c *fiber.Ctx, value string, seconds int) {
	c.Cookie(&fiber.Cookie{
		Name: flashCookie, Value: value, Path: "/", MaxAge: seconds,
		HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode,
	})
}
