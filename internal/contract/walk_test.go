package contract

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"jishi/internal/market"
)

// Random sequences of everything anybody may try: contracts only ever move by
// the table, a refused action changes nothing, each success is one event more,
// and no number serves twice.
func TestRandomWalk(t *testing.T) {
	w := newWorld(t)
	round := 0
	rapid.Check(t, func(t *rapid.T) {
		round++
		model := map[market.ID]*market.Contract{}
		var ids []market.ID
		t.Repeat(map[string]func(*rapid.T){
			"create": func(t *rapid.T) {
				c, err := w.Create(ctx, seller, magnesium())
				if err != nil {
					t.Fatal(err)
				}
				model[c.ID], ids = c, append(ids, c.ID)
			},
			"act": func(t *rapid.T) {
				if len(ids) == 0 {
					t.Skip("nothing there yet")
				}
				id := rapid.SampledFrom(ids).Draw(t, "id")
				by := rapid.SampledFrom([]market.Actor{seller, colleague, buyer, officer, officer2, visitor}).Draw(t, "by")
				action := rapid.SampledFrom([]market.Action{market.ActReviseContract, market.ActSubmitContract, market.ActReturnContract,
					market.ActRegister, market.ActRefuse, market.ActCancel}).Draw(t, "action")
				before := *model[id]
				if rapid.IntRange(0, 9).Draw(t, "stale") == 0 {
					before.Version = max(1, before.Version-1)
				}
				err := w.act(by, action, &before, number(round*10+rapid.IntRange(0, 4).Draw(t, "number")))
				after, getErr := w.contracts.Get(ctx, id)
				if getErr != nil {
					t.Fatal(getErr)
				}
				follows(t, model[id], after, action, by, err)
				model[id] = after
			},
			"": func(t *rapid.T) { numbersAreUnique(t, model) },
		})
	})
}

// follows checks what one action did to a contract.
func follows(t *rapid.T, before, after *market.Contract, action market.Action, by market.Actor, err error) {
	if err != nil || after.Version == before.Version {
		if !reflect.DeepEqual(before, after) {
			t.Fatalf("%s answered %v and changed %+v into %+v", action, err, before, after)
		}
		return
	}
	move, illegal := market.ContractMoves.Next(before.State, action, "理由", market.ContractState.Name)
	if illegal != nil || after.State != move.To || !market.May(by, action, before.Owner) {
		t.Fatalf("%s by %s moved %s to %s", action, by.Name, before.State, after.State)
	}
	n := len(after.History)
	if after.Version != before.Version+1 || n != len(before.History)+1 || !reflect.DeepEqual(after.History[:n-1], before.History) {
		t.Fatalf("%s rewrote history %+v into %+v", action, before.History, after.History)
	}
	last := after.History[n-1]
	if last.Seq != n || last.Action != action || last.By != by.User || last.From != string(before.State) || last.To != string(after.State) {
		t.Fatalf("%s left the event %+v", action, last)
	}
	counts := after.State == market.ContractRegistered || after.State == market.ContractCancelled
	if counts != (after.Register.Number != "") || (after.State == market.ContractCancelled) == after.Register.Cancelled.IsZero() {
		t.Fatalf("in state %s registered as %+v", after.State, after.Register)
	}
}

func numbersAreUnique(t *rapid.T, model map[market.ID]*market.Contract) {
	holder := map[string]market.ID{}
	for id, c := range model {
		n := c.Register.Number
		if n == "" {
			continue
		}
		if other, taken := holder[n]; taken {
			t.Fatalf("number %s serves %s and %s", n, id, other)
		}
		holder[n] = id
	}
}
