package market

import (
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// ListingKind tells achievements from demands.
type ListingKind string

// The kinds of listing.
const (
	KindAchievement ListingKind = "achievement"
	KindDemand      ListingKind = "demand"
)

// ListingKinds is the code list of kinds.
var ListingKinds = CodeList{{"achievement", "成果"}, {"demand", "需求"}}

// ListingState is where a listing stands.
type ListingState string

// The states of a listing.
const (
	StateDraft     ListingState = "draft"
	StateSubmitted ListingState = "submitted"
	StatePublished ListingState = "published"
	StateRejected  ListingState = "rejected"
	StateWithdrawn ListingState = "withdrawn"
	StateExpired   ListingState = "expired"
	StateMerged    ListingState = "merged" // it said the same as another, which stands for it
)

// ListingStates is the code list of states.
var ListingStates = CodeList{
	{"draft", "草稿"}, {"submitted", "待审核"}, {"published", "已发布"},
	{"rejected", "已驳回"}, {"withdrawn", "已撤回"}, {"expired", "已过期"}, {"merged", "已合并"},
}

// Name returns the Chinese name of the state.
func (s ListingState) Name() string { return ListingStates.Name(string(s)) }

// ListingMoves is the state table of achievements and demands.
var ListingMoves = Moves[ListingState]{
	{From: StateDraft, Action: ActRevise, To: StateDraft},
	{From: StateDraft, Action: ActSubmit, To: StateSubmitted},
	{From: StateDraft, Action: ActWithdraw, To: StateWithdrawn},
	{From: StateSubmitted, Action: ActApprove, To: StatePublished},
	{From: StateSubmitted, Action: ActReject, To: StateRejected, NeedNote: true},
	{From: StateSubmitted, Action: ActWithdraw, To: StateWithdrawn},
	{From: StateRejected, Action: ActRevise, To: StateDraft},
	{From: StateRejected, Action: ActSubmit, To: StateSubmitted},
	{From: StateRejected, Action: ActWithdraw, To: StateWithdrawn},
	// A change to what is public is reviewed again before it shows.
	{From: StatePublished, Action: ActRevise, To: StateSubmitted},
	{From: StatePublished, Action: ActWithdraw, To: StateWithdrawn},
	{From: StatePublished, Action: ActRenew, To: StatePublished},
	{From: StatePublished, Action: ActExpire, To: StateExpired},
	{From: StateExpired, Action: ActRenew, To: StatePublished},
	{From: StateExpired, Action: ActWithdraw, To: StateWithdrawn},
	{From: StateWithdrawn, Action: ActReopen, To: StateDraft},
	{From: StateDraft, Action: ActMerge, To: StateMerged},
	{From: StateSubmitted, Action: ActMerge, To: StateMerged},
	{From: StateRejected, Action: ActMerge, To: StateMerged},
	{From: StatePublished, Action: ActMerge, To: StateMerged},
	{From: StateExpired, Action: ActMerge, To: StateMerged},
	// In truth back to the state it was merged in, see Listing.MergedFrom.
	{From: StateMerged, Action: ActUnmerge, To: StateDraft},
}

// Limits of listing texts, in characters. The summary limit is that of the
// achievement registration form of one province (2,000) raised for papers.
const (
	MaxTitle    = 200
	MaxSummary  = 5_000
	MaxDetail   = 20_000
	MaxKeywords = 10
	MaxWord     = 40
	MaxNote     = 500
)

// ListingValidity is how long a listing stays published before its owner must
// renew it, when no earlier date was set.
const ListingValidity = 365 * 24 * time.Hour

// Listing is what achievements and demands share.
type Listing struct {
	Title    string   `bson:"title" json:"title"`       // 1–200 characters
	Summary  string   `bson:"summary" json:"summary"`   // public, 1–5,000 characters
	Detail   string   `bson:"detail" json:"detail"`     // confidential; only for readers granted ActReadDetail
	Keywords []string `bson:"keywords" json:"keywords"` // at most 10, each at most 40 characters
	Class    Class    `bson:"class" json:"class"`
	Modes    []string `bson:"modes" json:"modes"`     // codes of Modes
	Contact  Contact  `bson:"contact" json:"contact"` // masked for readers granted ActReadContact, hidden from others, see ContactExposure
	Source   string   `bson:"source" json:"source"`   // where the text comes from, e.g. a section of the plan

	Owner      ID           `bson:"owner" json:"owner"`           // organization that manages the listing
	ImportKey  string       `bson:"import_key" json:"import_key"` // owner + "/" + external id, or the id; unique, never changes
	Demo       bool         `bson:"demo" json:"demo"`             // demonstration data, marked wherever it shows
	State      ListingState `bson:"state" json:"state"`
	Submitter  ID           `bson:"submitter" json:"submitter"`              // user who last submitted; may not review
	Published  time.Time    `bson:"published" json:"published,omitzero"`     // UTC; zero until first published
	ValidUntil time.Time    `bson:"valid_until" json:"valid_until,omitzero"` // UTC; a published listing expires then
	MergedInto ID           `bson:"merged_into" json:"merged_into"`          // the listing that stands for this one; set while StateMerged
	MergedFrom ListingState `bson:"merged_from" json:"-"`                    // the state it had then, which unmerging restores
	Broker     ID           `bson:"broker" json:"broker,omitempty"`          // user it was handed to; only for readers granted ActReadDetail
	History    []Event      `bson:"history" json:"history"`
}

// Class is where a listing belongs in the code lists. Empty codes mean not stated.
type Class struct {
	Field    string `bson:"field" json:"field"`       // code of Fields
	Industry string `bson:"industry" json:"industry"` // code of Industries
	Chain    string `bson:"chain" json:"chain"`       // code of Chains
	Division string `bson:"division" json:"division"` // GB/T 2260
}

// Contact is whom to ask. Personal data: readers see of it what Shown shows.
type Contact struct {
	Name  string `bson:"name" json:"name"`
	Phone string `bson:"phone" json:"phone"`
	Email string `bson:"email" json:"email"`
}

func (c Contact) check(p *Problems) {
	checkText(p, "contact.name", c.Name, false, MaxWord)
	if c.Phone != "" {
		_, err := ParsePhone(c.Phone)
		p.Check(err == nil, "contact.phone", "应为 11 位手机号，或 023-12345678 样子的座机")
	}
	p.Check(c.Email == "" || (len(c.Email) <= 254 && emailAddress.MatchString(c.Email)), "contact.email", "不是电子邮箱地址")
}

func (c Class) check(p *Problems) {
	checkCode(p, "class.field", c.Field, Fields)
	checkCode(p, "class.industry", c.Industry, Industries)
	checkCode(p, "class.chain", c.Chain, Chains)
	checkDivision(p, "class.division", c.Division)
}

func checkCode(p *Problems, field, code string, list CodeList) {
	p.Check(code == "" || list.Has(code), field, "不在可选范围内，请从列表中选择")
}

func checkCodes(p *Problems, field string, codes []string, list CodeList) {
	p.Check(len(codes) <= len(list), field, "选择过多")
	for _, c := range codes {
		if !list.Has(c) {
			p.Add(field, "不在可选范围内，请从列表中选择")
			return
		}
	}
}

// check notes every broken rule of the shared part.
func (l *Listing) check(p *Problems) {
	checkText(p, "title", l.Title, true, MaxTitle)
	checkText(p, "summary", l.Summary, true, MaxSummary)
	checkText(p, "detail", l.Detail, false, MaxDetail)
	checkText(p, "source", l.Source, false, MaxTitle)
	p.Check(len(l.Keywords) <= MaxKeywords, "keywords", "最多 10 个")
	for _, k := range l.Keywords {
		checkText(p, "keywords", k, true, MaxWord)
	}
	checkCodes(p, "modes", l.Modes, Modes)
	l.Class.check(p)
	l.Contact.check(p)
}

// Ready notes what must be filled before a listing may be submitted, beyond
// what a draft needs: a field to be found under and a way to deal.
func (l *Listing) ready(p *Problems) {
	p.Check(l.Class.Field != "", "class.field", "提交审核前请选择技术领域")
	p.Check(len(l.Modes) > 0, "modes", "提交审核前请至少选择一种合作方式")
}

// Public reports whether anyone may read the public part.
func (l *Listing) Public() bool { return l.State == StatePublished }

// mask blanks confidential detail unless it may be read, and shows of the
// contact what the exposure lets be seen. A reader without the right to the
// detail learns neither the submitter nor the history.
func (l *Listing) mask(detail bool, contact Exposure) {
	if !detail {
		l.Detail, l.Submitter, l.History, l.ImportKey, l.Broker = "", "", nil, "", ""
	}
	l.Contact = l.Contact.Shown(contact)
}

// titleKey is the name by which a listing entered twice by one organization is found.
func titleKey(owner ID, kind, title, unit, summary string) string {
	if unit = NormalTitle(unit); unit == "" {
		sum := sha256.Sum256([]byte(NormalTitle(summary)))
		unit = "?" + hex.EncodeToString(sum[:12])
	}
	return kind + "/title/" + string(owner) + "/" + NormalTitle(title) + "/" + unit
}
