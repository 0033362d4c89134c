package site

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gorilla/feeds"

	"jishi/internal/listing"
	"jishi/internal/market"
)

// feedItems is how many listings a feed holds.
const feedItems = 30

// feedHref is the address of the feed of a search: the same search, newest first.
func feedHref(a *asked) string {
	_, query, _ := strings.Cut(a.href(func(v url.Values) { v.Del("sort") }), "?")
	if query == "" {
		return "/search.rss"
	}
	return "/search.rss?" + query
}

// feed answers with the newest listings that a search finds, as RSS 2.0. It
// shows what everybody may see: readers of feeds do not sign in.
func (p searchPages) feed(c *fiber.Ctx) error {
	a := readSearch(c)
	if err := a.problems.Err(); err != nil {
		return err
	}
	a.query.Sort, a.query.Cursor, a.query.Limit = market.SortNewest, "", feedItems
	results, err := p.Finder.Find(c.UserContext(), market.Actor{}, a.query)
	if err != nil {
		return err
	}
	body, newest, err := p.rss(c.BaseURL(), a, results)
	if err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(body))
	tag := `"` + hex.EncodeToString(sum[:16]) + `"`
	c.Set(fiber.HeaderETag, tag)
	if !newest.IsZero() {
		c.Set(fiber.HeaderLastModified, newest.UTC().Format(http.TimeFormat))
	}
	if unchanged(c, tag, newest) {
		return c.SendStatus(fiber.StatusNotModified)
	}
	c.Set(fiber.HeaderContentType, "application/rss+xml; charset=utf-8")
	return c.SendString(body)
}

// unchanged reports whether the reader has the feed as it is (RFC 9110: the
// tag, when one is sent, decides alone).
func unchanged(c *fiber.Ctx, tag string, newest time.Time) bool {
	if sent := c.Get(fiber.HeaderIfNoneMatch); sent != "" {
		return sent == "*" || strings.Contains(sent, tag)
	}
	since, err := http.ParseTime(c.Get(fiber.HeaderIfModifiedSince))
	return err == nil && !newest.IsZero() && !newest.Truncate(time.Second).After(since)
}

// rss writes hits as a feed and returns when the newest of them changed.
func (p searchPages) rss(base string, a *asked, results listing.Results) (string, time.Time, error) {
	feed := &feeds.Feed{
		Title: xmlText("技市：" + a.words()), Link: &feeds.Link{Href: base + a.href(func(url.Values) {})},
		Description: xmlText("搜索“" + a.words() + "”的最新发布"),
	}
	var newest time.Time
	for _, found := range results.Found {
		l := found.Shared()
		item := foundItem(found, true)
		if l.Published.After(newest) {
			newest = l.Published
		}
		feed.Items = append(feed.Items, &feeds.Item{
			Title: xmlText(item.Kind + "：" + l.Title), Link: &feeds.Link{Href: base + item.Href}, Id: base + item.Href, IsPermaLink: "true",
			Description: xmlText(market.Clip(l.Summary, 300)), Created: l.Published,
		})
	}
	feed.Updated = newest
	text, err := feed.ToRss()
	return text, newest, err
}

// words says in a few words what a search asks for.
func (a *asked) words() string {
	var words []string
	if a.query.Text != "" {
		words = append(words, market.Clip(a.query.Text, 40))
	}
	if a.query.Kind != "" {
		words = append(words, market.ListingKinds.Name(string(a.query.Kind)))
	}
	for _, chip := range a.chips() {
		words = append(words, chip.Text)
	}
	if len(words) == 0 {
		return "全部成果和需求"
	}
	return strings.Join(words, "，")
}

// xmlText drops the characters that XML 1.0 has no place for.
func xmlText(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 {
			return r
		}
		return -1
	}, text)
}
