package main

import (
	"net/url"
	"strings"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// record is one document the matrix tries its routes on.
type record struct {
	kind    string // of recordKinds
	params  map[string]string
	state   string
	owner   market.ID
	user    market.ID   // whose own it is, of what belongs to a person
	parties []market.ID // besides the owner, who stand to it as their own for reading
	version func() int64
}

// recordKind says how documents of one kind come to be in each of their states.
type recordKind struct {
	name   string // the beginning of the path
	states []string
	moves  func(state string, action market.Action) (known, legal bool) // nil without a state table
	party  bool                                                         // it has parties besides its owner
	// personal: it belongs to a person, who comes in party's place, and is nobody else's.
	personal bool
	reads    market.Action // what reading it takes; part of it is shown to nobody who may not read it
	make     func(m *matrixWorld, state string, owner, party market.ID) record
}

// recordKinds is by the beginning of a route's path. A route with a parameter
// that begins like none of these fails the test.
var recordKinds = map[string]recordKind{
	"/achievements/:id":  {states: codesOf(market.ListingStates), moves: moveOf(market.ListingMoves), reads: market.ActReadDraft, make: (*matrixWorld).achievement},
	"/demands/:id":       {states: codesOf(market.ListingStates), moves: moveOf(market.ListingMoves), reads: market.ActReadDraft, make: (*matrixWorld).demand},
	"/contracts/:id":     {states: codesOf(market.ContractStates), moves: moveOf(market.ContractMoves), reads: market.ActReadContract, party: true, make: (*matrixWorld).contract},
	"/organizations/:id": {states: codesOf(market.OrganizationStates), moves: moveOf(market.OrganizationMoves), reads: market.ActReadOrganization, make: (*matrixWorld).organization},
	"/imports/:id":       {states: []string{"done", "failed"}, make: (*matrixWorld).importJob},
	"/files/:id":         {states: []string{"kept"}, make: (*matrixWorld).file},
	"/duplicates/:id":    {states: codesOf(market.DuplicateStates), moves: moveOf(market.DuplicateMoves), reads: market.ActReadDuplicate, make: (*matrixWorld).duplicate},
	"/matches/:id":       {states: []string{"published"}, make: (*matrixWorld).match},
}

// literals is parameters that name no record.
var literals = map[string]string{":format": "xlsx?by=type", ":kind": "achievements", ":purpose": market.PurposeContact, "*": "0123456789ab/img/favicon.svg"}

func codesOf(list market.CodeList) []string {
	var all []string
	for _, c := range list {
		all = append(all, c.Code)
	}
	return all
}

// moveOf looks an action up in a state table: whether it is one of its moves
// at all, and whether it is one from the state.
func moveOf[S ~string](moves market.Moves[S]) func(string, market.Action) (bool, bool) {
	return func(state string, action market.Action) (known, legal bool) {
		for _, move := range moves {
			known = known || move.Action == action
			legal = legal || move.Action == action && string(move.From) == state
		}
		return known, legal
	}
}

// next names one more record.
func (m *matrixWorld) next() string {
	m.count++
	return itoa(m.count)
}

// stranger is who did what happened to a record before the matrix comes to it.
const stranger market.ID = "01990000-0000-7000-8000-00000000f00d"

// past is a history that leads to a state by the hand of a stranger.
func past(state string, org market.ID) []market.Event {
	return []market.Event{{Seq: 1, At: time.Now().UTC().Truncate(time.Millisecond), By: stranger, Org: org, ByName: "他人", Action: market.ActCreateContract, To: state}}
}

func insert[T any, P interface {
	*T
	store.Document
}](m *matrixWorld, docs store.Collection[T], doc *T) func() int64 {
	m.Helper()
	m.must(docs.Insert(m.Context(), doc))
	id := P(doc).Head().ID
	return func() int64 {
		stored, err := docs.Get(m.Context(), id)
		m.must(err)
		return P(stored).Head().Version
	}
}

func (m *matrixWorld) listing(state string, owner market.ID) market.Listing {
	l := market.Listing{
		Title: "矩阵中的发布项" + m.next(), Summary: "用于检验权限。", Keywords: []string{"矩阵"}, Class: market.Class{Field: "05"}, Modes: []string{"license"},
		Contact: market.Contact{Name: "赵老师", Phone: "13812345678"}, Detail: "保密内容",
		Owner: owner, State: market.ListingState(state), Submitter: stranger, History: past(state, owner),
	}
	if l.State == market.StateMerged {
		l.MergedInto, l.MergedFrom = stranger, market.StateDraft // into one that is not there any more
	}
	if l.Public() {
		l.Published, l.ValidUntil = time.Now().UTC(), time.Now().UTC().Add(time.Hour)
	}
	return l
}

func (m *matrixWorld) achievement(state string, owner, _ market.ID) record {
	doc := &market.Achievement{Meta: market.Meta{ID: newID()}, Listing: m.listing(state, owner), Holder: "示例大学", Maturity: market.Maturity{Stage: "middle"}}
	doc.ImportKey = string(doc.ID)
	return m.record("/achievements/:id", doc.ID, state, owner, insert(m, m.h.docs.achievements, doc))
}

// duplicate is two listings of one owner.
func (m *matrixWorld) duplicate(state string, owner, _ market.ID) record {
	a, b := m.achievement("published", owner, ""), m.achievement("published", owner, "")
	one, two := market.ID(a.params[":id"]), market.ID(b.params[":id"]) // ids are in order of time
	doc := &market.Duplicate{Meta: market.Meta{ID: market.DuplicateID(one, two)}, Kind: market.KindAchievement, A: one, B: two, OwnerA: owner, OwnerB: owner,
		Similarity: 80, Numbers: []string{}, State: market.DuplicateState(state), Found: time.Now().UTC(), History: past(state, owner)}
	if doc.State == market.DuplicateMerged {
		merged, err := m.h.docs.achievements.Get(m.Context(), two)
		m.must(err)
		merged.State, merged.MergedInto, merged.MergedFrom, doc.Into = market.StateMerged, one, market.StatePublished, one
		m.must(m.h.docs.achievements.Update(m.Context(), merged))
	}
	return m.record("/duplicates/:id", doc.ID, state, owner, insert(m, m.h.docs.duplicates, doc))
}

func (m *matrixWorld) demand(state string, owner, _ market.ID) record {
	doc := &market.Demand{Meta: market.Meta{ID: newID()}, Listing: m.listing(state, owner), Demander: "示例企业", DemandKind: "problem"}
	doc.ImportKey = string(doc.ID)
	return m.record("/demands/:id", doc.ID, state, owner, insert(m, m.h.docs.demands, doc))
}

func (m *matrixWorld) contract(state string, owner, party market.ID) record {
	n := m.next()
	doc := &market.Contract{
		Meta: market.Meta{ID: newID()}, Project: "矩阵中的合同" + n, Type: "KF", SubType: "KF1", Payment: "installments",
		Sellers: []market.Party{{Org: party, Name: "示例大学", Category: "022", Division: "500109"}},
		Buyers:  []market.Party{{Name: "示例镁业", Category: "100", Division: "500155"}},
		Amounts: market.Amounts{Total: 100, Technology: 50}, Term: market.Term{Signed: "2026-03-02", From: "2026-03-02", To: "2027-03-01"},
		Class: market.ContractClass{Field: "05", Industry: "C"}, Owner: owner, State: market.ContractState(state), Submitter: stranger, History: past(state, owner),
	}
	doc.ImportKey = string(doc.ID)
	card, err := m.h.vault.Seal("11010519491231002X", doc.IdentityPlace())
	m.must(err)
	doc.Sellers = append(doc.Sellers, market.Party{Name: "示例自然人", Category: market.CategoryPerson, Division: "500109", Identity: card, Masked: "1****************X"})
	if doc.State == market.ContractRegistered || doc.State == market.ContractCancelled {
		doc.Register = market.Registration{Number: "2025" + strings.Repeat("0", 10-len(n)) + n, At: time.Now().UTC(), By: stranger}
	}
	r := m.record("/contracts/:id", doc.ID, state, owner, insert(m, m.h.docs.contracts, doc))
	r.parties = []market.ID{party}
	return r
}

// organization makes one; whose own it is is the one who is it.
func (m *matrixWorld) organization(state string, owner, _ market.ID) record {
	return m.record("/organizations/:id", owner, state, owner, m.setOrganization(owner, market.OrganizationState(state)))
}

func (m *matrixWorld) importJob(state string, owner, _ market.ID) record {
	doc := &market.ImportJob{Meta: market.Meta{ID: newID()}, Kind: "achievements", File: "a.csv", Owner: owner, By: stranger, State: market.ImportState(state), Finished: time.Now().UTC()}
	return m.record("/imports/:id", doc.ID, state, owner, insert(m, m.h.docs.imports, doc))
}

func (m *matrixWorld) file(state string, owner, _ market.ID) record {
	by := market.Actor{User: stranger, Org: owner, Roles: []market.Role{market.RoleManager}}
	doc, err := m.h.files.Add(m.Context(), by, "a.pdf", somePDF(m.next()))
	m.must(err)
	return m.record("/files/:id", doc.ID, state, owner, func() int64 {
		stored, err := m.h.docs.files.files.Get(m.Context(), doc.ID)
		m.must(err)
		return stored.Version
	})
}

// match makes a published demand of owner's and an achievement of somebody
// else's; what is judged of it changes neither.
func (m *matrixWorld) match(state string, owner, _ market.ID) record {
	demand, achievement := m.demand(state, owner, ""), m.achievement(state, otherOrg, "")
	return m.record("/matches/:id", market.PairID(market.ID(demand.params[":id"]), market.ID(achievement.params[":id"])), state, owner, demand.version)
}

func (m *matrixWorld) record(kind string, id market.ID, state string, owner market.ID, version func() int64) record {
	return record{kind: kind, params: map[string]string{":id": string(id)}, state: state, owner: owner, version: version}
}

// address is a route's path with the parameters of a record.
func (r record) address(path string) string {
	for name, value := range literals {
		path = strings.ReplaceAll(path, name, value)
	}
	for name, value := range r.params {
		path = strings.ReplaceAll(path, name, url.PathEscape(value))
	}
	return path
}

func (m *matrixWorld) insertOrganization(id market.ID, name string, state market.OrganizationState) {
	doc := &market.Organization{Meta: market.Meta{ID: id}, Name: name, Kind: "university", State: state, Contact: market.Contact{Name: "赵老师", Phone: "13812345678"},
		Marks: []market.Mark{{Kind: market.MarkKinds[0].Code, From: "2025-03-01"}}, History: past(string(state), id)}
	if id == bureauOrg {
		doc.Kind = "bureau"
	}
	m.must(doc.Check())
	m.must(m.h.docs.orgs.Insert(m.Context(), doc))
}

// setOrganization brings an organization into a state.
func (m *matrixWorld) setOrganization(id market.ID, state market.OrganizationState) func() int64 {
	doc, err := m.h.docs.orgs.Get(m.Context(), id)
	m.must(err)
	if doc.State != state {
		doc.State = state
		m.must(m.h.docs.orgs.Update(m.Context(), doc))
	}
	return func() int64 {
		doc, err := m.h.docs.orgs.Get(m.Context(), id)
		m.must(err)
		return doc.Version
	}
}

// insertUser makes the user behind a seat, with a session.
func (m *matrixWorld) insertUser(by market.Actor, login string) market.ID {
	user := &market.User{
		Meta: market.Meta{ID: by.User}, Login: login, Name: by.Name, Org: by.Org, PasswordHash: m.hash, PasswordAt: time.Now().UTC(),
		Memberships: []market.Membership{{Org: by.Org, Roles: by.Roles, State: market.MemberActive, Since: time.Now().UTC()}},
	}
	if by.Org == "" { // acts for nobody as long as they wait
		user.Memberships[0] = market.Membership{Org: ownOrg, Roles: []market.Role{market.RoleSupplier}, State: market.MemberApplied, Since: time.Now().UTC()}
	}
	m.must(m.h.docs.users.Insert(m.Context(), user))
	session := &market.Session{Meta: market.Meta{ID: newID()}, User: by.User, Org: by.Org, UsedAt: time.Now().UTC()}
	m.must(m.h.docs.sessions.Insert(m.Context(), session))
	return session.ID
}
