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
	return c.JSON(fiber.Map{"hits": hits, "facets": results.Facets, "total": results.Total, "cursor": results.Cursor, "notice": notice})
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
	return market.SearchQuery{
		Text: c.Query("q"), Kind: market.ListingKind(c.Query("kind")), Owner: market.ID(c.Query("owner")),
		Fields: queryList(c, "field"), Industries: queryList(c, "industry"), Stages: queryList(c, "stage"), Modes: queryList(c, "mode"),
		PriceMin: low, PriceMax: high, Sort: market.SearchSort(c.Query("sort")), Cursor: c.Query("cursor"), Limit: limit,
	}, nil
}

func hitOf(found listing.Found) hit {
	shared := found.Shared()
	h := hit{
		ID: found.ID(), Kind: found.Kind, Title: shared.Title, Summary: shared.Summary, Class: shared.Class, Demo: shared.Demo,
		Score: found.Score, Highlights: map[string][]market.Span{"title": spans(found.Title), "summary": spans(found.Summary)},
	}
	if found.Demand != nil {
		h.Holder = found.Demand.Demander
	} else {
		h.Holder = found.Achievement.Holder
	}
	return h
}

// spans is a list also when nothing is marked.
func spans(marked []market.Span) []market.Span {
	if marked == nil {
		return []market.Span{}
	}
	return marked
}
