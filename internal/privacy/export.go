package privacy

import (
	"context"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// maxEntries bounds the entries of the trail in one copy.
const maxEntries = 10_000

// Copy is everything the platform keeps about one person (article 45), as the
// file they get. Passwords and second factors are not in it: of both only
// hashes and sealed texts are kept.
type Copy struct {
	MadeAt        time.Time             `json:"made_at"`
	Policy        string                `json:"policy"`        // version of the privacy notice in force
	User          *market.User          `json:"user"`          // with memberships and broker certificate
	Organizations map[market.ID]string  `json:"organizations"` // names of those the ids stand for
	Consents      []*market.Consent     `json:"consents"`
	Sessions      []*market.Session     `json:"sessions"`
	Invitations   []*market.Ticket      `json:"invitations"` // to the person, and links sent to them
	Files         []*market.File        `json:"files"`       // uploaded by the person; contents on their pages
	SavedSearches []*market.SavedSearch `json:"saved_searches"`
	Notices       []*market.Notice      `json:"notices"`
	AlertSetting  *market.AlertSetting  `json:"alert_setting"` // nil when the person never changed it
	Verdicts      []*market.Verdict     `json:"verdicts"`      // what the person says of matches
	Handed        []Handed              `json:"handed"`        // demands handed to the person as a broker
	Contacts      []Naming              `json:"contacts"`      // listings and organizations that name the person as contact
	Entries       []market.Entry        `json:"entries"`       // what the trail has of the person's own doing, newest first
	More          bool                  `json:"more_entries"`  // the trail has more than fit
}

// Naming is one document that names a person as contact.
type Naming struct {
	Kind    string         `json:"kind"` // code of market.SubjectKinds
	ID      market.ID      `json:"id"`
	Title   string         `json:"title"`
	Contact market.Contact `json:"contact"`
}

// Export returns a copy of everything about the actor, after it was noted that
// they took one.
func (s *Service) Export(ctx context.Context, by market.Actor) (*Copy, error) {
	if err := self(by); err != nil {
		return nil, err
	}
	user, err := s.stores.Users.Get(ctx, by.User)
	if err != nil {
		return nil, err
	}
	if err := s.parts.Trail.Append(ctx, market.NewEntry(ctx, by, s.now(), market.ActExportSelf, "user", user.ID)); err != nil {
		return nil, err
	}
	c := &Copy{MadeAt: s.clock(), Policy: market.PolicyVersion, User: user}
	for _, fill := range []func(context.Context, *Copy) error{s.copyDocuments, s.copyInvitations, s.copyOrganizations, s.copyContacts, s.copyAlerts, s.copyJudging} {
		if err := fill(ctx, c); err != nil {
			return nil, err
		}
	}
	c.Entries, err = s.parts.Entries.OfUser(ctx, user.ID, maxEntries+1)
	if c.More = len(c.Entries) > maxEntries; c.More {
		c.Entries = c.Entries[:maxEntries]
	}
	return c, err
}

// copyDocuments takes what is kept by user.
func (s *Service) copyDocuments(ctx context.Context, c *Copy) (err error) {
	if c.Consents, err = s.all(ctx, c.User.ID); err != nil {
		return err
	}
	mine := store.Query{Equal: []store.Equal{{Field: "user", Value: string(c.User.ID)}}, Sort: store.FieldCreated}
	if c.Sessions, err = collect(ctx, s.stores.Sessions, mine); err != nil {
		return err
	}
	c.Files, err = collect(ctx, s.stores.Files, mine)
	return err
}

// copyInvitations takes the one-time links sent to the person or made for them.
func (s *Service) copyInvitations(ctx context.Context, c *Copy) error {
	seen := make(map[market.ID]bool)
	for _, whose := range []store.Equal{{Field: "login", Value: c.User.Login}, {Field: "user", Value: string(c.User.ID)}} {
		found, err := collect(ctx, s.stores.Tickets, store.Query{Equal: []store.Equal{whose}})
		if err != nil {
			return err
		}
		for _, t := range found {
			if !seen[t.ID] {
				seen[t.ID] = true
				c.Invitations = append(c.Invitations, t)
			}
		}
	}
	return nil
}

// copyOrganizations takes the names of the organizations the copy speaks of.
func (s *Service) copyOrganizations(ctx context.Context, c *Copy) error {
	ids := orgsOf(c.User, func(market.Membership) bool { return true })
	for _, t := range c.Invitations {
		if t.Org != "" {
			ids = append(ids, t.Org)
		}
	}
	c.Organizations = make(map[market.ID]string)
	orgs, err := s.stores.Organizations.GetMany(ctx, ids[:min(len(ids), store.MaxLimit)])
	for _, org := range orgs {
		c.Organizations[org.ID] = org.Name
	}
	return err
}

// copyContacts looks for the person in the contacts of the organizations whose
// contacts they may see unmasked: where they are an active member now.
func (s *Service) copyContacts(ctx context.Context, c *Copy) error {
	who := personOf(c.User)
	own := orgsOf(c.User, func(m market.Membership) bool { return m.State == market.MemberActive })
	for _, org := range own {
		theirs := store.Query{Equal: []store.Equal{{Field: "owner", Value: string(org)}}, Sort: store.FieldChanged}
		achievements, err := collect(ctx, s.stores.Achievements, theirs)
		if err != nil {
			return err
		}
		for _, a := range achievements {
			c.name(who, "achievement", a.ID, a.Title, a.Contact, a.History)
		}
		demands, err := collect(ctx, s.stores.Demands, theirs)
		if err != nil {
			return err
		}
		for _, d := range demands {
			c.name(who, "demand", d.ID, d.Title, d.Contact, d.History)
		}
	}
	orgs, err := s.stores.Organizations.GetMany(ctx, own)
	for _, org := range orgs {
		c.name(who, "organization", org.ID, org.Name, org.Contact, org.History)
	}
	return err
}

func (c *Copy) name(who person, kind string, id market.ID, title string, contact market.Contact, history []market.Event) {
	if who.is(contact, history) {
		c.Contacts = append(c.Contacts, Naming{Kind: kind, ID: id, Title: title, Contact: contact})
	}
}
