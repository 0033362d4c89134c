package site

import (
	"context"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/web"
)

// queueLength is how many of each kind the queue shows at once; those decided
// make room for the next.
const queueLength = 50

// overdueReview is from when waiting for a review is marked.
const overdueReview = 3 * 24 * time.Hour

// reviewPages is the officers' work: what waits, oldest first.
type reviewPages struct{ *Site }

// reviewPage is the data of page "review".
type reviewPage struct {
	Base  web.Base
	Rows  []waiting
	Start string // address of the one to begin with; empty when nothing waits
}

// waiting is one thing that waits for an officer.
type waiting struct {
	ID    market.ID
	Kind  string // 成果, 需求 …
	Title string
	Who   string
	Href  string
	Since time.Time
	Late  bool // waits longer than it should
	Mine  bool // somebody else must decide: it is the reader's own
	Twin  bool // it may be listed already; its page says where
}

// queue reads what of one kind waits, oldest first.
type queue func(context.Context, market.Actor) ([]waiting, error)

// queues is everything officers decide on.
func (s *Site) queues() []queue {
	return []queue{s.achievementPages().queue, s.demandPages().queue, contractLists{s}.queue, organizationPages{s}.queue, certificatePages{s}.queue, memberPages{s}.queue}
}

// waiting reads all queues the actor may work on, oldest first.
func (s *Site) waiting(ctx context.Context, by market.Actor) ([]waiting, error) {
	var all []waiting
	for _, read := range s.queues() {
		rows, err := read(ctx, by)
		if err != nil {
			return nil, err
		}
		all = append(all, rows...)
	}
	slices.SortStableFunc(all, func(a, b waiting) int { return a.Since.Compare(b.Since) })
	for i := range all {
		all[i].Late = s.Now().Sub(all[i].Since) > overdueReview
	}
	return all, nil
}

// queue reads the listings of one kind that wait.
func (p listingPages[T, P]) queue(ctx context.Context, by market.Actor) ([]waiting, error) {
	page, err := p.book.Queue(ctx, by, "", queueLength)
	if err != nil {
		return nil, err
	}
	rows := make([]waiting, len(page.Items))
	for i, doc := range page.Items {
		head, item := P(doc).Head(), p.item(doc)
		rows[i] = waiting{
			ID: head.ID, Kind: p.word, Title: item.Title, Who: item.Who, Href: p.href(head.ID), Since: head.ChangedAt,
			Mine: !slices.Contains(p.book.Actions(by, doc), market.ActApprove),
		}
	}
	return rows, nil
}

// show answers with the queue.
func (p reviewPages) show(c *fiber.Ctx) error {
	rows, err := p.waiting(c.UserContext(), actor(c))
	if err != nil {
		return err
	}
	suspects, err := p.Duplicates.Suspects(c.UserContext(), actor(c))
	if err != nil {
		return err
	}
	for i := range rows {
		rows[i].Twin = suspects[rows[i].ID]
	}
	page := reviewPage{Base: p.base(c, "审核", "/review"), Rows: rows}
	if first := following(rows, ""); first != nil {
		page.Start = first.Href
	}
	return p.render(c, fiber.StatusOK, "review", page)
}

// next leads to the one after a given one, back to the queue at its end.
func (p reviewPages) next(c *fiber.Ctx) error {
	href, err := p.nextReview(c, market.ID(c.Query("after")))
	if err != nil {
		return err
	}
	return c.Redirect(href, fiber.StatusSeeOther)
}

// nextReview returns the address of what waits after a given document: the
// queue's next that the actor may decide, else its first, else the queue.
func (s *Site) nextReview(c *fiber.Ctx, after market.ID) (string, error) {
	rows, err := s.waiting(c.UserContext(), actor(c))
	if err != nil {
		return "", err
	}
	if next := following(rows, after); next != nil {
		return next.Href, nil
	}
	return "/review", nil
}

// following returns the first row to decide after a document, beginning again
// at the top; nil when no other is left.
func following(rows []waiting, after market.ID) *waiting {
	at := slices.IndexFunc(rows, func(w waiting) bool { return w.ID == after })
	for i := range rows {
		row := &rows[(at+1+i)%len(rows)]
		if !row.Mine && row.ID != after {
			return row
		}
	}
	return nil
}
