package market

import "time"

// Quality 匹配质量 is how good the matches of a release were on a day, measured
// on what people judged. Figures are rates of 0 to 1. Nobody who judged is in it.
type Quality struct {
	Meta       `bson:"-"`
	Release    string            `bson:"release" json:"release"`       // version of the program that matched
	Day        Date              `bson:"day" json:"day"`               // in Shanghai
	At         time.Time         `bson:"at" json:"at"`                 // UTC; when it was measured
	Verdicts   int               `bson:"verdicts" json:"verdicts"`     // that stand on texts as they are now
	Outdated   int               `bson:"outdated" json:"outdated"`     // that stand on texts since changed or gone; not counted
	Demands    int               `bson:"demands" json:"demands"`       // published
	Sampled    int               `bson:"sampled" json:"sampled"`       // of these, those that Coverage and Judged are measured on
	Rates      QualityRates      `bson:"rates" json:"rates"`           // of all
	Industries []IndustryQuality `bson:"industries" json:"industries"` // by the demand's industry, those with LeastJudgements at least
	History    []Event           `bson:"history" json:"-"`
}

// LeastJudgements is below how many judgements an industry is not broken out:
// of so few the figures tell nothing, and might tell of whom they are.
const LeastJudgements = 5

// IndustryQuality is the part of demands of one industry.
type IndustryQuality struct {
	Industry string       `bson:"industry" json:"industry"` // code of Industries; empty = not stated
	Rates    QualityRates `bson:"rates" json:"rates"`
}

// QualityRates is figures over some demands. An Estimate of nothing is zero,
// and the count beside it says so.
type QualityRates struct {
	Judgements int      `bson:"judgements" json:"judgements"` // pairs judged
	Lists      int      `bson:"lists" json:"lists"`           // demands with a judged pair among the first ten: P5 is a mean over these
	Graded     int      `bson:"graded" json:"graded"`         // these, and demands with a pair judged good that is not suggested: NDCG10 is a mean over them
	P5         Estimate `bson:"p5" json:"p5"`                 // of the first five judged ones, the share that fits
	NDCG10     Estimate `bson:"ndcg10" json:"ndcg10"`         // gains 2, 1, 0 of the judged ones among the first ten
	Demands    int      `bson:"demands" json:"demands"`       // that Coverage is measured on
	Coverage   Estimate `bson:"coverage" json:"coverage"`     // share with one match at the threshold at least
	Suggested  int      `bson:"suggested" json:"suggested"`   // demands with suggestions: Judged is a mean over these
	Judged     Estimate `bson:"judged" json:"judged"`         // of the first ten suggestions, the share that somebody judged
}
