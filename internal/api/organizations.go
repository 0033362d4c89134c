package api

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/account"
	"jishi/internal/market"
)

// organizationActions are the actions on organizations.
type organizationActions struct{ *API }

func (a organizationActions) routes() []Route {
	routes := []Route{
		{"POST", "/sign-ups", a.signUp, market.ActSignUp},
		{"POST", "/confirmations", a.confirmAddress, market.ActConfirmAddress},
		{"GET", "/organizations", a.listOrganizations, market.ActPublic},
		{"POST", "/organizations", a.createOrganization, market.ActManageOrganizations},
		{"GET", "/organizations/:id", a.showOrganization, market.ActReadOrganization},
		{"PUT", "/organizations/:id", a.reviseOrganization, market.ActReviseOrganization},
		{"POST", "/organizations/:id/marks", a.confirmMark, market.ActConfirmMark},
	}
	for word, action := range map[string]market.Action{
		"verify": market.ActVerifyOrganization, "return": market.ActReturnOrganization, "reject": market.ActRejectOrganization,
		"suspend": market.ActSuspendOrganization, "restore": market.ActRestoreOrganization,
	} {
		routes = append(routes, Route{"POST", "/organizations/:id/" + word, a.moveOrganization(action), action})
	}
	return routes
}

// organizationInput is what a client may write of an organization.
type organizationInput struct {
	Name     string         `json:"name"`
	Code     string         `json:"code"`
	Kind     string         `json:"kind"`
	Category string         `json:"category"`
	Division string         `json:"division"`
	Summary  string         `json:"summary"`
	Contact  market.Contact `json:"contact"`
	Services []string       `json:"services"`
	Level    string         `json:"level"`
	Marks    []markInput    `json:"marks"`
	Evidence []market.ID    `json:"evidence"`
}

// markInput is what a client may write of a mark: all but its confirmation.
type markInput struct {
	Kind     string      `json:"kind"`
	Number   string      `json:"number"`
	From     market.Date `json:"from"`
	Until    market.Date `json:"until"`
	Evidence market.ID   `json:"evidence"`
}

func (in organizationInput) read(meta market.Meta) *market.Organization {
	org := &market.Organization{
		Meta: meta, Name: in.Name, Code: in.Code, Kind: in.Kind, Category: in.Category, Division: in.Division,
		Summary: in.Summary, Contact: in.Contact, Services: in.Services, Level: in.Level, Evidence: in.Evidence,
	}
	for _, m := range in.Marks {
		org.Marks = append(org.Marks, market.Mark{Kind: m.Kind, Number: m.Number, From: m.From, Until: m.Until, Evidence: m.Evidence})
	}
	return org
}

// organization is what a client reads of one.
type organization struct {
	ID        market.ID                `json:"id"`
	Version   int64                    `json:"version"`
	Name      string                   `json:"name"`
	Code      string                   `json:"code"`
	Kind      string                   `json:"kind"`
	Category  string                   `json:"category"`
	Division  string                   `json:"division"`
	Summary   string                   `json:"summary"`
	Contact   *market.Contact          `json:"contact,omitempty"` // only for readers who may see it
	Services  []string                 `json:"services"`
	Level     string                   `json:"level"`
	Marks     []market.Mark            `json:"marks"`              // those not confirmed only for itself and the bureau
	Evidence  []market.ID              `json:"evidence,omitempty"` // likewise
	State     market.OrganizationState `json:"state"`
	Since     time.Time                `json:"since"` // when the state was reached
	Verified  bool                     `json:"verified"`
	Demo      bool                     `json:"demo"`
	History   []market.Event           `json:"history,omitempty"` // only for itself and the bureau
	ChangedAt time.Time                `json:"changed_at"`
}

func organizationOf(o *market.Organization) organization {
	org := organization{
		ID: o.ID, Version: o.Version, Name: o.Name, Code: o.Code, Kind: o.Kind, Category: o.Category,
		Division: o.Division, Summary: o.Summary, Services: orEmpty(o.Services), Level: o.Level, Marks: orEmpty(o.Marks), Evidence: o.Evidence,
		State: o.State, Since: o.Since, Verified: o.Verified(), Demo: o.Demo, History: o.History, ChangedAt: o.ChangedAt,
	}
	if o.Contact != (market.Contact{}) {
		org.Contact = &o.Contact
	}
	return org
}

// orEmpty makes an absent list one without anything in it, for JSON.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// foundOrganizations is one page of the directory.
type foundOrganizations struct {
	page[organization]
	Total int `json:"total"` // of all pages; of the queue what this page holds
}

// listOrganizations answers scope=public (default, by ?q&kind&division&mark) or
// queue: what waits for the bureau.
func (a organizationActions) listOrganizations(c *fiber.Ctx) error {
	limit, err := queryInt(c, "limit", 20, market.MaxPageSize)
	if err != nil {
		return err
	}
	ctx, by, after := c.UserContext(), actor(c), c.Query("cursor")
	switch c.Query("scope", "public") {
	case "public":
		found, err := a.Organizations.SearchOrganizations(ctx, by, account.OrganizationSearch{
			Text: c.Query("q"), Kind: c.Query("kind"), Division: c.Query("division"), Mark: c.Query("mark"), After: after, Limit: limit,
		})
		if err != nil {
			return err
		}
		return c.JSON(foundOrganizations{pageOf(organizationsOf(found.Items), found.Next), found.Total})
	case "queue":
		found, err := a.Organizations.OrganizationQueue(ctx, by, after, limit)
		if err != nil {
			return err
		}
		if err := named(c, found.Items); err != nil {
			return err
		}
		return c.JSON(foundOrganizations{pageOf(organizationsOf(found.Items), found.Next), len(found.Items)})
	}
	return invalidField("scope", "只能是 public 或 queue")
}

func organizationsOf(orgs []*market.Organization) []organization {
	items := make([]organization, len(orgs))
	for i, org := range orgs {
		items[i] = organizationOf(org)
	}
	return items
}

func (a organizationActions) showOrganization(c *fiber.Ctx) error {
	org, err := a.Organizations.Organization(c.UserContext(), actor(c), id(c))
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, org.Meta, organizationOf(org))
}

func (a organizationActions) createOrganization(c *fiber.Ctx) error {
	var in organizationInput
	if err := decode(c, &in); err != nil {
		return err
	}
	org, err := a.Organizations.CreateOrganization(c.UserContext(), actor(c), in.read(market.Meta{}))
	if err != nil {
		return err
	}
	return created(c, "/organizations", org.Meta, organizationOf(org))
}

func (a organizationActions) reviseOrganization(c *fiber.Ctx) error {
	version, err := needMatch(c)
	if err != nil {
		return err
	}
	var in organizationInput
	if err := decode(c, &in); err != nil {
		return err
	}
	org, err := a.Organizations.ReviseOrganization(c.UserContext(), actor(c), in.read(market.Meta{ID: id(c), Version: version}))
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, org.Meta, organizationOf(org))
}

// moveOrganization is a decision of the bureau; the body gives the reason.
func (a organizationActions) moveOrganization(action market.Action) fiber.Handler {
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
		org, err := a.Organizations.MoveOrganization(c.UserContext(), actor(c), id(c), version, action, in.Note)
		if err != nil {
			return err
		}
		return answer(c, fiber.StatusOK, org.Meta, organizationOf(org))
	}
}

// confirmMark confirms a mark of an organization, or takes that back.
func (a organizationActions) confirmMark(c *fiber.Ctx) error {
	version, err := ifMatch(c)
	if err != nil {
		return err
	}
	var in struct {
		Kind      string      `json:"kind"`
		From      market.Date `json:"from"`
		Confirmed bool        `json:"confirmed"`
	}
	if err := decode(c, &in); err != nil {
		return err
	}
	org, err := a.Organizations.ConfirmMark(c.UserContext(), actor(c), id(c), version, in.Kind, in.From, in.Confirmed)
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, org.Meta, organizationOf(org))
}
