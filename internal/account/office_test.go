package account

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"jishi/internal/market"
	"jishi/internal/signin"
	"jishi/internal/store"
	"jishi/internal/store/sqlite"
)

// office is the service over a fresh store with two organizations and a
// bureau, people made without hashing passwords, and what was sent to them.
type office struct {
	books
	*People
	*Organizations
	t      *testing.T
	clock  *clock
	post   *postbox
	agreed *agreements
	gate   *gate
	uni    *market.Organization
	firm   *market.Organization
	bureau *market.Organization
}

// postbox keeps the mails it is given; with fail set it takes none.
type postbox struct {
	mu    sync.Mutex
	mails []*market.Mail
	fail  error
}

func (p *postbox) Send(_ context.Context, m *market.Mail) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fail != nil {
		return p.fail
	}
	p.mails = append(p.mails, m)
	return nil
}

// agreements keeps who agreed to what.
type agreements struct {
	mu sync.Mutex
	by map[market.ID][]string
}

func (a *agreements) Give(_ context.Context, by market.Actor, purposes []string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.by[by.User] = append(a.by[by.User], purposes...)
	return nil
}

// gate is the users' collection with a hook before each update.
type gate struct {
	store.Collection[market.User]
	mu     sync.Mutex
	before func(*market.User) error
}

func (g *gate) Update(ctx context.Context, u *market.User) error {
	g.mu.Lock()
	before := g.before
	g.mu.Unlock()
	if before != nil {
		if err := before(u); err != nil {
			return err
		}
	}
	return g.Collection.Update(ctx, u)
}

// set puts a hook in place, nil for none.
func (g *gate) set(before func(*market.User) error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.before = before
}

var hashing = sync.OnceValues(func() (*signin.Passwords, error) { return signin.NewPasswords(signin.WeakestHash) })

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{t: t, clock: &clock{at: start}, post: &postbox{}, agreed: &agreements{by: map[market.ID][]string{}}}
	engine, err := sqlite.Open(filepath.Join(t.TempDir(), "jishi.db"), o.clock.now)
	o.must(err)
	t.Cleanup(func() { engine.Close() })
	passwords, err := hashing()
	o.must(err)
	o.gate = &gate{Collection: open[market.User](t, engine, UserSpec)}
	o.People, o.Organizations = New(Stores{
		Organizations: open[market.Organization](t, engine, OrganizationSpec), Users: o.gate,
		Links: open[market.MemberLink](t, engine, MemberLinkSpec), Tickets: open[market.Ticket](t, engine, TicketSpec),
		Guards: open[Guard](t, engine, GuardSpec), Files: open[market.File](t, engine, store.Spec{Name: "files"}),
	}, Parts{Passwords: passwords, Mail: o.post, Consents: o.agreed, Address: "https://jishi.example"}, o.clock.now,
		func() market.ID { return market.ID(uuid.Must(uuid.NewV7()).String()) })
	o.books = o.People.books
	o.uni, o.firm, o.bureau = o.organization("示例大学", "university"), o.organization("示例公司", "enterprise"), o.organization("示例区科技局", "bureau")
	return o
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) organization(name, kind string) *market.Organization {
	o.t.Helper()
	org, err := o.CreateOrganization(o.t.Context(), market.System, &market.Organization{Name: name, Kind: kind})
	o.must(err)
	return org
}

// person adds a member of an organization and returns them as they act for it.
func (o *office) person(name string, org *market.Organization, roles ...market.Role) market.Actor {
	o.t.Helper()
	m := market.Membership{Org: org.ID, Roles: roles, State: market.MemberActive, Since: o.now()}
	u := &market.User{Meta: market.Meta{ID: market.ID("u-" + name)}, Login: name + "@example.com", Name: name, Org: org.ID, Memberships: []market.Membership{m}}
	o.must(o.link(o.t.Context(), u.ID, org.ID, m.State))
	o.must(o.users.Insert(o.t.Context(), u))
	return o.acting(u.ID, org)
}

// acting returns a user as they act for an organization now.
func (o *office) acting(user market.ID, org *market.Organization) market.Actor {
	o.t.Helper()
	u := o.read(user)
	by := market.Actor{User: u.ID, Org: org.ID, Name: u.Name, OrgName: org.Name, Verified: true, Session: "s"}
	if m := u.MemberOf(org.ID); m != nil && m.State == market.MemberActive {
		by.Roles = m.Roles
	}
	return by
}

func (o *office) read(user market.ID) *market.User {
	o.t.Helper()
	u, err := o.users.Get(o.t.Context(), user)
	o.must(err)
	return u
}

// place writes where a user stands in an organization: "active manager", "ended …", "" for never.
func (o *office) place(user market.ID, org *market.Organization) string {
	o.t.Helper()
	for _, m := range o.read(user).Memberships {
		if m.Org == org.ID {
			return placed(&m)
		}
	}
	return ""
}

// holding is the ids of those who have a role in an organization.
func (o *office) holding(role market.Role, org *market.Organization) []market.ID {
	o.t.Helper()
	users, err := o.holders(o.t.Context(), role, org.ID)
	o.must(err)
	var ids []market.ID
	for _, u := range users {
		ids = append(ids, u.ID)
	}
	slices.Sort(ids)
	return ids
}

// sent returns the last mail to a login.
func (o *office) sent(login string) *market.Mail {
	o.t.Helper()
	for _, m := range slices.Backward(o.post.mails) {
		if m.To == login {
			o.must(m.Check())
			return m
		}
	}
	o.t.Fatalf("no mail to %s among %d", login, len(o.post.mails))
	return nil
}

// secret returns the secret of the link that a mail holds.
func (o *office) secret(login string) string {
	o.t.Helper()
	_, rest, ok := strings.Cut(o.sent(login).Text, "https://jishi.example/invitations/")
	if !ok {
		o.t.Fatalf("no link in %q", o.sent(login).Text)
	}
	secret, _, _ := strings.Cut(rest, "\n")
	return secret
}

// codeOf returns the code of an error, "" for none.
func codeOf(err error) string {
	if err == nil {
		return ""
	}
	if e, ok := err.(*market.Error); ok {
		return e.Code
	}
	return err.Error()
}

func roles(list ...market.Role) []market.Role { return list }
