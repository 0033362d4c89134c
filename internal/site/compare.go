package site

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/listing"
	"jishi/internal/market"
	"jishi/web"
)

// comparePages sets listings side by side.
type comparePages struct{ *Site }

func (p comparePages) routes() []route {
	return []route{{"GET", "/compare", p.show, market.ActPublic}}
}

// comparePage is the data of page "compare".
type comparePage struct {
	Base    web.Base
	Columns []compareColumn
	Rows    []compareRow
	Missing int    // how many of those asked for cannot be shown
	Cut     bool   // more were asked for than can be compared; the first are
	Share   string // address of this page, to pass on
}

// compareColumn is one listing.
type compareColumn struct {
	Item   web.Item
	Remove string // address without it
}

// compareRow is one fact of all listings.
type compareRow struct {
	Label  string
	Cells  []string
	Differ bool // the listings are not the same in it
}

// show answers with up to four listings, the same facts beside each other. The
// address alone says which.
func (p comparePages) show(c *fiber.Ctx) error {
	ids := comparedIDs(c)
	page := comparePage{Base: p.base(c, "对比", "")}
	page.Base.Crumbs = crumbs("对比", web.Crumb{Href: "/search", Text: "搜索"})
	if len(ids) > listing.MaxCompared {
		ids, page.Cut = ids[:listing.MaxCompared], true
	}
	found, err := p.Finder.Published(c.UserContext(), actor(c), ids)
	if err != nil {
		return err
	}
	page.Missing = len(ids) - len(found)
	shown := make([]string, len(found))
	for i, one := range found {
		shown[i] = string(one.ID())
	}
	page.Share = c.BaseURL() + compareHref(shown)
	for i, one := range found {
		page.Columns = append(page.Columns, compareColumn{Item: foundItem(one, true), Remove: compareHref(slices.Delete(slices.Clone(shown), i, i+1))})
	}
	page.Rows = compareRows(found)
	return p.render(c, fiber.StatusOK, "compare", page)
}

func compareHref(ids []string) string {
	if len(ids) == 0 {
		return "/compare"
	}
	return "/compare?ids=" + url.QueryEscape(strings.Join(ids, ","))
}

// comparedIDs reads ids given several times or with commas, each once, at most
// one more than can be compared; what can be no id is passed over.
func comparedIDs(c *fiber.Ctx) []market.ID {
	var ids []market.ID
	for _, given := range c.Context().QueryArgs().PeekMulti("ids") {
		for text := range strings.SplitSeq(string(given), ",") {
			id := market.ID(strings.TrimSpace(text))
			if id.WellFormed() && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
			if len(ids) > listing.MaxCompared {
				return ids
			}
		}
	}
	return ids
}

// compareRows is the facts of the listings that at least one of them states.
func compareRows(found []listing.Found) []compareRow {
	var rows []compareRow
	for _, fact := range comparedFacts {
		row := compareRow{Label: fact.label}
		stated := false
		for _, one := range found {
			text := fact.of(one)
			row.Cells = append(row.Cells, text)
			stated = stated || text != ""
			row.Differ = row.Differ || text != row.Cells[0]
		}
		if stated {
			rows = append(rows, row)
		}
	}
	return rows
}

// comparedFacts is what listings are compared by, in the order it shows.
var comparedFacts = []struct {
	label string
	of    func(listing.Found) string
}{
	{"类别", func(f listing.Found) string { return market.ListingKinds.Name(string(f.Kind)) }},
	{"单位", func(f listing.Found) string {
		if f.Demand != nil {
			return demander(f.Demand)
		}
		return f.Achievement.Holder
	}},
	{"要点", func(f listing.Found) string {
		if f.Achievement != nil && f.Achievement.Benefit != "" {
			return market.Clip(f.Achievement.Benefit, 200)
		}
		return market.Clip(f.Shared().Summary, 200)
	}},
	{"指标要求", criteriaText},
	{"成熟度", maturityText},
	{"知识产权", rightsText},
	{"价格或预算", func(f listing.Found) string {
		text := ""
		if f.Demand != nil {
			text, _ = budget(f.Demand)
		} else {
			text, _ = price(f.Achievement.Price)
		}
		return text
	}},
	{"合作方式", func(f listing.Found) string { return names(market.Modes, f.Shared().Modes) }},
	{"技术领域", func(f listing.Found) string { return market.Fields.Name(f.Shared().Class.Field) }},
	{"所属行业", func(f listing.Found) string { return market.Industries.Name(f.Shared().Class.Industry) }},
	{"地区", func(f listing.Found) string { return market.DivisionName(f.Shared().Class.Division) }},
	{"关键词", func(f listing.Found) string { return strings.Join(f.Shared().Keywords, "、") }},
	{"截止日期", func(f listing.Found) string {
		if f.Demand == nil {
			return ""
		}
		return string(f.Demand.Deadline)
	}},
	{"发布日期", func(f listing.Found) string { return dayOf(f.Shared().Published) }},
	{"有效期至", func(f listing.Found) string { return dayOf(f.Shared().ValidUntil) }},
}

func criteriaText(f listing.Found) string {
	if f.Demand == nil {
		return ""
	}
	lines := make([]string, len(f.Demand.Criteria))
	for i, one := range f.Demand.Criteria {
		lines[i] = one.Line()
	}
	return strings.Join(lines, "；")
}

func maturityText(f listing.Found) string {
	if f.Demand != nil {
		if f.Demand.MinTRL == 0 {
			return ""
		}
		return "要求 " + strconv.Itoa(f.Demand.MinTRL) + " 级以上"
	}
	badges := maturityBadge(f.Achievement.Maturity)
	if len(badges) == 0 {
		return ""
	}
	return badges[0].Text
}

func rightsText(f listing.Found) string {
	if f.Achievement == nil {
		return ""
	}
	lines := make([]string, len(f.Achievement.Rights))
	for i, one := range f.Achievement.Rights {
		lines[i] = strings.TrimSpace(market.IPKinds.Name(one.Kind) + " " + one.Number + " " + market.IPStates.Name(one.State))
	}
	return strings.Join(lines, "；")
}
