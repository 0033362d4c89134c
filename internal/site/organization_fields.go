package site

import (
	"net/url"
	"slices"

	"jishi/internal/market"
	"jishi/web"
)

var markFields = []string{"kind", "number", "from", "until", "evidence"}

// organizationValues is an organization as its form shows it.
func organizationValues(o *market.Organization) url.Values {
	v := url.Values{
		"name": {o.Name}, "code": {o.Code}, "kind": {o.Kind}, "category": {o.Category}, "division": {o.Division}, "summary": {o.Summary},
		"contact.name": {o.Contact.Name}, "contact.phone": {o.Contact.Phone}, "contact.email": {o.Contact.Email},
		"services": o.Services, "level": {o.Level},
	}
	for _, file := range o.Evidence {
		v.Add("evidence", string(file))
	}
	for i, m := range o.Marks {
		for field, value := range map[string]string{"kind": m.Kind, "number": m.Number, "from": string(m.From), "until": string(m.Until), "evidence": string(m.Evidence)} {
			v.Set(rowName("marks", i, field), value)
		}
	}
	return v
}

// readOrganization reads what a form says of an organization. before is what
// the names of its fields begin with: "" or "organization.".
func readOrganization(f *form, before string) *market.Organization {
	text := func(name string) string { return f.text(before + name) }
	o := &market.Organization{
		Name: text("name"), Code: text("code"), Kind: text("kind"), Category: text("category"), Division: text("division"), Summary: text("summary"),
		Contact:  market.Contact{Name: text("contact.name"), Phone: market.Fold(text("contact.phone")), Email: market.Fold(text("contact.email"))},
		Services: f.values[before+"services"], Level: text("level"),
	}
	for _, file := range f.values[before+"evidence"] {
		o.Evidence = append(o.Evidence, market.ID(file))
	}
	for _, i := range f.filledRows("marks", markFields...) {
		name := func(field string) string { return rowName("marks", i, field) }
		o.Marks = append(o.Marks, market.Mark{
			Kind: f.text(name("kind")), Number: f.text(name("number")), From: f.date(name("from")), Until: f.date(name("until")), Evidence: market.ID(f.text(name("evidence"))),
		})
	}
	return o
}

// signUpKinds is the kinds of organization that sign themselves up.
func signUpKinds() market.CodeList {
	var list market.CodeList
	for _, kind := range market.OrganizationKinds {
		if market.StartRoles[kind.Code] != nil {
			list = append(list, kind)
		}
	}
	return list
}

// organizationGroups is the fields about an organization. fixed leaves out
// what can no longer be changed: "code", "name", "kind".
func organizationGroups(f *form, before string, fixed ...string) []web.Group {
	base := []web.Field{
		{Name: "name", Label: "单位名称", Type: "text", Required: true, MaxLength: market.MaxTitle, Autocomplete: "organization", Hint: "与营业执照或法人证书一致。", Wide: true},
		{Name: "code", Label: "统一社会信用代码", Type: "text", Required: true, MaxLength: 30, Autocomplete: "off", Placeholder: "18 位", Hint: "系统会核对校验位。一个代码只登记一个单位。"},
		{Name: "kind", Label: "单位类型", Type: "select", Required: true, Placeholder: "请选择", Options: options(signUpKinds())},
		{Name: "category", Label: "单位性质", Type: "select", Required: true, Placeholder: "请选择", Options: options(market.PartyCategories)},
		{Name: "division", Label: "所在地区", Type: "select", Required: true, Placeholder: "请选择", Options: divisionOptions(f.text(before + "division"))},
		{Name: "summary", Label: "单位简介", Type: "textarea", Rows: 4, MaxLength: market.MaxSummary, Hint: "核验通过后公开。", Wide: true},
	}
	groups := []web.Group{
		{Legend: "单位", Fields: base},
		{Legend: "服务机构", Hint: "技术转移机构和科技服务机构填写，其他单位空着。级别为单位自报。", Fields: []web.Field{
			{Name: "services", Label: "服务内容", Type: "checks", Options: options(market.ServiceKinds), Wide: true},
			{Name: "level", Label: "机构级别", Type: "select", Placeholder: "不填", Options: options(market.InstitutionLevels)},
		}},
		{Legend: "单位联系人", Hint: "只给登录并通过核验的单位看，看之前先遮住一部分，每次查看都有记录。", Fields: []web.Field{
			{Name: "contact.name", Label: "姓名", Type: "text", MaxLength: market.MaxWord},
			{Name: "contact.phone", Label: "电话", Type: "tel", Hint: "手机，或 023-12345678 样子的座机。"},
			{Name: "contact.email", Label: "邮箱", Type: "email"},
		}},
	}
	for g := range groups {
		var kept []web.Field
		for _, field := range groups[g].Fields {
			if !slices.Contains(fixed, field.Name) {
				field.Name = before + field.Name
				kept = append(kept, field)
			}
		}
		groups[g].Fields = kept
	}
	return groups
}

// markGroup is the rows of what an organization was recognised as. files is
// what may prove it.
func markGroup(f *form, files []*market.File) web.Group {
	rows := make([]web.FieldRow, min(f.shownRows(market.MaxMarks, "marks", markFields...), market.MaxMarks))
	for i := range rows {
		rows[i] = web.FieldRow{Label: "资质第 " + number(int64(i+1)) + " 项", Fields: []web.Field{
			{Name: rowName("marks", i, "kind"), Label: "资质", Type: "select", Placeholder: "请选择", Options: options(market.MarkKinds)},
			{Name: rowName("marks", i, "number"), Label: "证书编号", Type: "text", MaxLength: market.MaxWord},
			{Name: rowName("marks", i, "from"), Label: "认定日期", Type: "date"},
			{Name: rowName("marks", i, "until"), Label: "有效期至", Type: "date"},
			{Name: rowName("marks", i, "evidence"), Label: "证明", Type: "select", Placeholder: "不附", Options: fileOptions(files)},
		}}
	}
	return web.Group{Legend: "资质", Hint: "科技局确认后才在名录中显示；改动已确认的一项，要重新确认。证明从下面已上传的材料中选。没有的行空着。", Rows: rows}
}

// fileOptions is the choice among files.
func fileOptions(files []*market.File) []web.Option {
	list := make([]web.Option, len(files))
	for i, file := range files {
		list[i] = web.Option{Value: string(file.ID), Text: file.Name}
	}
	return list
}
