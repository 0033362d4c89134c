package exchange

import (
	"slices"

	"jishi/internal/market"
)

// organizations is the table of market.Organization. An organization is known
// by its credit code, or by its name without one, so it needs no external id.
var organizations = newTable(table[market.Organization]{
	kind:      Organizations,
	importers: []market.Role{market.RoleOfficer},
	columns: slices.Concat(
		[]column[market.Organization]{
			text(head{Key: "name", Name: "单位名称", Also: []string{"名称", "企业名称", "机构名称", "全称"}, Required: true, Hint: "证照上的全称"},
				func(o *market.Organization) *string { return &o.Name }),
			text(head{Key: "code", Name: "统一社会信用代码", Also: []string{"信用代码", "uscc"}, Hint: "18 位"},
				func(o *market.Organization) *string { return &o.Code }),
			code(head{Key: "kind", Name: "单位类型", Also: []string{"类型", "机构类型"}, Codes: market.OrganizationKinds},
				func(o *market.Organization) *string { return &o.Kind }),
			code(head{Key: "category", Name: "单位性质", Also: []string{"性质", "类别", "单位类别"}, Codes: market.PartyCategories},
				func(o *market.Organization) *string { return &o.Category }),
			division(head{Key: "division", Name: "行政区划", Also: []string{"所在地", "地区", "所在地区"}, Codes: market.Divisions, Hint: "六位代码或名称，如 500155 或 重庆市梁平区"},
				func(o *market.Organization) *string { return &o.Division }),
			text(head{Key: "summary", Name: "单位简介", Also: []string{"简介", "介绍"}},
				func(o *market.Organization) *string { return &o.Summary }),
		},
		contactColumns(func(o *market.Organization) *market.Contact { return &o.Contact }),
		[]column[market.Organization]{
			shown("verified", "已核实", func(o *market.Organization) string { return yes(o.Verified()) }),
			shown("demo", "演示数据", func(o *market.Organization) string { return yes(o.Demo) }),
		},
	),
	check:    func(o *market.Organization, _ market.Date) error { return o.Check() },
	external: func(o *market.Organization) string { return o.Key },
	names:    func(o *market.Organization) []string { return []string{o.Key} },
})
