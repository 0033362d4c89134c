package market

import (
	"slices"
	"strconv"
	"time"
)

// Organization is a 单位 that lists, buys, brokers or reviews.
type Organization struct {
	Meta     `bson:"-"`
	Name     string   `bson:"name" json:"name"`
	Key      string   `bson:"key" json:"key"`           // credit code, or "name/" + normalised name without one; unique, never changes
	Code     string   `bson:"code" json:"code"`         // 统一社会信用代码, may be empty until verified
	Kind     string   `bson:"kind" json:"kind"`         // code of OrganizationKinds
	Category string   `bson:"category" json:"category"` // code of PartyCategories
	Division string   `bson:"division" json:"division"` // GB/T 2260
	Summary  string   `bson:"summary" json:"summary"`
	Contact  Contact  `bson:"contact" json:"contact"`
	Services []string `bson:"services" json:"services"` // codes of ServiceKinds, of a service institution
	Level    string   `bson:"level" json:"level"`       // code of InstitutionLevels, of a service institution
	Marks    []Mark   `bson:"marks" json:"marks"`       // what it was recognised as, at most MaxMarks
	Evidence []ID     `bson:"evidence" json:"evidence"` // files that prove who it is, at most MaxEvidence

	State     OrganizationState `bson:"state" json:"state"`
	Since     time.Time         `bson:"since" json:"since"`         // UTC; when the state was reached, so how long the bureau is waited for
	Submitter ID                `bson:"submitter" json:"submitter"` // user who signed it up; empty when the bureau entered it
	Demo      bool              `bson:"demo" json:"demo"`
	History   []Event           `bson:"history" json:"history"`
}

// OrganizationState is where the bureau's check of an organization stands.
type OrganizationState string

// The states of an organization.
const (
	OrgPending   OrganizationState = "pending"   // signed up, waits for the bureau
	OrgReturned  OrganizationState = "returned"  // something has to be corrected
	OrgVerified  OrganizationState = "verified"  // checked by the bureau
	OrgRejected  OrganizationState = "rejected"  // refused with a reason
	OrgSuspended OrganizationState = "suspended" // was verified, may do nothing for now
)

// OrganizationStates is the code list of states.
var OrganizationStates = CodeList{
	{"pending", "待核验"}, {"returned", "待补正"}, {"verified", "已核验"}, {"rejected", "未通过"}, {"suspended", "已停用"},
}

// Name returns the Chinese name of the state.
func (s OrganizationState) Name() string { return OrganizationStates.Name(string(s)) }

// OrganizationMoves is the state table of organizations.
var OrganizationMoves = Moves[OrganizationState]{
	{From: OrgPending, Action: ActReviseOrganization, To: OrgPending},
	{From: OrgPending, Action: ActVerifyOrganization, To: OrgVerified},
	{From: OrgPending, Action: ActReturnOrganization, To: OrgReturned, NeedNote: true},
	{From: OrgPending, Action: ActRejectOrganization, To: OrgRejected, NeedNote: true},
	{From: OrgReturned, Action: ActReviseOrganization, To: OrgPending},
	{From: OrgReturned, Action: ActRejectOrganization, To: OrgRejected, NeedNote: true},
	{From: OrgRejected, Action: ActReviseOrganization, To: OrgPending},
	// What names it (name, code, kind) only the bureau changes from here on.
	{From: OrgVerified, Action: ActReviseOrganization, To: OrgVerified},
	{From: OrgVerified, Action: ActSuspendOrganization, To: OrgSuspended, NeedNote: true},
	{From: OrgSuspended, Action: ActRestoreOrganization, To: OrgVerified, NeedNote: true},
}

// Mark is what an enterprise was recognised as, e.g. 高新技术企业, by whoever
// may: the ladder 科技型 → 高新技术 → 高成长性 of the district's plan, and
// 专精特新, 小巨人, 隐形冠军 beside it.
type Mark struct {
	Kind      string `bson:"kind" json:"kind"`           // code of MarkKinds
	Number    string `bson:"number" json:"number"`       // of the certificate, may be empty
	From      Date   `bson:"from" json:"from"`           // day it was recognised
	Until     Date   `bson:"until" json:"until"`         // last day it holds, may be empty
	Evidence  ID     `bson:"evidence" json:"evidence"`   // file, may be empty when the bureau entered it
	Confirmed bool   `bson:"confirmed" json:"confirmed"` // by the bureau; others are shown to nobody else
}

// Holds reports whether the mark is in force on a day.
func (m Mark) Holds(day Date) bool {
	return m.Confirmed && m.From <= day && (m.Until == "" || m.Until >= day)
}

// Bounds of what an organization may attach.
const (
	MaxMarks    = 20
	MaxEvidence = 10
)

// Verified reports whether the bureau has checked the organization.
func (o *Organization) Verified() bool { return o.State == OrgVerified }

// Check normalises the code, sets Key and returns Invalid naming every broken field.
func (o *Organization) Check() error {
	var p Problems
	checkText(&p, "name", o.Name, true, MaxTitle)
	checkText(&p, "summary", o.Summary, false, MaxSummary)
	checkCode(&p, "kind", o.Kind, OrganizationKinds)
	checkCode(&p, "category", o.Category, PartyCategories)
	checkDivision(&p, "division", o.Division)
	o.Contact.check(&p)
	checkCodes(&p, "services", o.Services, ServiceKinds)
	checkCode(&p, "level", o.Level, InstitutionLevels)
	p.Check(len(o.Services) == 0 || o.Serves(), "services", "只有技术转移机构和科技服务机构填写")
	p.Check(o.Level == "" || o.Serves(), "level", "只有技术转移机构和科技服务机构填写")
	p.Check(len(o.Evidence) <= MaxEvidence, "evidence", "最多 10 个文件")
	p.Check(len(o.Marks) <= MaxMarks, "marks", "最多 20 项")
	for i := range o.Marks {
		at := "marks." + strconv.Itoa(i) + "."
		o.Marks[i].check(&p, at)
		p.Check(o.Mark(o.Marks[i].Kind, o.Marks[i].From) == &o.Marks[i], at+"kind", "同一天认定的这种资质已在上面")
	}
	if o.Code != "" {
		code, err := ParseCreditCode(o.Code)
		p.Check(err == nil, "code", "统一社会信用代码不对，请核对 18 位代码")
		o.Code = code
	}
	if o.Key == "" {
		o.Key = o.Code
	}
	if o.Key == "" {
		o.Key = "name/" + NormalTitle(o.Name)
	}
	return p.Err()
}

// Serves reports whether the organization is a service institution, which has
// services and a level.
func (o *Organization) Serves() bool { return o.Kind == "broker" || o.Kind == "service" }

// Mark returns the first mark of a kind that was given on a day, nil when there
// is none. No two of an organization are of the same kind and day.
func (o *Organization) Mark(kind string, from Date) *Mark {
	for i := range o.Marks {
		if o.Marks[i].Kind == kind && o.Marks[i].From == from {
			return &o.Marks[i]
		}
	}
	return nil
}

// Public returns what anybody may read of a verified organization: without
// evidence, history and who signed it up, and of the marks those that the
// bureau confirmed. The contact is left as it is.
func (o *Organization) Public() *Organization {
	public := *o
	public.Submitter, public.Evidence, public.History = "", nil, nil
	public.Marks = slices.DeleteFunc(slices.Clone(o.Marks), func(m Mark) bool { return !m.Confirmed })
	for i := range public.Marks {
		public.Marks[i].Evidence = ""
	}
	return &public
}

func (m *Mark) check(p *Problems, at string) {
	p.Check(MarkKinds.Has(m.Kind), at+"kind", "请从列表中选择")
	checkText(p, at+"number", m.Number, false, MaxWord)
	p.Check(m.From != "" && m.From.Valid(), at+"from", "请填认定日期，如 2025-03-01")
	p.Check(m.Until == "" || m.Until.Valid() && m.Until >= m.From, at+"until", "有效期不能早于认定日期")
}
