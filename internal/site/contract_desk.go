package site

import (
	"context"

	"jishi/internal/contract"
	"jishi/internal/market"
	"jishi/web"
)

// own reads the contracts that the actor's organization entered and that are
// not decided yet, as rows of the desk. all says that there are no more.
func (p contractLists) own(ctx context.Context, by market.Actor) (rows []deskRow, all bool, err error) {
	if !market.May(by, market.ActCreateContract) {
		return nil, true, nil
	}
	page, err := p.Contracts.Mine(ctx, by, contract.SideOwner, "", deskLength)
	if err != nil {
		return nil, false, err
	}
	for _, doc := range page.Items {
		href := contractHref(doc.ID)
		row := deskRow{Kind: "合同", Title: contractTitle(doc), Href: href, State: contractBadge(doc.State), At: doc.ChangedAt}
		switch doc.State {
		case market.ContractReturned:
			row.due, row.Note, row.Next = toCorrect, lastNote(doc.History, market.ActReturnContract), web.Crumb{Href: href + "/edit", Text: "修改"}
		case market.ContractDraft:
			row.due, row.Next = toSubmit, web.Crumb{Href: href + "/edit", Text: "修改"}
		case market.ContractSubmitted:
			row.due, row.Next = inReview, web.Crumb{Href: href, Text: "查看"}
		default:
			continue
		}
		rows = append(rows, row)
	}
	return rows, page.Next == "", nil
}
