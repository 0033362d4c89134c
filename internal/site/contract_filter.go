package site

import (
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/contract"
	"jishi/internal/market"
	"jishi/web"
)

// notStated stands in addresses for contracts that leave a dimension open; an
// empty value there means that the dimension does not matter.
const notStated = "none"

// registerDimensions is what the register can be filtered by, beside months.
var registerDimensions = []struct {
	dimension market.Dimension
	label     string
	list      market.CodeList
}{
	{market.ByType, "合同类型", market.ContractTypes},
	{market.ByField, "技术领域", market.Fields},
	{market.ByIndustry, "行业", market.Industries},
	{market.ByOrigin, "来源", market.Origins},
	{market.BySeller, "卖方地区", market.Divisions},
	{market.ByBuyer, "买方地区", market.Divisions},
}

// registerKeys is every key of a filter's address.
var registerKeys = []string{"from", "to", "month", "year", "type", "field", "industry", "origin", "seller_division", "buyer_division"}

// registerFilter says which part of the register is shown. Its address is all
// there is: figures on the turnover page link to it.
type registerFilter struct {
	values url.Values // of known keys, without empty ones
	sel    contract.Selection
	basis  market.Basis // of the figure that led here; empty when none did
}

// readRegisterFilter reads a filter from the address.
func readRegisterFilter(c *fiber.Ctx) registerFilter {
	f := registerFilter{values: url.Values{}, sel: contract.Selection{Where: make(map[market.Dimension]string), After: c.Query("cursor")}}
	for _, key := range registerKeys {
		if value := strings.ToValidUTF8(strings.TrimSpace(c.Query(key)), "\uFFFD"); value != "" {
			f.values.Set(key, value)
		}
	}
	f.sel.From, f.sel.To = market.Month(f.values.Get("from")), market.Month(f.values.Get("to"))
	for _, d := range market.Dimensions {
		value := f.values.Get(d.Code)
		if value == "" {
			continue
		}
		if value == notStated {
			value = ""
		}
		f.sel.Where[market.Dimension(d.Code)] = value
	}
	if basis := market.Basis(c.Query("basis")); market.Bases.Has(string(basis)) {
		f.basis = basis
	}
	return f
}

// months is the first and last month the filter lets through, empty where it
// sets no bound.
func (f registerFilter) months() (from, to market.Month) {
	from, to = f.sel.From, f.sel.To
	narrow := func(first, last market.Month) {
		from = max(from, first)
		if to == "" || last < to {
			to = last
		}
	}
	if month, asked := f.sel.Where[market.ByMonth]; asked {
		narrow(market.Month(month), market.Month(month))
	}
	if year, asked := f.sel.Where[market.ByYear]; asked {
		narrow(market.Month(year+"-01"), market.Month(year+"-12"))
	}
	return from, to
}

// dimensions is the dimensions filtered by, without months and years.
func (f registerFilter) dimensions() []market.Dimension {
	var list []market.Dimension
	for _, d := range registerDimensions {
		if _, asked := f.sel.Where[d.dimension]; asked {
			list = append(list, d.dimension)
		}
	}
	return list
}

// words says what is shown: "2025年登记，技术领域为“农业”".
func (f registerFilter) words() string {
	from, to := f.months()
	words := []string{"全部登记在册的合同"}
	if from != "" || to != "" {
		words[0] = periodOf(from, to) + "登记的合同"
	}
	for _, d := range registerDimensions {
		code, asked := f.sel.Where[d.dimension]
		switch {
		case asked && code == "":
			words = append(words, d.label+"未填写")
		case asked:
			words = append(words, d.label+"为“"+market.Clip(codeName(d.dimension, code), 30)+"”")
		}
	}
	return strings.Join(words, "，")
}

// periodOf names a range of months: "2025年", "2025年3月", "2024-11 至 2025-02".
func periodOf(from, to market.Month) string {
	if from == to && from.Valid() {
		return from.Start().In(market.Shanghai).Format("2006年1月")
	}
	t := market.Target{From: from, To: to}
	return t.Period()
}

// codeName is the name of a dimension's code.
func codeName(d market.Dimension, code string) string {
	switch {
	case code == "":
		return "未填写"
	case d == market.BySeller || d == market.ByBuyer:
		return market.DivisionName(code)
	}
	for _, one := range registerDimensions {
		if one.dimension == d {
			return one.list.Name(code)
		}
	}
	return code
}

// href returns the address of the filter with keys set or, where the value is
// "", taken away; pairs are key, value.
func (f registerFilter) href(pairs ...string) string {
	values := url.Values{"tab": {tabRegister}}
	for key, list := range f.values {
		values[key] = list
	}
	if f.basis != "" {
		values.Set("basis", string(f.basis))
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Del(pairs[i])
		if pairs[i+1] != "" {
			values.Set(pairs[i], pairs[i+1])
		}
	}
	return "/contracts?" + values.Encode()
}

// chips is the filters in force, each with the way to drop it.
func (f registerFilter) chips() []chip {
	var chips []chip
	for _, key := range []struct{ name, label string }{{"from", "自"}, {"to", "至"}, {"month", "月份："}, {"year", "年份："}} {
		if value := f.values.Get(key.name); value != "" {
			chips = append(chips, chip{Text: key.label + market.Clip(value, 12), Href: f.href(key.name, "")})
		}
	}
	for _, d := range registerDimensions {
		if code, asked := f.sel.Where[d.dimension]; asked {
			chips = append(chips, chip{Text: d.label + "：" + market.Clip(codeName(d.dimension, code), 20), Href: f.href(string(d.dimension), "")})
		}
	}
	return chips
}

// fields is the filter as a form. A month or year that came from a figure is
// shown as the months it stands for.
func (f registerFilter) fields(refused *form) []web.Field {
	from, to := f.months()
	values := url.Values{"from": {string(from)}, "to": {string(to)}}
	fields := []web.Field{
		{Name: "from", Label: "登记月份自", Type: "month", Placeholder: "2025-01"},
		{Name: "to", Label: "登记月份至", Type: "month", Placeholder: "2025-12"},
	}
	for _, d := range registerDimensions {
		choices := options(d.list)
		code := f.values.Get(string(d.dimension))
		if code != "" && code != notStated && !d.list.Has(code) {
			choices = append(choices, web.Option{Value: code, Text: market.Clip(codeName(d.dimension, code), 30)})
		}
		choices = append(choices, web.Option{Value: notStated, Text: "未填写"})
		values.Set(string(d.dimension), code)
		fields = append(fields, web.Field{Name: string(d.dimension), Label: d.label, Type: "select", Placeholder: "不限", Options: choices})
	}
	refused.values = values
	for i := range fields {
		fields[i] = refused.fill(fields[i])
	}
	return fields
}

// filtered reports whether the address asks for a part of the register.
func (f registerFilter) filtered() bool {
	return slices.ContainsFunc(registerKeys, func(key string) bool { return f.values.Has(key) })
}
