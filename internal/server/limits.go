package server

import (
	"bytes"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// limits decides, when a request's header has arrived, how much body may
// follow and in what time. A file is taken only where files go and from
// somebody whose token is good, unless the path is open to visitors: nobody
// else can make us hold a large one.
func (s *Server) limits(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
	path, _, _ := bytes.Cut(h.RequestURI(), []byte("?"))
	large := s.largeAt(path)
	if !h.IsPost() || large == nil {
		return fasthttp.RequestConfig{}
	}
	if !s.knows(h) {
		return s.fromVisitor(large)
	}
	return fasthttp.RequestConfig{MaxRequestBodySize: large.Max, ReadTimeout: s.config.Timeouts.ReadLarge}
}

// knows reports whether a request brings a token of ours. The refresh token
// counts: the access token may have run out while somebody chose a file.
func (s *Server) knows(h *fasthttp.RequestHeader) bool {
	if token, bearer := cutBearer(string(h.Peek(fiber.HeaderAuthorization))); bearer {
		return s.sessions.Known(token)
	}
	return s.sessions.Known(string(h.Cookie(s.cookie.Name()))) || s.sessions.Known(string(h.Cookie(s.cookie.RefreshName())))
}

// plainBody refuses compressed bodies: unpacking one has no bound.
func (s *Server) plainBody(c *fiber.Ctx) error {
	if encoding := c.Get(fiber.HeaderContentEncoding); encoding != "" && encoding != "identity" {
		return fiber.ErrUnsupportedMediaType
	}
	return c.Next()
}
