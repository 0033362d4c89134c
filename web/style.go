package web

import "time"

// StylePage is the data of page "style", which shows every part of this
// package with sample data. It serves tests and whoever builds a page.
type StylePage struct {
	Base     Base
	Bars     []Bar
	Rows     []StyleRow
	Pager    Pager
	Tabs     Tabs
	Badges   []Badge
	Terms    []Term
	Steps    []Step
	Chart    Chart
	Problems []Problem
	Fields   []Field
	Confirm  Confirm
	Contact  ContactBox
	Empty    Empty
	Market   MarketSample
}

// StyleRow is one row of the sample table.
type StyleRow struct {
	Title string
	Spans []Span
	Org   string
	State Badge
	Price int64 // 分
	At    time.Time
	Due   time.Time
}

// NewStylePage returns the style page as of now.
func NewStylePage(base Base, now time.Time) StylePage {
	base.Title, base.Demo = "样式", true
	base.Crumbs = []Crumb{{Href: "/", Text: "首页"}, {Text: "样式"}}
	base.Flash = &Flash{Kind: Good, Text: "合同已提交登记，科技局将在 15 个工作日内办结。"}
	fields := styleFields()
	return StylePage{
		Base:     base,
		Market:   marketSample(now),
		Bars:     styleBars(),
		Rows:     styleRows(now),
		Pager:    Pager{Newer: "#newer", Older: "#older", Text: "第 21–40 条，共 312 条"},
		Tabs:     Tabs{Label: "账号", Items: []NavItem{{Href: "#account", Text: "个人资料", Current: true}, {Href: "#password", Text: "密码"}}},
		Badges:   styleBadges(),
		Terms:    styleTerms(),
		Steps:    styleSteps(now),
		Chart:    styleChart(),
		Fields:   fields,
		Problems: ProblemsOf(fields...),
		Confirm: Confirm{
			Text: "撤回", Icon: "ban", Ask: "撤回后这条需求不再公开，已有的对接继续进行。", Action: "#confirm",
			Button: "确认撤回", Tone: Bad, Hidden: []Hidden{{Name: "version", Value: "7"}},
			Fields: []Field{{Name: "reason", Label: "撤回原因", Type: "textarea", Rows: 2, MaxLength: 200, Required: true}},
		},
		Contact: ContactBox{
			Rows:   []Term{{Label: "联系人", Value: "周敏"}, {Label: "电话", Value: "138****5678"}},
			Reveal: &Press{Text: "查看联系方式", Icon: "eye", Action: "#contact"}, Noted: "查看会留下记录。",
		},
		Empty: Empty{
			Icon: "bulb", Title: "还没有匹配到成果", Text: "写明要达到的指标和使用场景，匹配会更准。",
			Action: Crumb{Href: "#edit", Text: "补充需求"}, Other: Crumb{Href: "#search", Text: "自己找找看"},
		},
	}
}

func styleBars() []Bar {
	total := MoneyBar[int64]("登记合同成交额（累计）", 12_36_000_000_00, 50_00_000_000_00)
	total.Pace, total.Text, total.Tone = 0.31, "比时间进度少 3.14 亿元。", Wait
	total.Href, total.Source = "#rows", "科技局 2024 年工作部署"
	year := MoneyBar[int64]("技术合同交易额（2025 年）", 5_12_000_000_00, 5_00_000_000_00)
	year.Tone, year.Text, year.Source = Good, "已达到目标。", "区科技创新“十四五”规划指标 23"
	return []Bar{total, year}
}

func styleRows(now time.Time) []StyleRow {
	return []StyleRow{
		{"柚子皮果胶低温提取工艺许可", []Span{{0, 6}, {9, 15}}, "西南大学食品科学学院", Badge{Text: "已登记", Tone: Good}, 980_000_00, now.AddDate(0, 0, -40), now.AddDate(0, 0, 9)},
		{"12 英寸晶圆减薄砂轮联合开发", nil, "平伟实业股份有限公司", Badge{Text: "待补正", Tone: Wait}, 12_345_678_90, now.AddDate(0, 0, -2), now.AddDate(0, 0, 2)},
		{"竹纤维复合板材热压成型技术转让", nil, "重庆市林业科学研究院", Badge{Text: "不予登记", Tone: Bad}, 55_50, now.AddDate(0, -4, 0), now.AddDate(0, 0, -3)},
		{"通用航空器复材结构无损检测服务", nil, "某通用航空有限公司", Badge{Text: "草稿", Tone: Neutral}, 0, time.Time{}, time.Time{}},
	}
}

func styleBadges() []Badge {
	return []Badge{
		{Text: "已登记", Tone: Good}, {Text: "待补正", Tone: Wait}, {Text: "不予登记", Tone: Bad}, {Text: "草稿", Tone: Neutral},
		{Text: "发明专利", Icon: "certificate"}, {Text: "挂牌竞价", Icon: "gavel"}, {Text: "梁平区", Icon: "map-pin"},
	}
}

func styleTerms() []Term {
	return []Term{
		{Label: "合同类型", Value: "技术许可"},
		{Label: "合同成交额", Value: Wan(9_800_000_00), Full: Yuan(9_800_000_00)},
		{Label: "其中技术交易额", Value: Wan(8_650_000_00), Full: Yuan(8_650_000_00), Note: "已扣除设备 115 万元"},
		{Label: "卖方", Value: "西南大学", Href: "#org"},
		{Label: "买方", Value: "重庆奇爽实业（集团）有限公司", Href: "#org"},
		{Label: "签订日期", Value: "2025-03-31"},
		{Label: "登记编号", Value: "2025500155000123"},
		{Label: "合同期限", Value: ""},
	}
}

func styleSteps(now time.Time) []Step {
	return []Step{
		{At: now.AddDate(0, 0, 9), Title: "办结登记", Tone: Neutral, Icon: "calendar", Next: true},
		{At: now.Add(-2 * time.Hour), Title: "提交登记", By: "李敏（西南大学）", Tone: Wait},
		{At: now.AddDate(0, 0, -3), Title: "退回补正", By: "王强（区科技局）", Text: "请补充设备清单，\n并写明技术交易额的算法。", Tone: Bad},
		{At: now.AddDate(0, 0, -6), Title: "双方签署", By: "平台", Tone: Good},
	}
}

func styleChart() Chart {
	months := []string{"1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"}
	series := func(name string, values ...int) map[string]any {
		return map[string]any{"type": "bar", "name": name, "data": values, "barMaxWidth": 28, "stack": "sum"}
	}
	return Chart{ID: "chart-month", Label: "各月登记合同成交额（万元，按登记日期）", Options: map[string]any{
		"grid":   map[string]any{"left": 56, "right": 16, "top": 40, "bottom": 32},
		"legend": map[string]any{"top": 0, "left": 0},
		"xAxis":  map[string]any{"type": "category", "data": months},
		"yAxis":  map[string]any{"type": "value"},
		"series": []any{
			series("技术开发", 820, 932, 901, 1290, 1330, 1320, 980, 870, 1430, 1210, 1520, 1890),
			series("技术许可", 220, 182, 191, 234, 290, 330, 310, 280, 330, 410, 380, 460),
		},
	}}
}
