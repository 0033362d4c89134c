package site

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/web"
)

// formPage is the data of page "listing_form".
type formPage struct {
	Base     web.Base
	Heading  string
	Action   string // where the form goes
	Version  int64  // of the document the form was filled from; 0 for a new one
	Cancel   string // where to go without saving
	Groups   []web.Group
	Problems []web.Problem
	Stale    string   // who changed the document meanwhile; empty when nobody did
	Changes  []change // where it now differs from what was typed
	Public   bool     // saving a published listing sends it to review at once
}

// start answers with an empty form.
func (p listingPages[T, P]) start(c *fiber.Ctx) error {
	if err := market.Permit(actor(c), p.create); err != nil {
		return err
	}
	f := &form{values: p.values(p.blank(actor(c)))}
	return p.answerForm(c, fiber.StatusOK, f, formPage{Heading: "发布" + p.word, Action: p.path, Cancel: "/desk"})
}

// add creates a draft from the form and, when asked, submits it.
func (p listingPages[T, P]) add(c *fiber.Ctx) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	page := formPage{Heading: "发布" + p.word, Action: p.path, Cancel: "/desk"}
	doc := p.read(f)
	if p.broken(f, doc) {
		return p.answerForm(c, fiber.StatusUnprocessableEntity, f, page)
	}
	doc, err = p.book.Create(c.UserContext(), actor(c), doc)
	if f.refuse(err) {
		return p.answerForm(c, fiber.StatusUnprocessableEntity, f, page)
	}
	if err != nil {
		return err
	}
	return p.saved(c, f, doc)
}

// edit answers with the form of a listing as it stands.
func (p listingPages[T, P]) edit(c *fiber.Ctx) error {
	doc, err := p.editable(c)
	if err != nil {
		return err
	}
	return p.answerForm(c, fiber.StatusOK, &form{values: p.values(doc)}, p.editing(doc))
}

// revise saves the form over the listing it was filled from.
func (p listingPages[T, P]) revise(c *fiber.Ctx) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	old, err := p.editable(c)
	if market.Is(err, market.Conflict) { // it moved on while the form was open
		return p.movedOn(c, f, err)
	}
	if err != nil {
		return err
	}
	page, doc := p.editing(old), p.read(f)
	page.Version = f.version()
	if p.broken(f, doc) {
		return p.answerForm(c, fiber.StatusUnprocessableEntity, f, page)
	}
	saved, err := p.book.Revise(c.UserContext(), actor(c), id(c), f.version(), doc)
	switch {
	case f.refuse(err):
		return p.answerForm(c, fiber.StatusUnprocessableEntity, f, page)
	case market.Is(err, market.Stale):
		return p.stale(c, f, doc, err)
	case err != nil:
		return err
	}
	return p.saved(c, f, saved)
}

// editable reads a listing that the reader may revise.
func (p listingPages[T, P]) editable(c *fiber.Ctx) (*T, error) {
	doc, err := p.book.Show(c.UserContext(), actor(c), id(c))
	if err != nil {
		return nil, err
	}
	shared := P(doc).Shared()
	if slices.Contains(p.book.Actions(actor(c), doc), market.ActRevise) {
		return doc, nil
	}
	if err := market.Permit(actor(c), market.ActRevise, shared.Owner); err != nil {
		return nil, err
	}
	_, err = market.ListingMoves.Next(shared.State, market.ActRevise, "", market.ListingState.Name)
	return nil, err
}

// broken checks the form as far as it is asked to go: a draft may have gaps,
// what is submitted may not. Saving comes after, so nothing half done is kept.
func (p listingPages[T, P]) broken(f *form, doc *T) bool {
	f.refuse(P(doc).Check(f.submits()))
	return len(f.problems) > 0
}

// saved goes on after a save: to the listing, submitted when the form asked.
func (p listingPages[T, P]) saved(c *fiber.Ctx, f *form, doc *T) error {
	id, state := P(doc).Head().ID, P(doc).Shared().State
	switch {
	case state == market.StateSubmitted:
		return done(c, p.href(id), web.Good, "修改已保存，重新审核通过前暂不公开。")
	case !f.submits():
		return done(c, p.href(id), web.Good, "草稿已保存，提交审核后才会公开。")
	}
	sent, err := p.book.Move(c.UserContext(), actor(c), id, P(doc).Head().Version, market.ActSubmit, "")
	if err != nil && market.KindOf(err) == market.Internal {
		return err
	}
	if err != nil {
		keepFlash(c, web.Flash{Kind: web.Bad, Text: "草稿已保存，但没有提交成功：" + sentence(err), Href: p.other(err)})
		return c.Redirect(p.href(id), fiber.StatusSeeOther)
	}
	return done(c, p.href(id), web.Good, moved[market.ActSubmit]+p.lookAgain(c, P(sent).Shared(), id))
}

// submits reports whether the form was sent by its button 提交审核.
func (f *form) submits() bool { return f.values.Get("then") == "submit" }

func (p listingPages[T, P]) editing(doc *T) formPage {
	head, shared := P(doc).Head(), P(doc).Shared()
	return formPage{
		Heading: "修改" + p.word, Action: p.href(head.ID) + "/edit", Version: head.Version, Cancel: p.href(head.ID),
		Public: shared.State == market.StatePublished,
	}
}

// answerForm answers with the form, filled with what was typed.
func (p listingPages[T, P]) answerForm(c *fiber.Ctx, status int, f *form, page formPage) error {
	page.Base = p.base(c, page.Heading, "")
	page.Base.Crumbs = crumbs(page.Heading, p.list())
	page.Groups = p.groups(f)
	var fields []web.Field
	for _, g := range page.Groups {
		fields = append(fields, g.All()...)
	}
	page.Problems = f.summary(fields)
	return p.render(c, status, "listing_form", page)
}
