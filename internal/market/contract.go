package market

import (
	"regexp"
	"time"
)

// ContractState is where a contract stands in recognition and registration.
type ContractState string

// The states of a contract. Acceptance and second review come between
// submitted and registered when the bureau turns them on.
const (
	ContractDraft      ContractState = "draft"
	ContractSubmitted  ContractState = "submitted"
	ContractReturned   ContractState = "returned"
	ContractRegistered ContractState = "registered"
	ContractRefused    ContractState = "refused"
	ContractCancelled  ContractState = "cancelled"
)

// ContractStates is the code list of states.
var ContractStates = CodeList{
	{"draft", "草稿"}, {"submitted", "已提交"}, {"returned", "待补正"},
	{"registered", "已登记"}, {"refused", "不予登记"}, {"cancelled", "已注销"},
}

// Name returns the Chinese name of the state.
func (s ContractState) Name() string { return ContractStates.Name(string(s)) }

// ContractMoves is the state table of contracts: 技术合同认定登记管理办法, as
// summarised in the national office practice: submit → correct or accept →
// register or refuse; 注销 after termination keeps the row.
var ContractMoves = Moves[ContractState]{
	{From: ContractDraft, Action: ActReviseContract, To: ContractDraft},
	{From: ContractDraft, Action: ActSubmitContract, To: ContractSubmitted},
	{From: ContractSubmitted, Action: ActReturnContract, To: ContractReturned, NeedNote: true},
	{From: ContractSubmitted, Action: ActRegister, To: ContractRegistered},
	{From: ContractSubmitted, Action: ActRefuse, To: ContractRefused, NeedNote: true},
	{From: ContractReturned, Action: ActReviseContract, To: ContractReturned},
	{From: ContractReturned, Action: ActSubmitContract, To: ContractSubmitted},
	{From: ContractRegistered, Action: ActCancel, To: ContractCancelled, NeedNote: true},
}

// Contract is a 技术合同.
type Contract struct {
	Meta      `bson:"-"`
	Project   string        `bson:"project" json:"project"` // 项目名称
	Type      string        `bson:"type" json:"type"`       // code of ContractTypes
	SubType   string        `bson:"sub_type" json:"sub_type"`
	Sellers   []Party       `bson:"sellers" json:"sellers"` // 1–10, the first one registers
	Buyers    []Party       `bson:"buyers" json:"buyers"`   // 1–10
	Amounts   Amounts       `bson:"amounts" json:"amounts"`
	Term      Term          `bson:"term" json:"term"`
	Class     ContractClass `bson:"class" json:"class"`
	Payment   string        `bson:"payment" json:"payment"` // code of PaymentModes
	Origin    Origin        `bson:"origin" json:"origin"`
	Owner     ID            `bson:"owner" json:"owner"`           // organization that entered it
	ImportKey string        `bson:"import_key" json:"import_key"` // owner + "/" + external id, or the id; unique, never changes
	State     ContractState `bson:"state" json:"state"`
	Submitter ID            `bson:"submitter" json:"submitter"` // user who entered it last; may not register it
	Register  Registration  `bson:"registration" json:"registration"`
	Demo      bool          `bson:"demo" json:"demo"`
	History   []Event       `bson:"history" json:"history"`
}

// Party is one side of a contract.
type Party struct {
	Org      ID     `bson:"org" json:"org"` // empty when the party is not on the platform
	Name     string `bson:"name" json:"name"`
	Code     string `bson:"code" json:"code"`         // 统一社会信用代码, may be empty for foreign parties
	Category string `bson:"category" json:"category"` // code of PartyCategories
	Division string `bson:"division" json:"division"` // GB/T 2260

	Identity Sealed `bson:"identity" json:"-"`                      // identity card of a natural person, sealed for Contract.IdentityPlace
	Masked   string `bson:"identity_masked" json:"identity_masked"` // the same as MaskIdentityCard shows it
	Card     string `bson:"-" json:"-"`                             // the same as typed, on its way in; never stored
}

// CategoryPerson is the category of a party that is a natural person.
const CategoryPerson = "500"

// IdentityPlace is what the identity cards of the contract's parties are
// sealed for. It names no party, so that parties can change places.
func (c *Contract) IdentityPlace() string { return "contract/" + string(c.ID) + "/party" }

// SealedFields returns the sealed fields of a contract: the identity cards.
func (c *Contract) SealedFields() []SealedField {
	var fields []SealedField
	for _, side := range [][]Party{c.Sellers, c.Buyers} {
		for i := range side {
			if !side[i].Identity.Empty() {
				fields = append(fields, SealedField{&side[i].Identity, c.IdentityPlace()})
			}
		}
	}
	return fields
}

// Amounts are the two amounts of the form. 0 < Technology ≤ Total.
type Amounts struct {
	Total      Fen    `bson:"total" json:"total_fen"`           // 合同成交额
	Technology Fen    `bson:"technology" json:"technology_fen"` // 技术交易额
	Paid       Fen    `bson:"paid" json:"paid_fen"`             // 到账额, 0 ≤ Paid ≤ Total
	Deducted   string `bson:"deducted" json:"deducted"`         // what non-technical items were deducted
}

// Term is when the contract was signed and holds.
type Term struct {
	Signed Date `bson:"signed" json:"signed"`
	From   Date `bson:"from" json:"from"`
	To     Date `bson:"to" json:"to"`
}

// ContractClass is the statistical classes of the form.
type ContractClass struct {
	Field     string `bson:"field" json:"field"`         // code of Fields
	Industry  string `bson:"industry" json:"industry"`   // code of Industries
	IP        string `bson:"ip" json:"ip"`               // code of IPKinds
	Plan      string `bson:"plan" json:"plan"`           // code of PlanSources
	Objective string `bson:"objective" json:"objective"` // code of Objectives
}

// Origin is how the contract came about.
type Origin struct {
	Kind        string `bson:"kind" json:"kind"` // code of Origins
	Achievement ID     `bson:"achievement" json:"achievement"`
	Demand      ID     `bson:"demand" json:"demand"`
	Broker      ID     `bson:"broker" json:"broker"` // broker's organization
}

// Registration is the office's entry.
type Registration struct {
	Number    string    `bson:"number" json:"number"`                // 14–16 digits, typed in by the officer, unique
	At        time.Time `bson:"at" json:"at,omitzero"`               // UTC; statistics count by this date
	By        ID        `bson:"by" json:"by"`                        // officer
	Cancelled time.Time `bson:"cancelled" json:"cancelled,omitzero"` // UTC, zero while it stands
}

var registrationNumber = regexp.MustCompile(`^\d{14,16}$`)

// ParseRegistrationNumber folds and verifies a 合同登记编号.
func ParseRegistrationNumber(s string) (string, error) {
	n := Fold(s)
	if !registrationNumber.MatchString(n) {
		return "", &Error{Kind: Invalid, Code: "bad_registration_number", Message: "登记编号应为 14 至 16 位数字。",
			Fields: []FieldError{{Field: "number", Reason: "应为 14 至 16 位数字"}}}
	}
	return n, nil
}

// Parties returns the organizations on the platform that are part of the
// contract: who entered it, sellers, buyers and the broker.
func (c *Contract) Parties() []ID {
	ids := []ID{c.Owner, c.Origin.Broker}
	for _, p := range append(append([]Party{}, c.Sellers...), c.Buyers...) {
		ids = append(ids, p.Org)
	}
	return ids
}

// Masked returns what anyone may see of a registered contract: classes, dates,
// amounts and regions, but no names, numbers or people.
func (c *Contract) Masked() *Contract {
	m := *c
	m.Project, m.Sellers, m.Buyers = "", maskParties(c.Sellers), maskParties(c.Buyers)
	m.Amounts.Deducted, m.Register.Number, m.Register.By = "", "", ""
	m.Owner, m.ImportKey, m.Submitter, m.History = "", "", "", nil
	m.Origin = Origin{Kind: c.Origin.Kind}
	return &m
}

func maskParties(parties []Party) []Party {
	masked := make([]Party, len(parties))
	for i, p := range parties {
		masked[i] = Party{Category: p.Category, Division: p.Division}
	}
	return masked
}
