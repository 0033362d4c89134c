package contract

import "jishi/internal/market"

// Actions returns what the actor may do with a contract in its present state,
// in the order of the state table. Pages show these and no other buttons. Of a
// masked contract nothing can be done but by officers.
func (s *Service) Actions(by market.Actor, c *market.Contract) []market.Action {
	var actions []market.Action
	for _, action := range market.ContractMoves.Open(c.State) {
		if permit(by, action, c) == nil {
			actions = append(actions, action)
		}
	}
	return actions
}

// Barred says why an officer may not decide on a submitted contract, namely
// that they entered it themselves; nil when nothing bars them or the actor
// decides on no contract.
func (s *Service) Barred(by market.Actor, c *market.Contract) error {
	if c.State != market.ContractSubmitted || !market.May(by, market.ActReviewContracts) {
		return nil
	}
	return permit(by, market.ActRegister, c)
}
