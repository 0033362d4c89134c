package store

import (
	"context"

	"jishi/internal/market"
)

// ClaimSpec declares the collection of claims: names that one document holds.
var ClaimSpec = Spec{Name: "claims"}

// Claims is the collection of claims.
type Claims = Collection[market.Claim]

// Take claims a name for a holder and returns who holds it afterwards: holder
// itself when the name was free or already its own, else the present holder.
// alive reports whether a present holder still needs the name; a name whose
// holder no longer does passes on. Taking twice is harmless.
func Take(ctx context.Context, claims Claims, name string, holder market.ID, alive func(context.Context, market.ID) (bool, error)) (market.ID, error) {
	id := market.ID(name)
	for range 3 { // each round loses only to somebody else's success
		err := claims.Insert(ctx, &market.Claim{Meta: market.Meta{ID: id}, Holder: holder})
		if err == nil {
			return holder, nil
		}
		if !IsTaken(err) {
			return "", err
		}
		claim, err := claims.Get(ctx, id)
		if err != nil {
			return "", err
		}
		if claim.Holder == holder {
			return holder, nil
		}
		if live, err := alive(ctx, claim.Holder); err != nil || live {
			return claim.Holder, err
		}
		claim.Holder = holder
		if err = claims.Update(ctx, claim); err == nil || !market.Is(err, market.Stale) {
			return holder, err
		}
	}
	return "", market.E(market.Conflict, "busy", "有人正在登记同样的内容，请稍后再试。")
}

// Holder returns who holds a name and still needs it by alive, "" when it is
// free to take.
func Holder(ctx context.Context, claims Claims, name string, alive func(context.Context, market.ID) (bool, error)) (market.ID, error) {
	claim, err := claims.Get(ctx, market.ID(name))
	if market.Is(err, market.NotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	if live, err := alive(ctx, claim.Holder); err != nil || !live {
		return "", err
	}
	return claim.Holder, nil
}
