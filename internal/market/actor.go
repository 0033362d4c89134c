package market

import "slices"

// Role is what a user does on the platform.
type Role string

// The roles. A user may have several.
const (
	RoleSupplier Role = "supplier"
	RoleDemander Role = "demander"
	RoleBroker   Role = "broker"
	RoleOfficer  Role = "officer"
	RoleManager  Role = "manager" // looks after the organization's data and members
	RoleAdmin    Role = "admin"
)

// Roles of the permission table that nobody is given.
const (
	RoleAnyone Role = "anyone" // visitors too
	RoleUser   Role = "user"   // whoever is signed in
)

// Roles is the code list of roles.
var Roles = CodeList{
	{"supplier", "供给方"}, {"demander", "需求方"}, {"broker", "技术经纪人"}, {"officer", "科技局经办人"}, {"manager", "单位管理员"}, {"admin", "平台管理员"},
}

// Actor is who acts, for which organization, with which roles. The zero Actor
// is a visitor who has not signed in.
type Actor struct {
	User     ID
	Org      ID
	Name     string
	OrgName  string
	Roles    []Role
	Verified bool    // the organization was checked by the bureau
	Others   []Place // organizations they may act for instead
	Session  ID      // the sign-in they act under; empty for the System
	Due      Due     // what they must do before anything else
	Request  Request
}

// Place is an organization somebody is an active member of.
type Place struct {
	Org  ID
	Name string
}

// Due is what a user has to do before they may do anything else.
type Due string

// What can be due.
const (
	DueFactor   Due = "factor"   // set up the second factor their roles ask for
	DuePassword Due = "password" // change a password that is too old
	DueConsent  Due = "consent"  // read the privacy notice in force
	DueRestore  Due = "restore"  // have the bureau restore their organization, which it suspended
)

// Dues is the code list of what can be due, as a sentence to the user.
var Dues = CodeList{
	{string(DueFactor), "您的角色须先启用两步验证，再继续操作。"}, {string(DuePassword), "您的密码已到更换期限，请先修改密码，再继续操作。"},
	{string(DueConsent), "请先阅读并确认现行的隐私政策，再继续操作。"},
	{string(DueRestore), "您的单位已被科技局停用，恢复前只能查看公开内容、办理本人事项。原因见“单位资料”，有疑问请联系科技局。"},
}

// RolesOf is which roles members of each kind of organization may have.
var RolesOf = map[string][]Role{
	"university": {RoleManager, RoleSupplier, RoleDemander, RoleBroker},
	"institute":  {RoleManager, RoleSupplier, RoleDemander, RoleBroker},
	"enterprise": {RoleManager, RoleDemander, RoleSupplier},
	"broker":     {RoleManager, RoleBroker},
	"service":    {RoleManager, RoleBroker, RoleSupplier, RoleDemander},
	"bureau":     {RoleManager, RoleOfficer, RoleAdmin, RoleSupplier, RoleDemander},
	"other":      {RoleManager, RoleSupplier, RoleDemander},
}

// StartRoles is which roles the representative who signs an organization up
// has in it, besides RoleManager. There is none for a bureau: its officers
// decide about others, so nobody signs one up.
var StartRoles = map[string][]Role{
	"university": {RoleSupplier}, "institute": {RoleSupplier}, "enterprise": {RoleDemander, RoleSupplier},
	"broker": {RoleBroker}, "service": {RoleBroker}, "other": {RoleSupplier, RoleDemander},
}

// System is the actor of what nobody asked for: expiry, seeding, operator commands.
var System = Actor{User: "system", Org: "system", Name: "系统", Roles: []Role{RoleSupplier, RoleDemander, RoleOfficer, RoleManager, RoleAdmin}, Verified: true}

// SignedIn reports whether anybody acts.
func (a Actor) SignedIn() bool { return a.User != "" }

// Has reports whether the actor has a role. Everybody is RoleAnyone, whoever
// is signed in RoleUser. Who has something due has no other.
func (a Actor) Has(r Role) bool {
	switch r {
	case RoleAnyone:
		return true
	case RoleUser:
		return a.SignedIn()
	}
	return a.Due == "" && slices.Contains(a.Roles, r)
}

// ActsFor reports whether the actor's organization is one of owners.
func (a Actor) ActsFor(owners ...ID) bool { return a.Org != "" && slices.Contains(owners, a.Org) }
