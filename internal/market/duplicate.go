package market

import "time"

// DuplicateState is where the question stands whether two listings are one.
type DuplicateState string

// The states of a pair.
const (
	DuplicateOpen      DuplicateState = "open"      // found; nobody has judged it
	DuplicateDisputed  DuplicateState = "disputed"  // an owner says that it is not the same
	DuplicateDismissed DuplicateState = "dismissed" // it is not the same
	DuplicateMerged    DuplicateState = "merged"
)

// DuplicateStates is the code list of states.
var DuplicateStates = CodeList{{"open", "待判断"}, {"disputed", "单位说明不同"}, {"dismissed", "不是同一项"}, {"merged", "已合并"}}

// Name returns the Chinese name of the state.
func (s DuplicateState) Name() string { return DuplicateStates.Name(string(s)) }

// DuplicateMoves is the state table of pairs.
var DuplicateMoves = Moves[DuplicateState]{
	{From: DuplicateOpen, Action: ActDispute, To: DuplicateDisputed, NeedNote: true},
	{From: DuplicateOpen, Action: ActDismiss, To: DuplicateDismissed, NeedNote: true},
	{From: DuplicateOpen, Action: ActMerge, To: DuplicateMerged},
	{From: DuplicateDisputed, Action: ActDismiss, To: DuplicateDismissed, NeedNote: true},
	{From: DuplicateDisputed, Action: ActMerge, To: DuplicateMerged},
	{From: DuplicateDismissed, Action: ActMerge, To: DuplicateMerged},
	{From: DuplicateMerged, Action: ActUnmerge, To: DuplicateOpen},
}

// Duplicate is two listings of one kind that may be the same result.
type Duplicate struct {
	Meta       `bson:"-"`     // the id is DuplicateID of the two
	Kind       ListingKind    `bson:"kind" json:"kind"`
	A          ID             `bson:"a" json:"a"` // the two listings, the lesser id first
	B          ID             `bson:"b" json:"b"`
	OwnerA     ID             `bson:"owner_a" json:"owner_a"`
	OwnerB     ID             `bson:"owner_b" json:"owner_b"`
	Similarity int            `bson:"similarity" json:"similarity"` // of the public texts when last compared, 0–100 %
	Numbers    []string       `bson:"numbers" json:"numbers"`       // that both name, see Achievement.Numbers; never nil
	State      DuplicateState `bson:"state" json:"state"`
	Into       ID             `bson:"into" json:"into"` // the one that stands for both; empty unless merged
	Found      time.Time      `bson:"found" json:"found"`
	History    []Event        `bson:"history" json:"history"`
}

// DuplicateID names the pair of two listings, whichever is given first.
func DuplicateID(a, b ID) ID {
	if b < a {
		a, b = b, a
	}
	return a + "." + b
}

// Other returns the listing of the pair that is not one.
func (d *Duplicate) Other(one ID) ID {
	if one == d.A {
		return d.B
	}
	return d.A
}
