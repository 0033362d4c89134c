package market

// Target is an amount to reach in a period on one basis. Targets are data: a
// change is a new version with its history.
type Target struct {
	Meta     `bson:"-"`
	Name     string  `bson:"name" json:"name"`
	Basis    Basis   `bson:"basis" json:"basis"`
	From     Month   `bson:"from" json:"from"` // empty = cumulative from the beginning
	To       Month   `bson:"to" json:"to"`     // empty = open end
	Amount   Fen     `bson:"amount" json:"amount_fen"`
	Baseline Fen     `bson:"baseline" json:"baseline_fen"` // value in the base year, 0 if none
	Source   string  `bson:"source" json:"source"`         // document and place
	Note     string  `bson:"note" json:"note"`             // what was assumed where the source is silent, may be empty
	Headline bool    `bson:"headline" json:"headline"`     // shown first
	History  []Event `bson:"history" json:"history"`
}

// TargetProgress is a target with what was achieved.
type TargetProgress struct {
	Target
	Period   string `json:"period"` // Target.Period, e.g. "2025年"
	Achieved Fen    `json:"achieved_fen"`
	Count    int    `json:"count"` // contracts counted
}

// Check returns Invalid naming every broken field.
func (t *Target) Check() error {
	var p Problems
	checkText(&p, "name", t.Name, true, MaxTitle)
	checkText(&p, "source", t.Source, true, MaxTitle)
	checkText(&p, "note", t.Note, false, MaxNote)
	p.Check(Bases.Has(string(t.Basis)), "basis", "请选择统计口径")
	p.Check(t.From == "" || t.From.Valid(), "from", "请写成 2025-01 的样子")
	p.Check(t.To == "" || t.To.Valid(), "to", "请写成 2025-12 的样子")
	p.Check(t.From == "" || t.To == "" || t.From <= t.To, "to", "结束月份不能早于开始月份")
	p.Check(t.Amount > 0 && t.Amount <= MaxFen, "amount", "目标金额须大于 0，且不超过十万亿元")
	p.Check(t.Baseline >= 0 && t.Baseline <= MaxFen, "baseline", "基期值超出范围")
	return p.Err()
}

// Period names the months the target counts: "累计" without bounds, "2025年" for
// a calendar year, else its first and last month.
func (t *Target) Period() string {
	from, to := string(t.From), string(t.To)
	switch {
	case from == "" && to == "":
		return "累计"
	case to == "":
		return from + " 起"
	case from == "":
		return "截至 " + to
	case t.From.Valid() && to == from[:4]+"-12" && from[4:] == "-01":
		return from[:4] + "年"
	default:
		return from + " 至 " + to
	}
}
