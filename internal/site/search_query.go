package site

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
)

// facetLists is the filters of a search by code list, in the order they show.
var facetLists = []struct {
	key, label string
	list       market.CodeList
}{
	{"field", "技术领域", market.Fields},
	{"mode", "合作方式", market.Modes},
	{"stage", "所处阶段", market.Stages},
	{"industry", "所属行业", market.Industries},
}

// searchKeys is what the address of a search may hold, in the order forms
// carry it along.
var searchKeys = []string{
	"q", "kind", "field", "industry", "stage", "mode", "owner", "price_min", "price_max", "trl_min", "trl_max", "from", "to", "sort", "cursor",
}

// filterKeys is those of searchKeys that chips stand for.
var filterKeys = []string{"field", "industry", "stage", "mode", "owner", "price_min", "price_max", "trl_min", "trl_max", "from", "to"}

// maxGiven bounds how many values of an address are looked at.
const maxGiven = 1_000

// asked is a search as its address says it. The address is all there is: each
// link on the page is this address with one thing changed.
type asked struct {
	values   url.Values // of known keys only
	query    market.SearchQuery
	owner    string          // name of the organization that is searched in
	problems market.Problems // of what was typed
}

// readSearch reads a search from the address. Prices are typed in 万元.
func readSearch(c *fiber.Ctx) *asked {
	given := url.Values{}
	for key, value := range c.Context().QueryArgs().All() {
		given.Add(string(key), strings.ToValidUTF8(string(value), "\uFFFD"))
	}
	return askedOf(given)
}

// askedOf is readSearch for the values of an address.
func askedOf(given url.Values) *asked {
	a := &asked{values: url.Values{}}
	for _, key := range searchKeys {
		for _, value := range given[key][:min(len(given[key]), maxGiven)] {
			if value = strings.TrimSpace(value); value != "" && !slices.Contains(a.values[key], value) && len(a.values[key]) <= market.MaxSelection {
				a.values.Add(key, value)
			}
		}
	}
	a.query = market.SearchQuery{
		Text: a.values.Get("q"), Kind: market.ListingKind(a.values.Get("kind")), Owner: market.ID(a.values.Get("owner")),
		Fields: a.values["field"], Industries: a.values["industry"], Stages: a.values["stage"], Modes: a.values["mode"],
		PriceMin: a.amount("price_min"), PriceMax: a.amount("price_max"), TRLMin: a.level("trl_min"), TRLMax: a.level("trl_max"),
		From: a.day("from"), To: a.day("to"),
		Sort: market.SearchSort(a.values.Get("sort")), Cursor: a.values.Get("cursor"),
	}
	a.problems.Check(a.query.Owner == "" || a.query.Owner.WellFormed(), "owner", "没有这个单位")
	a.problems.Check(len(given["page"]) == 0, "page", "搜索结果不按页码翻页，请用页面上的“下一页”“最后一页”")
	return a
}

func (a *asked) amount(key string) market.Fen {
	if a.values.Get(key) == "" {
		return 0
	}
	amount, err := market.ParseMoney(a.values.Get(key), market.Wan)
	if err != nil {
		a.problems.Add(key, sentence(err))
	}
	return amount
}

func (a *asked) level(key string) int {
	text := market.Fold(a.values.Get(key))
	if text == "" {
		return 0
	}
	level, err := strconv.Atoi(text)
	if err != nil || level < 1 || level > market.MaxTRL {
		a.problems.Add(key, "成熟度是 1 至 9 级")
		return 0
	}
	return level
}

func (a *asked) day(key string) market.Date {
	day, err := market.ParseDate(market.Fold(a.values.Get(key)))
	if err != nil {
		a.problems.Add(key, sentence(err))
	}
	return day
}

// href returns the address of the search after change, from its first page.
func (a *asked) href(change func(url.Values)) string {
	values := url.Values{}
	for key, list := range a.values {
		values[key] = slices.Clone(list)
	}
	values.Del("cursor")
	change(values)
	if len(values) == 0 {
		return "/search"
	}
	for _, list := range values {
		slices.Sort(list) // one search has one address, however it was put together
	}
	return "/search?" + values.Encode()
}

// with returns the address with a key set to one value; "" takes it away.
func (a *asked) with(key, value string) string {
	return a.href(func(v url.Values) {
		v.Del(key)
		if value != "" {
			v.Set(key, value)
		}
	})
}

// toggled returns the address with one value of a key put in or taken out.
func (a *asked) toggled(key, value string) string {
	return a.href(func(v url.Values) {
		rest := slices.DeleteFunc(v[key], func(one string) bool { return one == value })
		if len(rest) == len(v[key]) {
			rest = append(rest, value)
		}
		if v.Del(key); len(rest) > 0 {
			v[key] = rest
		}
	})
}

// without returns the address and the query without some keys.
func (a *asked) without(keys ...string) (string, market.SearchQuery) {
	href := a.href(func(v url.Values) {
		for _, key := range keys {
			v.Del(key)
		}
	})
	_, query, _ := strings.Cut(href, "?")
	values, _ := url.ParseQuery(query) // what Encode wrote can be read
	return href, askedOf(values).query
}

// span is a filter with a lower and an upper bound.
type span struct {
	low, high string // keys of the bounds
	label     string
	unit      string // after a bound
}

// searchSpans is the filters with bounds, in the order they show.
var searchSpans = []span{
	{"price_min", "price_max", "价格", " 万元"},
	{"trl_min", "trl_max", "成熟度", " 级"},
	{"from", "to", "发布日期", ""},
}

// spanText says a filter with bounds in words, "" when there is none.
func (a *asked) spanText(s span) string {
	low, high := a.values.Get(s.low), a.values.Get(s.high)
	up, down := "以上", "以内"
	if s.low == "from" {
		up, down = " 起", " 止"
	}
	switch {
	case low != "" && low == high:
		return low + s.unit
	case low != "" && high != "":
		return low + "–" + high + s.unit
	case low != "":
		return low + s.unit + up
	case high != "":
		return high + s.unit + down
	}
	return ""
}
