package api

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/audit"
	"jishi/internal/market"
)

// auditActions are the actions on audit.
type auditActions struct{ *API }

func (a auditActions) routes() []Route {
	return []Route{
		{"GET", "/audit", a.listEntries, market.ActReadAudit},
		{"GET", "/audit/verification", a.verification, market.ActReadAudit},
		{"POST", "/audit/verification", a.startVerification, market.ActVerifyAudit},
	}
}

// entry is one line of the trail as officers read it.
type entry struct {
	Seq   int64  `json:"seq"`
	Hash  string `json:"hash"`  // SHA-256 of the line in the chain, hex
	Wiped bool   `json:"wiped"` // its time of keeping is over: only seq, at, hash and source are left
	market.Entry
}

// entriesPage is a page of entries, newest first.
type entriesPage struct {
	page[entry]
	Until time.Time `json:"until,omitzero"` // the search stopped at its bound here; cursor goes on
}

// listEntries answers GET /audit?user&org&action&kind&subject&result&from&to&cursor&limit.
func (a auditActions) listEntries(c *fiber.Ctx) error {
	limit, err := queryInt(c, "limit", 50, market.MaxPageSize)
	if err != nil {
		return err
	}
	found, err := a.Audit.Trail.Find(c.UserContext(), actor(c), audit.Filter{
		User: market.ID(c.Query("user")), Org: market.ID(c.Query("org")), Action: market.Action(c.Query("action")),
		Kind: c.Query("kind"), Subject: market.ID(c.Query("subject")), Result: c.Query("result"),
		From: market.Date(c.Query("from")), To: market.Date(c.Query("to")), After: c.Query("cursor"), Limit: limit,
	})
	if err != nil {
		return err
	}
	items := make([]entry, len(found.Rows))
	for i, row := range found.Rows {
		items[i] = entry{row.Seq, row.Hash, row.Wiped, row.Entry}
	}
	return c.JSON(entriesPage{pageOf(items, found.Next), found.Until})
}

// verificationAnswer is how the trail was last found.
type verificationAnswer struct {
	Running *audit.Check `json:"running"` // null while none runs
	Last    *audit.Check `json:"last"`    // the last that came to its end; null before the first
	Whole   bool         `json:"whole"`   // the last found nothing broken
}

// verification answers the last verification, and how far the one that runs is.
func (a auditActions) verification(c *fiber.Ctx) error {
	running, last, err := a.Audit.Verifier.Latest(c.UserContext(), actor(c))
	if err != nil {
		return err
	}
	return c.JSON(verificationAnswer{running, last, last != nil && last.Whole()})
}

// startVerification begins to verify in the background.
func (a auditActions) startVerification(c *fiber.Ctx) error {
	if err := decodeOptional(c, &struct{}{}); err != nil {
		return err
	}
	if err := a.Audit.Verifier.Start(c.UserContext(), actor(c)); err != nil {
		return err
	}
	c.Status(fiber.StatusAccepted)
	return a.verification(c)
}
