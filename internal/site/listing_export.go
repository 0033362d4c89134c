package site

import (
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/exchange"
	"jishi/internal/listing"
	"jishi/internal/market"
	"jishi/web"
)

// export answers with what a search of one kind finds as a file: the public
// part, as the hits show it.
func (p searchPages) export(c *fiber.Ctx) error {
	a := readSearch(c)
	if err := a.problems.Err(); err != nil {
		return err
	}
	name := "检索到的" + market.ListingKinds.Name(string(a.query.Kind)) + "-" + string(market.DateOf(p.Now()))
	switch a.query.Kind {
	case market.KindAchievement:
		return sendList(p.Site, c, name, hits(p, c, a.query, func(f listing.Found) *market.Achievement { return f.Achievement }))
	case market.KindDemand:
		return sendList(p.Site, c, name, hits(p, c, a.query, func(f listing.Found) *market.Demand { return f.Demand }))
	}
	return market.E(market.Invalid, "kind_required", "成果和需求的列不同，请选定一种再导出。")
}

// hits reads the hits of a search page by page.
func hits[T any](p searchPages, c *fiber.Ctx, q market.SearchQuery, take func(listing.Found) *T) reader[T] {
	q.Limit = market.MaxPageSize
	return func(after string) ([]*T, string, error) {
		q.Cursor = after
		results, err := p.Finder.Find(c.UserContext(), actor(c), q)
		rows := make([]*T, len(results.Found))
		for i, found := range results.Found {
			rows[i] = take(found)
		}
		return rows, results.Cursor, err
	}
}

// exports leads to the search as files: in each format when it is of one kind,
// else as a workbook for each kind that has hits.
func (a *asked) exports(by market.Actor, results listing.Results) []web.Crumb {
	if results.Total == 0 || !market.May(by, market.ActExport) {
		return nil
	}
	of := func(kind string) url.Values {
		_, query, _ := strings.Cut(a.with("kind", kind), "?")
		values, _ := url.ParseQuery(query) // what Encode wrote can be read
		return values
	}
	if a.query.Kind != "" {
		return exportLinks("/search/export", of(string(a.query.Kind)))
	}
	var links []web.Crumb
	counts := countsOf(results, "kind")
	for _, kind := range market.ListingKinds {
		if counts[kind.Code] > 0 {
			links = append(links, web.Crumb{Href: "/search/export/xlsx?" + of(kind.Code).Encode(), Text: "导出" + kind.Name + " .xlsx"})
		}
	}
	return links
}

// exportOwn answers with all listings of the organization as a file, whole.
func exportOwn[T exchange.Importable, P listing.Kind[T]](c *fiber.Ctx, p listingPages[T, P]) error {
	ctx, by := c.UserContext(), actor(c)
	return sendList(p.Site, c, "本单位"+p.word+"-"+string(market.DateOf(p.Now())), func(after string) ([]*T, string, error) {
		page, err := p.book.Own(ctx, by, after, exportPage)
		for i, row := range page.Items {
			if page.Items[i], err = p.book.Show(ctx, by, P(row).Head().ID); err != nil {
				return nil, "", err
			}
		}
		return page.Items, page.Next, err
	})
}

// exportAchievements answers with the organization's achievements as a file.
func (p deskPages) exportAchievements(c *fiber.Ctx) error { return exportOwn(c, p.achievementPages()) }

// exportDemands answers with the organization's demands as a file.
func (p deskPages) exportDemands(c *fiber.Ctx) error { return exportOwn(c, p.demandPages()) }

// importKinds is what each kind of listing is called in imports.
var importKinds = map[market.ListingKind]string{market.KindAchievement: exchange.Achievements, market.KindDemand: exchange.Demands}
