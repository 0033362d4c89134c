// Package account keeps organizations and the people who are members of them:
// who they are, who checked them, who may act for whom.
package account

import (
	"context"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// OrganizationSpec declares the collection of organizations.
var OrganizationSpec = store.Spec{Name: "organizations", Unique: []string{"key"}, Indexes: []store.Index{
	{"name"}, {"kind", "name"}, // everything, for officers
	{"state", "name"}, {"state", "kind", "name"}, // the public directory
	{"state", store.FieldChanged}, // what waits for the bureau, longest first
	{"code"},                      // one organization by its credit code
}}

// UserSpec declares the collection of users.
var UserSpec = store.Spec{Name: "users", Unique: []string{"login"}}

// MemberLinkSpec declares the collection that finds members by organization.
var MemberLinkSpec = store.Spec{Name: "member_links", Indexes: []store.Index{{"org", "user"}, {"state", store.FieldChanged}}}

// TicketSpec declares the collection of one-time links.
var TicketSpec = store.Spec{Name: "tickets", Indexes: []store.Index{{"org", store.FieldChanged}}}

// Passwords judges and hashes new passwords; *signin.Passwords does.
type Passwords interface {
	// Problem returns what is wrong with a new password for login, in Chinese,
	// or "" when nothing is.
	Problem(login, password string) string
	Hash(ctx context.Context, password string) (string, error)
}

// Stores is the collections of the service.
type Stores struct {
	Organizations store.Collection[market.Organization]
	Users         store.Collection[market.User]
	Links         store.Collection[market.MemberLink]
}

// Service is the book of organizations and users. Safe for concurrent use.
type Service struct {
	orgs      store.Collection[market.Organization]
	users     store.Collection[market.User]
	links     store.Collection[market.MemberLink]
	passwords Passwords
	now       func() time.Time
	newID     func() market.ID
}

// New returns the service.
func New(stores Stores, passwords Passwords, now func() time.Time, newID func() market.ID) *Service {
	return &Service{orgs: stores.Organizations, users: stores.Users, links: stores.Links, passwords: passwords, now: now, newID: newID}
}
