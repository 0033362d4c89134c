// Package account keeps organizations and users, signs people in and knows
// from a token who acts.
package account

import (
	"time"

	"github.com/alexedwards/argon2id"

	"jishi/internal/market"
	"jishi/internal/store"
)

// OrganizationSpec declares the collection of organizations.
var OrganizationSpec = store.Spec{Name: "organizations", Unique: []string{"key"}, Indexes: []store.Index{
	{"name"}, {"kind", "name"}, // everything, for officers
	{"verified", "name"}, {"verified", "kind", "name"}, // the public directory
	{"code"}, // one organization by its credit code
}}

// UserSpec declares the collection of users.
var UserSpec = store.Spec{Name: "users", Unique: []string{"login"}, Indexes: []store.Index{{"org", "login"}}}

// SessionSpec declares the collection of sign-ins.
var SessionSpec = store.Spec{Name: "sessions"}

// Service is the book of organizations and users. Safe for concurrent use.
type Service struct {
	orgs     store.Collection[market.Organization]
	users    store.Collection[market.User]
	hasher   *hasher
	attempts *attempts
	now      func() time.Time
	newID    func() market.ID
}

// New returns the service. hash is how passwords are hashed from now on;
// hashes made with other parameters stay good and are renewed at sign-in. It
// refuses parameters weaker than WeakestHash.
func New(
	orgs store.Collection[market.Organization], users store.Collection[market.User],
	hash argon2id.Params, now func() time.Time, newID func() market.ID,
) (*Service, error) {
	hasher, err := newHasher(hash)
	if err != nil {
		return nil, err
	}
	return &Service{orgs: orgs, users: users, hasher: hasher, attempts: newAttempts(), now: now, newID: newID}, nil
}
