package market

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// Judgement is what somebody says of a match.
type Judgement string

// The judgements.
const (
	JudgedFits Judgement = "fits"
	JudgedNear Judgement = "near"
	JudgedNo   Judgement = "no"
)

// Judgements is the code list of judgements, best first.
var Judgements = CodeList{{string(JudgedFits), "合适"}, {string(JudgedNear), "接近"}, {string(JudgedNo), "不合适"}}

// Gain is what a judgement counts as where rankings are rated: 2, 1 or 0.
func (j Judgement) Gain() float64 {
	switch j {
	case JudgedFits:
		return 2
	case JudgedNear:
		return 1
	}
	return 0
}

// VerdictReasons is why a match is judged not to fit.
var VerdictReasons = CodeList{
	{"wrong_problem", "问题不对"}, {"immature", "不够成熟"}, {"price", "价格"}, {"rights", "权利"}, {ReasonOther, "其他"},
}

// ReasonOther is the reason that wants words.
const ReasonOther = "other"

// Sides is as which side of a match somebody judges it.
var Sides = CodeList{{"demander", "需求方"}, {"supplier", "供给方"}, {"broker", "技术经纪人"}, {"officer", "科技局"}}

// VerdictState is where a verdict stands.
type VerdictState string

// The states of a verdict.
const (
	VerdictGiven     VerdictState = "given"
	VerdictRetracted VerdictState = "retracted"
)

// VerdictStates is the code list of what a verdict's events lead to: the
// judgements, and its end.
var VerdictStates = append(append(CodeList{}, Judgements...), Code{string(VerdictRetracted), "已撤销"})

// Verdict is what one judge says of one match 判断. There is one for each judge
// and pair; a change or its end is one more event, and nothing goes.
type Verdict struct {
	Meta        `bson:"-"`
	Pair        ID           `bson:"pair" json:"pair"` // PairID of the two
	Demand      ID           `bson:"demand" json:"demand"`
	Achievement ID           `bson:"achievement" json:"achievement"`
	User        ID           `bson:"user" json:"user"` // who judges
	Org         ID           `bson:"org" json:"org"`   // for whom
	Side        string       `bson:"side" json:"side"` // code of Sides
	State       VerdictState `bson:"state" json:"state"`
	Judgement   Judgement    `bson:"judgement" json:"judgement"` // the last one; counts while State is given
	Reason      string       `bson:"reason" json:"reason"`       // code of VerdictReasons, of JudgedNo only
	Note        string       `bson:"note" json:"note"`           // in words, of ReasonOther; at most MaxNote characters
	Refuses     bool         `bson:"refuses" json:"refuses"`     // given and JudgedNo: the pair is not suggested while its texts stay

	DemandDigest      string      `bson:"demand_digest" json:"demand_digest"`           // Digest of the text judged
	AchievementDigest string      `bson:"achievement_digest" json:"achievement_digest"` // Digest of the text judged
	Score             int         `bson:"score" json:"score"`                           // 0–100 when judged; 0 without Parts
	Parts             []PartShare `bson:"parts" json:"parts"`                           // as scored when judged; none when the index was away
	History           []Event     `bson:"history" json:"history"`
}

// PartShare is one part of a score as it was when a match was judged.
type PartShare struct {
	Name   string `bson:"name" json:"name"` // code of PartNames
	Points int    `bson:"points" json:"points"`
	Max    int    `bson:"max" json:"max"`
}

// PairID names a demand and an achievement together; it is the id of their Match.
func PairID(demand, achievement ID) ID { return demand + "." + achievement }

// SplitPair takes PairID apart. It returns NotFound for what is none.
func SplitPair(pair ID) (demand, achievement ID, err error) {
	d, a, _ := strings.Cut(string(pair), ".")
	demand, achievement = ID(d), ID(a)
	if !demand.WellFormed() || !achievement.WellFormed() {
		return "", "", E(NotFound, "not_found", "没有找到这条匹配，可能已被移走。")
	}
	return demand, achievement, nil
}

// VerdictID is the id of the one verdict a judge has on a pair.
func VerdictID(user, org, pair ID) ID {
	sum := sha256.Sum256([]byte(string(user) + "/" + string(org) + "/" + string(pair)))
	return ID("vd-" + hex.EncodeToString(sum[:16]))
}

// Check returns Invalid naming every broken field: a no has a reason and
// nothing else has one, the reason other has words and no other reason has.
func (v *Verdict) Check() error {
	var p Problems
	p.Check(Judgements.Has(string(v.Judgement)), "judgement", "请选择合适、接近或不合适")
	if v.Judgement == JudgedNo {
		p.Check(VerdictReasons.Has(v.Reason), "reason", "请选择为什么不合适")
	} else {
		p.Check(v.Reason == "", "reason", "只在判断为不合适时填写")
	}
	checkText(&p, "note", v.Note, v.Reason == ReasonOther, MaxNote)
	p.Check(v.Note == "" || v.Reason == ReasonOther, "note", "只在原因为“其他”时填写")
	return p.Err()
}

// Counts reports whether the verdict is still one on the texts as they are.
func (v *Verdict) Counts(d *Demand, a *Achievement) bool {
	return v.State == VerdictGiven && v.DemandDigest == d.Digest() && v.AchievementDigest == a.Digest()
}

// SideOf returns the side on which an actor judges the match of two listings:
// their own one if one is theirs, else the office or trade they have; "" for
// none.
func SideOf(by Actor, demandOwner, achievementOwner ID) string {
	switch {
	case by.ActsFor(demandOwner):
		return "demander"
	case by.ActsFor(achievementOwner):
		return "supplier"
	case by.Has(RoleOfficer):
		return "officer"
	case by.Has(RoleBroker):
		return "broker"
	}
	return ""
}
