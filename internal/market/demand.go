package market

// Demand is a 技术需求: a problem an enterprise wants solved. Its fields follow
// what calls for solutions (揭榜挂帅) must state: problem, indicators, deadline,
// IP ownership, funding, conditions.
type Demand struct {
	Meta    `bson:"-"`
	Listing `bson:",inline"`

	Demander   string      `bson:"demander" json:"demander"`         // name of the enterprise, withheld when Anonymous
	Anonymous  bool        `bson:"anonymous" json:"anonymous"`       // the public sees no demander
	DemandKind string      `bson:"demand_kind" json:"demand_kind"`   // code of DemandKinds
	Criteria   []Criterion `bson:"criteria" json:"criteria"`         // at most 20
	MinTRL     int         `bson:"min_trl" json:"min_trl"`           // least maturity asked, 0 = any
	BudgetLow  Fen         `bson:"budget_low" json:"budget_low_fen"` // 0 with BudgetHigh 0 = 面议
	BudgetHigh Fen         `bson:"budget_high" json:"budget_high_fen"`
	Deadline   Date        `bson:"deadline" json:"deadline"`     // when the solution is needed, may be empty
	IPTerm     string      `bson:"ip_term" json:"ip_term"`       // who shall own the result
	Conditions string      `bson:"conditions" json:"conditions"` // what solvers must bring
}

// Criterion is one indicator the solution must meet, e.g. 抗拉强度 ≥ 350 MPa.
type Criterion struct {
	Name  string `bson:"name" json:"name"`
	Op    string `bson:"op" json:"op"`       // code of CriterionOps
	Value string `bson:"value" json:"value"` // a number, or two joined by ~ for "between"
	Unit  string `bson:"unit" json:"unit"`
}

// CriterionOps is how a criterion compares.
var CriterionOps = CodeList{{"ge", "≥"}, {"le", "≤"}, {"eq", "="}, {"between", "介于"}}

// Line writes the criterion as one line: 抗拉强度 ≥ 350 MPa.
func (c Criterion) Line() string {
	line := c.Name + " " + CriterionOps.Name(c.Op) + " " + c.Value
	if c.Unit != "" {
		line += " " + c.Unit
	}
	return line
}

// Check returns Invalid naming every broken field. strict adds what submitting
// needs beyond a draft.
func (d *Demand) Check(strict bool) error {
	var p Problems
	d.check(&p)
	checkText(&p, "demander", d.Demander, false, MaxTitle)
	checkText(&p, "ip_term", d.IPTerm, false, MaxTitle)
	checkText(&p, "conditions", d.Conditions, false, MaxSummary)
	checkCode(&p, "demand_kind", d.DemandKind, DemandKinds)
	p.Check(d.MinTRL >= 0 && d.MinTRL <= 9, "min_trl", "应为 1 至 9 级")
	p.Check(d.BudgetLow >= 0 && d.BudgetLow <= MaxFen, "budget_low", "金额超出范围")
	p.Check(d.BudgetHigh >= 0 && d.BudgetHigh <= MaxFen, "budget_high", "金额超出范围")
	if d.BudgetHigh == 0 {
		d.BudgetHigh = d.BudgetLow
	}
	p.Check(d.BudgetLow <= d.BudgetHigh, "budget_high", "上限不能低于下限")
	p.Check(d.Deadline == "" || d.Deadline.Valid(), "deadline", "不是日期")
	p.Check(len(d.Criteria) <= 20, "criteria", "最多 20 项")
	for _, c := range d.Criteria {
		checkText(&p, "criteria", c.Name, true, MaxWord)
		checkText(&p, "criteria", c.Value, true, MaxWord)
		checkText(&p, "criteria", c.Unit, false, MaxWord)
		p.Check(CriterionOps.Has(c.Op), "criteria", "请选择比较方式")
	}
	if strict {
		d.ready(&p)
		p.Check(d.DemandKind != "", "demand_kind", "提交审核前请选择需求类型")
	}
	return p.Err()
}

// ClaimKeys returns the name no other live demand of the same owner may hold: its normalised
// title with its demander, or with its summary when that is not known.
func (d *Demand) ClaimKeys() []string {
	return []string{titleKey(d.Owner, "demand", d.Title, d.Demander, d.Summary)}
}

// Shared returns the part common to listings.
func (d *Demand) Shared() *Listing { return &d.Listing }

// Masked returns a copy without what the reader may not see. An anonymous
// demander's name and contact go with the detail.
func (d *Demand) Masked(detail bool, contact Exposure) *Demand {
	b := *d
	b.Listing.mask(detail, contact)
	if d.Anonymous && !detail {
		b.Demander, b.Owner, b.Contact = "", "", Contact{}
	}
	return &b
}
