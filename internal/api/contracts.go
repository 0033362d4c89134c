package api

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/contract"
	"jishi/internal/market"
)

// contractInput is what a client may write of a contract.
type contractInput struct {
	Project string               `json:"project"`
	Type    string               `json:"type"`
	SubType string               `json:"sub_type"`
	Sellers []partyInput         `json:"sellers"`
	Buyers  []partyInput         `json:"buyers"`
	Amounts market.Amounts       `json:"amounts"`
	Term    market.Term          `json:"term"`
	Class   market.ContractClass `json:"class"`
	Payment string               `json:"payment"`
	Origin  market.Origin        `json:"origin"`
}

// partyInput is what a client may write of a party.
type partyInput struct {
	Org      market.ID `json:"org"`
	Name     string    `json:"name"`
	Code     string    `json:"code"`
	Category string    `json:"category"`
	Division string    `json:"division"`
	Identity string    `json:"identity"` // identity card of a natural person; never answered
}

func readParties(in []partyInput) []market.Party {
	parties := make([]market.Party, len(in))
	for i, p := range in {
		parties[i] = market.Party{Org: p.Org, Name: p.Name, Code: p.Code, Category: p.Category, Division: p.Division, Card: p.Identity}
	}
	return parties
}

func (in contractInput) read(meta market.Meta) *market.Contract {
	return &market.Contract{
		Meta: meta, Project: in.Project, Type: in.Type, SubType: in.SubType, Sellers: readParties(in.Sellers), Buyers: readParties(in.Buyers),
		Amounts: in.Amounts, Term: in.Term, Class: in.Class, Payment: in.Payment, Origin: in.Origin,
	}
}

// contractActions are the actions on contracts.
type contractActions struct{ *API }

func (a contractActions) routes() []Route {
	return []Route{
		{"GET", "/contracts", a.listContracts, market.ActPublic},
		{"POST", "/contracts", a.createContract, market.ActCreateContract},
		{"GET", "/contracts/:id", a.showContract, market.ActReadContract},
		{"PUT", "/contracts/:id", a.reviseContract, market.ActReviseContract},
		{"POST", "/contracts/:id/submit", a.submitContract, market.ActSubmitContract},
		{"POST", "/contracts/:id/register", a.registerContract, market.ActRegister},
		{"POST", "/contracts/:id/return", noted(a.Contracts.Return), market.ActReturnContract},
		{"POST", "/contracts/:id/refuse", noted(a.Contracts.Refuse), market.ActRefuse},
		{"POST", "/contracts/:id/cancel", noted(a.Contracts.Cancel), market.ActCancel},
	}
}

// listContracts answers scope=registered (default, by the filters of turnover),
// own (with side=seller|buyer|broker) or queue (with state).
func (a contractActions) listContracts(c *fiber.Ctx) error {
	limit, err := queryInt(c, "limit", 20, market.MaxPageSize)
	if err != nil {
		return err
	}
	ctx, by, after := c.UserContext(), actor(c), c.Query("cursor")
	var found contract.Page
	switch scope := c.Query("scope", "registered"); scope {
	case "registered":
		found, err = a.Contracts.Registered(ctx, by, selection(c, after, limit))
	case "own":
		found, err = a.Contracts.Mine(ctx, by, contract.Side(c.Query("side")), after, limit)
	case "queue":
		found, err = a.Contracts.Queue(ctx, by, market.ContractState(c.Query("state")), after, limit)
	default:
		err = invalidField("scope", "只能是 registered、own 或 queue")
	}
	if err != nil {
		return err
	}
	if err := named(c, found.Items); err != nil {
		return err
	}
	return c.JSON(pageOf(found.Items, found.Next))
}

// selection reads the filters that open the rows behind a turnover figure.
func selection(c *fiber.Ctx, after string, limit int) contract.Selection {
	sel := contract.Selection{
		From: market.Month(c.Query("from")), To: market.Month(c.Query("to")),
		Where: map[market.Dimension]string{}, After: after, Limit: limit,
	}
	for _, d := range market.Dimensions {
		if c.Context().QueryArgs().Has(d.Code) {
			sel.Where[market.Dimension(d.Code)] = c.Query(d.Code)
		}
	}
	return sel
}

func (a contractActions) createContract(c *fiber.Ctx) error {
	key, err := idempotencyKey(c)
	if err != nil {
		return err
	}
	var in contractInput
	if err := decode(c, &in); err != nil {
		return err
	}
	doc, err := a.Contracts.CreateKeyed(c.UserContext(), actor(c), in.read(market.Meta{}), key)
	if err != nil {
		return err
	}
	return created(c, "/contracts", doc.Meta, doc)
}

func (a contractActions) showContract(c *fiber.Ctx) error {
	doc, err := a.Contracts.Show(c.UserContext(), actor(c), id(c))
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, doc.Meta, doc)
}

func (a contractActions) reviseContract(c *fiber.Ctx) error {
	version, err := needMatch(c)
	if err != nil {
		return err
	}
	var in contractInput
	if err := decode(c, &in); err != nil {
		return err
	}
	doc, err := a.Contracts.Revise(c.UserContext(), actor(c), in.read(market.Meta{ID: id(c), Version: version}))
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, doc.Meta, doc)
}

func (a contractActions) submitContract(c *fiber.Ctx) error {
	version, err := ifMatch(c)
	if err != nil {
		return err
	}
	if err := decodeOptional(c, &struct{}{}); err != nil {
		return err
	}
	doc, err := a.Contracts.Submit(c.UserContext(), actor(c), id(c), version)
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, doc.Meta, doc)
}

func (a contractActions) registerContract(c *fiber.Ctx) error {
	version, err := ifMatch(c)
	if err != nil {
		return err
	}
	var in struct {
		Number string `json:"number"`
	}
	if err := decode(c, &in); err != nil {
		return err
	}
	doc, err := a.Contracts.Register(c.UserContext(), actor(c), id(c), version, in.Number)
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, doc.Meta, doc)
}

// noted is an action whose body gives the reason.
func noted(act func(context.Context, market.Actor, market.ID, int64, string) (*market.Contract, error)) fiber.Handler {
	return func(c *fiber.Ctx) error {
		version, err := ifMatch(c)
		if err != nil {
			return err
		}
		var in struct {
			Note string `json:"note"`
		}
		if err := decodeOptional(c, &in); err != nil { // without a body the use case names what is missing
			return err
		}
		doc, err := act(c.UserContext(), actor(c), id(c), version, in.Note)
		if err != nil {
			return err
		}
		return answer(c, fiber.StatusOK, doc.Meta, doc)
	}
}
