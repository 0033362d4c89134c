package contract

import (
	"reflect"
	"slices"
	"testing"

	"jishi/internal/market"
)

// who may do what in which state, written down by hand beside the tables in
// market so that a slip in those shows here.
var legal = map[market.Action]struct {
	actors []string
	states map[market.ContractState]market.ContractState
}{
	market.ActReviseContract: {[]string{"seller", "system"}, map[market.ContractState]market.ContractState{"draft": "draft", "returned": "returned"}},
	market.ActSubmitContract: {[]string{"seller", "system"}, map[market.ContractState]market.ContractState{"draft": "submitted", "returned": "submitted"}},
	market.ActReturnContract: {[]string{"officer", "system"}, map[market.ContractState]market.ContractState{"submitted": "returned"}},
	market.ActRegister:       {[]string{"officer", "system"}, map[market.ContractState]market.ContractState{"submitted": "registered"}},
	market.ActRefuse:         {[]string{"officer", "system"}, map[market.ContractState]market.ContractState{"submitted": "refused"}},
	market.ActCancel:         {[]string{"officer", "system"}, map[market.ContractState]market.ContractState{"registered": "cancelled"}},
}

var cast = map[string]market.Actor{
	"visitor": visitor, "seller": seller, "buyer": buyer, "broker": broker, "stranger": stranger,
	"officer": officer, "admin": admin, "system": market.System,
}

// Every state × action × actor. Illegal ones answer an error and leave the
// contract as it was.
func TestStateTable(t *testing.T) {
	w := newWorld(t)
	cells, next := 0, 0
	for _, state := range market.ContractStates {
		c := w.at(t, market.ContractState(state.Code))
		for action, rule := range legal {
			for name, by := range cast {
				cells++
				next++
				t.Run(state.Code+"/"+string(action)+"/"+name, func(t *testing.T) {
					before := w.stored(t, c.ID)
					err := w.act(by, action, c, number(next))
					after := w.stored(t, c.ID)
					to, can := rule.states[c.State]
					switch may := slices.Contains(rule.actors, name); {
					case by.User == "":
						wantKind(t, err, market.Unauthenticated, "")
					case !may:
						wantKind(t, err, market.Denied, "not_allowed")
					case !can:
						wantKind(t, err, market.Conflict, "wrong_state")
					default:
						last := after.History[len(after.History)-1]
						if err != nil || after.State != to || last.Action != action || last.By != by.User || last.Seq != len(after.History) {
							t.Errorf("state %v with %+v, err %v; want %v", after.State, last, err, to)
						}
						c = w.at(t, c.State)
						return
					}
					if !reflect.DeepEqual(after, before) {
						t.Errorf("an illegal action changed %+v into %+v", before, after)
					}
				})
			}
		}
	}
	if want := len(market.ContractStates) * len(legal) * len(cast); cells != want {
		t.Errorf("%d cells, want %d", cells, want)
	}
}

// act carries out an action with input that is right for it.
func (w *world) act(by market.Actor, action market.Action, c *market.Contract, number string) (err error) {
	switch action {
	case market.ActReviseContract:
		entry := magnesium()
		entry.ID, entry.Version, entry.Project = c.ID, c.Version, "修改后的名称"
		_, err = w.Revise(ctx, by, entry)
	case market.ActSubmitContract:
		_, err = w.Submit(ctx, by, c.ID, c.Version)
	case market.ActReturnContract:
		_, err = w.Return(ctx, by, c.ID, c.Version, "理由")
	case market.ActRegister:
		_, err = w.Register(ctx, by, c.ID, c.Version, number)
	case market.ActRefuse:
		_, err = w.Refuse(ctx, by, c.ID, c.Version, "理由")
	case market.ActCancel:
		_, err = w.Cancel(ctx, by, c.ID, c.Version, "理由")
	}
	return err
}

func TestRepeatingIsHarmless(t *testing.T) {
	tests := []struct {
		action market.Action
		from   market.ContractState
		by     market.Actor
		other  market.Actor // may do the same, but did not
	}{
		{market.ActReviseContract, market.ContractDraft, seller, colleague},
		{market.ActSubmitContract, market.ContractDraft, seller, colleague},
		{market.ActReturnContract, market.ContractSubmitted, officer, officer2},
		{market.ActRegister, market.ContractSubmitted, officer, officer2},
		{market.ActRefuse, market.ContractSubmitted, officer, officer2},
		{market.ActCancel, market.ContractRegistered, officer, officer2},
	}
	w := newWorld(t)
	for i, tt := range tests {
		t.Run(string(tt.action), func(t *testing.T) {
			c := w.at(t, tt.from)
			if err := w.act(tt.by, tt.action, c, number(900+i)); err != nil {
				t.Fatal(err)
			}
			done := w.stored(t, c.ID)
			if err := w.act(tt.by, tt.action, c, number(900+i)); err != nil {
				t.Errorf("again: %v", err)
			}
			if err := w.act(tt.other, tt.action, c, number(900+i)); !market.Is(err, market.Stale) {
				t.Errorf("somebody else: %v, want stale", err)
			}
			if err := w.act(tt.other, tt.action, done, number(900+i)); tt.action != market.ActReviseContract && !market.Is(err, market.Conflict) {
				t.Errorf("somebody else who read it: %v, want conflict", err)
			}
			if tt.action == market.ActReviseContract {
				return
			}
			if now := w.stored(t, c.ID); !reflect.DeepEqual(now, done) {
				t.Errorf("repeating changed %+v into %+v", done, now)
			}
		})
	}
}

func TestOtherDataIsNoRepetition(t *testing.T) {
	w := newWorld(t)
	registered := w.at(t, market.ContractSubmitted)
	if _, err := w.Register(ctx, officer, registered.ID, 0, number(1)); err != nil {
		t.Fatal(err)
	}
	_, err := w.Register(ctx, officer, registered.ID, 0, number(2))
	wantKind(t, err, market.Conflict, "wrong_state")
	refused := w.at(t, market.ContractSubmitted)
	if _, err := w.Refuse(ctx, officer, refused.ID, 0, "甲"); err != nil {
		t.Fatal(err)
	}
	_, err = w.Refuse(ctx, officer, refused.ID, 0, "乙")
	wantKind(t, err, market.Conflict, "wrong_state")
}

func TestNobodyDecidesOnTheirOwn(t *testing.T) {
	w := newWorld(t)
	own, err := w.Create(ctx, officer, magnesium())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Submit(ctx, officer2, own.ID, 0); err != nil {
		t.Fatal(err)
	}
	for name, by := range map[string]market.Actor{"who entered it": officer, "who submitted it": officer2} {
		t.Run(name, func(t *testing.T) {
			_, err := w.Register(ctx, by, own.ID, 0, someNumber)
			wantKind(t, err, market.Denied, "own_contract")
			_, err = w.Refuse(ctx, by, own.ID, 0, "理由")
			wantKind(t, err, market.Denied, "own_contract")
		})
	}
	third := actor("u-officer3", "org-bureau", "赵科员", market.RoleOfficer)
	if c, err := w.Register(ctx, third, own.ID, 0, someNumber); err != nil || c.Register.By != "u-officer3" {
		t.Errorf("a third officer: %v, %v", c, err)
	}
}
