package exchange

import (
	"slices"

	"jishi/internal/market"
)

// contracts is the table of market.Contract. Registration is the office's
// act: only its own lists may carry number and day, which the sink decides.
var contracts = newTable(table[market.Contract]{
	kind:      Contracts,
	importers: []market.Role{market.RoleOfficer, market.RoleSupplier},
	columns: slices.Concat(
		[]column[market.Contract]{
			externalID([]string{"合同编号"}, func(c *market.Contract) *string { return &c.ImportKey }, func(c *market.Contract) market.ID { return c.Owner }),
			text(head{Key: "project", Name: "项目名称", Also: []string{"合同名称", "技术合同名称", "合同项目名称", "projectname"}, Required: true, Hint: "不超过 200 字"},
				func(c *market.Contract) *string { return &c.Project }),
			code(head{Key: "type", Name: "合同类型", Also: []string{"合同类别", "技术合同类型", "contracttype"}, Required: true, Codes: market.ContractTypes},
				func(c *market.Contract) *string { return &c.Type }),
			code(head{Key: "sub_type", Name: "合同子类", Also: []string{"合同小类", "合同子类型"}, Codes: subTypes(), Needs: []string{"type"}, Hint: "要与合同类型相符"},
				func(c *market.Contract) *string { return &c.SubType }),
		},
		partyColumns("seller", "卖方", func(c *market.Contract) *[]market.Party { return &c.Sellers }),
		partyColumns("buyer", "买方", func(c *market.Contract) *[]market.Party { return &c.Buyers }),
		contractAmounts,
		contractTerms,
		contractOrigin,
		[]column[market.Contract]{
			shown("state", "状态", func(c *market.Contract) string { return nameOf(market.ContractStates, string(c.State)) }),
			text(head{Key: "registration_number", Name: "登记编号", Also: []string{"合同登记编号", "技术合同登记编号"}, Field: "registration.number", Hint: "只供科技局导入已登记的合同，14 至 16 位数字"},
				func(c *market.Contract) *string { return &c.Register.Number }),
			registeredOn,
			shown("cancelled_on", "注销日期", func(c *market.Contract) string { return dayOf(c.Register.Cancelled) }),
			shown("demo", "演示数据", func(c *market.Contract) string { return yes(c.Demo) }),
		},
	),
	check:    func(c *market.Contract, today market.Date) error { return c.CheckDraft(today) },
	external: func(c *market.Contract) string { return take(&c.ImportKey) },
	names:    func(c *market.Contract) []string { return nil },
})

// registeredOn is the day of registration in Shanghai; an import counts from
// the day's first instant.
var registeredOn = column[market.Contract]{
	head: head{Key: "registered_on", Name: "登记日期", Also: []string{"认定登记日期"}, Field: "registration.at", Needs: []string{"registration_number"}, Hint: "只供科技局导入已登记的合同"},
	Set: func(c *market.Contract, v value) error {
		day, err := readDate(v.Text)
		c.Register.At = day.Time().UTC()
		return err
	},
	Get: func(c *market.Contract) string { return dayOf(c.Register.At) },
}

var contractAmounts = []column[market.Contract]{
	money(head{Key: "total_yuan", Name: "合同成交额（元）", Also: []string{"合同金额", "合同总金额", "成交额", "合同交易总额", "合同成交金额", "totalamount"},
		Field: "amounts.total", Required: true, Unit: market.Yuan, Hint: "合同约定的全部金额"},
		func(c *market.Contract) *market.Fen { return &c.Amounts.Total }),
	money(head{Key: "technology_yuan", Name: "技术交易额（元）", Also: []string{"技术金额", "技术交易金额", "technicalamount"},
		Field: "amounts.technology", Required: true, Unit: market.Yuan, Needs: []string{"total_yuan"}, Hint: "成交额减去设备、材料等非技术性费用"},
		func(c *market.Contract) *market.Fen { return &c.Amounts.Technology }),
	money(head{Key: "paid_yuan", Name: "到账额（元）", Also: []string{"已到账", "到账金额", "实际到账"},
		Field: "amounts.paid", Unit: market.Yuan, Needs: []string{"total_yuan"}, Hint: "已经收到的金额"},
		func(c *market.Contract) *market.Fen { return &c.Amounts.Paid }),
	text(head{Key: "deducted", Name: "扣除的非技术性内容", Field: "amounts.deducted", Hint: "如 设备购置费"},
		func(c *market.Contract) *string { return &c.Amounts.Deducted }),
}

var contractTerms = []column[market.Contract]{
	date(head{Key: "signed", Name: "签订日期", Also: []string{"签约日期", "合同签订日期", "签订时间", "signdate"}, Field: "term.signed", Required: true, Hint: "如 2026-03-31"},
		func(c *market.Contract) *market.Date { return &c.Term.Signed }),
	date(head{Key: "from", Name: "履行开始日期", Also: []string{"合同开始日期", "开始日期", "contractbegindate"}, Field: "term.from"},
		func(c *market.Contract) *market.Date { return &c.Term.From }),
	date(head{Key: "to", Name: "履行结束日期", Also: []string{"合同结束日期", "结束日期", "contractenddate"}, Field: "term.to", Needs: []string{"from"}},
		func(c *market.Contract) *market.Date { return &c.Term.To }),
	code(head{Key: "payment", Name: "支付方式", Also: []string{"付款方式", "paymethod"}, Codes: market.PaymentModes},
		func(c *market.Contract) *string { return &c.Payment }),
	code(head{Key: "field", Name: "技术领域", Also: []string{"领域", "techarea"}, Field: "class.field", Required: true, Codes: market.Fields},
		func(c *market.Contract) *string { return &c.Class.Field }),
	code(head{Key: "industry", Name: "国民经济行业", Also: []string{"行业", "服务的国民经济行业"}, Field: "class.industry", Codes: market.Industries, Hint: "门类，GB/T 4754"},
		func(c *market.Contract) *string { return &c.Class.Industry }),
	code(head{Key: "ip", Name: "知识产权类型", Also: []string{"知识产权", "ipr"}, Field: "class.ip", Codes: market.IPKinds},
		func(c *market.Contract) *string { return &c.Class.IP }),
	code(head{Key: "plan", Name: "计划来源", Also: []string{"项目计划来源", "projectplantype"}, Field: "class.plan", Codes: market.PlanSources},
		func(c *market.Contract) *string { return &c.Class.Plan }),
	code(head{Key: "objective", Name: "社会经济目标", Also: []string{"社会—经济目标"}, Field: "class.objective", Codes: market.Objectives, Hint: "GB/T 24450"},
		func(c *market.Contract) *string { return &c.Class.Objective }),
}

var contractOrigin = []column[market.Contract]{
	code(head{Key: "origin", Name: "来源方式", Field: "origin.kind", Codes: market.Origins, Hint: "不填即仅在本平台登记"},
		func(c *market.Contract) *string { return &c.Origin.Kind }),
	reference(head{Key: "achievement", Name: "成果平台编号", Field: "origin.achievement", Hint: "由平台上的成果促成时填"},
		func(c *market.Contract) *market.ID { return &c.Origin.Achievement }),
	reference(head{Key: "demand", Name: "需求平台编号", Field: "origin.demand", Hint: "由平台上的需求促成时填"},
		func(c *market.Contract) *market.ID { return &c.Origin.Demand }),
	reference(head{Key: "broker", Name: "经纪机构平台编号", Field: "origin.broker", Hint: "有技术经纪机构促成时填"},
		func(c *market.Contract) *market.ID { return &c.Origin.Broker }),
}

// reference is a column of the id of another document.
func reference[T Importable](h head, at func(*T) *market.ID) column[T] {
	return column[T]{
		head: h,
		Set:  func(doc *T, v value) error { *at(doc) = market.ID(v.Text); return nil },
		Get:  func(doc *T) string { return string(*at(doc)) },
	}
}

// subTypes is the sub-types of all contract types, in the order of the types.
func subTypes() market.CodeList {
	var all market.CodeList
	for _, t := range market.ContractTypes {
		all = append(all, market.SubTypes[t.Code]...)
	}
	return all
}
