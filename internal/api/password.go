package api

import (
	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
)

// passwordActions are the actions on password.
type passwordActions struct{ *API }

// routes are the actions on passwords: to change one, and to get back
// in without.
func (a passwordActions) routes() []Route {
	return []Route{
		{"POST", "/me/password", a.changePassword, market.ActSelf},
		{"POST", "/recoveries", a.askRecovery, market.ActRecover},
		{"POST", "/recoveries/use", a.recover, market.ActRecover},
	}
}

// changePassword sets a new password; the caller's other sessions end and this
// one goes on under the tokens answered.
func (a passwordActions) changePassword(c *fiber.Ctx) error {
	var in struct {
		Password    string `json:"password"`
		NewPassword string `json:"new_password"`
	}
	if err := decode(c, &in); err != nil {
		return err
	}
	opened, err := a.Sessions.ChangePassword(c.UserContext(), actor(c), in.Password, in.NewPassword)
	if err != nil {
		return err
	}
	return answerGrant(c, fiber.StatusOK, opened)
}

// askRecovery has a recovery mail sent. The answer is the same for every login.
func (a passwordActions) askRecovery(c *fiber.Ctx) error {
	var in struct {
		Login string `json:"login"`
	}
	if err := decode(c, &in); err != nil {
		return err
	}
	if err := a.Sessions.AskRecovery(c.UserContext(), in.Login); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

// recover sets a new password by the secret of a recovery mail.
func (a passwordActions) recover(c *fiber.Ctx) error {
	var in struct {
		Secret   string `json:"secret"`
		Password string `json:"password"`
		Code     string `json:"code"`
	}
	if err := decode(c, &in); err != nil {
		return err
	}
	if err := a.Sessions.Recover(c.UserContext(), in.Secret, in.Password, in.Code); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}
