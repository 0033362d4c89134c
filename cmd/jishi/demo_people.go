package main

import (
	"context"

	"jishi/cmd/jishi/demo"
	"jishi/internal/account"
	"jishi/internal/market"
	"jishi/internal/store"
)

// demoCertificates are the brokers' certificates of the demonstration, by
// login; the last one waits for the bureau.
var demoCertificates = []struct {
	login     string
	held      market.Certificate
	confirmed bool
}{
	{"broker@demo", market.Certificate{Level: "middle", Number: "YS-JJ-2024-0017", Issuer: "示例技术市场协会", Until: "2027-12-31"}, true},
	{"consultant@demo", market.Certificate{Level: "junior", Number: "YS-JJ-2026-0102", Issuer: "示例技术市场协会"}, false},
}

// fillPeople gives the demonstration somebody who belongs to two
// organizations, and brokers their certificates. Doing it again completes it.
func (h *house) fillPeople(ctx context.Context) error {
	second, err := h.organizations.LookUpOrganization(ctx, market.System, "", demo.University)
	if err != nil {
		return err
	}
	consultant, err := h.demoPerson(ctx, "consultant@demo")
	if err != nil {
		return err
	}
	err = h.people.AddMember(ctx, market.System, second.ID, consultant.User, []market.Role{market.RoleBroker, market.RoleSupplier})
	if err != nil && !market.Is(err, market.Conflict) {
		return err
	}
	for _, c := range demoCertificates {
		by, err := h.demoPerson(ctx, c.login)
		if err != nil {
			return err
		}
		user, err := h.people.ReviseProfile(ctx, by, 0, account.Profile{Name: by.Name, Certificate: &c.held})
		if err != nil {
			return err
		}
		if !c.confirmed || !user.Certificate.Waits() {
			continue
		}
		if _, err := h.people.DecideCertificate(ctx, market.System, user.ID, user.Version, true, ""); err != nil {
			return err
		}
	}
	return nil
}

// demoPerson returns a demonstration user as they act for their own.
func (h *house) demoPerson(ctx context.Context, login string) (market.Actor, error) {
	page, err := h.docs.users.Find(ctx, store.Query{Equal: []store.Equal{{Field: "login", Value: login}}, Limit: 1})
	if err != nil || len(page.Items) == 0 {
		return market.Actor{}, err
	}
	u := page.Items[0]
	return market.Actor{User: u.ID, Org: u.Org, Name: u.Name}, nil
}
