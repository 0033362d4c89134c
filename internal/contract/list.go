package contract

import (
	"context"

	"jishi/internal/market"
	"jishi/internal/store"
)

// Page is one page of contracts.
type Page = store.Page[market.Contract]

// Side is the part an organization has in a contract.
type Side string

// The sides. Sellers and buyers count by the first one named, who registers.
const (
	SideOwner  Side = ""
	SideSeller Side = "seller"
	SideBuyer  Side = "buyer"
	SideBroker Side = "broker"
)

// Sides is the code list of sides.
var Sides = market.CodeList{{Code: "", Name: "我填报的"}, {Code: "seller", Name: "我是卖方"}, {Code: "buyer", Name: "我是买方"}, {Code: "broker", Name: "我促成的"}}

var sideFields = map[Side]string{
	SideOwner: "owner", SideSeller: "sellers.0.org", SideBuyer: "buyers.0.org", SideBroker: "origin.broker",
}

// Mine returns a page of the contracts in which the actor's organization has a
// part, last changed first. after is the Next of the page before; limit 0 is 50.
func (s *Service) Mine(ctx context.Context, by market.Actor, side Side, after string, limit int) (Page, error) {
	if !by.SignedIn() {
		return Page{}, market.E(market.Unauthenticated, "sign_in_first", "请先登录再查看合同。")
	}
	if by.Org == "" {
		return Page{}, market.E(market.Denied, "no_organization", "您现在不代表任何单位，加入单位后才有“我的合同”。")
	}
	field, ok := sideFields[side]
	if !ok {
		return Page{}, market.E(market.Invalid, "bad_side", "没有这种身份，请从列表中选择。")
	}
	page, err := s.contracts.Find(ctx, store.Query{
		Equal: []store.Equal{{Field: field, Value: string(by.Org)}},
		Sort:  store.FieldChanged, Desc: true, After: after, Limit: limit,
	})
	return visible(by, page), err
}

// Queue returns a page of the contracts in a state, those waiting longest
// first; the empty state is submitted. Officers only.
func (s *Service) Queue(ctx context.Context, by market.Actor, state market.ContractState, after string, limit int) (Page, error) {
	if err := market.Permit(by, market.ActReviewContracts); err != nil {
		return Page{}, err
	}
	if state == "" {
		state = market.ContractSubmitted
	}
	if !market.ContractStates.Has(string(state)) {
		return Page{}, market.E(market.Invalid, "bad_state", "没有这种状态，请从列表中选择。")
	}
	page, err := s.contracts.Find(ctx, store.Query{
		Equal: []store.Equal{{Field: "state", Value: string(state)}},
		Sort:  store.FieldChanged, After: after, Limit: limit,
	})
	return visible(by, page), err
}

// visible turns the rows of a page into what the actor may see of them.
func visible(by market.Actor, page Page) Page {
	rows := page.Items[:0]
	for _, c := range page.Items {
		if seen := view(by, c); seen != nil {
			rows = append(rows, seen)
		}
	}
	page.Items = rows
	return page
}
