package market

// Answer is what matching says of one listing: what fits, or why nothing does.
type Answer struct {
	Matches   []Match `json:"matches"`   // best first, each fits; at most as many as were asked for
	Threshold int     `json:"threshold"` // score that a match needs, 0–100
	// Considered is how many published counterparts were compared: those
	// nearest in words. Less the removed ones, that many fit.
	Considered int         `json:"considered"`
	Removed    []Removal   `json:"removed"`              // what kept the others out, in the order of Constraints
	Nearest    *Match      `json:"nearest,omitempty"`    // of those kept out the one nearest; never one judged "no"
	Lacks      string      `json:"lacks,omitempty"`      // code of Constraints: what keeps the nearest out
	Relaxation *Relaxation `json:"relaxation,omitempty"` // only when nothing fits and one change would admit something
	Obstacle   string      `json:"obstacle,omitempty"`   // code of Obstacles: why the listing cannot be compared at all
}

// Removal is how many counterparts one constraint kept out. Each is counted
// under the first constraint that it fails.
type Removal struct {
	Constraint string `json:"constraint"` // code of Constraints
	Count      int    `json:"count"`      // 1 or more
}

// Constraints is what keeps a counterpart out, in the order it is asked.
var Constraints = CodeList{
	{"judged", "已判断为不合适"}, {"text", "内容不够接近"}, {"requirements", "指标与要求相抵触"}, {"rights", "知识产权已失效"},
	{"maturity", "成熟度达不到要求"}, {"price", "报价超出预算太多"}, {"mode", "合作方式不同"}, {"region", "不在要求的地区"},
	{"field", "技术领域不同"}, {"industry", "行业不同"}, {"freshness", "发布已久"},
}

// Obstacles is why a listing cannot be compared, as a sentence to its owner.
var Obstacles = CodeList{
	{"wordless", "无法比较：名称和简介里没有文字，只有标点、符号或表情。请写明要解决的问题、对象和指标。"},
	{"vague", "无法比较：名称和简介里只有“技术”“研究”“需要”一类的常用词，看不出说的是什么。请写明产品、材料、工艺或指标。"},
}

// Relaxation is the single change of a listing that would admit the
// counterpart nearest to fitting.
type Relaxation struct {
	Constraint string `json:"constraint"` // code of Constraints that it loosens
	Field      string `json:"field"`      // JSON name of the field to change
	From       string `json:"from"`       // value now, in Chinese: 7 级
	To         string `json:"to"`         // value that admits: 5 级
	Text       string `json:"text"`       // the change in Chinese: 成熟度要求由 7 级降到 5 级
	Admits     ID     `json:"admits"`     // id of the counterpart admitted
	Title      string `json:"title"`      // its title
	Score      int    `json:"score"`      // of the pair after the change
}
