package api

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/account"
	"jishi/internal/market"
)

// memberActions are the actions on members.
type memberActions struct{ *API }

func (a memberActions) routes() []Route {
	const members, member = "/organizations/:id/members", "/organizations/:id/members/:user"
	return []Route{
		{"GET", members, a.listMembers, market.ActReadMembers},
		{"POST", members, a.applyMember, market.ActApplyMember},
		{"GET", member, a.showMember, market.ActReadMembers},
		{"PUT", member, a.reviseMember, market.ActReviseMember},
		{"POST", member + "/approve", a.approveMember, market.ActApproveMember},
		{"POST", member + "/refuse", a.refuseMember, market.ActRefuseMember},
		{"POST", member + "/remove", a.removeMember, market.ActRemoveMember},
		{"POST", member + "/hand-over", a.handOver, market.ActHandOver},
		{"POST", "/me/leave", a.leave, market.ActSelf}, // also of who acts for none and takes an application back
		{"POST", "/sessions/act-for", a.actFor, market.ActActFor},
	}
}

// member is somebody's place in an organization.
type member struct {
	User     market.ID              `json:"user"`
	Version  int64                  `json:"version"`
	Login    string                 `json:"login"`
	Name     string                 `json:"name"`
	Roles    []market.Role          `json:"roles"`
	State    market.MembershipState `json:"state"`
	Since    time.Time              `json:"since"`
	Proof    market.ID              `json:"proof,omitempty"` // file that came with an application
	Disabled bool                   `json:"disabled"`
}

func memberFrom(m *account.Member) member {
	one := member(*m)
	one.Roles = orEmpty(one.Roles)
	return one
}

// user returns the user named in the path beside an organization.
func user(c *fiber.Ctx) market.ID { return market.ID(c.Params("user")) }

func answerMember(c *fiber.Ctx, m *account.Member, err error) error {
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, market.Meta{Version: m.Version}, memberFrom(m))
}

// listMembers answers a page of an organization's people, applicants too.
func (a memberActions) listMembers(c *fiber.Ctx) error {
	limit, err := queryInt(c, "limit", 50, market.MaxPageSize)
	if err != nil {
		return err
	}
	found, err := a.People.Members(c.UserContext(), actor(c), id(c), c.Query("cursor"), limit)
	if err != nil {
		return err
	}
	items := make([]member, len(found.Items))
	for i, m := range found.Items {
		items[i] = memberFrom(m)
	}
	return c.JSON(pageOf(items, found.Next))
}

func (a memberActions) showMember(c *fiber.Ctx) error {
	m, err := a.People.Member(c.UserContext(), actor(c), id(c), user(c))
	return answerMember(c, m, err)
}

// applyMember asks for the caller to be taken in.
func (a memberActions) applyMember(c *fiber.Ctx) error {
	var in struct {
		Roles []market.Role `json:"roles"`
		Proof market.ID     `json:"proof"`
	}
	if err := decode(c, &in); err != nil {
		return err
	}
	if err := a.People.Apply(c.UserContext(), actor(c), id(c), account.Application{Roles: in.Roles, Proof: in.Proof}); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

// rolesInput is the body of actions that give roles.
type rolesInput struct {
	Roles []market.Role `json:"roles"`
}

func (a memberActions) reviseMember(c *fiber.Ctx) error {
	version, err := needMatch(c)
	if err != nil {
		return err
	}
	var in rolesInput
	if err := decode(c, &in); err != nil {
		return err
	}
	m, err := a.People.ReviseMember(c.UserContext(), actor(c), id(c), user(c), version, in.Roles)
	return answerMember(c, m, err)
}

// approveMember takes an applicant in, with other roles than asked for if the
// body says so.
func (a memberActions) approveMember(c *fiber.Ctx) error {
	version, err := ifMatch(c)
	if err != nil {
		return err
	}
	var in rolesInput
	if err := decodeOptional(c, &in); err != nil {
		return err
	}
	m, err := a.People.ApproveMember(c.UserContext(), actor(c), id(c), user(c), version, in.Roles)
	return answerMember(c, m, err)
}

// reasoned reads the version and the reason of an action.
func reasoned(c *fiber.Ctx) (version int64, note string, err error) {
	if version, err = ifMatch(c); err != nil {
		return 0, "", err
	}
	var in struct {
		Note string `json:"note"`
	}
	err = decodeOptional(c, &in) // without a body the use case names what is missing
	return version, in.Note, err
}

func (a memberActions) refuseMember(c *fiber.Ctx) error {
	version, note, err := reasoned(c)
	if err != nil {
		return err
	}
	if err := a.People.RefuseMember(c.UserContext(), actor(c), id(c), user(c), version, note); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

func (a memberActions) removeMember(c *fiber.Ctx) error {
	version, note, err := reasoned(c)
	if err != nil {
		return err
	}
	if err := a.People.RemoveMember(c.UserContext(), actor(c), id(c), user(c), version, note); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

// handOver makes another member manager in the caller's place, who keeps the
// roles of the body.
func (a memberActions) handOver(c *fiber.Ctx) error {
	var in rolesInput
	if err := decode(c, &in); err != nil {
		return err
	}
	if err := a.People.HandOver(c.UserContext(), actor(c), id(c), user(c), in.Roles); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

// ownOrganization names one of the caller's organizations.
type ownOrganization struct {
	Organization market.ID `json:"organization"`
}

// leave ends the caller's own membership, or takes an application back.
func (a memberActions) leave(c *fiber.Ctx) error {
	var in ownOrganization
	if err := decode(c, &in); err != nil {
		return err
	}
	err := a.People.Leave(c.UserContext(), actor(c), in.Organization)
	if market.Is(err, market.NotFound) {
		return invalidField("organization", "您不是这个单位的成员")
	}
	if err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

// actFor has the caller's session act for another of their organizations.
func (a memberActions) actFor(c *fiber.Ctx) error {
	var in ownOrganization
	if err := decode(c, &in); err != nil {
		return err
	}
	if in.Organization == "" {
		return invalidField("organization", "必填")
	}
	by, err := a.Sessions.ActFor(c.UserContext(), actor(c), in.Organization)
	if err != nil {
		return err
	}
	return c.JSON(selfOf(by))
}
