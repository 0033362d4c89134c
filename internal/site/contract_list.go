package site

import (
	"errors"
	"net/url"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/contract"
	"jishi/internal/exchange"
	"jishi/internal/market"
	"jishi/web"
)

// contractsPerPage is how many contracts stand on one page of a list.
const contractsPerPage = 50

// contractLists is the lists of contracts: one's own, the queue, the register.
type contractLists struct{ *Site }

// The lists of contracts.
const (
	tabMine     = "mine"
	tabQueue    = "queue"
	tabRegister = "registered"
)

// contractListPage is the data of page "contracts".
type contractListPage struct {
	Base    web.Base
	Tab     string
	Tabs    []choice
	Parts   []choice // sides of one's own, states of the queue
	Words   string   // what is shown
	Figures figures
	Chips   []chip
	Filter  []web.Field // of the register
	Basis   string      // what the form keeps of a figure's address
	Refused string
	Rows    []contractRow
	Empty   web.Empty
	Pager   web.Pager
	New     bool
	Import  bool
	Export  []web.Crumb
}

// contractRow is one contract in a list.
type contractRow struct {
	Href    string
	Title   string
	Under   []string // type and field, as far as the title does not say them
	Seller  string
	Buyer   string
	Amounts market.Amounts
	State   web.Badge
	At      time.Time // of registration in the register, else of the last change
	Number  string
}

// list answers with the list that the address asks for: the reader's own, the
// officers' queue, or the register.
func (p contractLists) list(c *fiber.Ctx) error {
	by, filter := actor(c), readRegisterFilter(c)
	page := contractListPage{
		Base: p.base(c, "合同", "/contracts"), Tab: contractTab(c, filter),
		New: market.May(by, market.ActCreateContract), Import: exchange.Permit(by, exchange.Contracts) == nil,
	}
	page.Base.Crumbs = crumbs("合同")
	page.Tabs = contractTabs(by, page.Tab)
	switch page.Tab {
	case tabMine:
		return p.mine(c, page)
	case tabQueue:
		return p.queueList(c, page)
	}
	return p.register(c, page, filter)
}

// contractTab chooses the list when the address names none: what it filters
// is the register, and who enters contracts begins with their own.
func contractTab(c *fiber.Ctx, filter registerFilter) string {
	switch asked := c.Query("tab"); asked {
	case tabMine, tabQueue, tabRegister:
		return asked
	}
	by := actor(c)
	if by.Org == "" || filter.filtered() || market.May(by, market.ActReviewContracts) {
		return tabRegister
	}
	return tabMine
}

func contractTabs(by market.Actor, current string) []choice {
	var tabs []choice
	add := func(tab, text string) {
		tabs = append(tabs, choice{Text: text, Href: "/contracts?tab=" + tab, Count: -1, Current: tab == current})
	}
	if by.Org != "" { // who acts for nobody has no part in any
		add(tabMine, "我的合同")
	}
	if market.May(by, market.ActReviewContracts) {
		add(tabQueue, "办理登记")
	}
	add(tabRegister, "登记在册")
	return tabs
}

// mine answers with the contracts in which the reader's organization has a part.
func (p contractLists) mine(c *fiber.Ctx, page contractListPage) error {
	side, cursor := contract.Side(c.Query("side")), c.Query("cursor")
	found, err := p.Contracts.Mine(c.UserContext(), actor(c), side, cursor, contractsPerPage)
	if err != nil {
		return err
	}
	part := url.Values{"tab": {tabMine}, "side": {string(side)}}
	for _, one := range contract.Sides {
		page.Parts = append(page.Parts, choice{Text: one.Name, Href: "/contracts?tab=mine&side=" + one.Code, Current: one.Code == string(side)})
	}
	page.Words = contract.Sides.Name(string(side)) + "合同，最近改动的在最前面。"
	page.Empty = web.Empty{Icon: "file-certificate", Title: "这里还没有合同", Text: "先存草稿也可以，填齐再提交登记。"}
	if page.New {
		page.Empty.Action = web.Crumb{Href: "/contracts/new", Text: "填报合同"}
	}
	return p.rows(c, page, found, part)
}

// queueList answers with the contracts in a state, for officers.
func (p contractLists) queueList(c *fiber.Ctx, page contractListPage) error {
	state, cursor := market.ContractState(c.Query("state", string(market.ContractSubmitted))), c.Query("cursor")
	found, err := p.Contracts.Queue(c.UserContext(), actor(c), state, cursor, contractsPerPage)
	if err != nil {
		return err
	}
	for _, one := range market.ContractStates {
		if one.Code != string(market.ContractRegistered) { // those are the register
			page.Parts = append(page.Parts, choice{Text: one.Name, Href: "/contracts?tab=queue&state=" + one.Code, Current: one.Code == string(state)})
		}
	}
	page.Words = "状态为“" + state.Name() + "”的合同，等得最久的在最前面。"
	page.Empty = web.Empty{Icon: "clipboard-check", Title: "没有" + state.Name() + "的合同", Text: "单位提交的合同会出现在这里。"}
	return p.rows(c, page, found, url.Values{"tab": {tabQueue}, "state": {string(state)}})
}

// register answers with registered contracts and what they add up to.
func (p contractLists) register(c *fiber.Ctx, page contractListPage, filter registerFilter) error {
	filter.sel.Limit = contractsPerPage
	found, err := p.Contracts.Registered(c.UserContext(), actor(c), filter.sel)
	if err == nil {
		page.Figures, err = p.figures(c.UserContext(), filter)
	}
	refused := &form{}
	var known *market.Error
	if errors.As(err, &known) && known.Code != "bad_cursor" && refused.refuse(err) {
		page.Refused, found = reasons(known), contract.Page{}
	} else if err != nil {
		return err
	}
	if filter.sel.After == "" && found.Next == "" && page.Refused == "" {
		page.Figures.check(found.Items)
	}
	page.Words, page.Chips, page.Basis, page.Filter = filter.words(), filter.chips(), string(filter.basis), filter.fields(refused)
	page.Empty = web.Empty{Icon: "search-off", Title: "没有这样的合同", Text: "去掉一些条件再看。", Action: web.Crumb{Href: "/contracts?tab=registered", Text: "看全部登记在册的"}}
	if !filter.filtered() {
		page.Empty = web.Empty{Icon: "file-certificate", Title: "还没有登记的合同", Text: "科技局登记的技术合同会出现在这里，单位名称和项目名称不对外公开。"}
	}
	part, _ := url.ParseQuery(filter.href()[len("/contracts?"):]) // what Encode wrote can be read
	return p.rows(c, page, found, part)
}

// rows puts one page of contracts on the list. part is the list's address
// without its place in it.
func (p contractLists) rows(c *fiber.Ctx, page contractListPage, found contract.Page, part url.Values) error {
	for _, one := range found.Items {
		page.Rows = append(page.Rows, contractRowOf(one, page.Tab))
	}
	path := "/contracts?" + part.Encode()
	if c.Query("cursor") != "" {
		page.Pager.Newer, page.Pager.NewerText = path, "回到第一页"
	}
	if found.Next != "" {
		page.Pager.Older = path + "&cursor=" + found.Next // cursors are of letters, digits, - and _
	}
	by := actor(c)
	if len(page.Rows) > 0 && market.May(by, market.ActExport) && (page.Tab != tabRegister || market.May(by, market.ActReviewContracts)) {
		page.Export = exportLinks("/contracts/export", part)
	}
	status := fiber.StatusOK
	if page.Refused != "" {
		status = fiber.StatusUnprocessableEntity
	}
	return p.render(c, status, "contracts", page)
}

func contractRowOf(c *market.Contract, tab string) contractRow {
	row := contractRow{
		Href: contractHref(c.ID), Title: contractTitle(c), Seller: partyNames(c.Sellers), Buyer: partyNames(c.Buyers),
		Amounts: c.Amounts, State: contractBadge(c.State), At: c.ChangedAt, Number: c.Register.Number,
	}
	if !masked(c) {
		row.Under = worded(contractType(c))
	}
	row.Under = append(row.Under, worded(named(market.Fields, c.Class.Field))...)
	if c.Demo {
		row.Under = append(row.Under, demoBadge.Text)
	}
	if tab == tabRegister {
		row.At = c.Register.At
	}
	return row
}

// worded leaves out what says nothing.
func worded(texts ...string) []string {
	return slices.DeleteFunc(texts, func(text string) bool { return text == "" })
}
