package site

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/web"
)

// synonymPage is the data of page "synonym".
type synonymPage struct {
	Base     web.Base
	Tabs     web.Tabs
	Title    string
	Badge    web.Badge
	Action   string
	Version  int64
	Problems []web.Problem
	Fields   []web.Field
	Remove   *web.Confirm
	Restore  *web.Press
	History  []web.Step
}

func (p synonymPages) edit(c *fiber.Ctx) error {
	group, err := p.Synonyms.Show(c.UserContext(), actor(c), id(c))
	if err != nil {
		return err
	}
	f := &form{values: map[string][]string{"words": {strings.Join(group.Words, "、")}, "note": {group.Note}}}
	return p.one(c, fiber.StatusOK, group, f)
}

// one answers with a group and what was typed into its form.
func (p synonymPages) one(c *fiber.Ctx, status int, s *market.Synonym, f *form) error {
	if err := p.name(c, s.History); err != nil {
		return err
	}
	title := strings.Join(s.Words, "、")
	page := synonymPage{
		Base: p.base(c, title, ""), Tabs: adminTabsOf(c), Title: title, Action: synonymHref(s.ID), Version: s.Version,
		Badge: web.Badge{Text: market.SynonymStates.Name(string(s.State))}, History: synonymHistory(s),
	}
	page.Base.Crumbs = crumbs(market.Clip(title, 30), web.Crumb{Href: "/admin/synonyms", Text: "同义词"})
	version := []web.Hidden{{Name: "version", Value: number(s.Version)}}
	if s.State == market.SynonymRemoved {
		page.Restore = &web.Press{Text: "恢复", Icon: "refresh", Action: page.Action + "/restore", Hidden: version, Primary: true}
		return p.render(c, status, "synonym", page)
	}
	page.Badge.Tone = web.Good
	page.Fields = synonymFields(f)
	page.Problems = f.summary(page.Fields)
	page.Remove = &web.Confirm{
		Text: "删除这一组", Icon: "trash", Ask: "删除后，搜索其中一个词不再找到只写另一个词的内容。可以从“已删除”里恢复。",
		Action: page.Action + "/remove", Button: "确认删除", Tone: web.Bad, Hidden: version,
	}
	return p.render(c, status, "synonym", page)
}

func (p synonymPages) revise(c *fiber.Ctx) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	_, err = p.Synonyms.Revise(c.UserContext(), actor(c), id(c), f.version(), readSynonym(f))
	if err == nil {
		return done(c, "/admin/synonyms", web.Good, "已修改，搜索马上会用到。")
	}
	return p.refused(c, f, err)
}

func (p synonymPages) remove(c *fiber.Ctx) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	if _, err := p.Synonyms.Remove(c.UserContext(), actor(c), id(c), f.version()); err != nil {
		return p.refused(c, f, err)
	}
	return done(c, "/admin/synonyms", web.Good, "已删除，可以在“已删除”里恢复。")
}

func (p synonymPages) restore(c *fiber.Ctx) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	if _, err := p.Synonyms.Restore(c.UserContext(), actor(c), id(c), f.version()); err != nil {
		return p.refused(c, f, err)
	}
	return done(c, "/admin/synonyms", web.Good, "已恢复。")
}

// refused shows the group as it stands now with why something was not done.
func (p synonymPages) refused(c *fiber.Ctx, f *form, err error) error {
	status := fiber.StatusUnprocessableEntity
	switch {
	case market.Is(err, market.Stale), market.Is(err, market.Conflict):
		status = fiber.StatusConflict
		f.problems.Add("", sentence(err))
	case !f.refuse(err):
		return err
	}
	group, shown := p.Synonyms.Show(c.UserContext(), actor(c), id(c))
	if shown != nil {
		return err
	}
	if !f.values.Has("words") {
		f.values.Set("words", strings.Join(group.Words, "、"))
		f.values.Set("note", group.Note)
	}
	if group.State == market.SynonymRemoved {
		return err
	}
	return p.one(c, status, group, f)
}

func synonymHistory(s *market.Synonym) []web.Step {
	steps := make([]web.Step, 0, len(s.History))
	for i := len(s.History) - 1; i >= 0; i-- {
		e := s.History[i]
		steps = append(steps, web.Step{At: e.At, Title: market.ActionName(e.Action), By: e.ByName, Text: e.Note})
	}
	return steps
}
