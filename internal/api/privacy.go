package api

import (
	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/internal/privacy"
)

// privacyActions are the actions on privacy.
type privacyActions struct{ *API }

func (a privacyActions) routes() []Route {
	return []Route{
		{"GET", "/me/consents", a.listConsents, market.ActSelf},
		{"POST", "/me/consents", a.giveConsents, market.ActSelf},
		{"DELETE", "/me/consents/:purpose", a.withdrawConsent, market.ActSelf},
		{"GET", "/me/export", a.exportSelf, market.ActSelf},
		{"POST", "/me/erase", a.eraseSelf, market.ActSelf},
	}
}

// choice is one purpose and how the caller decided about it.
type choice struct {
	Purpose string            `json:"purpose"`
	Name    string            `json:"name"`   // Chinese
	Needed  bool              `json:"needed"` // for having an account
	Holds   bool              `json:"holds"`  // agreed to under the notice in force
	Past    []*market.Consent `json:"past"`   // every agreement, newest first
}

// listConsents answers every purpose there is.
func (a privacyActions) listConsents(c *fiber.Ctx) error {
	mine, err := a.Privacy.Mine(c.UserContext(), actor(c))
	if err != nil {
		return err
	}
	choices := make([]choice, len(mine))
	for i, one := range mine {
		choices[i] = choiceOf(one)
	}
	if err := named(c, choices); err != nil {
		return err
	}
	return c.JSON(fiber.Map{"policy": market.PolicyVersion, "purposes": choices})
}

func choiceOf(one privacy.Choice) choice {
	return choice{Purpose: one.Purpose, Name: market.ConsentPurposes.Name(one.Purpose), Needed: one.Needed, Holds: one.Holds, Past: orEmpty(one.Past)}
}

// giveConsents records that the caller agrees to purposes under the notice in
// force, and answers how everything stands.
func (a privacyActions) giveConsents(c *fiber.Ctx) error {
	var in struct {
		Purposes []string `json:"purposes"`
	}
	if err := decode(c, &in); err != nil {
		return err
	}
	if err := a.Privacy.Give(c.UserContext(), actor(c), in.Purposes); err != nil {
		return err
	}
	return a.listConsents(c)
}

func (a privacyActions) withdrawConsent(c *fiber.Ctx) error {
	if err := a.Privacy.Withdraw(c.UserContext(), actor(c), c.Params("purpose")); err != nil {
		return err
	}
	return a.listConsents(c)
}

// exportSelf answers with everything the platform keeps about the caller.
func (a privacyActions) exportSelf(c *fiber.Ctx) error {
	mine, err := a.Privacy.Export(c.UserContext(), actor(c))
	if err != nil {
		return err
	}
	if err := named(c, mine); err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="jishi-me.json"`)
	return c.JSON(mine)
}

// eraseSelf closes the caller's account for good.
func (a privacyActions) eraseSelf(c *fiber.Ctx) error {
	var in struct {
		Password string `json:"password"`
		Login    string `json:"login"`
	}
	if err := decode(c, &in); err != nil {
		return err
	}
	if err := a.Privacy.Erase(c.UserContext(), actor(c), in.Password, in.Login); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}
