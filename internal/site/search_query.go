package site

import (
	"net/url"
	"slices"
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

// asked is a search as its address says it. The address is all there is: each
// link on the page is this address with one thing changed.
type asked struct {
	values   url.Values // of known keys only
	query    market.SearchQuery
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
	for _, key := range []string{"q", "kind", "field", "industry", "stage", "mode", "price_min", "price_max", "sort", "cursor"} {
		for _, value := range given[key] {
			if value = strings.TrimSpace(value); value != "" && !slices.Contains(a.values[key], value) && len(a.values[key]) <= market.MaxSelection {
				a.values.Add(key, value)
			}
		}
	}
	a.query = market.SearchQuery{
		Text: a.values.Get("q"), Kind: market.ListingKind(a.values.Get("kind")),
		Fields: a.values["field"], Industries: a.values["industry"], Stages: a.values["stage"], Modes: a.values["mode"],
		PriceMin: a.amount("price_min"), PriceMax: a.amount("price_max"),
		Sort: market.SearchSort(a.values.Get("sort")), Cursor: a.values.Get("cursor"),
	}
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
	q := a.query
	q.Cursor = ""
	for _, key := range keys {
		switch key {
		case "q":
			q.Text = ""
		case "kind":
			q.Kind = ""
		case "field":
			q.Fields = nil
		case "industry":
			q.Industries = nil
		case "stage":
			q.Stages = nil
		case "mode":
			q.Modes = nil
		case "price_min":
			q.PriceMin = 0
		case "price_max":
			q.PriceMax = 0
		}
	}
	return a.href(func(v url.Values) {
		for _, key := range keys {
			v.Del(key)
		}
	}), q
}

// priceText says the price filter in words, "" when there is none.
func (a *asked) priceText() string {
	low, high := a.values.Get("price_min"), a.values.Get("price_max")
	switch {
	case low != "" && high != "":
		return low + "–" + high + " 万元"
	case low != "":
		return low + " 万元以上"
	case high != "":
		return high + " 万元以内"
	}
	return ""
}
