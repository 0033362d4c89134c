package api

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/account"
	"jishi/internal/market"
)

// invitationActions are the actions on invitations.
type invitationActions struct{ *API }

// routes are the actions on invitations: of those who invite, below
// their organization, and of those invited, by the secret of their link.
func (a invitationActions) routes() []Route {
	const invitations = "/organizations/:id/invitations"
	return []Route{
		{"GET", invitations, a.listInvitations, market.ActInvite},
		{"POST", invitations, a.invite, market.ActInvite},
		{"POST", invitations + "/:invitation/resend", a.resendInvitation, market.ActInvite},
		{"POST", invitations + "/:invitation/revoke", a.revokeInvitation, market.ActRevokeInvitation},
		{"GET", "/invitations/:secret", a.showInvitation, market.ActAcceptInvitation},
		{"POST", "/invitations/:secret/accept", a.acceptInvitation, market.ActAcceptInvitation},
	}
}

// invitation is one as those see it who manage members. Its link is in the
// mail only.
type invitation struct {
	ID        market.ID     `json:"id"`
	Login     string        `json:"login"`
	Roles     []market.Role `json:"roles"`
	ExpiresAt time.Time     `json:"expires_at"`
	Expired   bool          `json:"expired"`
}

func (a invitationActions) listInvitations(c *fiber.Ctx) error {
	found, err := a.People.Invitations(c.UserContext(), actor(c), id(c))
	if err != nil {
		return err
	}
	items := make([]invitation, len(found))
	for i, one := range found {
		items[i] = invitation(*one)
	}
	return c.JSON(pageOf(items, ""))
}

func (a invitationActions) invite(c *fiber.Ctx) error {
	var in struct {
		Login string        `json:"login"`
		Roles []market.Role `json:"roles"`
	}
	if err := decode(c, &in); err != nil {
		return err
	}
	made, err := a.People.Invite(c.UserContext(), actor(c), id(c), in.Login, in.Roles)
	return answerInvitation(c, made, err)
}

// resendInvitation sends a new link; the old one is dead.
func (a invitationActions) resendInvitation(c *fiber.Ctx) error {
	made, err := a.People.ResendInvitation(c.UserContext(), actor(c), id(c), market.ID(c.Params("invitation")))
	return answerInvitation(c, made, err)
}

func answerInvitation(c *fiber.Ctx, made *account.Invitation, err error) error {
	if err != nil {
		return err
	}
	return c.Status(fiber.StatusCreated).JSON(invitation(*made))
}

func (a invitationActions) revokeInvitation(c *fiber.Ctx) error {
	if err := a.People.RevokeInvitation(c.UserContext(), actor(c), id(c), market.ID(c.Params("invitation"))); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

// invited is an invitation as the person sees it who was sent its link.
type invited struct {
	Organization selfOrg       `json:"organization"`
	Login        string        `json:"login"`
	Roles        []market.Role `json:"roles"`
	ExpiresAt    time.Time     `json:"expires_at"`
	HasAccount   bool          `json:"has_account"` // sign in with it and accept
	Accepted     bool          `json:"accepted"`    // by the caller
}

// secret returns the secret of a link; too long ones are none of ours.
func secret(c *fiber.Ctx) string { return market.Clip(c.Params("secret"), market.MaxWord) }

func (a invitationActions) showInvitation(c *fiber.Ctx) error {
	one, err := a.People.Invitation(c.UserContext(), actor(c), secret(c))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.JSON(invited{
		Organization: selfOrg{ID: one.Org, Name: one.OrgName, Verified: one.OrgVerified}, Login: one.Login, Roles: one.Roles,
		ExpiresAt: one.ExpiresAt, HasAccount: one.Known, Accepted: one.Accepted,
	})
}

// acceptInvitation makes the caller a member; a visitor, who says in the body
// who they are, gets an account first.
func (a invitationActions) acceptInvitation(c *fiber.Ctx) error {
	var in struct {
		Name     string   `json:"name"`
		Phone    string   `json:"phone"`
		Password string   `json:"password"`
		Purposes []string `json:"purposes"`
	}
	if err := decodeOptional(c, &in); err != nil {
		return err
	}
	var err error
	if actor(c).SignedIn() {
		_, err = a.People.Accept(c.UserContext(), actor(c), secret(c))
	} else {
		_, err = a.People.AcceptNew(c.UserContext(), actor(c), secret(c), account.Newcomer(in))
	}
	if err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}
