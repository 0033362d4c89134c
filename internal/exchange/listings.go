package exchange

import (
	"strings"

	"jishi/internal/market"
)

// externalID is the column of the number a document has where it comes from.
// Import keeps it in the import key until the document is handed on.
func externalID[T Importable](also []string, key func(*T) *string, owner func(*T) market.ID) column[T] {
	h := head{Key: "external_id", Name: "外部编号", Also: append(also, "编号", "id"), Field: "external_id",
		Hint: "原系统中的编号。同一编号再次导入就是更新，不会重复"}
	return column[T]{
		head: h,
		Set: func(doc *T, v value) error {
			if strings.ContainsAny(v.Text, "\n\t") {
				return badCell("编号应在一行内")
			}
			*key(doc) = v.Text
			return nil
		},
		Get: func(doc *T) string { return strings.TrimPrefix(*key(doc), string(owner(doc))+"/") },
	}
}

// take returns the value at a place and leaves it blank.
func take(at *string) string {
	was := *at
	*at = ""
	return was
}

// classColumns is what listings say of where they belong.
func classColumns[T Importable](of func(*T) *market.Listing) []column[T] {
	return []column[T]{
		code(head{Key: "field", Name: "技术领域", Also: []string{"领域", "所属技术领域", "techarea"}, Field: "class.field", Codes: market.Fields,
			Hint: "提交审核前必填"}, func(d *T) *string { return &of(d).Class.Field }),
		code(head{Key: "industry", Name: "国民经济行业", Also: []string{"行业", "应用行业", "所属行业"}, Field: "class.industry", Codes: market.Industries,
			Hint: "门类，GB/T 4754"}, func(d *T) *string { return &of(d).Class.Industry }),
		code(head{Key: "chain", Name: "产业链", Also: []string{"所属产业链", "重点产业"}, Field: "class.chain", Codes: market.Chains},
			func(d *T) *string { return &of(d).Class.Chain }),
		division(head{Key: "division", Name: "行政区划", Also: []string{"所在地", "地区", "所在地区"}, Field: "class.division", Codes: market.Divisions,
			Hint: "六位代码或名称，如 500155 或 重庆市梁平区"}, func(d *T) *string { return &of(d).Class.Division }),
	}
}

// contactColumns is whom to ask.
func contactColumns[T Importable](of func(*T) *market.Contact) []column[T] {
	return []column[T]{
		text(head{Key: "contact_name", Name: "联系人", Also: []string{"联系人姓名", "contact"}, Field: "contact.name"},
			func(d *T) *string { return &of(d).Name }),
		text(head{Key: "contact_phone", Name: "联系电话", Also: []string{"电话", "手机", "手机号", "联系方式", "联系人电话", "phone"}, Field: "contact.phone",
			Hint: "11 位手机号，或 023-12345678 样子的座机"}, func(d *T) *string { return &of(d).Phone }),
		text(head{Key: "contact_email", Name: "电子邮箱", Also: []string{"邮箱", "联系邮箱", "email"}, Field: "contact.email"},
			func(d *T) *string { return &of(d).Email }),
	}
}

// modesColumn is the ways a listing's owner would deal.
func modesColumn[T Importable](of func(*T) *market.Listing) column[T] {
	return codes(head{Key: "modes", Name: "合作方式", Also: []string{"意向合作方式", "转化方式"}, Codes: market.Modes,
		Hint: "可填多个，用；分开。提交审核前必填"}, func(d *T) *[]string { return &of(d).Modes })
}

// sourceColumn is where a listing's text comes from.
func sourceColumn[T Importable](of func(*T) *market.Listing) column[T] {
	return text(head{Key: "source", Name: "信息来源", Also: []string{"来源", "出处"}, Hint: "文字的出处，可不填"},
		func(d *T) *string { return &of(d).Source })
}

// keywordsColumn is a listing's keywords.
func keywordsColumn[T Importable](of func(*T) *market.Listing) column[T] {
	return list(head{Key: "keywords", Name: "关键词", Also: []string{"关键字", "主题词", "keyword"}, Hint: "最多 10 个，用；分开"},
		func(d *T) *[]string { return &of(d).Keywords })
}

// stateColumns is what exports of listings say of their standing.
func stateColumns[T Importable](of func(*T) *market.Listing) []column[T] {
	return []column[T]{
		shown("state", "状态", func(d *T) string { return nameOf(market.ListingStates, string(of(d).State)) }),
		shown("published", "发布日期", func(d *T) string { return dayOf(of(d).Published) }),
		shown("valid_until", "有效期至", func(d *T) string { return dayOf(of(d).ValidUntil) }),
		shown("demo", "演示数据", func(d *T) string { return yes(of(d).Demo) }),
	}
}
