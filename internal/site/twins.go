package site

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/web"
)

// twins is what a listing may be the same as, for those who look after it, and
// what was merged into it.
type twins struct {
	Hints   []twinRow
	Sources []sourceRow
}

// twinRow is one possible duplicate.
type twinRow struct {
	Title, Who, Why, Href string
	Pair                  string // address of the two side by side; empty for a draft
	Badge                 web.Badge
}

// sourceRow is one listing that was merged into this one.
type sourceRow struct {
	Title, Pair string
	Facts       []web.Term
}

// twins reads what a listing may be the same as. Who may not read its drafts
// sees only what was merged into it and had been public.
func (s *Site) twins(c *fiber.Ctx, kind market.ListingKind, id market.ID, shared *market.Listing) (twins, error) {
	ctx, by, page := c.UserContext(), actor(c), twins{}
	sources, err := s.Duplicates.Sources(ctx, by, kind, id)
	if err != nil {
		return page, err
	}
	for _, one := range sources {
		row := sourceRow{Title: one.Title, Facts: stated(
			web.Term{Label: "单位", Value: one.Who}, web.Term{Label: "来源", Value: one.Source}, web.Term{Label: "外部编号", Value: externalText(one.External)},
			web.Term{Label: "合并于", Value: string(market.DateOf(one.Merged))})}
		if one.Pair != "" {
			row.Pair = pairHref(one.Pair)
		}
		page.Sources = append(page.Sources, row)
	}
	if !market.May(by, market.ActReadDuplicate, shared.Owner) {
		return page, nil
	}
	hints, err := s.Duplicates.Hints(ctx, by, kind, id)
	for _, hint := range hints {
		row := twinRow{Title: hint.Other.Title, Who: hint.Other.Who, Why: why(hint.Similarity, hint.Numbers), Href: listingHref(kind, hint.Other.ID), Badge: pairBadge(hint.State)}
		if hint.Pair != "" {
			row.Pair = pairHref(hint.Pair)
		}
		page.Hints = append(page.Hints, row)
	}
	return page, err
}

// lookAgain compares a listing that was just submitted with all others, so that
// its page can say at once what it may be the same as, and returns what to add
// to the message. What cannot be compared now is compared by the follower.
func (p listingPages[T, P]) lookAgain(c *fiber.Ctx, shared *market.Listing, id market.ID) string {
	if shared.State != market.StateSubmitted {
		return ""
	}
	if _, err := p.Duplicates.Look(c.UserContext(), p.kind, id); err != nil {
		return ""
	}
	hints, err := p.Duplicates.Hints(c.UserContext(), actor(c), p.kind, id)
	if err != nil || len(hints) == 0 {
		return ""
	}
	return "它可能与 " + strconv.Itoa(len(hints)) + " 条已有内容重复，请看下面的“可能重复”。"
}

// standsFor is the address of the listing that stands for a merged one, however
// much of that the reader may see; empty for any other.
func (p listingPages[T, P]) standsFor(c *fiber.Ctx, doc *T, err error) string {
	merged := err == nil && P(doc).Shared().State == market.StateMerged
	if !merged && !market.Is(err, market.Denied) && !market.Is(err, market.Unauthenticated) {
		return ""
	}
	to, err := p.book.Survivor(c.UserContext(), id(c))
	if err != nil || to == "" || to == id(c) {
		return ""
	}
	return p.href(to)
}
