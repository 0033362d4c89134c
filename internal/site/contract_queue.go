package site

import (
	"context"
	"slices"

	"jishi/internal/market"
)

// queue reads the contracts that wait for registration, as part of the
// officers' review.
func (p contractLists) queue(ctx context.Context, by market.Actor) ([]waiting, error) {
	page, err := p.Contracts.Queue(ctx, by, market.ContractSubmitted, "", queueLength)
	if err != nil {
		return nil, err
	}
	rows := make([]waiting, len(page.Items))
	for i, doc := range page.Items {
		rows[i] = waiting{
			ID: doc.ID, Kind: "合同", Title: contractTitle(doc), Who: partyNames(doc.Sellers), Href: contractHref(doc.ID), Since: doc.ChangedAt,
			Mine: !slices.Contains(p.Contracts.Actions(by, doc), market.ActRegister),
		}
	}
	return rows, nil
}
