package market

import "time"

// LeastVerdicts is how many verdicts weights are learnt from at least.
const LeastVerdicts = 200

// Proposal 权重建议 is a weighting learnt from verdicts, with what it would
// change for the better or worse. It never changes; whether it is in force is
// what the Weighting says.
type Proposal struct {
	Meta     `bson:"-"`
	At       time.Time    `bson:"at" json:"at"`             // UTC
	By       ID           `bson:"by" json:"by"`             // who asked
	Before   []Weight     `bson:"before" json:"before"`     // in force then, in the order of PartNames
	Parts    []Weight     `bson:"parts" json:"parts"`       // proposed, in the order of PartNames; add up to WholeScore
	Verdicts int          `bson:"verdicts" json:"verdicts"` // learnt from
	Demands  int          `bson:"demands" json:"demands"`   // that they are about
	Judges   int          `bson:"judges" json:"judges"`     // who gave them
	Busiest  int          `bson:"busiest" json:"busiest"`   // of the verdicts, those of the judge who gave most
	Figures  []Comparison `bson:"figures" json:"figures"`   // in the order of FigureNames
	History  []Event      `bson:"history" json:"history"`
}

// Comparison is one figure of two weightings, each on verdicts it did not
// learn from.
type Comparison struct {
	Name   string   `bson:"name" json:"name"` // code of FigureNames
	Before Estimate `bson:"before" json:"before"`
	After  Estimate `bson:"after" json:"after"`
	Gain   Estimate `bson:"gain" json:"gain"` // how much better After is, pairwise; for the log loss, lower is better
}

// FigureNames is the code list of figures that weightings are compared by.
var FigureNames = CodeList{{"log_loss", "对数损失"}, {"auc", "AUC"}, {"ndcg10", "nDCG@10"}}
