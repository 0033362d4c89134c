package site

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"jishi/internal/market"
	"jishi/web"
)

// sharedValues is the part of a listing's form that both kinds have.
func sharedValues(l *market.Listing) url.Values {
	return url.Values{
		"title": {l.Title}, "summary": {l.Summary}, "detail": {l.Detail}, "source": {l.Source},
		"keywords": {strings.Join(l.Keywords, "、")}, "modes": l.Modes,
		"class.field": {l.Class.Field}, "class.industry": {l.Class.Industry},
		"class.chain": {l.Class.Chain}, "class.division": {l.Class.Division},
		"contact.name": {l.Contact.Name}, "contact.phone": {l.Contact.Phone}, "contact.email": {l.Contact.Email},
	}
}

// readShared reads the part of a listing's form that both kinds have.
func readShared(f *form) market.Listing {
	return market.Listing{
		Title: f.text("title"), Summary: f.text("summary"), Detail: f.text("detail"), Source: f.text("source"),
		Keywords: f.words("keywords"), Modes: f.values["modes"],
		Class: market.Class{
			Field: f.text("class.field"), Industry: f.text("class.industry"),
			Chain: f.text("class.chain"), Division: f.text("class.division"),
		},
		Contact: market.Contact{
			Name: f.text("contact.name"), Phone: market.Fold(f.text("contact.phone")), Email: market.Fold(f.text("contact.email")),
		},
	}
}

const needToSubmit = "提交审核时必填。"

func titleField(label, hint string) web.Field {
	return web.Field{Name: "title", Label: label, Type: "text", Required: true, MaxLength: market.MaxTitle, Hint: hint, Wide: true}
}

func summaryField(hint string) web.Field {
	return web.Field{Name: "summary", Label: "公开简介", Type: "textarea", Rows: 7, Required: true, MaxLength: market.MaxSummary, Hint: hint, Wide: true}
}

func keywordsField() web.Field {
	return web.Field{Name: "keywords", Label: "关键词", Type: "text", Hint: "最多 10 个，用顿号或逗号隔开。", Placeholder: "例如：镁合金、轧制、耐热", Wide: true}
}

func sourceField() web.Field {
	return web.Field{Name: "source", Label: "来源", Type: "text", MaxLength: market.MaxTitle, Hint: "文件名和章节、项目编号等，可不填。"}
}

func modesField() web.Field {
	return web.Field{Name: "modes", Label: "合作方式", Type: "checks", Options: options(market.Modes), Hint: "可多选。" + needToSubmit, Wide: true}
}

// classFields places a listing in the code lists.
func classFields(f *form) []web.Field {
	divisions := options(market.Divisions)
	if code := f.text("class.division"); code != "" && !market.Divisions.Has(code) { // an old or rare code stays choosable
		divisions = append(divisions, web.Option{Value: code, Text: market.DivisionName(code) + "（" + code + "）"})
	}
	return []web.Field{
		{Name: "class.field", Label: "技术领域", Type: "select", Placeholder: "请选择", Options: options(market.Fields), Hint: needToSubmit},
		{Name: "class.industry", Label: "所属行业", Type: "select", Placeholder: "不填", Options: options(market.Industries)},
		{Name: "class.chain", Label: "本区产业链", Type: "select", Placeholder: "不属于", Options: options(market.Chains)},
		{Name: "class.division", Label: "所在地区", Type: "select", Placeholder: "不填", Options: divisions},
	}
}

func detailGroup(hint string) web.Group {
	return web.Group{Legend: "保密内容", Hint: "只有本单位和科技局看得到，不参加检索和匹配。", Fields: []web.Field{
		{Name: "detail", Label: "详细内容", Type: "textarea", Rows: 5, MaxLength: market.MaxDetail, Hint: hint, Wide: true},
	}}
}

func contactGroup() web.Group {
	return web.Group{Legend: "联系人", Hint: "只给登录并通过核验的单位看，看之前先遮住一部分，每次查看都有记录。", Fields: []web.Field{
		{Name: "contact.name", Label: "姓名", Type: "text", MaxLength: market.MaxWord, Autocomplete: "name"},
		{Name: "contact.phone", Label: "电话", Type: "tel", Hint: "手机，或 023-12345678 样子的座机。", Autocomplete: "tel"},
		{Name: "contact.email", Label: "邮箱", Type: "email", Autocomplete: "email"},
	}}
}

// fillGroups puts typed values and errors into all fields.
func fillGroups(f *form, groups []web.Group) []web.Group {
	for _, g := range groups {
		for i := range g.Fields {
			g.Fields[i] = f.fill(g.Fields[i])
		}
		for _, row := range g.Rows {
			for i := range row.Fields {
				row.Fields[i] = f.fill(row.Fields[i])
			}
		}
	}
	return groups
}

// maxRows bounds the rows read of one list; the rules allow fewer.
const maxRows = 25

// freeRows is how many empty rows stand after those filled, so that a list
// grows without script.
const freeRows = 3

// rowName names an input of a row: "rights.0.kind".
func rowName(list string, i int, field string) string {
	return list + "." + strconv.Itoa(i) + "." + field
}

// filledRows returns the numbers of the rows in which any of fields holds
// something.
func (f *form) filledRows(list string, fields ...string) []int {
	var rows []int
	for i := range maxRows {
		if slices.ContainsFunc(fields, func(field string) bool { return f.text(rowName(list, i, field)) != "" }) {
			rows = append(rows, i)
		}
	}
	return rows
}

// shownRows is how many rows of a list the form shows, at most most.
func (f *form) shownRows(most int, list string, fields ...string) int {
	filled := f.filledRows(list, fields...)
	last := 0
	if len(filled) > 0 {
		last = filled[len(filled)-1] + 1
	}
	return max(min(last+freeRows, most), last)
}

// levels is the choices of a maturity level.
func levels(none string) []web.Option {
	return append([]web.Option{{Value: "", Text: none}}, options(market.Maturities)...)
}

// levelValue is how a form holds a maturity level.
func levelValue(trl int) string {
	if trl == 0 {
		return ""
	}
	return strconv.Itoa(trl)
}

// wanValue is how a form holds an amount: in 万元 without the unit, exactly.
func wanValue(amount market.Fen) string {
	if amount == 0 {
		return ""
	}
	return strings.TrimSuffix(amount.Wan(), " 万元")
}
