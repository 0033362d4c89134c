package api

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/duplicate"
	"jishi/internal/market"
)

// duplicateActions are the actions on duplicates.
type duplicateActions struct{ *API }

func (a duplicateActions) routes() []Route {
	return []Route{
		{"GET", "/achievements/:id/duplicates", a.hints(market.KindAchievement), market.ActReadDuplicate},
		{"GET", "/demands/:id/duplicates", a.hints(market.KindDemand), market.ActReadDuplicate},
		{"GET", "/duplicates", a.listDuplicates, market.ActReviewDuplicates},
		{"GET", "/duplicates/:id", a.showDuplicate, market.ActReadDuplicate},
		{"POST", "/duplicates/:id/dispute", a.judgeDuplicate(market.ActDispute), market.ActDispute},
		{"POST", "/duplicates/:id/dismiss", a.judgeDuplicate(market.ActDismiss), market.ActDismiss},
		{"POST", "/duplicates/:id/merge", a.mergeDuplicate, market.ActMerge},
		{"POST", "/duplicates/:id/unmerge", a.unmergeDuplicate, market.ActUnmerge},
	}
}

// hints answers what a listing may be the same as.
func (a duplicateActions) hints(kind market.ListingKind) fiber.Handler {
	return func(c *fiber.Ctx) error {
		found, err := a.Duplicates.Hints(c.UserContext(), actor(c), kind, id(c))
		if err != nil {
			return err
		}
		return c.JSON(fiber.Map{"items": found})
	}
}

// listDuplicates answers GET /duplicates?state&cursor&limit.
func (a duplicateActions) listDuplicates(c *fiber.Ctx) error {
	limit, err := queryInt(c, "limit", 20, market.MaxPageSize)
	if err != nil {
		return err
	}
	state := market.DuplicateState(c.Query("state", string(market.DuplicateOpen)))
	page, err := a.Duplicates.Queue(c.UserContext(), actor(c), state, c.Query("cursor"), limit)
	if err != nil {
		return err
	}
	return c.JSON(pageOf(page.Items, page.Next))
}

func (a duplicateActions) showDuplicate(c *fiber.Ctx) error {
	return answerPair(c)(a.Duplicates.Show(c.UserContext(), actor(c), id(c)))
}

// answerPair sends a pair, its version as entity tag.
func answerPair(c *fiber.Ctx) func(*duplicate.Pair, error) error {
	return func(pair *duplicate.Pair, err error) error {
		if err != nil {
			return err
		}
		return answer(c, fiber.StatusOK, pair.Meta, pair)
	}
}

// pairMove is what an action on a pair is asked with.
type pairMove struct {
	Keep string `json:"keep"` // merging: a or b, the one that stays
	Note string `json:"note"`
}

// onPair reads what is asked of a pair, does it and answers with the pair.
func (a duplicateActions) onPair(c *fiber.Ctx, do func(ctx context.Context, version int64, in pairMove) (*duplicate.Pair, error)) error {
	version, err := ifMatch(c)
	if err != nil {
		return err
	}
	var in pairMove
	if err := decodeOptional(c, &in); err != nil {
		return err
	}
	return answerPair(c)(do(c.UserContext(), version, in))
}

func (a duplicateActions) judgeDuplicate(action market.Action) fiber.Handler {
	return func(c *fiber.Ctx) error {
		return a.onPair(c, func(ctx context.Context, version int64, in pairMove) (*duplicate.Pair, error) {
			return a.Duplicates.Judge(ctx, actor(c), id(c), version, action, in.Note)
		})
	}
}

func (a duplicateActions) mergeDuplicate(c *fiber.Ctx) error {
	return a.onPair(c, func(ctx context.Context, version int64, in pairMove) (*duplicate.Pair, error) {
		return a.Duplicates.Merge(ctx, actor(c), id(c), version, in.Keep, in.Note)
	})
}

func (a duplicateActions) unmergeDuplicate(c *fiber.Ctx) error {
	return a.onPair(c, func(ctx context.Context, version int64, in pairMove) (*duplicate.Pair, error) {
		return a.Duplicates.Unmerge(ctx, actor(c), id(c), version, in.Note)
	})
}
