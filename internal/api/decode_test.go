package api

import (
	"errors"
	"testing"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"jishi/internal/market"
)

// withCtx runs f on a request with a JSON body and a header.
func withCtx(body, header, value string, f func(c *fiber.Ctx)) {
	app := fiber.New(fiber.Config{Immutable: true})
	ctx := &fasthttp.RequestCtx{}
	ctx.Request.Header.SetContentType("application/json")
	ctx.Request.Header.Set(header, value)
	ctx.Request.SetBodyString(body)
	c := app.AcquireCtx(ctx)
	defer app.ReleaseCtx(c)
	f(c)
}

func TestIfMatch(t *testing.T) {
	tests := []struct {
		value string
		want  int64
		code  string
		must  string // code of needMatch when it differs
	}{
		{"", 0, "", CodeMatchRequired},
		{"*", 0, "", CodeMatchRequired},
		{`"3"`, 3, "", ""},
		{` "12" `, 12, "", ""},
		{`3`, 0, "stale_version", ""},
		{`"3`, 0, "stale_version", ""},
		{`W/"3"`, 0, "stale_version", ""},
		{`"0"`, 0, "stale_version", ""},
		{`"-1"`, 0, "stale_version", ""},
		{`"x"`, 0, "stale_version", ""},
		{`"3", "4"`, 0, "stale_version", ""},
		{`"99999999999999999999"`, 0, "stale_version", ""},
	}
	for _, tt := range tests {
		t.Run(tt.value, func(t *testing.T) {
			withCtx("", fiber.HeaderIfMatch, tt.value, func(c *fiber.Ctx) {
				version, err := ifMatch(c)
				if version != tt.want || codeOf(err) != tt.code {
					t.Errorf("ifMatch = %d, %v, want %d, %q", version, err, tt.want, tt.code)
				}
				if tt.must == "" {
					tt.must = tt.code
				}
				if _, err := needMatch(c); codeOf(err) != tt.must {
					t.Errorf("needMatch: %v, want %q", err, tt.must)
				}
			})
		})
	}
}

func codeOf(err error) string {
	var e *market.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// FuzzDecode looks for a body that decode neither takes nor calls Invalid, and
// for one whose text it takes although it is not UTF-8.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"name":"甲","contact":{"name":"乙","phone":"1"}}`, `{}`, `null`, `[]`, `{"name":"\ud800"}`, "{\"name\":\"\xff\"}",
		`{"name":1e999}`, `{"name":"a","name":"b"}`, `{"a":{"b":{"c":[[[[]]]]}}}`, `{"name":"甲"} {}`, "\xef\xbb\xbf{}",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		withCtx(body, "X-A", "b", func(c *fiber.Ctx) {
			var in organizationInput
			err := decode(c, &in)
			if err != nil && !market.Is(err, market.Invalid) {
				t.Errorf("decode(%q): %v, want Invalid", body, err)
			}
			if err == nil && (!utf8.ValidString(in.Name) || !utf8.ValidString(in.Contact.Phone)) {
				t.Errorf("decode(%q) took text that is not UTF-8", body)
			}
		})
	})
}
