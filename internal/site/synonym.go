package site

import (
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/exchange"
	"jishi/internal/market"
	"jishi/internal/synonym"
	"jishi/web"
)

// synonymPages is the office's table of terms that mean the same.
type synonymPages struct{ *Site }

func (p synonymPages) routes() []route {
	return []route{
		{"GET", "/admin/synonyms", p.list, market.ActReadSynonyms},
		{"POST", "/admin/synonyms", p.add, market.ActAddSynonym},
		{"POST", "/admin/synonyms/import", p.load, market.ActAddSynonym},
		{"GET", "/admin/synonyms/export/:format", p.export, market.ActReadSynonyms},
		{"GET", "/admin/synonyms/:id", p.edit, market.ActReadSynonyms},
		{"POST", "/admin/synonyms/:id", p.revise, market.ActReviseSynonym},
		{"POST", "/admin/synonyms/:id/remove", p.remove, market.ActRemoveSynonym},
		{"POST", "/admin/synonyms/:id/restore", p.restore, market.ActRestoreSynonym},
	}
}

func synonymHref(id market.ID) string { return "/admin/synonyms/" + url.PathEscape(string(id)) }

// synonymsPage is the data of page "synonyms".
type synonymsPage struct {
	Base     web.Base
	Tabs     web.Tabs
	States   []choice
	Removed  bool // removed groups are shown
	Query    string
	Total    int // of the state
	Rows     []synonymRow
	Problems []web.Problem
	Fields   []web.Field // of the form that adds a group
	Import   []web.Field
	Loading  bool // the form that adds many is open
	Exports  []web.Crumb
}

// synonymRow is one group in the table.
type synonymRow struct {
	Words   string
	Note    string
	Href    string
	Restore *web.Press
}

func (p synonymPages) list(c *fiber.Ctx) error {
	return p.page(c, fiber.StatusOK, &form{values: url.Values{}})
}

// page answers with the table and what was typed into its forms.
func (p synonymPages) page(c *fiber.Ctx, status int, f *form) error {
	state := market.SynonymState(c.Query("state"))
	groups, err := p.Synonyms.List(c.UserContext(), actor(c), state)
	if err != nil {
		return err
	}
	query := strings.TrimSpace(strings.ToValidUTF8(c.Query("q"), ""))
	page := synonymsPage{
		Base: p.base(c, "同义词", ""), Tabs: adminTabsOf(c), Removed: state == market.SynonymRemoved, Query: query, Total: len(groups),
		Fields: synonymFields(f), Import: importFields(f), Loading: f.values.Has("list"),
		Exports: exportLinks("/admin/synonyms/export", url.Values{}),
	}
	page.Problems = f.summary(append(page.Fields, page.Import...))
	page.Base.Crumbs = crumbs("同义词")
	for _, one := range market.SynonymStates {
		href := "/admin/synonyms"
		if one.Code == string(market.SynonymRemoved) {
			href += "?state=" + one.Code
		}
		page.States = append(page.States, choice{Text: one.Name, Href: href, Current: (one.Code == string(market.SynonymRemoved)) == page.Removed})
	}
	for _, group := range groups {
		if query == "" || strings.Contains(market.SynonymKey(strings.Join(group.Words, "\n")), market.SynonymKey(query)) {
			page.Rows = append(page.Rows, synonymRowOf(group))
		}
	}
	return p.render(c, status, "synonyms", page)
}

func synonymRowOf(s *market.Synonym) synonymRow {
	row := synonymRow{Words: strings.Join(s.Words, "、"), Note: s.Note, Href: synonymHref(s.ID)}
	if s.State == market.SynonymRemoved {
		row.Restore = &web.Press{Text: "恢复", Icon: "refresh", Action: row.Href + "/restore", Hidden: []web.Hidden{{Name: "version", Value: number(s.Version)}}}
	}
	return row
}

func synonymFields(f *form) []web.Field {
	return []web.Field{
		f.fill(web.Field{Name: "words", Label: "意思相同的词", Required: true, Hint: "用顿号隔开，如：碳化硅、SiC。一组 2 至 12 个，一个词只能在一组里。", MaxLength: 600}),
		f.fill(web.Field{Name: "note", Label: "说明", Hint: "可不填，如依据的标准。", MaxLength: market.MaxNote}),
	}
}

func importFields(f *form) []web.Field {
	return []web.Field{f.fill(web.Field{
		Name: "list", Label: "一行一组", Type: "textarea", Required: true, Rows: 8, Wide: true,
		Hint: "词之间用顿号、逗号或制表符隔开，可以从表格里直接粘贴；已有的组不会重复添加。",
	})}
}

func readSynonym(f *form) *market.Synonym {
	return &market.Synonym{Words: synonym.Words(f.text("words")), Note: f.text("note")}
}

func (p synonymPages) add(c *fiber.Ctx) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	if _, err := p.Synonyms.Add(c.UserContext(), actor(c), readSynonym(f)); err != nil {
		if f.refuse(err) {
			return p.page(c, fiber.StatusUnprocessableEntity, f)
		}
		return err
	}
	return done(c, "/admin/synonyms", web.Good, "已添加，搜索马上会用到。")
}

// load adds many groups at once.
func (p synonymPages) load(c *fiber.Ctx) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	loaded, err := p.Synonyms.Import(c.UserContext(), actor(c), f.values.Get("list"))
	if err != nil {
		return err
	}
	if len(loaded.Refused) == 0 && loaded.Added+loaded.Same > 0 {
		return done(c, "/admin/synonyms", web.Good, fmt.Sprintf("已添加 %d 组，原来就有的 %d 组没有变。", loaded.Added, loaded.Same))
	}
	for _, one := range loaded.Refused {
		f.problems.Add("list", fmt.Sprintf("第 %d 行：%s", one.Line, one.Reason))
	}
	if loaded.Added > 0 {
		f.problems.Add("", fmt.Sprintf("其余的已添加 %d 组", loaded.Added))
	}
	if len(f.problems) == 0 {
		f.problems.Add("list", "没有读到同义词，请一行写一组")
	}
	return p.page(c, fiber.StatusUnprocessableEntity, f)
}

// synonymTable is the columns of the exported table; import reads the first.
var synonymTable = []exchange.FigureColumn{{Name: synonym.Heading}, {Name: "说明"}}

func (p synonymPages) export(c *fiber.Ctx) error {
	groups, err := p.Synonyms.List(c.UserContext(), actor(c), "")
	if err != nil {
		return err
	}
	figures := exchange.Figures{Name: synonym.Heading, Columns: synonymTable}
	for _, group := range groups {
		figures.Rows = append(figures.Rows, []string{strings.Join(group.Words, "、"), group.Note})
	}
	entry := market.NewEntry(c.UserContext(), actor(c), p.Now(), market.ActExport, "synonym", "")
	return p.sendExport(c, entry, "同义词-"+string(market.DateOf(p.Now())), func(w io.Writer, format string) (int, error) {
		write := figures.WriteXLSX
		if format == "csv" {
			write = figures.WriteCSV
		}
		return len(figures.Rows), write(w)
	})
}
