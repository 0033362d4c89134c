package contract

import (
	"context"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// reservation is how long a number stays with a contract whose registering was
// never finished, because the process died or somebody else was faster.
const reservation = time.Hour

// ClaimName is the name of the claim that holds a registration number.
func ClaimName(number string) string { return "contract/registration/" + number }

// numbers knows which contract has which registration number.
type numbers struct {
	contracts store.Reader[market.Contract]
	claims    store.Claims
	now       func() time.Time
}

// reserve takes a registration number for a contract before the write that
// uses it. Conflict when another contract has it. The claim is made fresh, so
// that nobody takes the number over before the write is through.
func (n numbers) reserve(ctx context.Context, number string, id market.ID) error {
	holder, err := store.Take(ctx, n.claims, ClaimName(number), id, n.needs(number))
	if err != nil {
		return err
	}
	if holder != id {
		return n.taken(ctx, number, holder)
	}
	claim, err := n.claims.Get(ctx, market.ID(ClaimName(number)))
	if err != nil {
		return err
	}
	if claim.Holder != id {
		return n.taken(ctx, number, claim.Holder)
	}
	if n.now().Sub(claim.ChangedAt) < reservation/2 {
		return nil
	}
	if err := n.claims.Update(ctx, claim); err != nil {
		return market.Wrap(market.Conflict, err, "number_contested", "有人正在使用同一登记编号，请核对后再试。")
	}
	return nil
}

// needs tells whether the holder of a number still needs it. A contract that
// was decided needs the number it was registered under and can never come to
// need another. One that is not decided, or not there yet, keeps the number
// for as long as its registering can still be under way.
func (n numbers) needs(number string) func(context.Context, market.ID) (bool, error) {
	return func(ctx context.Context, holder market.ID) (bool, error) {
		c, err := n.contracts.Get(ctx, holder)
		if err != nil && !market.Is(err, market.NotFound) {
			return false, err
		}
		if err == nil && decided(c.State) {
			return c.Register.Number == number, nil
		}
		claim, err := n.claims.Get(ctx, market.ID(ClaimName(number)))
		if err != nil {
			return false, err
		}
		return n.now().Sub(claim.ChangedAt) < reservation, nil
	}
}

// decided reports whether a contract can no longer be registered.
func decided(state market.ContractState) bool {
	return state == market.ContractRegistered || state == market.ContractRefused || state == market.ContractCancelled
}

// free returns Conflict when a number belongs to another contract than id. It
// takes nothing; dry runs ask it.
func (n numbers) free(ctx context.Context, number string, id market.ID) error {
	claim, err := n.claims.Get(ctx, market.ID(ClaimName(number)))
	if market.Is(err, market.NotFound) {
		return nil
	}
	if err != nil || claim.Holder == id {
		return err
	}
	if needed, err := n.needs(number)(ctx, claim.Holder); err != nil || !needed {
		return err
	}
	return n.taken(ctx, number, claim.Holder)
}

// taken says which contract has the number. Officers may read every contract,
// so the sentence may name it.
func (n numbers) taken(ctx context.Context, number string, holder market.ID) error {
	message := "登记编号 " + number + " 正在登记另一份合同，请核对编号。"
	c, err := n.contracts.Get(ctx, holder)
	switch {
	case market.Is(err, market.NotFound):
	case err != nil:
		return err
	case c.Register.Number == number:
		message = "登记编号 " + number + " 已用于合同“" + market.Clip(c.Project, 40) + "”（" + c.State.Name() + "），请核对编号。"
	default:
		message = "登记编号 " + number + " 刚用于登记合同“" + market.Clip(c.Project, 40) + "”但未完成，请核对编号，或一小时后再试。"
	}
	return &market.Error{Kind: market.Conflict, Code: "registration_number_taken", Message: message,
		Fields: []market.FieldError{{Field: "number", Reason: "已被另一份合同使用"}}}
}
