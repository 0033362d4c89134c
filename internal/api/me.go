package api

import (
	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
)

// self is who the server takes the caller for.
type self struct {
	ID           market.ID     `json:"id"`
	Name         string        `json:"name"`
	Roles        []market.Role `json:"roles"`
	Organization selfOrg       `json:"organization"`
}

type selfOrg struct {
	ID       market.ID `json:"id"`
	Name     string    `json:"name"`
	Verified bool      `json:"verified"`
}

// me answers GET /me.
func (a *API) me(c *fiber.Ctx) error {
	by := actor(c)
	return c.JSON(self{
		ID: by.User, Name: by.Name, Roles: by.Roles,
		Organization: selfOrg{ID: by.Org, Name: by.OrgName, Verified: by.Verified},
	})
}
