package server

import (
	"bytes"
	"slices"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// limits decides, when a request's header has arrived, how much body may
// follow and in what time. A file is taken only where files go and from
// somebody whose token is good: nobody else can make us hold 32 MiB.
func (s *Server) limits(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
	path, _, _ := bytes.Cut(h.RequestURI(), []byte("?"))
	if !h.IsPost() || !slices.Contains(s.config.Large, string(path)) {
		return fasthttp.RequestConfig{}
	}
	token, bearer := cutBearer(string(h.Peek(fiber.HeaderAuthorization)))
	if !bearer {
		token = string(h.Cookie(s.cookie.Name()))
	}
	if token == "" || !s.sessions.Known(token) {
		return fasthttp.RequestConfig{}
	}
	return fasthttp.RequestConfig{MaxRequestBodySize: MaxLargeBody, ReadTimeout: s.config.Timeouts.ReadLarge}
}

// plainBody refuses compressed bodies: unpacking one has no bound.
func (s *Server) plainBody(c *fiber.Ctx) error {
	if encoding := c.Get(fiber.HeaderContentEncoding); encoding != "" && encoding != "identity" {
		return fiber.ErrUnsupportedMediaType
	}
	return c.Next()
}
