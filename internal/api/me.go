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
	Organization selfOrg       `json:"organization"` // empty for who belongs to none
	Others       []selfPlace   `json:"others"`       // whom they may act for instead
}

// selfPlace is an organization the caller is an active member of.
type selfPlace struct {
	ID   market.ID `json:"id"`
	Name string    `json:"name"`
}

type selfOrg struct {
	ID       market.ID `json:"id"`
	Name     string    `json:"name"`
	Verified bool      `json:"verified"`
}

// me answers GET /me.
func (a *API) me(c *fiber.Ctx) error {
	return c.JSON(selfOf(actor(c)))
}

func selfOf(by market.Actor) self {
	one := self{
		ID: by.User, Name: by.Name, Roles: orEmpty(by.Roles), Others: []selfPlace{},
		Organization: selfOrg{ID: by.Org, Name: by.OrgName, Verified: by.Verified},
	}
	for _, other := range by.Others {
		one.Others = append(one.Others, selfPlace{ID: other.Org, Name: other.Name})
	}
	return one
}
