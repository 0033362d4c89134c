package site

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/web"
)

// alterMember does what a form asks about a member. Where it is refused, the
// member's page comes again with what was typed.
func (p memberPages) alterMember(c *fiber.Ctx, action market.Action, said string, alter func(context.Context, market.Actor, *form) error) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	by := actor(c)
	err = alter(c.UserContext(), by, f)
	here, list := memberHref(id(c), memberID(c)), membersHref(by, id(c))
	switch {
	case f.refuse(err):
		return p.member(c, fiber.StatusUnprocessableEntity, action, f)
	case market.Is(err, market.Conflict), market.Is(err, market.Stale):
		return done(c, here, web.Bad, sentence(err))
	case market.Is(err, market.Unavailable):
		return done(c, list, web.Wait, sentence(err))
	case err != nil:
		return err
	}
	return done(c, list, web.Good, said)
}

func chosenRoles(f *form) []market.Role {
	var roles []market.Role
	for _, one := range f.values["roles"] {
		roles = append(roles, market.Role(one))
	}
	return roles
}

// revise gives a member other roles.
func (p memberPages) revise(c *fiber.Ctx) error {
	return p.alterMember(c, market.ActReviseMember, "角色已调整，对方下一次操作时生效。", func(ctx context.Context, by market.Actor, f *form) error {
		_, err := p.People.ReviseMember(ctx, by, id(c), memberID(c), f.version(), chosenRoles(f))
		return err
	})
}

// approve takes an applicant in.
func (p memberPages) approve(c *fiber.Ctx) error {
	return p.alterMember(c, market.ActApproveMember, "已同意加入，并用邮件告知对方。", func(ctx context.Context, by market.Actor, f *form) error {
		_, err := p.People.ApproveMember(ctx, by, id(c), memberID(c), f.version(), chosenRoles(f))
		return err
	})
}

// refuse turns an applicant down.
func (p memberPages) refuse(c *fiber.Ctx) error {
	return p.alterMember(c, market.ActRefuseMember, "没有同意加入，已用邮件告知对方理由。", func(ctx context.Context, by market.Actor, f *form) error {
		return p.People.RefuseMember(ctx, by, id(c), memberID(c), f.version(), f.text("note"))
	})
}

// remove ends a membership.
func (p memberPages) remove(c *fiber.Ctx) error {
	return p.alterMember(c, market.ActRemoveMember, "已移出单位，对方为本单位的登录立即失效。", func(ctx context.Context, by market.Actor, f *form) error {
		return p.People.RemoveMember(ctx, by, id(c), memberID(c), f.version(), f.text("note"))
	})
}

// handOver makes another member manager in the reader's place. What the reader
// may see afterwards is theirs no more, so they go on to their organizations.
func (p memberPages) handOver(c *fiber.Ctx) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	err = p.People.HandOver(c.UserContext(), actor(c), id(c), memberID(c), chosenRoles(f))
	switch {
	case f.refuse(err):
		return p.member(c, fiber.StatusUnprocessableEntity, market.ActHandOver, f)
	case market.Is(err, market.Conflict), market.Is(err, market.Stale):
		return done(c, memberHref(id(c), memberID(c)), web.Bad, sentence(err))
	case market.Is(err, market.Unavailable):
		return done(c, "/account/organizations", web.Wait, sentence(err))
	case err != nil:
		return err
	}
	return done(c, "/account/organizations", web.Good, "单位管理员已移交。")
}

// invite sends an invitation from the form under the list.
func (p memberPages) invite(c *fiber.Ctx) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	made, err := p.People.Invite(c.UserContext(), actor(c), id(c), f.text("login"), chosenRoles(f))
	list := membersHref(actor(c), id(c))
	switch {
	case f.refuse(err):
		return p.page(c, fiber.StatusUnprocessableEntity, id(c), f)
	case market.Is(err, market.Conflict):
		f.problems.Add("login", sentence(err))
		return p.page(c, fiber.StatusConflict, id(c), f)
	case market.Is(err, market.Unavailable):
		return done(c, list, web.Wait, sentence(err))
	case err != nil:
		return err
	}
	return done(c, list, web.Good, "邀请已发到 "+made.Login+"，七天内有效。")
}

// resend sends a new link to the person of an invitation.
func (p memberPages) resend(c *fiber.Ctx) error {
	made, err := p.People.ResendInvitation(c.UserContext(), actor(c), id(c), market.ID(c.Params("invitation")))
	list := membersHref(actor(c), id(c))
	if market.Is(err, market.Conflict) || market.Is(err, market.Unavailable) {
		return done(c, list, web.Bad, sentence(err))
	}
	if err != nil {
		return err
	}
	return done(c, list, web.Good, "新的邀请已发到 "+made.Login+"，原来的链接已失效。")
}

// revoke makes a link good for nothing.
func (p memberPages) revoke(c *fiber.Ctx) error {
	err := p.People.RevokeInvitation(c.UserContext(), actor(c), id(c), market.ID(c.Params("invitation")))
	list := membersHref(actor(c), id(c))
	if market.Is(err, market.Conflict) {
		return done(c, list, web.Bad, sentence(err))
	}
	if err != nil {
		return err
	}
	return done(c, list, web.Good, "邀请已撤销，链接已失效。")
}
