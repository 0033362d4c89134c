package main

import (
	"time"

	"jishi/internal/market"
)

// The kinds of record that belong to people and to what organizations have
// besides their business.
func init() {
	for prefix, kind := range map[string]recordKind{
		"/organizations/:id/members/:user":           {states: []string{"active", "applied"}, make: (*matrixWorld).member},
		"/organizations/:id/invitations/:invitation": {states: []string{"open"}, make: (*matrixWorld).invitation},
		"/users/:id":            {states: []string{"enabled", "disabled"}, make: (*matrixWorld).person},
		"/admin/users/:id":      {states: []string{"enabled", "disabled"}, make: (*matrixWorld).person},
		"/certificates/:id":     {states: []string{"waiting"}, make: (*matrixWorld).certificate},
		"/sessions/:id":         {states: []string{"open"}, personal: true, make: (*matrixWorld).session},
		"/synonyms/:id":         {states: []string{"used", "removed"}, moves: moveOf(market.SynonymMoves), make: (*matrixWorld).synonym},
		"/admin/synonyms/:id":   {states: []string{"used", "removed"}, moves: moveOf(market.SynonymMoves), make: (*matrixWorld).synonym},
		"/mails/:id":            {states: []string{"waiting"}, make: (*matrixWorld).mail},
		"/admin/mails/:id":      {states: []string{"waiting"}, make: (*matrixWorld).mail},
		"/account/sessions/:id": {states: []string{"open"}, personal: true, make: (*matrixWorld).session},
		"/invitations/:secret":  {states: []string{"open"}, make: (*matrixWorld).invitation},
		"/confirm/:secret":      {states: []string{"open"}, make: (*matrixWorld).confirmation},
		"/recover/:secret":      {states: []string{"open"}, make: (*matrixWorld).recovery},
	} {
		recordKinds[prefix] = kind
	}
}

// somebody makes a user with a place in an organization.
func (m *matrixWorld) somebody(state market.MembershipState, org market.ID, change func(*market.User)) *market.User {
	now := time.Now().UTC()
	user := &market.User{
		Meta: market.Meta{ID: newID()}, Login: "somebody-" + m.next() + "@matrix.example", Name: "某人", Org: org, PasswordAt: now, ConfirmedAt: now,
		Memberships: []market.Membership{{Org: org, Roles: []market.Role{market.RoleSupplier}, State: state, Since: now}},
	}
	if change != nil {
		change(user)
	}
	m.must(m.h.docs.links.Insert(m.Context(), &market.MemberLink{Meta: market.Meta{ID: newID()}, Org: org, User: user.ID, State: state}))
	m.must(m.h.docs.users.Insert(m.Context(), user))
	return user
}

func (m *matrixWorld) member(state string, owner, _ market.ID) record {
	user := m.somebody(market.MembershipState(state), owner, nil)
	r := m.record("/organizations/:id/members/:user", owner, state, owner, m.versionOf(user.ID))
	r.params[":user"] = string(user.ID)
	return r
}

func (m *matrixWorld) person(state string, owner, _ market.ID) record {
	user := m.somebody(market.MemberActive, owner, func(u *market.User) {
		u.Disabled, u.Factor = state == "disabled", &market.Factor{Since: time.Now().UTC()}
	})
	return m.record("/users/:id", user.ID, state, owner, m.versionOf(user.ID))
}

func (m *matrixWorld) certificate(state string, owner, _ market.ID) record {
	user := m.somebody(market.MemberActive, owner, func(u *market.User) {
		u.Certificate = &market.Certificate{Level: market.BrokerLevels[0].Code, Number: "T-" + m.next(), Issuer: "某机构"}
	})
	return m.record("/certificates/:id", user.ID, state, owner, m.versionOf(user.ID))
}

func (m *matrixWorld) versionOf(user market.ID) func() int64 {
	return func() int64 {
		stored, err := m.h.docs.users.Get(m.Context(), user)
		m.must(err)
		return stored.Version
	}
}

// session makes one of a person, whose own alone it is.
func (m *matrixWorld) session(state string, owner, person market.ID) record {
	if person == "" {
		person = stranger
	}
	doc := &market.Session{Meta: market.Meta{ID: newID()}, User: person, Org: owner, UsedAt: time.Now().UTC()}
	r := m.record("/sessions/:id", doc.ID, state, "", insert(m, m.h.docs.sessions, doc))
	r.user = person
	return r
}

func (m *matrixWorld) mail(state string, owner, _ market.ID) record {
	doc := &market.Mail{Meta: market.Meta{ID: newID()}, To: "somebody@matrix.example", Subject: "矩阵", Text: "正文"}
	m.must(m.h.outbox.Send(m.Context(), doc))
	return m.record("/mails/:id", doc.ID, state, owner, func() int64 {
		stored, err := m.h.docs.mails.Get(m.Context(), doc.ID)
		m.must(err)
		return stored.Version
	})
}

func (m *matrixWorld) invitation(state string, owner, _ market.ID) record {
	return m.ticket(state, owner, &market.Ticket{Purpose: market.TicketInvitation, Org: owner, Login: "invited-" + m.next() + "@matrix.example", Roles: []market.Role{market.RoleSupplier}, By: stranger})
}

func (m *matrixWorld) confirmation(state string, owner, _ market.ID) record {
	user := m.somebody(market.MemberActive, owner, func(u *market.User) { u.ConfirmedAt = time.Time{} })
	return m.ticket(state, owner, &market.Ticket{Purpose: market.TicketConfirm, User: user.ID})
}

func (m *matrixWorld) recovery(state string, owner, _ market.ID) record {
	user := m.somebody(market.MemberActive, owner, func(u *market.User) { u.PasswordAt = time.Now().UTC().Add(-time.Hour) })
	return m.ticket(state, owner, &market.Ticket{Purpose: market.TicketRecovery, User: user.ID})
}

// ticket keeps a one-time link and knows its secret.
func (m *matrixWorld) ticket(state string, owner market.ID, doc *market.Ticket) record {
	secret := market.NewTicketSecret()
	doc.ID, doc.ExpiresAt = market.TicketID(secret), time.Now().UTC().Add(time.Hour)
	r := m.record("", owner, state, owner, insert(m, m.h.docs.tickets, doc))
	r.params[":invitation"], r.params[":secret"] = string(doc.ID), secret
	return r
}

func (m *matrixWorld) synonym(state string, owner, _ market.ID) record {
	name := m.next()
	group := &market.Synonym{Meta: market.Meta{ID: newID()}, Words: []string{"甲" + name, "乙" + name}, State: market.SynonymState(state), History: past(state, owner)}
	return m.record("/synonyms/:id", group.ID, state, owner, insert(m, m.h.docs.synonyms, group))
}
