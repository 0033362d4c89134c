package web

// styleFields returns one field of every kind, some filled in wrongly.
func styleFields() []Field {
	return []Field{
		{Name: "title", Label: "需求名称", Value: "预制菜鱼类产品去腥保鲜技术", Required: true, MaxLength: 60, Hint: "一句话说清要解决什么，不写单位名称。"},
		{Name: "budget", Label: "预算", Type: "money", Unit: "万元", Value: "98万圆", Error: "不是金额，请写成 98 或 98.5 的样子", Hint: "拿不准可以空着，页面上显示“面议”。"},
		{
			Name: "field", Label: "技术领域", Type: "select", Required: true, Placeholder: "请选择",
			Options: []Option{{Value: "05", Text: "新材料及其应用"}, {Value: "08", Text: "农业", Selected: true}},
		},
		{
			Name: "modes", Label: "合作方式", Type: "checks", Hint: "可多选。",
			Options: []Option{{Value: "kf", Text: "委托开发", Selected: true}, {Value: "xk", Text: "许可"}, {Value: "zr", Text: "转让"}, {Value: "fw", Text: "技术服务", Selected: true}},
		},
		{
			Name: "open", Label: "公开范围", Type: "radios",
			Options: []Option{{Value: "all", Text: "所有人可见", Selected: true}, {Value: "broker", Text: "只给技术经纪人看"}},
		},
		{
			Name: "detail", Label: "要达到的指标", Type: "textarea", Rows: 4, MaxLength: 2000, Required: true,
			Error: "必填", Placeholder: "例如：货架期由 7 天延长到 30 天，菌落总数低于 10000 CFU/g",
		},
		{Name: "until", Label: "截止日期", Type: "date", Value: "2026-03-31"},
		{
			Name: "evidence", Label: "证明材料", Type: "file", MaxLength: 10, Accept: ".pdf,.png", Hint: "每个不超过 20 MB。",
			Options: []Option{{Value: "1", Text: "营业执照.pdf（1.2 MB）"}, {Value: "2", Text: "资质证书.png（340 KB）"}},
		},
		{Name: "agree", Label: "我确认所填内容真实，不含涉密信息", Type: "check", Required: true, Options: []Option{{Selected: true}}},
	}
}
