package server

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/api"
	"jishi/internal/market"
)

// statuses is the status of each kind of error.
var statuses = map[market.Kind]int{
	market.Internal:        http.StatusInternalServerError,
	market.Invalid:         http.StatusUnprocessableEntity,
	market.Unauthenticated: http.StatusUnauthorized,
	market.Denied:          http.StatusForbidden,
	market.NotFound:        http.StatusNotFound,
	market.Conflict:        http.StatusConflict,
	market.Stale:           http.StatusConflict, // 412 when the request had If-Match
	market.TooLarge:        http.StatusRequestEntityTooLarge,
	market.TooMany:         http.StatusTooManyRequests,
	market.Unavailable:     http.StatusServiceUnavailable,
}

// statusOfCode is the status of Invalid errors that are about the request's
// form, not about a value in it.
var statusOfCode = map[string]int{
	api.CodeMalformed:      http.StatusBadRequest,
	api.CodeMalformedQuery: http.StatusBadRequest,
	api.CodeUnsupported:    http.StatusUnsupportedMediaType,
	api.CodeMatchRequired:  http.StatusPreconditionRequired,
	"bad_cursor":           http.StatusBadRequest,
	"bad_form":             http.StatusBadRequest,
}

const (
	codeInternal     = "internal"
	sentenceInternal = "系统出错，这一步没有办成。请稍后再试；若仍不行，请把编号告诉我们。"
)

// refusals says what the router and the parser of requests have against one.
var refusals = map[int]*market.Error{
	http.StatusNotFound:                    market.E(market.NotFound, "no_route", "没有这个地址，请核对后再试。"),
	http.StatusMethodNotAllowed:            market.E(market.Invalid, "method_not_allowed", "这个地址不支持这种操作。"),
	http.StatusRequestTimeout:              market.E(market.Invalid, "request_timeout", "请求没有在时限内传完，请检查网络后重试。"),
	http.StatusRequestEntityTooLarge:       market.E(market.TooLarge, "body_too_large", "提交的内容过大：一般不超过 2 MiB，上传文件每个不超过 20 MiB，登录后导入不超过 32 MiB。请缩小或拆分后再试。"),
	http.StatusUnsupportedMediaType:        market.E(market.Invalid, "unsupported_encoding", "不支持这种内容格式或压缩方式，请直接提交未压缩的内容。"),
	http.StatusRequestHeaderFieldsTooLarge: market.E(market.TooLarge, "header_too_large", "网址或请求头过长，没有处理。搜索词最多 200 字，请写短一些或少选几个条件；如果网址并不长，请清除本站 Cookie 后再试。"),
	http.StatusBadRequest:                  market.E(market.Invalid, "bad_request", "请求格式有误，请检查后再试。"),
}

// describe turns any error into a status and an error that may be shown.
func describe(c *fiber.Ctx, err error) (int, *market.Error) {
	var known *market.Error
	if errors.As(err, &known) {
		status, ok := statusOfCode[known.Code]
		switch {
		case ok && known.Kind == market.Invalid:
			return status, known
		case known.Kind == market.Stale && c.Get(fiber.HeaderIfMatch) != "":
			return http.StatusPreconditionFailed, known
		}
		return statuses[known.Kind], known
	}
	var raised *fiber.Error
	if errors.As(err, &raised) && raised.Code < 500 || errors.Is(err, fiber.ErrBadGateway) { // how fiber names a client that left
		if refusal, ok := refusals[raised.Code]; ok {
			return raised.Code, refusal
		}
		return http.StatusBadRequest, refusals[http.StatusBadRequest]
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return http.StatusServiceUnavailable, market.E(market.Unavailable, "timeout", "系统正忙，请稍后再试。")
	}
	return http.StatusInternalServerError, market.E(market.Internal, codeInternal, sentenceInternal)
}

// answer sends what an error means to whoever asked: a problem to programs, a
// page to people, the way to the sign-in page to people who must sign in
// first. The cause of what is our fault goes to the log, and only there.
func (s *Server) answer(c *fiber.Ctx, err error) {
	status, e := describe(c, err)
	if status >= http.StatusInternalServerError {
		s.log.LogAttrs(c.UserContext(), slog.LevelError, "request failed",
			slog.String("request_id", market.RequestOf(c.UserContext()).ID),
			slog.String("method", c.Method()), slog.String("route", pattern(c, err)),
			slog.Int("status", status), slog.String("error", err.Error()))
	}
	if e.Kind == market.Denied {
		s.refused(c, err, e.Code)
	}
	s.blank(c)
	if e.Retry > 0 {
		c.Set(fiber.HeaderRetryAfter, strconv.Itoa(int(math.Ceil(e.Retry.Seconds()))))
	}
	switch {
	case isAPI(c):
		if status == http.StatusUnauthorized {
			c.Set(fiber.HeaderWWWAuthenticate, "Bearer")
		}
		err = api.WriteProblem(c, status, e)
	case status == http.StatusUnauthorized && (c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead):
		err = signInFirst(c)
	default:
		err = s.errorPage(c, status, e)
	}
	if err != nil {
		s.log.ErrorContext(c.UserContext(), "error answer failed",
			"request_id", market.RequestOf(c.UserContext()).ID, "error", err.Error())
		s.blank(c)
		_ = c.Status(http.StatusInternalServerError).SendString(sentenceInternal) // writes to memory only
	}
}

// refused tells who keeps the trail that somebody signed in may not do what
// they asked for.
func (s *Server) refused(c *fiber.Ctx, err error, code string) {
	by, _ := c.Locals(api.ActorKey).(market.Actor)
	if s.config.Refusals == nil || !by.SignedIn() {
		return
	}
	subject := market.ID(c.Params("id"))
	if !subject.WellFormed() {
		subject = ""
	}
	s.config.Refusals.Refused(c.UserContext(), by, c.Method()+" "+pattern(c, err), code, subject)
}

// blank forgets what a failed handler had begun to answer, but for the
// methods that a 405 names and the tokens that took the place of the client's.
func (s *Server) blank(c *fiber.Ctx) {
	allow := c.GetRespHeader(fiber.HeaderAllow)
	c.Response().Reset()
	s.secure(c)
	c.Set(fiber.HeaderCacheControl, "no-store")
	if allow != "" {
		c.Set(fiber.HeaderAllow, allow)
	}
	renewed, _ := c.Locals(renewedKey{}).([]string)
	for _, cookie := range renewed {
		c.Response().Header.Add(fiber.HeaderSetCookie, cookie)
	}
}

// errorPage renders the error page; a panic in it must not end the process.
func (s *Server) errorPage(c *fiber.Ctx, status int, e *market.Error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = panicked(p)
		}
	}()
	return s.pages.ErrorPage(c, status, e)
}

// signInFirst leads to the sign-in page and from there back. htmx would put
// that page where a piece of this one belongs, so it is told to go there.
func signInFirst(c *fiber.Ctx) error {
	if c.Get("HX-Request") == "true" {
		c.Set("HX-Redirect", signInPath(c.Get("HX-Current-URL")))
		return c.SendStatus(http.StatusUnauthorized)
	}
	return c.Redirect(signInPath(c.OriginalURL()), http.StatusSeeOther)
}

// signInPath returns the sign-in page that goes on to address afterwards, if
// that has a local path.
func signInPath(address string) string {
	next, err := url.Parse(address)
	if err != nil || !strings.HasPrefix(next.Path, "/") || strings.HasPrefix(next.Path, "//") {
		return "/sign-in"
	}
	return "/sign-in?next=" + url.QueryEscape(next.RequestURI())
}

// failedEarly answers what failed outside the middleware: requests that could
// not be read. Programs and broken clients get a problem, browsers a page.
func (s *Server) failedEarly(c *fiber.Ctx, err error) error {
	s.name(c)
	if conn, ok := c.Context().Conn().(*lingerConn); ok {
		conn.refused.Store(true)
	}
	status, e := describe(c, err)
	s.metrics.count(c.Method(), unmatched, status, 0)
	if !isAPI(c) && strings.Contains(c.Get(fiber.HeaderAccept), fiber.MIMETextHTML) {
		s.answer(c, err)
		return nil
	}
	s.blank(c)
	return api.WriteProblem(c, status, e)
}
