package api

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
)

// CodeMatchRequired is the code of a write that must say which version it is
// based on and does not; the server answers it with 428.
const CodeMatchRequired = "if_match_required"

// answer sends a document with its version as entity tag, which a client sends
// back in If-Match.
func answer(c *fiber.Ctx, status int, meta market.Meta, doc any) error {
	c.Set(fiber.HeaderETag, `"`+strconv.FormatInt(meta.Version, 10)+`"`)
	return c.Status(status).JSON(doc)
}

// created answers a new document with its address, path being the list it is in.
func created(c *fiber.Ctx, path string, meta market.Meta, doc any) error {
	c.Location(Prefix + path + "/" + string(meta.ID))
	return answer(c, fiber.StatusCreated, meta, doc)
}

// ifMatch returns the version that If-Match names, 0 when the header is absent
// or *: the client takes whatever is stored. Stale when the header names no
// version of ours: whatever it was read from, it was not this document.
func ifMatch(c *fiber.Ctx) (int64, error) {
	tag := strings.TrimSpace(c.Get(fiber.HeaderIfMatch))
	if tag == "" || tag == "*" {
		return 0, nil
	}
	text, opened := strings.CutPrefix(tag, `"`)
	text, closed := strings.CutSuffix(text, `"`)
	version, err := strconv.ParseInt(text, 10, 64)
	if err != nil || !opened || !closed || version < 1 {
		return 0, market.E(market.Stale, "stale_version", "If-Match 应为读取时得到的 ETag，请重新读取后再提交。")
	}
	return version, nil
}

// needMatch is ifMatch for writes that replace a whole document: the version
// they are based on must be named.
func needMatch(c *fiber.Ctx) (int64, error) {
	version, err := ifMatch(c)
	if err == nil && version == 0 {
		return 0, market.E(market.Invalid, CodeMatchRequired, "请用 If-Match 头带上读取时得到的 ETag，以免覆盖他人的修改。")
	}
	return version, err
}
