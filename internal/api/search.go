package api

import (
	"github.com/gofiber/fiber/v2"

	"jishi/internal/listing"
	"jishi/internal/market"
)

// hit is one listing found.
type hit struct {
	ID         market.ID                `json:"id"`
	Kind       market.ListingKind       `json:"kind"`
	Title      string                   `json:"title"`
	Summary    string                   `json:"summary"`
	Holder     string                   `json:"holder"` // 第一完成单位 of an achievement, demander of a demand
	Class      market.Class             `json:"class"`
	Demo       bool                     `json:"demo"`
	Score      float64                  `json:"score"`
	Highlights map[string][]market.Span `json:"highlights"` // by field; byte offsets on character boundaries
	Why        []listing.Reason         `json:"why"`        // fields it was found in; empty when nothing was typed
}

// search answers GET /search?q&kind&field&industry&stage&mode&price_min&price_max&sort&cursor&limit.
// A filter with several values is given several times or with commas; prices are in 分.
func (a *API) search(c *fiber.Ctx) error {
	q, err := readSearch(c)
	if err != nil {
		return err
	}
	results, err := a.Finder.Find(c.UserContext(), actor(c), q)
	if err != nil {
		return err
	}
	hits := make([]hit, len(results.Found))
	for i, found := range results.Found {
		hits[i] = hitOf(found)
	}
	notice := ""
	if results.Standby {
		notice = market.IndexStanding
	}
	return c.JSON(fiber.Map{
		"hits": hits, "facets": results.Facets, "total": results.Total, "notice": notice,
		"cursor": results.Cursor, "before": results.Before, "first": results.First, "also": listOf(results.Also),
	})
}

func readSearch(c *fiber.Ctx) (market.SearchQuery, error) {
	limit, err := queryInt(c, "limit", 20, market.MaxPageSize)
	if err != nil {
		return market.SearchQuery{}, err
	}
	low, err := queryFen(c, "price_min")
	if err != nil {
		return market.SearchQuery{}, err
	}
	high, err := queryFen(c, "price_max")
	if err != nil {
		return market.SearchQuery{}, err
	}
	least, most, err := queryLevels(c)
	if err != nil {
		return market.SearchQuery{}, err
	}
	from, to, err := queryDays(c)
	if err != nil {
		return market.SearchQuery{}, err
	}
	if c.Query("page") != "" {
		return market.SearchQuery{}, invalidField("page", "不按页码翻页：下一页用 cursor，上一页用 before 的值，最后一页用 cursor=last")
	}
	return market.SearchQuery{
		TRLMin: least, TRLMax: most, From: from, To: to,
		Text: c.Query("q"), Kind: market.ListingKind(c.Query("kind")), Owner: market.ID(c.Query("owner")),
		Fields: queryList(c, "field"), Industries: queryList(c, "industry"), Stages: queryList(c, "stage"), Modes: queryList(c, "mode"),
		PriceMin: low, PriceMax: high, Sort: market.SearchSort(c.Query("sort")), Cursor: c.Query("cursor"), Limit: limit,
	}, nil
}

func hitOf(found listing.Found) hit {
	shared := found.Shared()
	h := hit{
		ID: found.ID(), Kind: found.Kind, Title: shared.Title, Summary: shared.Summary, Class: shared.Class, Demo: shared.Demo,
		Score: found.Score, Why: listOf(found.Why), Highlights: map[string][]market.Span{"title": spans(found.Title), "summary": spans(found.Summary)},
	}
	if found.Demand != nil {
		h.Holder = found.Demand.Demander
	} else {
		h.Holder = found.Achievement.Holder
	}
	return h
}

func queryLevels(c *fiber.Ctx) (least, most int, err error) {
	if least, err = queryInt(c, "trl_min", 0, market.MaxTRL); err != nil {
		return 0, 0, err
	}
	most, err = queryInt(c, "trl_max", 0, market.MaxTRL)
	return least, most, err
}

func queryDays(c *fiber.Ctx) (from, to market.Date, err error) {
	days := [2]market.Date{}
	for i, name := range []string{"from", "to"} {
		if days[i], err = market.ParseDate(c.Query(name)); err != nil {
			return "", "", invalidField(name, "不是日期，请写成 2026-03-31 的样子")
		}
	}
	return days[0], days[1], nil
}

// suggest answers GET /suggest?q&limit: what q may be the beginning of.
func (a *API) suggest(c *fiber.Ctx) error {
	limit, err := queryInt(c, "limit", 8, 20)
	if err != nil {
		return err
	}
	if !actor(c).SignedIn() { // no cache may keep a cookie that comes with an answer
		c.Set(fiber.HeaderCacheControl, "private, max-age=60")
	}
	return c.JSON(fiber.Map{"suggestions": a.Suggest.Suggest(c.UserContext(), c.Query("q"), limit)})
}

// listOf is a list also when there is nothing in it.
func listOf[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// spans is a list also when nothing is marked.
func spans(marked []market.Span) []market.Span {
	if marked == nil {
		return []market.Span{}
	}
	return marked
}
