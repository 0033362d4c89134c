package market

import (
	"slices"
	"strings"
)

// Achievement is a 科技成果 offered to the market. Its fields follow the form
// of the national achievement registration (科技成果登记办法 2000) where buyers
// need them; what only statistics need comes with registration.
type Achievement struct {
	Meta    `bson:"-"`
	Listing `bson:",inline"`

	Holder     string   `bson:"holder" json:"holder"`           // 第一完成单位; empty when the source does not say
	HolderCode string   `bson:"holder_code" json:"holder_code"` // 统一社会信用代码 of the holder, may be empty
	Partners   []string `bson:"partners" json:"partners"`       // 合作完成单位, in order
	Benefit    string   `bson:"benefit" json:"benefit"`         // how much better than today's solution, with numbers
	Category   string   `bson:"category" json:"category"`       // code of Categories
	Form       string   `bson:"form" json:"form"`               // code of Forms
	Level      string   `bson:"level" json:"level"`             // code of Levels
	Maturity   Maturity `bson:"maturity" json:"maturity"`
	Rights     []Right  `bson:"rights" json:"rights"` // at most 20
	Price      Price    `bson:"price" json:"price"`
	Registered string   `bson:"registered" json:"registered"` // 成果登记号, 12 characters, may be empty
}

// Maturity is how far an achievement is.
type Maturity struct {
	Stage    string `bson:"stage" json:"stage"`       // code of Stages
	TRL      int    `bson:"trl" json:"trl"`           // 1–9; 0 = not assessed
	Evidence string `bson:"evidence" json:"evidence"` // what shows it: test report, user proof
}

// Right is one intellectual property right.
type Right struct {
	Kind   string `bson:"kind" json:"kind"`     // code of IPKinds
	Number string `bson:"number" json:"number"` // normalised for patents
	State  string `bson:"state" json:"state"`   // code of IPStates
	Expiry Date   `bson:"expiry" json:"expiry"` // last day of the term, empty when not known
}

// Patent reports whether the right is one of the three patent kinds.
func (r Right) Patent() bool {
	return r.Kind == "invention" || r.Kind == "utility" || r.Kind == "design"
}

// Price is what the owner asks.
type Price struct {
	Mode string `bson:"mode" json:"mode"`     // code of PriceModes; empty means negotiable
	Low  Fen    `bson:"low" json:"low_fen"`   // the fixed price, or the lower end; 0 when negotiable
	High Fen    `bson:"high" json:"high_fen"` // upper end of a range, else equal to Low
}

func (pr *Price) check(p *Problems, field string) {
	checkCode(p, field+".mode", pr.Mode, PriceModes)
	p.Check(pr.Low >= 0 && pr.Low <= MaxFen, field+".low", "金额超出范围")
	p.Check(pr.High >= 0 && pr.High <= MaxFen, field+".high", "金额超出范围")
	switch pr.Mode {
	case "fixed":
		p.Check(pr.Low > 0, field+".low", "一口价须大于 0")
		pr.High = pr.Low
	case "range":
		p.Check(pr.High > 0 && pr.Low <= pr.High, field+".high", "上限须大于 0 且不低于下限")
	default:
		pr.Mode, pr.Low, pr.High = "negotiable", 0, 0
	}
}

// Check normalises the achievement's identifiers and returns Invalid naming
// every broken field. strict adds what submitting needs beyond a draft.
func (a *Achievement) Check(strict bool) error {
	var p Problems
	a.check(&p)
	checkText(&p, "holder", a.Holder, false, MaxTitle)
	checkText(&p, "benefit", a.Benefit, false, MaxSummary)
	checkText(&p, "maturity.evidence", a.Maturity.Evidence, false, MaxTitle)
	checkText(&p, "registered", a.Registered, false, MaxWord)
	p.Check(len(a.Partners) <= 20, "partners", "最多 20 个")
	for _, name := range a.Partners {
		checkText(&p, "partners", name, true, MaxTitle)
	}
	if a.HolderCode != "" {
		code, err := ParseCreditCode(a.HolderCode)
		p.Check(err == nil, "holder_code", "统一社会信用代码不对，请核对 18 位代码")
		a.HolderCode = code
	}
	checkCode(&p, "category", a.Category, Categories)
	checkCode(&p, "form", a.Form, Forms)
	checkCode(&p, "level", a.Level, Levels)
	checkCode(&p, "maturity.stage", a.Maturity.Stage, Stages)
	p.Check(a.Maturity.TRL >= 0 && a.Maturity.TRL <= 9, "maturity.trl", "应为 1 至 9 级")
	if a.Maturity.Stage == "" {
		a.Maturity.Stage = StageOf(a.Maturity.TRL)
	}
	a.Price.check(&p, "price")
	a.checkRights(&p)
	if strict {
		a.ready(&p)
		p.Check(a.Maturity.Stage != "", "maturity.stage", "提交审核前请选择所处阶段")
	}
	return p.Err()
}

func (a *Achievement) checkRights(p *Problems) {
	p.Check(len(a.Rights) <= 20, "rights", "最多 20 项")
	for i := range a.Rights {
		r := &a.Rights[i]
		p.Check(IPKinds.Has(r.Kind), "rights", "请选择知识产权类型")
		checkCode(p, "rights", r.State, IPStates)
		checkText(p, "rights", r.Number, false, MaxWord)
		p.Check(r.Expiry == "" || r.Expiry.Valid(), "rights", "有效期不是日期")
		if r.Patent() && r.Number != "" {
			number, err := ParsePatentNumber(r.Number)
			p.Check(err == nil, "rights", "专利号“"+Clip(r.Number, 24)+"”不对：应写成 ZL201710601862.3 的样子，且校验位相符")
			if err == nil {
				r.Number = number
			}
		}
	}
}

// ClaimKeys returns the names that no other live achievement of the same owner
// may hold: each number of Numbers, and the normalised title with its holder
// (科技成果登记办法: no duplicate registration), or with its summary when the
// holder is not known. What another organization lists again is not refused,
// since that may be its right, but marked: see Duplicate.
func (a *Achievement) ClaimKeys() []string {
	keys := []string{titleKey(a.Owner, "achievement", a.Title, a.Holder, a.Summary)}
	for _, number := range a.Numbers() {
		keys = append(keys, "achievement/"+string(a.Owner)+"/"+number)
	}
	return keys
}

// Numbers returns the numbers that name this result wherever it is listed, each
// once and with its kind before it: patents and applications normalised, other
// rights and the registration folded, in upper case and without spaces.
func (a *Achievement) Numbers() []string {
	var all []string
	add := func(kind, number string) {
		number = strings.ToUpper(strings.Map(dropSpace, Fold(number)))
		if one := kind + "/" + number; number != "" && !slices.Contains(all, one) {
			all = append(all, one)
		}
	}
	for _, r := range a.Rights {
		switch {
		case r.Patent():
			add("patent", r.Number)
		case r.Kind != "secret" && r.Kind != "none": // nobody numbers those
			add(r.Kind, r.Number)
		}
	}
	add("registered", a.Registered)
	return all
}

// Shared returns the part common to listings.
func (a *Achievement) Shared() *Listing { return &a.Listing }

// Masked returns a copy without what the reader may not see.
func (a *Achievement) Masked(detail bool, contact Exposure) *Achievement {
	b := *a
	b.Listing.mask(detail, contact)
	return &b
}
