package api

import (
	"github.com/gofiber/fiber/v2"

	"jishi/internal/account"
	"jishi/internal/market"
)

// signUpInput is what the representative of an organization tells. Somebody
// signed in tells of the organization only. Files are uploaded after signing in.
type signUpInput struct {
	Login        string            `json:"login"`
	Name         string            `json:"name"`
	Phone        string            `json:"phone"`
	Password     string            `json:"password"`
	Consent      []string          `json:"consent"` // purposes agreed to
	Organization organizationInput `json:"organization"`
}

// signedUp answers a sign-up. A visitor always gets the same: the answer does
// not say whether the login, or the organization, was there before.
type signedUp struct {
	Received     bool                   `json:"received"`
	Organization market.ID              `json:"organization,omitempty"` // of somebody signed in
	Membership   market.MembershipState `json:"membership,omitempty"`   // active, or applied where it was registered already
}

// signUp signs an organization up.
func (a *API) signUp(c *fiber.Ctx) error {
	var in signUpInput
	if err := decode(c, &in); err != nil {
		return err
	}
	ctx, by, org := c.UserContext(), actor(c), in.Organization.read(market.Meta{})
	if !by.SignedIn() {
		err := a.Organizations.SignUp(ctx, account.SignUp{
			Login: in.Login, Name: in.Name, Phone: in.Phone, Password: in.Password, Purposes: in.Consent, Organization: org,
		})
		if err != nil {
			return err
		}
		return c.Status(fiber.StatusAccepted).JSON(signedUp{Received: true})
	}
	if in.Login != "" || in.Password != "" {
		return invalidField("login", "已登录，只填单位")
	}
	place, err := a.Organizations.AddOrganization(ctx, by, org, nil)
	if err != nil {
		return err
	}
	return c.Status(fiber.StatusAccepted).JSON(signedUp{Received: true, Organization: place.Org, Membership: place.State})
}

// confirmAddress takes the secret of a link that was sent to an address.
func (a *API) confirmAddress(c *fiber.Ctx) error {
	var in struct {
		Secret string `json:"secret"`
	}
	if err := decode(c, &in); err != nil {
		return err
	}
	if err := a.Organizations.ConfirmAddress(c.UserContext(), in.Secret); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}
