package main

import (
	"jishi/internal/market"
)

// The kinds of record that people are told by.
func init() {
	for prefix, kind := range map[string]recordKind{
		"/notices/:id":          {states: codesOf(market.NoticeStates), personal: true, make: (*matrixWorld).notice},
		"/account/notices/:id":  {states: codesOf(market.NoticeStates), personal: true, make: (*matrixWorld).notice},
		"/saved-searches/:id":   {states: codesOf(market.SavedSearchStates), personal: true, make: (*matrixWorld).savedSearch},
		"/account/searches/:id": {states: codesOf(market.SavedSearchStates), personal: true, make: (*matrixWorld).savedSearch},
		"/alerts/off/:secret":   {states: []string{"open"}, make: (*matrixWorld).noMail},
	} {
		recordKinds[prefix] = kind
	}
}

// notice makes one of a person, whose own alone it is.
func (m *matrixWorld) notice(state string, _, person market.ID) record {
	if person == "" {
		person = stranger
	}
	doc := &market.Notice{
		Meta: market.Meta{ID: newID()}, User: person, Kind: market.NoticeSearch, Title: "矩阵中的提醒" + m.next(), Link: "/search", State: state, Mail: market.MailDone,
	}
	r := m.record("/notices/:id", doc.ID, state, "", insert(m, m.h.docs.alerts.notices, doc))
	r.user = person
	return r
}

// savedSearch makes one of a person, whose own alone it is.
func (m *matrixWorld) savedSearch(state string, owner, person market.ID) record {
	if person == "" {
		person = stranger
	}
	doc := &market.SavedSearch{
		Meta: market.Meta{ID: newID()}, User: person, Name: "矩阵中的搜索" + m.next(), Query: "q=%E9%95%81", Alert: market.AlertNow, State: state, History: past(state, owner),
	}
	r := m.record("/saved-searches/:id", doc.ID, state, "", insert(m, m.h.docs.alerts.searches, doc))
	r.user = person
	return r
}

// noMail makes the link in a digest by which whoever has it ends digests.
func (m *matrixWorld) noMail(state string, owner, _ market.ID) record {
	user := m.somebody(market.MemberActive, owner, nil)
	return m.ticket(state, owner, &market.Ticket{Purpose: market.TicketNoMail, User: user.ID})
}
