package exchange

import (
	"strings"

	"jishi/internal/market"
)

// partyColumns is the columns of one side of a contract: the first party in
// columns of its own, further ones in one cell as 名称|代码|类别|区划.
func partyColumns(key, name string, side func(*market.Contract) *[]market.Party) []column[market.Contract] {
	field := key + "s"
	part := func(suffix, title string) head {
		return head{Key: key + "_" + suffix, Name: name + title, Field: field + "." + suffix}
	}
	at := func(of func(*market.Party) *string) func(*market.Contract) *string {
		return func(c *market.Contract) *string { return of(firstParty(side(c))) }
	}
	named := part("name", "名称")
	named.Also, named.Required = []string{name, name + "单位", name + "单位名称", key}, true
	named.Hint = "合同上的全称"
	coded := part("code", "统一社会信用代码")
	coded.Also, coded.Hint = []string{name + "代码", name + "信用代码"}, "18 位，境外单位可不填"
	category := part("category", "类别")
	category.Also, category.Codes = []string{name + "性质", key + "type"}, market.PartyCategories
	place := part("division", "行政区划")
	place.Also, place.Codes = []string{name + "地区", name + "所在地"}, market.Divisions
	return []column[market.Contract]{
		kept(text(named, at(func(p *market.Party) *string { return &p.Name })), side),
		kept(text(coded, at(func(p *market.Party) *string { return &p.Code })), side),
		kept(code(category, at(func(p *market.Party) *string { return &p.Category })), side),
		kept(division(place, at(func(p *market.Party) *string { return &p.Division })), side),
		furtherParties(head{Key: "more_" + field, Name: "其他" + name, Field: field + ".more",
			Hint: "写成 名称|代码|类别|区划，多个用；分开，不知道的可空着"}, side),
	}
}

// firstParty returns the first party, which it adds when there is none.
func firstParty(parties *[]market.Party) *market.Party {
	if len(*parties) == 0 {
		*parties = make([]market.Party, 1)
	}
	return &(*parties)[0]
}

// kept makes Get leave a contract without parties as it is.
func kept(col column[market.Contract], side func(*market.Contract) *[]market.Party) column[market.Contract] {
	get := col.Get
	col.Get = func(c *market.Contract) string {
		if len(*side(c)) == 0 {
			return ""
		}
		return get(c)
	}
	return col
}

func furtherParties(h head, side func(*market.Contract) *[]market.Party) column[market.Contract] {
	return column[market.Contract]{
		head: h,
		Set: func(c *market.Contract, v value) error {
			more, err := readParties(v.Text)
			firstParty(side(c))
			*side(c) = append(*side(c), more...)
			return err
		},
		Get: func(c *market.Contract) string {
			var items []string
			for i, p := range *side(c) {
				if i > 0 {
					items = append(items, joinFields(p.Name, p.Code, nameOf(market.PartyCategories, p.Category), nameOf(market.Divisions, p.Division)))
				}
			}
			return strings.Join(items, "；")
		},
	}
}

func readParties(text string) ([]market.Party, error) {
	var parties []market.Party
	for _, p := range cut(text, recordSeparators) {
		party, err := readParty(splitFields(text[p.from:p.to]))
		if err != nil {
			return nil, err
		}
		parties = append(parties, party)
	}
	return parties, nil
}

func readParty(fields []string) (party market.Party, err error) {
	if len(fields) > 4 || fields[0] == "" {
		return party, badCell("请写成 名称|代码|类别|区划，多个用；分开")
	}
	fields = append(fields, "", "", "")[:4]
	party.Name = fields[0]
	if fields[1] != "" {
		if party.Code, err = market.ParseCreditCode(fields[1]); err != nil {
			return party, badCell("“" + market.Clip(party.Name, 20) + "”的统一社会信用代码不对，请核对 18 位代码")
		}
	}
	if fields[2] != "" {
		if party.Category, err = readCode(market.PartyCategories, fields[2]); err != nil {
			return party, err
		}
	}
	if fields[3] != "" {
		party.Division, err = readDivision(fields[3])
	}
	return party, err
}
