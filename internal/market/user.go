package market

import (
	"slices"
	"strings"
	"time"
)

// User is a person with a sign-in. What they may do they may in the
// organizations they are members of; one at a time.
type User struct {
	Meta         `bson:"-"`
	Login        string       `bson:"login" json:"login"` // e-mail or name@place; lower case, unique, never changes but by erasure
	Name         string       `bson:"name" json:"name"`
	Phone        string       `bson:"phone" json:"phone"`                        // may be empty
	Org          ID           `bson:"org" json:"org"`                            // whom a new session acts for; changes with each choice
	Memberships  []Membership `bson:"memberships" json:"memberships"`            // at most MaxMemberships; the truth about who belongs where
	Certificate  *Certificate `bson:"certificate" json:"certificate"`            // of a broker; nil without one
	PasswordHash string       `bson:"password_hash" json:"-"`                    // argon2id in PHC form
	PasswordAt   time.Time    `bson:"password_at" json:"-"`                      // UTC; when the password was set
	Factor       *Factor      `bson:"factor" json:"-"`                           // second factor; nil without one
	ConfirmedAt  time.Time    `bson:"confirmed_at" json:"confirmed_at,omitzero"` // UTC; when the address in Login was proved; zero = not yet
	Disabled     bool         `bson:"disabled" json:"disabled"`                  // by an admin
	ErasedAt     time.Time    `bson:"erased_at" json:"erased_at,omitzero"`       // UTC; personal fields were overwritten then
	Epoch        int64        `bson:"epoch" json:"-"`                            // tokens issued under an earlier epoch are dead
	History      []Event      `bson:"history" json:"history"`
}

// MaxMemberships bounds the organizations one person belongs to.
const MaxMemberships = 20

// MembershipState is where a membership stands.
type MembershipState string

// The states of a membership.
const (
	MemberApplied MembershipState = "applied" // asked to join an organization that was there
	MemberActive  MembershipState = "active"
	MemberEnded   MembershipState = "ended" // left, removed or refused
)

// MembershipStates is the code list of states.
var MembershipStates = CodeList{{"applied", "待确认"}, {"active", "在职"}, {"ended", "已退出"}}

// Membership is one person's place in one organization.
type Membership struct {
	Org   ID              `bson:"org" json:"org"`
	Roles []Role          `bson:"roles" json:"roles"`
	State MembershipState `bson:"state" json:"state"`
	Since time.Time       `bson:"since" json:"since"` // UTC; when the state was reached
	Proof ID              `bson:"proof" json:"proof"` // file that proves an application, may be empty

	// Served reports whether an earlier state was active: who has left was
	// there, who was refused or withdrew was not.
	Served bool `bson:"served" json:"-"`
}

// Belonged reports whether the membership is or once was active.
func (m Membership) Belonged() bool { return m.State == MemberActive || m.Served }

// Certificate is a broker's qualification 技术经纪人证书 (levels of T/CASTEM 1007—2022).
type Certificate struct {
	Level     string `bson:"level" json:"level"` // code of BrokerLevels
	Number    string `bson:"number" json:"number"`
	Issuer    string `bson:"issuer" json:"issuer"`
	Until     Date   `bson:"until" json:"until"`         // last day it holds; empty = without end
	Evidence  ID     `bson:"evidence" json:"evidence"`   // file
	Confirmed bool   `bson:"confirmed" json:"confirmed"` // by the bureau
	Refused   string `bson:"refused" json:"refused"`     // why the bureau did not confirm it; empty while it waits or is confirmed
}

// Waits reports whether the bureau has still to look at the certificate.
func (c *Certificate) Waits() bool { return c != nil && !c.Confirmed && c.Refused == "" }

// Holds reports whether the bureau confirmed the certificate and it is in
// force on a day.
func (c *Certificate) Holds(day Date) bool {
	return c != nil && c.Confirmed && (c.Until == "" || c.Until >= day)
}

// Factor is a time-based one-time password, RFC 6238.
type Factor struct {
	Secret   Sealed    `bson:"secret" json:"-"`
	Since    time.Time `bson:"since" json:"-"`     // UTC; zero until the first code was given
	LastStep int64     `bson:"last_step" json:"-"` // time step last used; none is good twice
	Recovery []string  `bson:"recovery" json:"-"`  // hashes of the one-time recovery codes left
}

// MemberOf returns the user's membership of org that has not ended, nil when
// there is none.
func (u *User) MemberOf(org ID) *Membership {
	for i := range u.Memberships {
		if m := &u.Memberships[i]; m.Org == org && m.State != MemberEnded {
			return m
		}
	}
	return nil
}

// ActiveIn reports whether the user is an active member of org.
func (u *User) ActiveIn(org ID) bool {
	m := u.MemberOf(org)
	return m != nil && m.State == MemberActive
}

// Has reports whether the user has a role in org and may use it.
func (u *User) Has(role Role, org ID) bool {
	return !u.Disabled && u.ActiveIn(org) && slices.Contains(u.MemberOf(org).Roles, role)
}

// Home returns the organization a new session of the user acts for: the one
// they chose last if they still are an active member of it, else the first
// they are one of, else none.
func (u *User) Home() ID {
	if u.ActiveIn(u.Org) {
		return u.Org
	}
	for _, m := range u.Memberships {
		if m.State == MemberActive {
			return m.Org
		}
	}
	return ""
}

// SetMember puts a membership in place of the user's former one of the same
// organization. The longest ended one goes when there are more than
// MaxMemberships; it reports false, changing nothing, when none has ended.
// That somebody was an active member once is kept whatever m says.
func (u *User) SetMember(m Membership) bool {
	list := slices.Clone(u.Memberships)
	at := slices.IndexFunc(list, func(one Membership) bool { return one.Org == m.Org })
	if at >= 0 {
		m.Served = m.Served || list[at].Belonged()
	}
	if at < 0 && len(list) >= MaxMemberships {
		ended := -1
		for i, one := range list {
			if one.State == MemberEnded && (ended < 0 || one.Since.Before(list[ended].Since)) {
				ended = i
			}
		}
		at = ended
		if at < 0 {
			return false
		}
	}
	if at < 0 {
		u.Memberships = append(list, m)
		return true
	}
	list[at] = m
	u.Memberships = list
	return true
}

// FoldLogin brings a login to the form it is stored in.
func FoldLogin(login string) string { return strings.ToLower(Fold(login)) }

// Check returns Invalid naming every broken field.
func (u *User) Check() error {
	var p Problems
	checkText(&p, "name", u.Name, true, MaxWord)
	checkText(&p, "login", u.Login, true, 100)
	if u.Phone != "" {
		_, err := ParsePhone(u.Phone)
		p.Check(err == nil, "phone", "应为 11 位手机号，或 023-12345678 样子的座机")
	}
	p.Check(len(u.Memberships) > 0, "org", "请选择单位")
	p.Check(len(u.Memberships) <= MaxMemberships, "org", "最多加入 20 个单位")
	for _, m := range u.Memberships {
		CheckRoles(&p, m.Roles)
	}
	if u.Certificate != nil {
		u.Certificate.check(&p)
	}
	return p.Err()
}

// CheckRoles notes at "roles" what is wrong with a set of roles.
func CheckRoles(p *Problems, roles []Role) {
	p.Check(len(roles) > 0, "roles", "至少一个角色")
	for i, r := range roles {
		p.Check(Roles.Has(string(r)), "roles", "没有这个角色")
		p.Check(!slices.Contains(roles[:i], r), "roles", "角色重复")
	}
}

func (c *Certificate) check(p *Problems) {
	p.Check(BrokerLevels.Has(c.Level), "certificate.level", "请从列表中选择")
	checkText(p, "certificate.number", c.Number, true, MaxWord)
	checkText(p, "certificate.issuer", c.Issuer, true, MaxTitle)
	p.Check(c.Until == "" || c.Until.Valid(), "certificate.until", "请写成 2027-12-31 的样子")
}

// MemberLink says that a user has, or had, to do with an organization. It is
// written before the membership, so that members are found by organization;
// what counts is the User's Memberships.
type MemberLink struct {
	Meta  `bson:"-"`
	Org   ID              `bson:"org" json:"org"`
	User  ID              `bson:"user" json:"user"`
	State MembershipState `bson:"state" json:"state"` // last known; for queues only
}
