package market

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// WeightingID is the id of the one weighting in force.
const WeightingID ID = "matching"

// WholeScore is what the parts of a weighting add up to.
const WholeScore = 100

// Weighting is how many of the 100 points of a match each part can give. There
// is one in force; a change is a new version with its history.
type Weighting struct {
	Meta    `bson:"-"`
	Parts   []Weight `bson:"parts" json:"parts"` // every code of PartNames once, in that order
	History []Event  `bson:"history" json:"history"`
}

// Weight is what one part can give.
type Weight struct {
	Part string `bson:"part" json:"part"` // code of PartNames
	Max  int    `bson:"max" json:"max"`   // 0–100; 0 leaves the part out of the score
}

// DefaultWeights is the weighting of a market that has not chosen its own.
var DefaultWeights = []Weight{
	// What is asked and what is offered, in words. Half of the score: without it
	// the other parts only say that a deal would be possible.
	{"text", 50},
	// The numbers asked for against those stated: the hardest facts there are,
	// but only where both sides write them.
	{"requirements", 12},
	// Where both belong in the code lists; the industry is half the field, since
	// an achievement of one industry often serves another.
	{"field", 8}, {"industry", 4},
	// Whether the achievement is as far as the demand asks.
	{"maturity", 8},
	// Whether what the owner asks can be paid from the budget.
	{"price", 6},
	// Whether both want to deal in the same way.
	{"mode", 4},
	// Whether the rights offered are still in force: a dead patent is free to use.
	{"rights", 4},
	// How near both are, and how recently both were published.
	{"region", 2}, {"freshness", 2},
}

// DefaultWeighting returns a weighting of DefaultWeights that is not stored.
func DefaultWeighting() Weighting {
	return Weighting{Meta: Meta{ID: WeightingID}, Parts: append([]Weight(nil), DefaultWeights...)}
}

// Max returns what a part can give, 0 for one that is not there.
func (w *Weighting) Max(part string) int {
	for _, one := range w.Parts {
		if one.Part == part {
			return one.Max
		}
	}
	return 0
}

// Sum returns what all parts can give together.
func (w *Weighting) Sum() int {
	sum := 0
	for _, one := range w.Parts {
		sum += one.Max
	}
	return sum
}

// Check puts the parts in the order of PartNames and returns Invalid naming
// every broken one; the sum is named at "parts".
func (w *Weighting) Check() error {
	var p Problems
	seen := map[string]int{}
	for _, one := range w.Parts {
		if !PartNames.Has(one.Part) {
			p.Add("parts", "没有“"+Clip(one.Part, 20)+"”这一项")
		}
		seen[one.Part]++
		p.Check(one.Max >= 0 && one.Max <= WholeScore, one.Part, "应为 0 至 100 的整数")
	}
	ordered := make([]Weight, 0, len(PartNames))
	for _, code := range PartNames {
		p.Check(seen[code.Code] == 1, code.Code, "每一项写一次，不参与评分的写 0")
		ordered = append(ordered, Weight{code.Code, w.Max(code.Code)})
	}
	if len(p) == 0 {
		p.Check(w.Sum() == WholeScore, "parts", "各项满分合计须为 100，现在是 "+strconv.Itoa(w.Sum()))
		p.Check(w.Max("text") > 0, "text", "内容须参与评分，否则对上的只是条件")
	}
	if err := p.Err(); err != nil {
		return err
	}
	w.Parts = ordered
	return nil
}

// Same reports whether two weightings give the same points.
func (w *Weighting) Same(other Weighting) bool {
	for _, code := range PartNames {
		if w.Max(code.Code) != other.Max(code.Code) {
			return false
		}
	}
	return true
}

// Short writes the maxima in the order of PartNames: 50/12/8/4/8/6/4/4/2/2.
func (w *Weighting) Short() string {
	all := make([]string, len(PartNames))
	for i, code := range PartNames {
		all[i] = strconv.Itoa(w.Max(code.Code))
	}
	return strings.Join(all, "/")
}

// Changes says what a weighting changes in an older one, in Chinese: "内容 50
// 改为 45；领域 8 改为 13". Empty when nothing.
func (w *Weighting) Changes(old Weighting) string {
	var all []string
	for _, code := range PartNames {
		if was, now := old.Max(code.Code), w.Max(code.Code); was != now {
			all = append(all, fmt.Sprintf("%s %d 改为 %d", code.Name, was, now))
		}
	}
	return strings.Join(all, "；")
}

// Last returns when and by whom the weighting was last chosen; zero and empty
// for one that nobody chose.
func (w *Weighting) Last() (at time.Time, by ID) {
	if n := len(w.History); n > 0 {
		return w.History[n-1].At, w.History[n-1].By
	}
	return time.Time{}, ""
}
