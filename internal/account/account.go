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
	{"state", "since"}, // what waits for the bureau, longest first
	{"code"},           // one organization by its credit code
}}

// UserSpec declares the collection of users.
var UserSpec = store.Spec{Name: "users", Unique: []string{"login"}, Indexes: []store.Index{{"login"}, {"name"}}}

// MemberLinkSpec declares the collection that finds members by organization.
var MemberLinkSpec = store.Spec{Name: "member_links", Indexes: []store.Index{
	{"org", "user"}, {"org", "state", "user"}, // one organization's people, and who waits to be one
	{"state", store.FieldChanged}, // who waits anywhere, longest first
}}

// TicketSpec declares the collection of one-time links.
var TicketSpec = store.Spec{Name: "tickets", Indexes: []store.Index{{"org", store.FieldChanged},
	{"login"}, {"user"}, // what is about a person, for their copy and their erasure
}}

// Passwords judges and hashes new passwords; *signin.Passwords does.
type Passwords interface {
	// Problem returns what is wrong with a new password for login, in Chinese,
	// or "" when nothing is. about is names a guesser would try first: of the
	// user, of the organization.
	Problem(login, password string, about ...string) string
	Hash(ctx context.Context, password string) (string, error)
	// Guess reports whether a password has the hash of a login's owner. It
	// counts as a sign-in from the address in the context's market.Request:
	// after too many wrong ones nothing matches any more for a while. It takes
	// as long as Hash, whatever the answer.
	Guess(ctx context.Context, login, password, hash string) (bool, error)
}

// Consents keeps what people agreed to; *privacy.Service does.
type Consents interface {
	// Give records that a user agrees to purposes under the notice in force.
	// Agreeing again to what holds is harmless.
	Give(ctx context.Context, by market.Actor, purposes []string) error
}

// Files keeps uploaded files; *file.Service does.
type Files interface {
	// Add keeps a file of the actor's organization or, when they act for none,
	// of the actor. Invalid when it is of no kind that is taken, or too large.
	Add(ctx context.Context, by market.Actor, name string, content []byte) (*market.File, error)
	// Check returns what Add would say against a content, and keeps nothing.
	Check(ctx context.Context, name string, content []byte) error
}

// Stores is the collections of people and organizations.
type Stores struct {
	Organizations store.Collection[market.Organization]
	Users         store.Collection[market.User]
	Links         store.Collection[market.MemberLink]
	Tickets       store.Collection[market.Ticket]
	Guards        store.Collection[Guard]
	Files         store.Reader[market.File]
}

// Parts is what both need of other packages.
type Parts struct {
	Passwords Passwords
	Mail      market.Mailer
	Consents  Consents
	Files     Files
	Address   string // what links in mails begin with: "https://host", no slash at the end
}

// books is the collections and parts that people and organizations share.
type books struct {
	orgs    store.Collection[market.Organization]
	users   store.Collection[market.User]
	links   store.Collection[market.MemberLink]
	tickets store.Collection[market.Ticket]
	guards  store.Collection[Guard]
	files   store.Reader[market.File]
	parts   Parts
	now     func() time.Time
	newID   func() market.ID
}

// People is the book of users: members, invitations, certificates. Safe for
// concurrent use.
type People struct {
	books
	brokers *Brokers
}

// Organizations is the book of organizations: sign-up, the bureau's check, the
// directory. Safe for concurrent use.
type Organizations struct {
	books
	people    *People
	directory *Directory
}

// New returns the two books over the same collections.
func New(stores Stores, parts Parts, now func() time.Time, newID func() market.ID) (*People, *Organizations) {
	shared := books{
		orgs: stores.Organizations, users: stores.Users, links: stores.Links, tickets: stores.Tickets,
		guards: stores.Guards, files: stores.Files, parts: parts, now: now, newID: newID,
	}
	people := &People{books: shared, brokers: NewBrokers()}
	return people, &Organizations{books: shared, people: people, directory: NewDirectory()}
}
