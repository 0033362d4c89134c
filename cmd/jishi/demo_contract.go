package main

import (
	"context"

	"jishi/cmd/jishi/demo"
	"jishi/internal/market"
	"jishi/internal/store"
)

// putDemoContract brings in one contract as its first seller, tied to the
// organizations and listings it names.
func (h *house) putDemoContract(ctx context.Context, _ market.Actor, doc *market.Contract, external string, dryRun bool) (market.Outcome, error) {
	if err := h.tieParties(ctx, doc); err != nil {
		return 0, err
	}
	all, err := demo.Registrations()
	if err != nil {
		return 0, err
	}
	if err := h.tieOrigin(ctx, doc, all[external]); err != nil {
		return 0, err
	}
	by, err := h.actingFor(ctx, doc.Sellers[0].Name)
	if err != nil {
		return 0, err
	}
	doc.Demo = true
	return h.contracts.Put(ctx, by, doc, external, dryRun)
}

// tieOrigin names the listings and the broker that brought the contract about.
func (h *house) tieOrigin(ctx context.Context, doc *market.Contract, r demo.Registration) (err error) {
	if r.Achievement != "" {
		doc.Origin.Achievement, err = imported(ctx, h.docs.achievements, doc.Sellers[0].Org, r.Achievement)
		if err != nil {
			return err
		}
	}
	if r.Demand != "" {
		doc.Origin.Demand, err = imported(ctx, h.docs.demands, doc.Buyers[0].Org, r.Demand)
		if err != nil {
			return err
		}
	}
	if r.Broker == "" {
		return nil
	}
	broker, err := h.organizations.LookUpOrganization(ctx, market.System, "", r.Broker)
	if err == nil {
		doc.Origin.Broker = broker.ID
	}
	return err
}

// imported returns the id of the listing an organization brought in under an
// external id.
func imported[T any, P interface {
	*T
	store.Document
}](ctx context.Context, docs store.Reader[T], owner market.ID, external string) (market.ID, error) {
	page, err := docs.Find(ctx, store.Query{Equal: []store.Equal{{Field: "import_key", Value: string(owner) + "/" + external}}, Limit: 1})
	if err != nil {
		return "", err
	}
	if len(page.Items) == 0 {
		return "", market.E(market.NotFound, "no_listing", "没有外部编号为 "+external+" 的发布项。")
	}
	return P(page.Items[0]).Head().ID, nil
}
