package market

import "time"

// Radar is what is asked for and not offered, and what is offered and nobody
// asks for, as of one moment.
type Radar struct {
	Meta     `bson:"-"`
	Taken    time.Time  `bson:"taken" json:"taken"`       // when it was computed, UTC
	By       ID         `bson:"by" json:"by"`             // who asked for it; the System when nobody did
	Demands  int        `bson:"demands" json:"demands"`   // published demands looked at
	Offers   int        `bson:"offers" json:"offers"`     // published achievements looked at
	Unlooked int        `bson:"unlooked" json:"unlooked"` // listings left out, being more than one run looks at
	Gaps     []Gap      `bson:"gaps" json:"gaps"`         // most demands first; never nil
	Idle     []IdleUnit `bson:"idle" json:"idle"`         // most achievements first; never nil
}

// Gap is unmet demands of one industry chain that ask for about the same.
type Gap struct {
	Chain   string        `bson:"chain" json:"chain"` // code of Chains; empty when not stated
	Terms   []string      `bson:"terms" json:"terms"` // what they have in common, heaviest first
	Demands []UnmetDemand `bson:"demands" json:"demands"`
}

// UnmetDemand is a published demand that nothing fits.
type UnmetDemand struct {
	ID        ID         `bson:"id" json:"id"`
	Title     string     `bson:"title" json:"title"`
	Who       string     `bson:"who" json:"who"` // demander; empty when anonymous
	Division  string     `bson:"division" json:"division"`
	Threshold int        `bson:"threshold" json:"threshold"` // score that a match would have needed
	Nearest   *NearThing `bson:"nearest" json:"nearest"`     // null when nothing came near
}

// NearThing is what came nearest without fitting.
type NearThing struct {
	ID    ID     `bson:"id" json:"id"`
	Title string `bson:"title" json:"title"`
	Who   string `bson:"who" json:"who"`     // holder; empty when not known or withheld
	Score int    `bson:"score" json:"score"` // 0–100
	Lacks string `bson:"lacks" json:"lacks"` // code of Constraints: what keeps it out, whatever its score; empty when not known
}

// Lacking says in Chinese what keeps it out; empty when not known.
func (n NearThing) Lacking() string {
	if n.Lacks == "" {
		return ""
	}
	return Constraints.Name(n.Lacks)
}

// IdleUnit is one holder with what nobody asks for of theirs.
type IdleUnit struct {
	Holder       string            `bson:"holder" json:"holder"` // empty when not stated
	Achievements []IdleAchievement `bson:"achievements" json:"achievements"`
}

// IdleAchievement is a published achievement that fits no demand.
type IdleAchievement struct {
	ID       ID         `bson:"id" json:"id"`
	Title    string     `bson:"title" json:"title"`
	Chain    string     `bson:"chain" json:"chain"`
	Division string     `bson:"division" json:"division"`
	Nearest  *NearThing `bson:"nearest" json:"nearest"`
}

// RadarRun is how far a computation is.
type RadarRun struct {
	Running bool      `json:"running"`
	Begun   time.Time `json:"begun,omitzero"`
	Done    int       `json:"done"`   // listings looked at
	Total   int       `json:"total"`  // listings to look at; 0 until known
	Failed  string    `json:"failed"` // Chinese, why the last one came to no end; empty when it did
}
