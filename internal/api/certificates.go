package api

import (
	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
)

// certificateActions are the actions on certificates.
type certificateActions struct{ *API }

// routes are the bureau's actions on brokers' certificates, and the
// directory of those it confirmed.
func (a certificateActions) routes() []Route {
	return []Route{
		{"GET", "/brokers", a.listBrokers, market.ActPublic},
		{"GET", "/certificates", a.listCertificates, market.ActConfirmCertificate},
		{"POST", "/certificates/:id/confirm", a.decideCertificate(true), market.ActConfirmCertificate},
		{"POST", "/certificates/:id/refuse", a.decideCertificate(false), market.ActRefuseCertificate},
	}
}

// broker is what everybody may know of a broker who agreed to be shown.
type broker struct {
	ID            market.ID   `json:"id"` // of the user: to whom a demand can be handed
	Name          string      `json:"name"`
	Organizations []selfOrg   `json:"organizations"`
	Level         string      `json:"level"`
	Number        string      `json:"number"`
	Issuer        string      `json:"issuer"`
	Until         market.Date `json:"until"`
	Expired       bool        `json:"expired"`
}

// maxBrokers bounds the directory of brokers.
const maxBrokers = 500

// listBrokers answers the brokers of ?organization, or all, by name.
func (a certificateActions) listBrokers(c *fiber.Ctx) error {
	found, err := a.People.PublicBrokers(c.UserContext(), market.ID(c.Query("organization")), maxBrokers)
	if err != nil {
		return err
	}
	items := make([]broker, len(found))
	for i, one := range found {
		items[i] = broker{ID: one.User, Name: one.Name, Level: one.Level, Number: one.Number, Issuer: one.Issuer, Until: one.Until, Expired: one.Expired}
		for _, org := range one.Orgs {
			items[i].Organizations = append(items[i].Organizations, selfOrg{ID: org.Org, Name: org.Name, Verified: true})
		}
	}
	return c.JSON(pageOf(items, ""))
}

// waitingCertificate is one the bureau has still to look at.
type waitingCertificate struct {
	User        market.ID          `json:"user"`
	Version     int64              `json:"version"`
	Name        string             `json:"name"`
	Certificate market.Certificate `json:"certificate"`
}

func waitingOf(u *market.User) waitingCertificate {
	return waitingCertificate{User: u.ID, Version: u.Version, Name: u.Name, Certificate: *u.Certificate}
}

func (a certificateActions) listCertificates(c *fiber.Ctx) error {
	users, err := a.People.WaitingCertificates(c.UserContext(), actor(c), market.MaxPageSize)
	if err != nil {
		return err
	}
	items := make([]waitingCertificate, len(users))
	for i, u := range users {
		items[i] = waitingOf(u)
	}
	return c.JSON(pageOf(items, ""))
}

func (a certificateActions) decideCertificate(confirm bool) fiber.Handler {
	return func(c *fiber.Ctx) error {
		version, note, err := reasoned(c)
		if err != nil {
			return err
		}
		u, err := a.People.DecideCertificate(c.UserContext(), actor(c), id(c), version, confirm, note)
		if err != nil {
			return err
		}
		return answer(c, fiber.StatusOK, u.Meta, waitingOf(u))
	}
}
