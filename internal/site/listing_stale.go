package site

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/web"
)

// change is one field in which the stored document differs from what was typed.
type change struct {
	Label string
	Now   string // as stored
	Typed string
}

// stale shows the form again after somebody else was faster: who that was,
// where the stored text now differs, and all that was typed. Sending the form
// once more replaces what is stored now. typed is what the form says, in the
// form it would be stored in.
func (p listingPages[T, P]) stale(c *fiber.Ctx, f *form, typed *T, err error) error {
	doc, opened := p.editable(c)
	if market.Is(opened, market.Conflict) {
		return p.movedOn(c, f, opened)
	}
	if opened != nil {
		return opened
	}
	page := p.editing(doc)
	page.Stale = sentence(p.naming(c, err))
	page.Changes = changes(p.groups(&form{values: p.values(doc)}), p.groups(&form{values: p.values(typed)}))
	return p.answerForm(c, fiber.StatusConflict, f, page)
}

// movedOn shows what was typed after the listing came into a state in which
// nobody may revise it, say by a colleague who submitted it: the words can be
// kept, and what may be done is said.
func (p listingPages[T, P]) movedOn(c *fiber.Ctx, f *form, err error) error {
	doc, shown := p.book.Show(c.UserContext(), actor(c), id(c))
	if shown != nil {
		return shown
	}
	page := p.editing(doc)
	page.Stale = sentence(err) + "下面是您刚才填写的内容，需要的请先复制保存。"
	page.Changes = changes(p.groups(&form{values: p.values(doc)}), p.groups(&form{values: p.values(p.read(f))}))
	return p.answerForm(c, fiber.StatusConflict, f, page)
}

// changes compares two fillings of the same form.
func changes(now, typed []web.Group) []change {
	stored := make(map[string]web.Field)
	for _, g := range now {
		for _, field := range g.All() {
			stored[field.Name] = field
		}
	}
	var list []change
	for _, g := range typed {
		for _, field := range g.All() {
			is, was := shownValue(field), shownValue(stored[field.Name])
			if is != was {
				list = append(list, change{Label: g.Legend + " · " + field.Label, Now: market.Clip(was, 200), Typed: market.Clip(is, 200)})
			}
		}
	}
	return list
}

// shownValue is a field's value in words.
func shownValue(f web.Field) string {
	if f.Kind() == "check" {
		if len(f.Options) > 0 && f.Options[0].Selected {
			return "是"
		}
		return "否"
	}
	if len(f.Options) == 0 {
		return f.Value
	}
	var chosen []string
	for _, o := range f.Options {
		if o.Selected {
			chosen = append(chosen, o.Text)
		}
	}
	return strings.Join(chosen, "、")
}
