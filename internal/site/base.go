package site

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/web"
)

// ActorKey is where the server leaves, as a market.Actor in the request's
// locals, who acts. Nothing there means a visitor.
const ActorKey = "actor"

// actor returns who asks.
func actor(c *fiber.Ctx) market.Actor {
	by, _ := c.Locals(ActorKey).(market.Actor)
	return by
}

// base returns what stands around a page. current is the entry of the
// navigation the page belongs to, see web.PrimaryNav; empty for none.
func (s *Site) base(c *fiber.Ctx, title, current string) web.Base {
	by := actor(c)
	path := c.OriginalURL()
	if c.Method() != fiber.MethodGet {
		path = "/desk" // where to go after sign-in: a write cannot be gone back to
	}
	return web.Base{
		Title: title, Path: path, Demo: s.Demo, Flash: takeFlash(c),
		User: web.User{SignedIn: by.SignedIn(), Name: by.Name, OrgName: by.OrgName, Roles: roleNames(by), Links: menuLinks(by), Others: otherPlaces(by), Unread: s.unread(c, by)},
		Nav: web.PrimaryNav(current, web.NavAccess{
			Desk: by.SignedIn(), Review: market.May(by, market.ActReviewListings) || market.May(by, market.ActReviewContracts),
		}),
		RequestID: market.RequestOf(c.UserContext()).ID,
	}
}

func roleNames(by market.Actor) string {
	names := make([]string, len(by.Roles))
	for i, role := range by.Roles {
		names[i] = market.Roles.Name(string(role))
	}
	return strings.Join(names, "、")
}

// crumbs leads from the start page down: pairs of address and text, then the
// text of the page itself.
func crumbs(self string, steps ...web.Crumb) []web.Crumb {
	trail := append([]web.Crumb{{Href: "/", Text: "首页"}}, steps...)
	return append(trail, web.Crumb{Text: self})
}
