package server

import (
	"bytes"
	"slices"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// strict refuses what fasthttp still reads although two parties could read it
// in two ways, and methods that fiber would answer without any middleware. The
// connection closes, so that nothing behind such a request is taken for a
// request. A body in chunks, whose end is the easiest to disagree on, is the
// last thing on its connection for the same reason. (A request line that ends
// in LF alone passes, as RFC 9112 section 2.2 allows: where the message ends
// is not in doubt.)
func (s *Server) strict(next fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(ctx *fasthttp.RequestCtx) {
		chunked, ambiguous := framing(&ctx.Request.Header)
		switch {
		case ambiguous:
			s.refuse(ctx, fiber.ErrBadRequest)
		case !slices.Contains(fiber.DefaultMethods, string(ctx.Method())):
			s.refuse(ctx, fiber.ErrMethodNotAllowed)
		default:
			next(ctx)
			if chunked {
				ctx.SetConnectionClose()
			}
		}
	}
}

func (s *Server) refuse(ctx *fasthttp.RequestCtx, why error) {
	c := s.app.AcquireCtx(ctx)
	defer s.app.ReleaseCtx(c)
	_ = s.failedEarly(c, why) // writes to memory only
	ctx.SetConnectionClose()
}

// framing reports whether a request's body comes in chunks, and whether its
// header has lines that do not end in CRLF, lines folded into the next, both
// ways to say how long the body is, or a version that is not ours.
func framing(h *fasthttp.RequestHeader) (chunked, ambiguous bool) {
	version, sized := string(h.Protocol()), false
	for line := range bytes.SplitSeq(h.RawHeaders(), []byte("\r\n")) {
		if bytes.ContainsAny(line, "\r\n") || bytes.HasPrefix(line, []byte(" ")) || bytes.HasPrefix(line, []byte("\t")) {
			return chunked, true
		}
		name, _, _ := bytes.Cut(line, []byte(":"))
		sized = sized || bytes.EqualFold(name, []byte(fiber.HeaderContentLength))
		chunked = chunked || bytes.EqualFold(name, []byte(fiber.HeaderTransferEncoding))
	}
	return chunked, chunked && sized || version != "HTTP/1.1" && version != "HTTP/1.0"
}
