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

// answer sends a document, people named in its history, with its version as
// entity tag, which a client sends back in If-Match.
func answer(c *fiber.Ctx, status int, meta market.Meta, doc any) error {
	if err := named(c, doc); err != nil {
		return err
	}
	c.Set(fiber.HeaderETag, entityTag(meta.Version))
	return c.Status(status).JSON(doc)
}

func entityTag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// created answers a new document with its address, path being the list it is in.
func created(c *fiber.Ctx, path string, meta market.Meta, doc any) error {
	c.Location(Prefix + path + "/" + string(meta.ID))
	return answer(c, fiber.StatusCreated, meta, doc)
}

// headerKey is the header with the key under which a program creates something.
const headerKey = "Idempotency-Key"

// maxKey bounds that key, in bytes.
const maxKey = 255

// idempotencyKey returns the caller's key, with which a request sent twice
// creates one document; "" when there is none.
func idempotencyKey(c *fiber.Ctx) (string, error) {
	key := c.Get(headerKey)
	if len(key) > maxKey || strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", invalidField(headerKey, "最多 255 个可见的 ASCII 字符，中间没有空格")
	}
	return key, nil
}

// ifMatch returns the version that If-Match names, 0 when the header is absent
// or *: the client takes whatever is stored. Stale when the header names no
// version of ours: whatever it was read from, it was not this document.
func ifMatch(c *fiber.Ctx) (int64, error) {
	tag := strings.TrimSpace(c.Get(fiber.HeaderIfMatch))
	if tag == "" || tag == "*" {
		return 0, nil
	}
	version, err := strconv.ParseInt(strings.Trim(tag, `"`), 10, 64)
	if err != nil || version < 1 || tag != entityTag(version) {
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
