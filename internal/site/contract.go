package site

import (
	"net/url"
	"strings"

	"jishi/internal/market"
	"jishi/web"
)

// contractPages is the pages of single technology contracts: read and decide.
type contractPages struct{ *Site }

func (p contractPages) routes() []route {
	lists, forms := contractLists(p), contractForms{p}
	routes := []route{
		{"GET", "/contracts", lists.list, market.ActPublic},
		{"GET", "/contracts/export/:format", lists.export, market.ActExport},
		{"GET", "/contracts/new", forms.start, market.ActCreateContract},
		{"POST", "/contracts", forms.add, market.ActCreateContract},
		{"GET", "/contracts/:id", p.show, market.ActReadContract},
		{"POST", "/contracts/:id/identities", p.identities, market.ActRevealIdentity},
		{"GET", "/contracts/:id/edit", forms.edit, market.ActReviseContract},
		{"POST", "/contracts/:id/edit", forms.revise, market.ActReviseContract},
	}
	for word, action := range contractMoves {
		routes = append(routes, route{"POST", "/contracts/:id/" + word, p.move(action), action})
	}
	return routes
}

// contractHref returns the address of one contract.
func contractHref(id market.ID) string { return "/contracts/" + url.PathEscape(string(id)) }

// contractList is where all contracts are found, for the breadcrumbs.
var contractList = web.Crumb{Href: "/contracts", Text: "合同"}

var contractTones = map[market.ContractState]web.Tone{
	market.ContractSubmitted: web.Wait, market.ContractReturned: web.Wait, market.ContractRegistered: web.Good,
	market.ContractRefused: web.Bad, market.ContractCancelled: web.Bad,
}

func contractBadge(state market.ContractState) web.Badge {
	return web.Badge{Text: state.Name(), Tone: contractTones[state]}
}

// masked reports whether the reader sees the public form of a contract only.
func masked(c *market.Contract) bool { return c.Owner == "" }

// contractTitle names a contract for its reader: by its project, or by its
// type where names are withheld.
func contractTitle(c *market.Contract) string {
	switch {
	case masked(c):
		return contractType(c) + "合同"
	case c.Project == "":
		return "未命名的合同"
	}
	return c.Project
}

// contractType writes type and sub-type: "技术开发（委托开发）".
func contractType(c *market.Contract) string {
	text := market.ContractTypes.Name(c.Type)
	if c.SubType != "" {
		text += "（" + market.SubTypes[c.Type].Name(c.SubType) + "）"
	}
	return text
}

// partyNames writes one side of a contract: names, or what kind of party it
// is and where it is at home when names are withheld.
func partyNames(parties []market.Party) string {
	var words []string
	for _, one := range parties {
		if word := partyName(one); word != "" {
			words = append(words, word)
		}
	}
	return strings.Join(words, "、")
}

func partyName(one market.Party) string {
	if one.Name != "" {
		return one.Name
	}
	kind, place := named(market.PartyCategories, one.Category), market.DivisionName(one.Division)
	switch {
	case kind != "" && place != "":
		return kind + "（" + place + "）"
	case kind != "":
		return kind
	}
	return place
}

// named is the name of a code, "" for what is not stated.
func named(list market.CodeList, code string) string {
	if code == "" {
		return ""
	}
	return list.Name(code)
}
