package contract

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"jishi/internal/market"
	"jishi/internal/store"
)

// importNote marks the events of an import in a contract's history.
const importNote = "导入"

// intake is the bringing in of one row.
type intake struct {
	s      *Service
	by     market.Actor
	dryRun bool
}

// Put brings in one contract of a list. The same external id from the same
// organization is the same contract: created once, updated while it is not
// submitted, left alone when nothing differs, so an import may be repeated.
// Without an external id the registration number stands for it; a row without
// either is a new contract each time.
//
// A row must be complete, and is submitted at once. A row with a registration
// number and date is one that the register holds already: an officer's import
// registers it as of that date, which then counts. A registered contract is
// never overwritten: Conflict names the fields that differ. With dryRun
// nothing is written and the outcome is what would happen.
func (s *Service) Put(ctx context.Context, by market.Actor, doc *market.Contract, externalID string, dryRun bool) (market.Outcome, error) {
	ctx, cancel := context.WithTimeout(ctx, writeLimit)
	defer cancel()
	for _, action := range []market.Action{market.ActImport, market.ActCreateContract} {
		if err := market.Permit(by, action); err != nil {
			return 0, err
		}
	}
	in := intake{s: s, by: by, dryRun: dryRun}
	row, err := in.row(doc, externalID)
	if err != nil {
		return 0, err
	}
	old, err := s.byImportKey(ctx, row.ImportKey)
	if err == nil && old == nil {
		err = in.bring(ctx, row)
		if !store.IsTaken(err) {
			return market.Created, err
		}
		old, err = s.byImportKey(ctx, row.ImportKey) // the same row came in at the same time
	}
	if err != nil {
		return 0, err
	}
	return in.replace(ctx, old, row)
}

// byImportKey returns the contract that came in under a key, nil when none did.
func (s *Service) byImportKey(ctx context.Context, key string) (*market.Contract, error) {
	page, err := s.contracts.Find(ctx, store.Query{Equal: []store.Equal{{Field: "import_key", Value: key}}, Limit: 1})
	if err != nil || len(page.Items) == 0 {
		return nil, err
	}
	return page.Items[0], nil
}

// bring inserts a contract that is new here.
func (in intake) bring(ctx context.Context, row *market.Contract) error {
	wanted := row.Register
	row.Register = market.Registration{}
	in.s.opening(in.by, row, importNote)
	if wanted.Number != "" && !in.dryRun {
		if err := in.name(ctx, row); err != nil {
			return err
		}
	}
	if err := in.carry(ctx, row, wanted); err != nil || in.dryRun {
		return err
	}
	return in.s.contracts.Insert(ctx, row)
}

// name gives a row the id it gets however often it comes, so that a number
// taken for it before a crash is still its own when it comes again. The id is
// random: who knows the row cannot tell it.
func (in intake) name(ctx context.Context, row *market.Contract) error {
	sum := sha256.Sum256([]byte(row.ImportKey)) // keys are longer than names of claims may be
	id, err := store.Take(ctx, in.s.numbers.claims, "contract/import/"+hex.EncodeToString(sum[:]), row.ID,
		func(context.Context, market.ID) (bool, error) { return true, nil })
	row.ID = id
	return err
}

// replace brings a contract that came in before to what the row now states.
func (in intake) replace(ctx context.Context, old, row *market.Contract) (market.Outcome, error) {
	if err := in.s.settle(old, row); err != nil {
		return 0, err
	}
	diff, known := differing(old, row), registeredAs(old, row)
	if len(diff) == 0 && known {
		return market.Unchanged, nil
	}
	if old.State == market.ContractRegistered {
		return 0, overwrites(old, diff)
	}
	if len(diff) > 0 {
		if err := in.pass(old, market.ActReviseContract); err != nil {
			return 0, err
		}
		fill(old, row)
		old.Submitter = in.by.User
	}
	if err := in.carry(ctx, old, row.Register); err != nil || in.dryRun {
		return market.Updated, err
	}
	return market.Updated, in.s.contracts.Update(ctx, old)
}

// carry submits a contract and, when the row gives a registration, registers
// it as of its date.
func (in intake) carry(ctx context.Context, c *market.Contract, wanted market.Registration) error {
	if c.State != market.ContractSubmitted {
		if err := in.pass(c, market.ActSubmitContract); err != nil {
			return err
		}
	}
	if wanted.Number == "" {
		return nil
	}
	if !market.May(in.by, market.ActRegister, c.Parties()...) {
		return &market.Error{Kind: market.Invalid, Code: "registration_by_office", Message: "登记由科技局办理，请去掉登记编号和登记日期再导入。",
			Fields: []market.FieldError{{Field: "registration.number", Reason: "登记由科技局办理，请留空"}}}
	}
	if err := in.pass(c, market.ActRegister); err != nil {
		return err
	}
	take := in.s.numbers.reserve
	if in.dryRun {
		take = in.s.numbers.free
	}
	c.Register = market.Registration{Number: wanted.Number, At: wanted.At.UTC(), By: in.by.User}
	return take(ctx, wanted.Number, c.ID)
}

// pass makes one move of an import. What the bureau's register holds already
// was decided before, so an officer may bring in what they enter.
func (in intake) pass(c *market.Contract, action market.Action) error {
	if err := market.Permit(in.by, action, c.Owner); err != nil {
		return err
	}
	move, err := market.ContractMoves.Next(c.State, action, importNote, market.ContractState.Name)
	if err != nil {
		return err
	}
	in.s.advance(in.by, c, move, importNote)
	return nil
}

// registeredAs reports whether a stored contract bears the registration that a
// row states; a row that states none agrees with any.
func registeredAs(old, row *market.Contract) bool {
	return row.Register.Number == "" ||
		old.Register.Number == row.Register.Number && market.DateOf(old.Register.At) == market.DateOf(row.Register.At)
}

// overwrites is the error of a row that would change what is registered.
func overwrites(old *market.Contract, diff []field) error {
	e := market.E(market.Conflict, "registered_differs",
		"合同已登记（编号 "+old.Register.Number+"），不能用导入覆盖；内容有变请办理合同变更登记。")
	for _, f := range diff {
		e.Fields = append(e.Fields, f.problem(old, "与已登记的不同"))
	}
	if len(diff) == 0 {
		e.Fields = []market.FieldError{{Field: "registration.number", Reason: "登记编号或登记日期与已登记的不同，现为“" +
			old.Register.Number + "”、" + string(market.DateOf(old.Register.At))}}
	}
	return e
}
