package contract

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jishi/internal/market"
)

func TestRegister(t *testing.T) {
	tests := []struct {
		name, typed, stored string
		code                string // of the error, empty for success
	}{
		{"14 digits", "20265001550001", "20265001550001", ""},
		{"16 digits, full width", " ２０２６５００１５５００００２２ ", "2026500155000022", ""},
		{"13 digits", "2026500155000", "", "bad_registration_number"},
		{"17 digits", "20265001550000123", "", "bad_registration_number"},
		{"letters", "2026500155000A", "", "bad_registration_number"},
		{"empty", "", "", "bad_registration_number"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			c := w.at(t, market.ContractSubmitted)
			got, err := w.Register(ctx, officer, c.ID, c.Version, tt.typed)
			if tt.code != "" {
				wantKind(t, err, market.Invalid, tt.code)
				if now := w.stored(t, c.ID); now.State != market.ContractSubmitted || now.Version != c.Version {
					t.Errorf("a bad number changed the contract: %+v", now)
				}
				return
			}
			want := market.Registration{Number: tt.stored, At: today, By: "u-officer"}
			if err != nil || got.Register != want || w.stored(t, c.ID).Register != want {
				t.Errorf("registered %+v, %v; want %+v", got, err, want)
			}
		})
	}
}

func TestANumberIsUsedOnce(t *testing.T) {
	for _, state := range []market.ContractState{market.ContractRegistered, market.ContractCancelled} {
		t.Run(string(state), func(t *testing.T) {
			w := newWorld(t)
			first, second := w.at(t, state), w.at(t, market.ContractSubmitted)
			w.later(24 * time.Hour)
			_, err := w.Register(ctx, officer, second.ID, 0, first.Register.Number)
			wantKind(t, err, market.Conflict, "registration_number_taken")
			wantFields(t, err, "number")
			if !strings.Contains(err.Error(), first.Project) || !strings.Contains(err.Error(), state.Name()) {
				t.Errorf("%v does not name the contract that has it", err)
			}
			if now := w.stored(t, second.ID); now.Version != second.Version {
				t.Errorf("changed to %+v", now)
			}
		})
	}
}

// A process that dies between taking the number and writing the contract
// leaves the number with a contract that is not registered.
func TestNumberOfAnUnfinishedRegistration(t *testing.T) {
	w := newWorld(t)
	first, second := w.at(t, market.ContractSubmitted), w.at(t, market.ContractSubmitted)
	if err := w.numbers.reserve(ctx, someNumber, first.ID); err != nil {
		t.Fatal(err)
	}
	t.Run("is kept for a while", func(t *testing.T) {
		_, err := w.Register(ctx, officer, second.ID, 0, someNumber)
		wantKind(t, err, market.Conflict, "registration_number_taken")
	})
	t.Run("serves when it is tried again", func(t *testing.T) {
		retried := w.at(t, market.ContractSubmitted)
		if err := w.numbers.reserve(ctx, number(5), retried.ID); err != nil {
			t.Fatal(err)
		}
		w.later(2 * reservation)
		if _, err := w.Register(ctx, officer, retried.ID, 0, number(5)); err != nil {
			t.Errorf("tried again: %v", err)
		}
	})
	t.Run("passes on later", func(t *testing.T) {
		if _, err := w.Register(ctx, officer, second.ID, 0, someNumber); err != nil {
			t.Fatalf("an hour later: %v", err)
		}
		_, err := w.Register(ctx, officer, first.ID, 0, someNumber)
		wantKind(t, err, market.Conflict, "registration_number_taken")
	})
	t.Run("passes on at once when the contract was decided", func(t *testing.T) {
		for _, state := range []market.ContractState{market.ContractRefused, market.ContractRegistered} {
			loser, winner := w.at(t, state), w.at(t, market.ContractSubmitted)
			n := number(len(state))
			if err := w.numbers.reserve(ctx, n, loser.ID); err != nil {
				t.Fatal(err)
			}
			if _, err := w.Register(ctx, officer, winner.ID, 0, n); err != nil {
				t.Errorf("%s: %v", state, err)
			}
		}
	})
}

// The one that takes a number over and the one that comes back to it at the
// same moment must not both get it: coming back makes the claim fresh.
func TestComingBackToAnOldReservation(t *testing.T) {
	w := newWorld(t)
	first, second := w.at(t, market.ContractSubmitted), w.at(t, market.ContractSubmitted)
	if err := w.numbers.reserve(ctx, someNumber, first.ID); err != nil {
		t.Fatal(err)
	}
	w.later(2 * reservation)
	old, err := w.claims.Get(ctx, market.ID(ClaimName(someNumber))) // what a slow second taker has read
	if err != nil {
		t.Fatal(err)
	}
	if err := w.numbers.reserve(ctx, someNumber, first.ID); err != nil {
		t.Fatal(err)
	}
	old.Holder = second.ID
	if err := w.claims.Update(ctx, old); !market.Is(err, market.Stale) {
		t.Errorf("the slow taker got the number: %v", err)
	}
	if needed, err := w.numbers.needs(someNumber)(ctx, first.ID); err != nil || !needed {
		t.Errorf("needed = %v, %v after coming back", needed, err)
	}
}

func TestTwoOfficersAtOnce(t *testing.T) {
	for round := range 10 {
		w := newWorld(t)
		c := w.at(t, market.ContractSubmitted)
		officers := []market.Actor{officer, officer2}
		errs := make([]error, len(officers))
		race(len(officers), func(i int) {
			_, errs[i] = w.Register(ctx, officers[i], c.ID, c.Version, number(i))
		})
		now := w.stored(t, c.ID)
		winner := -1
		for i, err := range errs {
			if err == nil {
				winner = i
				continue
			}
			if !market.Is(err, market.Stale) && !market.Is(err, market.Conflict) {
				t.Errorf("round %d: the other got %v", round, err)
			}
		}
		if winner < 0 || errs[1-winner] == nil || now.Register.By != officers[winner].User || now.Register.Number != number(winner) || len(now.History) != 3 {
			t.Errorf("round %d: errors %v, stored %+v", round, errs, now.Register)
		}
	}
}

func TestOneNumberForManyContracts(t *testing.T) {
	const contenders = 8
	for round := range 5 {
		w := newWorld(t)
		var ids []market.ID
		for range contenders {
			ids = append(ids, w.at(t, market.ContractSubmitted).ID)
		}
		if round%2 == 1 { // an old reservation that everybody takes over
			if err := w.numbers.reserve(ctx, someNumber, "gone"); err != nil {
				t.Fatal(err)
			}
			w.later(2 * reservation)
		}
		var won atomic.Int64
		race(contenders, func(i int) {
			_, err := w.Register(ctx, officer, ids[i], 0, someNumber)
			switch {
			case err == nil:
				won.Add(1)
			case !market.Is(err, market.Conflict):
				t.Errorf("round %d: a loser got %v", round, err)
			}
		})
		registered := 0
		for _, id := range ids {
			if c := w.stored(t, id); c.State == market.ContractRegistered && c.Register.Number == someNumber {
				registered++
			}
		}
		if won.Load() != 1 || registered != 1 {
			t.Errorf("round %d: %d won, %d registered, want 1", round, won.Load(), registered)
		}
	}
}

func TestDoubleClick(t *testing.T) {
	w := newWorld(t)
	c := w.at(t, market.ContractSubmitted)
	race(4, func(int) {
		if _, err := w.Register(ctx, officer, c.ID, c.Version, someNumber); err != nil {
			t.Errorf("the same officer with the same number: %v", err)
		}
	})
	if now := w.stored(t, c.ID); now.Version != c.Version+1 {
		t.Errorf("%d writes, want 1", now.Version-c.Version)
	}
}

func race(n int, run func(i int)) {
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-start
			run(i)
		})
	}
	close(start)
	wg.Wait()
}

func TestRegisterInAnEndedContext(t *testing.T) {
	w := newWorld(t)
	c := w.at(t, market.ContractSubmitted)
	ended, cancel := context.WithCancel(ctx)
	cancel()
	_, err := w.Register(ended, officer, c.ID, 0, someNumber)
	if err == nil || w.stored(t, c.ID).Version != c.Version {
		t.Errorf("registered in an ended context: %v", err)
	}
}
