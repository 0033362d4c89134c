package web

import "time"

// MarketSample is what the style page shows of the parts for listings.
type MarketSample struct {
	Items  []Item
	Fits   []Fit
	Groups []Group
	Press  Press
	TRL    int
	Marks  []MarkRow
	Files  []FileRow

	Brokers []Broker
	Unfit   []Unfit
	Entrust Entrust
}

func marketSample(now time.Time) MarketSample {
	item := Item{
		Href: "#market", Title: "柚子皮果胶低温提取工艺", TitleMarks: []Span{{9, 15}}, Kind: "成果",
		Line: "提取温度由 90 ℃ 降到 55 ℃，果胶得率提高三成，废水减半。", LineMarks: []Span{{40, 46}},
		Who: "示例大学", Place: "重庆市北碚区", At: now.AddDate(0, 0, -3), Price: "30–50 万元", PriceFull: "￥300,000.00 至 ￥500,000.00",
		Modes: "技术许可、合作开发", Badges: []Badge{{Text: "中期阶段 · 6 级", Icon: "scale"}, {Text: "授权专利 2 项", Tone: Good, Icon: "certificate"}},
	}
	bare := Item{Href: "#market", Title: "求：晶圆减薄工艺", Who: "匿名企业", Price: "面议"}
	return MarketSample{
		Items: []Item{item, bare}, TRL: 6,
		Fits: []Fit{{
			ID: "fit-1", Item: item, Score: 78, Open: true,
			Parts: []FitPart{{"内容", 40, 50, "果胶、低温、提取三处相合。"}, {"成熟度", 0, 15, "需求要 8 级，成果为 6 级。"}},
			Requirements: []FitRequirement{
				{Name: "果胶得率", Limit: "≥ 18 %", Value: "21 %", Asked: Quote{"指标", "果胶得率 ≥ 18 %", []Span{{0, 22}}}, Offered: &Quote{"效果", "果胶得率达到 21%", []Span{{0, 22}}}, Outcome: Badge{Text: "满足", Tone: Good}, Reason: "成果写明 21 %，在要求以内"},
				{Name: "年处理量", Limit: "≥ 500 吨", Asked: Quote{"简介", "年处理量不低于 500 吨", nil}, Outcome: Badge{Text: "未说明", Tone: Neutral}},
				{Name: "提取温度", Limit: "≤ 50 ℃", Value: "55 ℃", Asked: Quote{"指标", "提取温度 ≤ 50 ℃", nil}, Offered: &Quote{"效果", "提取温度降到 55 ℃", nil}, Outcome: Badge{Text: "不符", Tone: Bad}, Reason: "成果写明 55 ℃，超出要求"},
			},
			Page: Crumb{Href: "#market", Text: "单独打开，可打印"},
			Sides: []FitSide{
				{"需求", []Quote{{"简介", "柚皮综合利用，要求低温提取果胶。", []Span{{27, 39}}}}},
				{"成果", []Quote{{"效果", "提取温度降到 55 ℃。", nil}}},
			},
		}},
		Groups: []Group{{
			Legend: "知识产权", Hint: "没有的可以不填。",
			Fields: []Field{{Name: "registered", Label: "成果登记号"}, {Name: "note", Label: "说明", Type: "textarea", Rows: 2, Wide: true}},
			Rows: []FieldRow{{"第 1 项", []Field{
				{Name: "rights.0.kind", Label: "类型", Type: "select", Placeholder: "请选择", Options: []Option{{Value: "invention", Text: "发明专利"}}},
				{Name: "rights.0.number", Label: "号码", Error: "校验位不符"},
			}}},
		}},
		Press: Press{Text: "提交审核", Icon: "send", Action: "#market", Hidden: []Hidden{{"version", "3"}}, Primary: true},
		Marks: []MarkRow{
			{Name: "高新技术企业", Number: "GR202551100001", Term: "2025-01-01 认定，有效期至 2027-12-31", Badge: Badge{Text: "已确认", Tone: Good}, File: Crumb{Href: "#market", Text: "看证明"}},
			{Name: "科技型企业", Term: "2026-02-01 认定", Badge: Badge{Text: "待科技局确认", Tone: Wait}, Decide: &Press{Text: "确认", Icon: "check", Action: "#market"}},
		},
		Brokers: []Broker{{Name: "孙经纪", Orgs: []Crumb{{Href: "#market", Text: "示例技术转移中心"}}, Level: "中级", Number: "CQ-2024-0017", Until: "2027-12-31", State: Badge{Text: "有效", Tone: Good}}},
		Files:   []FileRow{{Href: "#market", Name: "营业执照.pdf", Size: "120 KB", Day: "2026-02-01"}},
		Unfit:   []Unfit{unfitSample(item), {Obstacle: "需求只有标点和常用字，无法比较。请写明要解决的问题。"}},
		Entrust: Entrust{
			Title: "交给技术经纪人", Text: "请一位技术经纪人替您找，随时可以收回。", Action: "#market", Hidden: []Hidden{{"version", "2"}},
			Pick: Field{Name: "broker", Label: "技术经纪人", Type: "select", Placeholder: "请选择", Options: []Option{{Value: "1", Text: "孙经纪"}}},
		},
	}
}

func unfitSample(near Item) Unfit {
	return Unfit{
		Title: "没有能对上的成果", Compared: "比较了最接近的 50 项成果。",
		Removed:    []Term{{Label: "内容相差太远", Value: "46"}, {Label: "价格高于预算", Value: "4"}},
		Nearest:    &Fit{ID: "fit-near", Item: near, Score: 38, Parts: []FitPart{{"内容", 20, 50, "提取一处相合。"}}},
		Relaxation: &Relaxation{Text: "预算上限由 20 万元提到 30 万元", Edit: "#market", Title: near.Title, Href: "#market", Score: 52},
		Offers:     []Crumb{{Href: "#market", Text: "有新成果时提醒我"}},
	}
}
