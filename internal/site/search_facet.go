package site

import (
	"cmp"
	"slices"

	"jishi/internal/listing"
	"jishi/internal/market"
	"jishi/web"
)

// panel is all filters. It stands twice on the page, beside the hits and in
// the phone's menu, so each has a name that its ids begin with.
type panel struct {
	ID     string
	Facets []facet
	Ranges []rangeForm
}

// rangeForm is the form of one filter with bounds.
type rangeForm struct {
	ID          string // its ids begin with
	Label, Hint string
	Type        string // of the boxes
	LowName     string
	HighName    string
	Low, High   string
	LowText     string // what the boxes are called
	HighText    string
	Error       string
	Button      string
	Carried     []web.Hidden
}

// facet is one filter with its values as links.
type facet struct {
	Label   string
	Options []facetOption
	Rest    []facetOption // values nothing has, when the list is long
}

// facetOption is one value of a facet.
type facetOption struct {
	ID    string // of its link, by which the browser finds the focus again
	Text  string
	Count int
	Href  string // puts the value in or takes it out
	On    bool
}

// chip is one filter in force, removed by its link.
type chip struct {
	Text string
	Href string
}

// longFacet is from how many values on those without hits are folded away.
const longFacet = 12

// facets returns every filter with the counts of a result. A value chosen is
// shown even when nothing has it, so that it can be taken out.
func (a *asked) facets(panel string, results listing.Results) []facet {
	shown := make([]facet, len(facetLists))
	for i, source := range facetLists {
		counts := countsOf(results, source.key)
		f := facet{Label: source.label}
		for _, code := range source.list {
			option := facetOption{
				ID: panel + "-" + source.key + "-" + code.Code, Text: code.Name, Count: counts[code.Code], Href: a.toggled(source.key, code.Code),
				On: slices.Contains(a.values[source.key], code.Code),
			}
			if option.Count == 0 && !option.On && len(source.list) >= longFacet {
				f.Rest = append(f.Rest, option)
				continue
			}
			f.Options = append(f.Options, option)
		}
		shown[i] = f
	}
	return shown
}

func countsOf(results listing.Results, key string) map[string]int {
	counts := make(map[string]int)
	for _, one := range results.Facets[key] {
		counts[one.Code] = one.Count
	}
	return counts
}

// kinds is the tabs over the hits.
func (a *asked) kinds(results listing.Results) []choice {
	counts, sum := countsOf(results, "kind"), 0
	for _, n := range counts {
		sum += n
	}
	tabs := []choice{{ID: "all", Text: "全部", Href: a.with("kind", ""), Count: sum, Current: a.query.Kind == ""}}
	for _, kind := range market.ListingKinds {
		tabs = append(tabs, choice{
			ID: kind.Code, Text: kind.Name, Href: a.with("kind", kind.Code), Count: counts[kind.Code], Current: string(a.query.Kind) == kind.Code,
		})
	}
	return tabs
}

func (a *asked) sorts() []choice {
	var orders []choice
	for _, sort := range market.SearchSorts {
		orders = append(orders, choice{ID: cmp.Or(sort.Code, "best"), Text: sort.Name, Href: a.with("sort", sort.Code), Count: -1, Current: string(a.query.Sort) == sort.Code})
	}
	return orders
}

// chips is the filters in force but the kind, which the tabs show.
func (a *asked) chips() []chip {
	var chips []chip
	for _, source := range facetLists {
		for _, code := range a.values[source.key] {
			chips = append(chips, chip{Text: source.label + "：" + market.Clip(source.list.Name(code), 20), Href: a.toggled(source.key, code)})
		}
	}
	for _, s := range searchSpans {
		if text := a.spanText(s); text != "" {
			chips = append(chips, chip{Text: s.label + "：" + market.Clip(text, 40), Href: a.dropping(s.low, s.high)})
		}
	}
	if a.query.Owner != "" {
		chips = append(chips, chip{Text: "单位：" + market.Clip(cmp.Or(a.owner, string(a.query.Owner)), 40), Href: a.dropping("owner")})
	}
	return chips
}

// dropping is the address without some keys.
func (a *asked) dropping(keys ...string) string {
	href, _ := a.without(keys...)
	return href
}

// panel returns the filters under a name.
func (a *asked) panel(id string, results listing.Results) panel {
	p := panel{ID: id, Facets: a.facets(id, results)}
	texts := []rangeForm{
		{Label: "价格或预算（万元）", Type: "text", LowText: "最低", HighText: "最高", Button: "按价格筛选", Hint: "面议的不在价格筛选之内。"},
		{Label: "成熟度（1–9 级）", Type: "text", LowText: "最低级", HighText: "最高级", Button: "按成熟度筛选", Hint: "没有评定的不在其内。"},
		{Label: "发布日期", Type: "date", LowText: "从", HighText: "到", Button: "按日期筛选"},
	}
	for i, s := range searchSpans {
		f := texts[i]
		f.ID, f.LowName, f.HighName = id+"-"+s.low, s.low, s.high
		f.Low, f.High = a.values.Get(s.low), a.values.Get(s.high)
		f.Carried = carried(a, s.low, s.high, "cursor")
		for _, problem := range a.problems {
			if problem.Field == s.low || problem.Field == s.high {
				f.Error = problem.Reason
			}
		}
		p.Ranges = append(p.Ranges, f)
	}
	return p
}
