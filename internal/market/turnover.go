package market

import "time"

// Basis says which of a contract's amounts a figure adds.
type Basis string

// The bases. Every total names its basis; the three are never mixed.
const (
	BasisTotal      Basis = "total"      // 合同成交额
	BasisTechnology Basis = "technology" // 技术交易额
	BasisPaid       Basis = "paid"       // 到账额
)

// Bases is the code list of bases.
var Bases = CodeList{{"total", "合同成交额"}, {"technology", "技术交易额"}, {"paid", "到账额"}}

// Dimension is what turnover can be grouped by.
type Dimension string

// The dimensions.
const (
	ByMonth    Dimension = "month"    // Shanghai month of registration, 2006-01
	ByYear     Dimension = "year"     // Shanghai year of registration
	ByType     Dimension = "type"     // code of ContractTypes
	ByField    Dimension = "field"    // code of Fields
	ByIndustry Dimension = "industry" // code of Industries
	ByOrigin   Dimension = "origin"   // code of Origins
	BySeller   Dimension = "seller_division"
	ByBuyer    Dimension = "buyer_division"
)

// Dimensions is the code list of dimensions.
var Dimensions = CodeList{
	{"month", "月份"}, {"year", "年份"}, {"type", "合同类型"}, {"field", "技术领域"}, {"industry", "行业"},
	{"origin", "来源"}, {"seller_division", "卖方地区"}, {"buyer_division", "买方地区"},
}

// TurnoverQuery asks for sums over registered contracts that still stand.
type TurnoverQuery struct {
	From  Month       // first month, empty = from the beginning
	To    Month       // last month, inclusive, empty = to the end
	By    []Dimension // at most 3
	Basis Basis       // empty = BasisTotal
}

// TurnoverRow is one group.
type TurnoverRow struct {
	Keys  []string `json:"keys"` // codes, in the order of By
	Count int      `json:"count"`
	Fen   Fen      `json:"fen"`
}

// Turnover is the answer: rows sorted by keys, and their sum.
type Turnover struct {
	By    []Dimension   `json:"by"`
	Basis Basis         `json:"basis"`
	Rows  []TurnoverRow `json:"rows"`
	Count int           `json:"count"`
	Fen   Fen           `json:"sum_fen"`
}

// Indicator is one of the plan's values: 专栏2, rows 1–28 with five sub-rows.
type Indicator struct {
	Meta     `bson:"-"`
	Row      string  `bson:"row" json:"row"` // "1" … "28", sub-rows "8a"
	Order    int     `bson:"order" json:"order"`
	Name     string  `bson:"name" json:"name"`
	Unit     string  `bson:"unit" json:"unit"`
	Base     string  `bson:"base" json:"base"`     // value of 2020 as printed
	Goal     string  `bson:"goal" json:"goal"`     // value of 2025 as printed
	Approx   bool    `bson:"approx" json:"approx"` // the plan says 左右
	Source   string  `bson:"source" json:"source"`
	Reported []Value `bson:"reported" json:"reported"`
}

// Value is one reported value of an indicator.
type Value struct {
	Year     int       `bson:"year" json:"year"`
	Text     string    `bson:"text" json:"text"`
	Evidence string    `bson:"evidence" json:"evidence"`
	At       time.Time `bson:"at" json:"at"`
}
