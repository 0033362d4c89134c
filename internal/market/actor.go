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
	RoleAdmin    Role = "admin"
)

// Roles is the code list of roles.
var Roles = CodeList{
	{"supplier", "供给方"}, {"demander", "需求方"}, {"broker", "技术经纪人"}, {"officer", "科技局经办人"}, {"admin", "管理员"},
}

// Actor is who acts, for which organization, with which roles. The zero Actor
// is a visitor who has not signed in.
type Actor struct {
	User     ID
	Org      ID
	Name     string
	OrgName  string
	Roles    []Role
	Verified bool // the organization was checked by the bureau
	Session  ID   // the sign-in they act under; empty for the System
}

// System is the actor of what nobody asked for: expiry, seeding, operator commands.
var System = Actor{User: "system", Org: "system", Name: "系统", Roles: []Role{RoleSupplier, RoleDemander, RoleOfficer, RoleAdmin}, Verified: true}

// SignedIn reports whether anybody acts.
func (a Actor) SignedIn() bool { return a.User != "" }

// Has reports whether the actor has a role.
func (a Actor) Has(r Role) bool { return slices.Contains(a.Roles, r) }

// ActsFor reports whether the actor's organization is one of owners.
func (a Actor) ActsFor(owners ...ID) bool { return a.Org != "" && slices.Contains(owners, a.Org) }
