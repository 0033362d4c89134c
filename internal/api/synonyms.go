package api

import (
	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
)

// synonymActions are the actions on synonyms.
type synonymActions struct{ *API }

func (a synonymActions) routes() []Route {
	return []Route{
		{"GET", "/synonyms", a.listSynonyms, market.ActReadSynonyms},
		{"POST", "/synonyms", a.addSynonym, market.ActAddSynonym},
		{"GET", "/synonyms/:id", a.showSynonym, market.ActReadSynonyms},
		{"PUT", "/synonyms/:id", a.reviseSynonym, market.ActReviseSynonym},
		{"POST", "/synonyms/:id/remove", a.removeSynonym, market.ActRemoveSynonym},
		{"POST", "/synonyms/:id/restore", a.restoreSynonym, market.ActRestoreSynonym},
	}
}

// synonymInput is a group as clients write it.
type synonymInput struct {
	Words []string `json:"words"`
	Note  string   `json:"note"`
}

func (a synonymActions) listSynonyms(c *fiber.Ctx) error {
	groups, err := a.Synonyms.List(c.UserContext(), actor(c), market.SynonymState(c.Query("state")))
	if err != nil {
		return err
	}
	return c.JSON(pageOf(groups, ""))
}

func (a synonymActions) showSynonym(c *fiber.Ctx) error {
	group, err := a.Synonyms.Show(c.UserContext(), actor(c), id(c))
	return answerSynonym(c, group, err)
}

func (a synonymActions) addSynonym(c *fiber.Ctx) error {
	var in synonymInput
	if err := decode(c, &in); err != nil {
		return err
	}
	group, err := a.Synonyms.Add(c.UserContext(), actor(c), &market.Synonym{Words: in.Words, Note: in.Note})
	if err != nil {
		return err
	}
	return created(c, "/synonyms", group.Meta, group)
}

func (a synonymActions) reviseSynonym(c *fiber.Ctx) error {
	version, err := ifMatch(c)
	if err != nil {
		return err
	}
	var in synonymInput
	if err := decode(c, &in); err != nil {
		return err
	}
	group, err := a.Synonyms.Revise(c.UserContext(), actor(c), id(c), version, &market.Synonym{Words: in.Words, Note: in.Note})
	return answerSynonym(c, group, err)
}

func (a synonymActions) removeSynonym(c *fiber.Ctx) error {
	version, err := emptyAt(c)
	if err != nil {
		return err
	}
	group, err := a.Synonyms.Remove(c.UserContext(), actor(c), id(c), version)
	return answerSynonym(c, group, err)
}

func (a synonymActions) restoreSynonym(c *fiber.Ctx) error {
	version, err := emptyAt(c)
	if err != nil {
		return err
	}
	group, err := a.Synonyms.Restore(c.UserContext(), actor(c), id(c), version)
	return answerSynonym(c, group, err)
}

// emptyAt reads a request that says nothing but which version it is about.
func emptyAt(c *fiber.Ctx) (int64, error) {
	version, err := ifMatch(c)
	if err != nil {
		return 0, err
	}
	return version, decodeOptional(c, &struct{}{})
}

func answerSynonym(c *fiber.Ctx, group *market.Synonym, err error) error {
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, group.Meta, group)
}
