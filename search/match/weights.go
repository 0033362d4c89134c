// Package match scores how well an achievement fits a demand and says why: a
// sum of named parts, each with its reason, and the passages of both texts
// that carry it. It is pure: what it needs to know of the market it is told.
package match

// Weight is the share of one part in a score.
type Weight struct {
	Part string // code of market.PartNames
	Max  int
}

// Weights is the whole weighing of a match, in the order parts are shown; it
// adds up to 100.
var Weights = []Weight{
	// What is asked and what is offered, in words. Half of the score: without it
	// the other parts only say that a deal would be possible.
	{"text", 50},
	// Where both belong in the code lists: technical field 10, industry 5, since
	// an achievement of one industry often serves another.
	{"field", 15},
	// Whether the achievement is as far as the demand asks.
	{"maturity", 15},
	// Whether what the owner asks can be paid from the budget.
	{"price", 10},
	// Whether both want to deal in the same way.
	{"mode", 10},
}

// industryMax is the industry's share of the part "field".
const industryMax = 5

// half is what a part gives when one side does not say: neither for nor
// against. It is said in the reason.
func half(max int) int { return max / 2 }
