package main

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"jishi/internal/market"
)

// words is the last part of the address an action of a record is asked for at,
// where it is not the action's own name.
var words = map[market.Action]string{
	market.ActRevise: "edit", market.ActReviseContract: "edit", market.ActReviseOrganization: "edit",
	market.ActSubmitContract: "submit", market.ActReturnContract: "return", market.ActRegister: "register", market.ActRefuse: "refuse", market.ActCancel: "cancel",
	market.ActVerifyOrganization: "verify", market.ActReturnOrganization: "return", market.ActRejectOrganization: "reject",
	market.ActSuspendOrganization: "suspend", market.ActRestoreOrganization: "restore",
}

// TestMatrixButtons reads the page of every record as everybody: it offers an
// action if and only if the permission table and the state table allow it.
func TestMatrixButtons(t *testing.T) {
	m, pages, buttons := startMatrix(t), 0, 0
	for _, prefix := range []string{"/achievements/:id", "/demands/:id", "/contracts/:id", "/organizations/:id"} {
		kind := recordKinds[prefix]
		for _, state := range kind.states {
			for seat, by := range m.seats {
				for relation, owner := range map[string]market.ID{"own": by.Org, "foreign": otherOrg} {
					if owner == "" {
						continue
					}
					r := kind.make(m, state, owner, "")
					got := m.send(seat, "GET", r.address(prefix), "", 0)
					if got.status != 200 {
						continue // that this is right the other test says
					}
					offered := m.offers(got.body, r.address(prefix))
					if prefix == "/organizations/:id" {
						offered = m.offersOfOrganization(seat, relation, r)
					}
					wanted := m.wanted(kind, by, r)
					if !slices.Equal(offered, wanted) {
						t.Errorf("%s as %s on %s %s offers %v, want %v", prefix, seat, relation, state, offered, wanted)
					}
					pages, buttons = pages+1, buttons+len(wanted)
				}
				m.restore()
			}
		}
	}
	t.Logf("%d pages, %d buttons", pages, buttons)
	if buttons < 100 {
		t.Error("too few buttons to show anything")
	}
}

// wanted is the actions that both tables allow, as the ends of addresses.
func (m *matrixWorld) wanted(kind recordKind, by market.Actor, r record) []string {
	var list []string
	for _, g := range market.Grants {
		known, legal := kind.moves(r.state, g.Action)
		if !known || !legal || !granted(by, g.Action, by.Org != "" && r.owner == by.Org, "") {
			continue
		}
		word := words[g.Action]
		if word == "" {
			word = string(g.Action)
		}
		if !slices.Contains(list, word) {
			list = append(list, word)
		}
	}
	// Who decides on a listing has the choice of yes and no; taking it off is no third.
	if slices.Contains(list, "approve") {
		list = slices.DeleteFunc(list, func(word string) bool { return word == "withdraw" })
	}
	// Merging takes two: the page of the pair offers it, see the site's TestDuplicates.
	if kind.name != "/duplicates/:id" {
		list = slices.DeleteFunc(list, func(word string) bool { return word == "merge" || word == "unmerge" })
	}
	slices.Sort(list)
	return list
}

// offersOfOrganization is what the pages offer to those who decide about an
// organization, and to those who are it.
func (m *matrixWorld) offersOfOrganization(seat, relation string, r record) []string {
	var list []string
	if got := m.send(seat, "GET", r.address("/organizations/:id/review"), "", 0); got.status == 200 {
		list = m.offers(got.body, r.address("/organizations/:id"))
	}
	if got := m.send(seat, "GET", "/organization", "", 0); relation == "own" && got.status == 200 {
		list = append(list, m.offers(got.body, "/organization")...)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// offers is the ends of the addresses below a record that a page's forms and
// links lead to, as far as they are words of actions.
func (m *matrixWorld) offers(page, address string) []string {
	root, err := html.Parse(strings.NewReader(page))
	m.must(err)
	var list []string
	for node := range root.Descendants() {
		for _, a := range node.Attr {
			word, below := strings.CutPrefix(a.Val, address+"/")
			if word, _, _ = strings.Cut(word, "#"); !below || a.Key != "action" && a.Key != "href" || slices.Contains(list, word) {
				continue
			}
			if !knownWord(word) {
				continue
			}
			list = append(list, word)
		}
	}
	slices.Sort(list)
	return list
}

func knownWord(word string) bool {
	for _, moves := range []func(string, market.Action) (bool, bool){moveOf(market.ListingMoves), moveOf(market.ContractMoves), moveOf(market.OrganizationMoves)} {
		if known, _ := moves("", market.Action(word)); known {
			return true
		}
	}
	for _, known := range words {
		if word == known {
			return true
		}
	}
	return false
}
