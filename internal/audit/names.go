package audit

import (
	"context"
	"slices"

	"jishi/internal/market"
	"jishi/internal/store"
)

// Office is what officers read the trail with.
type Office struct {
	Trail    *Trail
	Verifier *Verifier
	Names    Names
}

// Names knows who the ids in entries are, for display: the trail has ids only.
type Names struct {
	Users store.Reader[market.User]
	Orgs  store.Reader[market.Organization]
}

// Named is names by id.
type Named struct {
	Users map[market.ID]string
	Orgs  map[market.ID]string
}

// Of returns the names of everybody in rows. An id without a document has none.
func (n Names) Of(ctx context.Context, rows []Row) (Named, error) {
	named := Named{Users: map[market.ID]string{market.System.User: market.System.Name}, Orgs: map[market.ID]string{market.System.Org: market.System.Name}}
	return named, n.Add(ctx, named, rows)
}

// Add adds to named whom rows name and it lacks.
func (n Names) Add(ctx context.Context, named Named, rows []Row) error {
	var users, orgs []market.ID
	for _, r := range rows {
		users, orgs = lack(users, named.Users, r.User), lack(orgs, named.Orgs, r.Org)
	}
	for ids := range slices.Chunk(users, store.MaxLimit) {
		found, err := n.Users.GetMany(ctx, ids)
		if err != nil {
			return err
		}
		for _, u := range found {
			named.Users[u.ID] = u.Name
		}
	}
	for ids := range slices.Chunk(orgs, store.MaxLimit) {
		found, err := n.Orgs.GetMany(ctx, ids)
		if err != nil {
			return err
		}
		for _, o := range found {
			named.Orgs[o.ID] = o.Name
		}
	}
	return nil
}

// lack adds an id that has no name yet, and notes that it was asked for.
func lack(ids []market.ID, named map[market.ID]string, id market.ID) []market.ID {
	if _, there := named[id]; id == "" || there {
		return ids
	}
	named[id] = ""
	return append(ids, id)
}

// User returns the id of the user that a text means: a login, else an id.
func (n Names) User(ctx context.Context, text string) (market.ID, error) {
	page, err := n.Users.Find(ctx, store.Query{Equal: []store.Equal{{Field: "login", Value: market.FoldLogin(text)}}, Limit: 1})
	if err != nil || len(page.Items) == 0 {
		return market.ID(text), err
	}
	return page.Items[0].ID, nil
}

// Org returns the id of the organization that a text means: a credit code, a
// whole name, else an id.
func (n Names) Org(ctx context.Context, text string) (market.ID, error) {
	field, value := "name", market.Fold(text)
	if code, err := market.ParseCreditCode(text); err == nil {
		field, value = "code", code
	}
	page, err := n.Orgs.Find(ctx, store.Query{Equal: []store.Equal{{Field: field, Value: value}}, Limit: 1})
	if err != nil || len(page.Items) == 0 {
		return market.ID(text), err
	}
	return page.Items[0].ID, nil
}
