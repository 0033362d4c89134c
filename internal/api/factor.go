package api

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
)

// factorActions are the actions on factor.
type factorActions struct{ *API }

func (a factorActions) routes() []Route {
	return []Route{
		{"GET", "/me/factor", a.showFactor, market.ActSelf},
		{"POST", "/me/factor", a.startFactor, market.ActSelf},
		{"POST", "/me/factor/confirm", a.confirmFactor, market.ActSelf},
		{"POST", "/me/factor/remove", a.removeFactor, market.ActSelf},
	}
}

// factor is how the caller's second factor stands.
type factor struct {
	Since        *time.Time `json:"since,omitempty"` // absent: none is in use
	Started      bool       `json:"started"`         // one is set up and waits for its first code
	RecoveryLeft int        `json:"recovery_left"`
	Required     bool       `json:"required"` // the caller's roles ask for one
}

// showFactor answers how the caller's second factor stands.
func (a factorActions) showFactor(c *fiber.Ctx) error {
	state, err := a.Sessions.Factor(c.UserContext(), actor(c))
	if err != nil {
		return err
	}
	out := factor{Started: state.Started, RecoveryLeft: state.Recovery, Required: state.Required}
	if !state.Since.IsZero() {
		out.Since = &state.Since
	}
	return c.JSON(out)
}

// proof is what the caller shows of who they are.
type proof struct {
	Password string `json:"password"`
	Code     string `json:"code"`
}

// enrolment is what an authenticator is set up with.
type enrolment struct {
	Secret string `json:"secret"` // base32
	URI    string `json:"uri"`    // otpauth://…
}

// startFactor makes a secret for the caller's authenticator.
func (a factorActions) startFactor(c *fiber.Ctx) error {
	var in struct {
		Password string `json:"password"`
	}
	if err := decode(c, &in); err != nil {
		return err
	}
	made, err := a.Sessions.StartFactor(c.UserContext(), actor(c), in.Password)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Status(fiber.StatusCreated).JSON(enrolment(made))
}

// confirmFactor puts the second factor to use; its recovery codes are answered
// this once.
func (a factorActions) confirmFactor(c *fiber.Ctx) error {
	var in struct {
		Code string `json:"code"`
	}
	if err := decode(c, &in); err != nil {
		return err
	}
	codes, err := a.Sessions.ConfirmFactor(c.UserContext(), actor(c), in.Code)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.JSON(fiber.Map{"recovery_codes": codes})
}

// removeFactor takes the second factor away.
func (a factorActions) removeFactor(c *fiber.Ctx) error {
	var in proof
	if err := decode(c, &in); err != nil {
		return err
	}
	if err := a.Sessions.RemoveFactor(c.UserContext(), actor(c), in.Password, in.Code); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}
