package api

import (
	"github.com/gofiber/fiber/v2"

	"jishi/internal/mail"
	"jishi/internal/market"
)

// mailActions are the actions on mails.
type mailActions struct{ *API }

func (a mailActions) routes() []Route {
	return []Route{
		{"GET", "/mails", a.listMails, market.ActReadMail},
		{"GET", "/mails/:id", a.showMail, market.ActReadMail},
		{"POST", "/mails/:id/open", a.openMail, market.ActReadMail},
		{"POST", "/mails/:id/hand", a.handMail, market.ActHandMail},
	}
}

func (a mailActions) listMails(c *fiber.Ctx) error {
	limit, err := queryInt(c, "limit", 20, market.MaxPageSize)
	if err != nil {
		return err
	}
	found, err := a.Mails.List(c.UserContext(), actor(c), mail.Filter{State: market.MailState(c.Query("state")), After: c.Query("cursor"), Limit: limit})
	if err != nil {
		return err
	}
	return c.JSON(pageOf(found.Items, found.Next))
}

func (a mailActions) showMail(c *fiber.Ctx) error {
	m, err := a.Mails.Show(c.UserContext(), actor(c), id(c))
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, m.Meta, m)
}

// openedMail is a mail with the text that is kept from everything else.
type openedMail struct {
	*market.Mail
	Text string `json:"text"`
}

func (a mailActions) openMail(c *fiber.Ctx) error {
	if err := decodeOptional(c, &struct{}{}); err != nil {
		return err
	}
	m, err := a.Mails.Open(c.UserContext(), actor(c), id(c))
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, m.Meta, openedMail{m, m.Text})
}

func (a mailActions) handMail(c *fiber.Ctx) error {
	version, err := ifMatch(c)
	if err != nil {
		return err
	}
	if err := decodeOptional(c, &struct{}{}); err != nil {
		return err
	}
	m, err := a.Mails.Hand(c.UserContext(), actor(c), id(c), version)
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, m.Meta, m)
}
