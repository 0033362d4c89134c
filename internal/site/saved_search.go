package site

import (
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/alert"
	"jishi/internal/market"
	"jishi/web"
)

// ReadQuery reads a search as it stands in the address of the search page: it
// returns the same with its keys in order and without cursor, and what it asks
// for. Invalid names what is wrong with it.
func ReadQuery(query string) (string, market.SearchQuery, error) {
	values, err := url.ParseQuery(query)
	if err != nil {
		return "", market.SearchQuery{}, market.Wrap(market.Invalid, err, "bad_query", "搜索地址有误，请在搜索页重新搜索。")
	}
	a := askedOf(values)
	a.values.Del("cursor")
	a.query.Cursor = ""
	p := a.problems
	p.Check(a.query.Kind == "" || market.ListingKinds.Has(string(a.query.Kind)), "kind", "请选择成果或需求")
	p.Check(market.SearchSorts.Has(string(a.query.Sort)), "sort", "请从列表中选择排序方式")
	a.query.CheckRanges(&p)
	for _, one := range facetLists {
		for _, code := range a.values[one.key] {
			if !one.list.Has(code) {
				p.Add(one.key, "没有“"+market.Clip(code, 20)+"”这个选项")
				break
			}
		}
	}
	return a.values.Encode(), a.query, p.Err()
}

// saveHref is the address of the form that saves a search; "" for one that asks
// for nothing.
func (a *asked) saveHref() string {
	address := a.href(func(url.Values) {})
	_, query, found := strings.Cut(address, "?")
	if !found || len(query) > market.MaxSearchAddress {
		return ""
	}
	return "/account/searches/new?" + query
}

// savedSearchPages keeps searches that readers want to make again.
type savedSearchPages struct{ *Site }

func (p savedSearchPages) routes() []route {
	return []route{
		{"GET", "/account/searches", p.list, market.ActSelf},
		{"GET", "/account/searches/new", p.start, market.ActSaveSearch},
		{"POST", "/account/searches", p.add, market.ActSaveSearch},
		{"GET", "/account/searches/:id", p.edit, market.ActSaveSearch},
		{"POST", "/account/searches/:id", p.change, market.ActSaveSearch},
		{"POST", "/account/searches/:id/open", p.open, market.ActSelf},
		{"POST", "/account/searches/:id/delete", p.drop, market.ActSaveSearch},
		{"POST", "/account/searches/:id/restore", p.restore, market.ActSaveSearch},
	}
}

// savedSearchesPage is the data of page "saved_searches".
type savedSearchesPage struct {
	Base    web.Base
	Tabs    web.Tabs
	Rows    []savedRow
	Deleted []savedRow // the latest
	Pager   web.Pager
}

// savedRow is one saved search in the list.
type savedRow struct {
	Name    string
	Words   string // what it asks for
	Alert   string
	Seen    time.Time // zero: never
	Open    string    // address that notes it as seen and goes on to its results
	Edit    string
	Delete  web.Press
	Restore web.Press
}

// list answers with the reader's saved searches and those deleted last.
func (p savedSearchPages) list(c *fiber.Ctx) error {
	kept, err := p.Alerts.Mine(c.UserContext(), actor(c), false, c.Query("cursor"), 20)
	if err != nil {
		return err
	}
	deleted, err := p.Alerts.Mine(c.UserContext(), actor(c), true, "", 5)
	if err != nil {
		return err
	}
	page := savedSearchesPage{Base: p.base(c, "搜索订阅", ""), Tabs: accountTabsOf(c)}
	page.Base.Crumbs = crumbs("搜索订阅")
	for _, one := range kept.Items {
		page.Rows = append(page.Rows, rowOfSaved(one))
	}
	for _, one := range deleted.Items {
		page.Deleted = append(page.Deleted, rowOfSaved(one))
	}
	if kept.Next != "" {
		page.Pager.Older = "/account/searches?cursor=" + kept.Next
	}
	if c.Query("cursor") != "" {
		page.Pager.Newer, page.Pager.NewerText = "/account/searches", "回到第一页"
	}
	return p.render(c, fiber.StatusOK, "saved_searches", page)
}

func rowOfSaved(one *market.SavedSearch) savedRow {
	address := "/account/searches/" + string(one.ID)
	return savedRow{
		Name: one.Name, Words: queryWords(one.Query), Alert: market.Alerts.Name(string(one.Alert)), Seen: one.SeenAt,
		Open: address + "/open", Edit: address,
		Delete:  web.Press{Action: address + "/delete", Text: "删除", Icon: "trash"},
		Restore: web.Press{Action: address + "/restore", Text: "恢复", Icon: "refresh"},
	}
}

// queryWords says in words what a search asks for.
func queryWords(query string) string {
	values, _ := url.ParseQuery(query) // what was kept was read before
	a := askedOf(values)
	var words []string
	if a.query.Text != "" {
		words = append(words, "“"+market.Clip(a.query.Text, 40)+"”")
	}
	if a.query.Kind != "" {
		words = append(words, market.ListingKinds.Name(string(a.query.Kind)))
	}
	for _, chip := range a.chips() {
		words = append(words, chip.Text)
	}
	if len(words) == 0 {
		return "全部发布项"
	}
	return strings.Join(words, "，")
}

// savedSearchPage is the data of page "saved_search": keeping a search, or
// changing one that is kept.
type savedSearchPage struct {
	Base     web.Base
	Title    string
	Words    string
	Look     string // address of its results
	Action   string
	Query    string
	Version  string
	Key      string // makes one of it, however often the form is sent
	Fields   []web.Field
	Problems []web.Problem
	Button   string
}

// start answers with the form that keeps the search in the address.
func (p savedSearchPages) start(c *fiber.Ctx) error {
	query, asked, err := ReadQuery(string(c.Request().URI().QueryString()))
	if err != nil {
		return err
	}
	name := asked.Text
	if name == "" {
		name = queryWords(query)
	}
	f := &form{values: url.Values{"name": {market.Clip(market.Fold(name), market.MaxWord-1)}, "alert": {string(market.AlertDaily)}, "query": {query}, "key": {market.NewTicketSecret()}}}
	return p.form(c, fiber.StatusOK, f, "")
}

// form answers with the form as it was typed; at is the saved search, empty
// for a new one.
func (p savedSearchPages) form(c *fiber.Ctx, status int, f *form, at market.ID) error {
	query := strings.ToValidUTF8(f.values.Get("query"), "")
	page := savedSearchPage{
		Base: p.base(c, "保存搜索", ""), Title: "保存搜索", Action: "/account/searches", Button: "保存", Query: query, Words: queryWords(query),
		Look: "/search", Version: f.values.Get("version"), Key: f.values.Get("key"),
	}
	if query != "" {
		page.Look += "?" + query
	}
	if at != "" {
		page.Title, page.Action = "修改搜索订阅", "/account/searches/"+string(at)
		page.Base.Title = page.Title
	}
	page.Base.Crumbs = crumbs(page.Title, web.Crumb{Href: "/account/searches", Text: "搜索订阅"})
	page.Fields = []web.Field{
		f.fill(web.Field{Name: "name", Label: "名称", Type: "text", Required: true, MaxLength: market.MaxWord, Hint: "给自己看的，方便以后认出来。"}),
		f.fill(web.Field{Name: "alert", Label: "有新内容时", Type: "radios", Required: true, Options: options(market.Alerts),
			Hint: "新发布的内容含有全部搜索词并符合其他条件时提醒，每条只提醒一次。"}),
	}
	page.Problems = f.summary(page.Fields)
	return p.render(c, status, "saved_search", page)
}

func wishOf(f *form) alert.Wish {
	return alert.Wish{Name: f.text("name"), Query: f.values.Get("query"), Alert: market.Alert(f.text("alert"))}
}

// add keeps a search.
func (p savedSearchPages) add(c *fiber.Ctx) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	key := f.text("key")
	if len(key) > market.MaxWord {
		key = ""
	}
	_, err = p.Alerts.Save(c.UserContext(), actor(c), wishOf(f), key)
	if f.refuse(err) {
		return p.form(c, fiber.StatusUnprocessableEntity, f, "")
	}
	if market.Is(err, market.Conflict) {
		return done(c, "/account/searches", web.Bad, sentence(err))
	}
	if err != nil {
		return err
	}
	return done(c, "/account/searches", web.Good, "已保存。有新内容时会按您选的方式提醒。")
}

// edit answers with the form of a saved search.
func (p savedSearchPages) edit(c *fiber.Ctx) error {
	saved, err := p.Alerts.Show(c.UserContext(), actor(c), id(c))
	if err != nil {
		return err
	}
	f := &form{values: url.Values{"name": {saved.Name}, "alert": {string(saved.Alert)}, "query": {saved.Query}, "version": {number(saved.Version)}}}
	return p.form(c, fiber.StatusOK, f, saved.ID)
}

// change writes a saved search anew.
func (p savedSearchPages) change(c *fiber.Ctx) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	_, err = p.Alerts.Change(c.UserContext(), actor(c), id(c), f.version(), wishOf(f))
	if f.refuse(err) {
		return p.form(c, fiber.StatusUnprocessableEntity, f, id(c))
	}
	if market.Is(err, market.Conflict) || market.Is(err, market.Stale) {
		return done(c, "/account/searches", web.Bad, sentence(err))
	}
	if err != nil {
		return err
	}
	return done(c, "/account/searches", web.Good, "已保存。")
}

// open notes a saved search as seen and goes on to its results.
func (p savedSearchPages) open(c *fiber.Ctx) error {
	saved, err := p.Alerts.Seen(c.UserContext(), actor(c), id(c))
	if err != nil {
		return err
	}
	if saved.Query == "" {
		return done(c, "/search", web.Neutral, "")
	}
	return done(c, "/search?"+saved.Query, web.Neutral, "")
}

// drop deletes a saved search; the list offers to bring it back.
func (p savedSearchPages) drop(c *fiber.Ctx) error {
	saved, err := p.Alerts.Drop(c.UserContext(), actor(c), id(c), 0)
	if err != nil {
		return err
	}
	return done(c, "/account/searches", web.Good, "已删除“"+saved.Name+"”，可在“最近删除”里恢复。")
}

// restore brings a deleted saved search back.
func (p savedSearchPages) restore(c *fiber.Ctx) error {
	saved, err := p.Alerts.Restore(c.UserContext(), actor(c), id(c), 0)
	if market.Is(err, market.Conflict) {
		return done(c, "/account/searches", web.Bad, sentence(err))
	}
	if err != nil {
		return err
	}
	return done(c, "/account/searches", web.Good, "已恢复“"+saved.Name+"”。")
}
