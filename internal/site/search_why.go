package site

import (
	"strings"

	"jishi/internal/listing"
	"jishi/internal/market"
	"jishi/web"
)

// foundRow is one hit: the listing, why it was found, and what the box that
// picks it for comparison says.
type foundRow struct {
	Item web.Item
	ID   string
	Why  []whyFound
}

// whyFound is one field that words of the search stand in.
type whyFound struct {
	Field string
	Words string
}

// fieldNames is what the fields are called that a search looks in.
var fieldNames = market.CodeList{
	{Code: "title", Name: "标题"}, {Code: "keywords", Name: "关键词"}, {Code: "summary", Name: "简介"},
	{Code: "benefit", Name: "效益"}, {Code: "conditions", Name: "合作条件"}, {Code: "holder", Name: "单位"},
}

func foundRowOf(f listing.Found, bothKinds bool) foundRow {
	row := foundRow{Item: foundItem(f, bothKinds), ID: string(f.ID())}
	for _, reason := range f.Why {
		row.Why = append(row.Why, whyFound{Field: fieldNames.Name(reason.Field), Words: strings.Join(reason.Words, "、")})
	}
	return row
}
