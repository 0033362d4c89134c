package site

import (
	"github.com/gofiber/fiber/v2"

	"jishi/internal/contract"
	"jishi/internal/market"
)

// export answers with the list that the address asks for as a file. The
// register as a whole is for officers: others see it without names.
func (p contractLists) export(c *fiber.Ctx) error {
	ctx, by, filter := c.UserContext(), actor(c), readRegisterFilter(c)
	read, name := func(after string) (contract.Page, error) {
		return p.Contracts.Mine(ctx, by, contract.Side(c.Query("side")), after, exportPage)
	}, "我的合同"
	switch contractTab(c, filter) {
	case tabQueue:
		state := market.ContractState(c.Query("state"))
		read, name = func(after string) (contract.Page, error) { return p.Contracts.Queue(ctx, by, state, after, exportPage) }, "办理登记"
	case tabRegister:
		if err := market.Permit(by, market.ActReviewContracts); err != nil {
			return err
		}
		read, name = func(after string) (contract.Page, error) {
			filter.sel.After, filter.sel.Limit = after, exportPage
			return p.Contracts.Registered(ctx, by, filter.sel)
		}, "登记在册合同"
	}
	return sendList(p.Site, c, name+"-"+string(market.DateOf(p.Now())), func(after string) ([]*market.Contract, string, error) {
		page, err := read(after)
		return page.Items, page.Next, err
	})
}
