package site

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
)

// asset answers with a static file, compressed where the browser can read it.
func (s *Site) asset(c *fiber.Ctx) error {
	file, ok := s.Assets.Asset(c.Path())
	if !ok {
		return market.E(market.NotFound, "no_file", "没有这个文件。")
	}
	c.Set(fiber.HeaderContentType, file.ContentType)
	c.Set(fiber.HeaderCacheControl, file.CacheControl)
	c.Set(fiber.HeaderETag, file.ETag)
	c.Vary(fiber.HeaderAcceptEncoding)
	if match := c.Get(fiber.HeaderIfNoneMatch); match == "*" || strings.Contains(match, file.ETag) {
		return c.SendStatus(fiber.StatusNotModified)
	}
	if file.Gzip != nil && c.Get(fiber.HeaderAcceptEncoding) != "" && c.AcceptsEncodings("gzip", "identity") == "gzip" {
		c.Set(fiber.HeaderContentEncoding, "gzip")
		c.Response().SetBodyRaw(file.Gzip) // shared by all answers, never written to
		return nil
	}
	c.Response().SetBodyRaw(file.Body)
	return nil
}
