package site

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/duplicate"
	"jishi/internal/market"
	"jishi/web"
)

// pairsPage is the data of page "duplicates".
type pairsPage struct {
	Base   web.Base
	Tabs   web.Tabs
	States []choice
	State  market.DuplicateState
	Rows   []pairRow
	Pager  web.Pager
}

// pairRow is one pair in the queue.
type pairRow struct {
	*duplicate.Pair
	Href  string
	Kind  string
	Why   string
	Names [2]string // of the owners
}

// list answers with the pairs in one state.
func (p duplicatePages) list(c *fiber.Ctx) error {
	state, cursor := market.DuplicateState(c.Query("state", string(market.DuplicateOpen))), c.Query("cursor")
	found, err := p.Duplicates.Queue(c.UserContext(), actor(c), state, cursor, pairsPerPage)
	if err != nil {
		return err
	}
	page := pairsPage{Base: p.base(c, "可能重复", ""), Tabs: adminTabsOf(c), State: state}
	page.Base.Crumbs = crumbs("可能重复")
	for _, one := range market.DuplicateStates {
		page.States = append(page.States, choice{Text: one.Name, Href: "/admin/duplicates?state=" + one.Code, Current: one.Code == string(state)})
	}
	for _, pair := range found.Items {
		row := pairRow{Pair: pair, Href: pairHref(pair.ID), Kind: named(market.ListingKinds, string(pair.Kind)), Why: why(pair.Similarity, pair.Numbers)}
		if row.Names, err = p.ownerNames(c, pair); err != nil {
			return err
		}
		page.Rows = append(page.Rows, row)
	}
	path := "/admin/duplicates?state=" + url.QueryEscape(string(state))
	if cursor != "" {
		page.Pager.Newer, page.Pager.NewerText = path, "回到第一页"
	}
	if found.Next != "" {
		page.Pager.Older = path + "&cursor=" + found.Next
	}
	return p.render(c, fiber.StatusOK, "duplicates", page)
}

// why says what two listings have in common.
func why(similarity int, numbers []string) string {
	text := "内容相似 " + strconv.Itoa(similarity) + "%"
	if len(numbers) == 0 {
		return text
	}
	same := make([]string, len(numbers))
	for i, number := range numbers {
		same[i] = market.NumberText(number)
	}
	return "同一编号 " + strings.Join(same, "、") + "；" + text
}
