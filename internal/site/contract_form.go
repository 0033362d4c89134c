package site

import (
	"crypto/rand"
	"errors"
	"math"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/web"
)

// contractForms is the pages that write contracts.
type contractForms struct{ contractPages }

// contractFormPage is the data of page "contract_form".
type contractFormPage struct {
	Base     web.Base
	Heading  string
	Action   string
	Hidden   []web.Hidden // version, key, and the listings that led here
	Cancel   string
	Origin   []web.Term // the listings that led here, in words
	Note     string     // why the contract was sent back; empty when it was not
	Groups   []web.Group
	Problems []web.Problem
	Stale    string
	Changes  []change
}

// start answers with a form that has in it what is known already.
func (p contractForms) start(c *fiber.Ctx) error {
	if err := market.Permit(actor(c), market.ActCreateContract); err != nil {
		return err
	}
	draft, err := p.draft(c)
	if err != nil {
		return err
	}
	f := &form{values: contractValues(draft)}
	f.values.Set("key", rand.Text())
	return p.form(c, fiber.StatusOK, f, newContractForm)
}

var newContractForm = contractFormPage{Heading: "填报合同", Action: "/contracts", Cancel: "/contracts"}

// add creates a draft from the form and, when asked, submits it. The form's
// key makes one contract of it, however often it is sent.
func (p contractForms) add(c *fiber.Ctx) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	if err := market.Permit(actor(c), market.ActCreateContract); err != nil {
		return err
	}
	doc := readContract(f)
	if err := p.connect(c, f, doc, nil); err != nil {
		return err
	}
	if broken(f, doc, market.DateOf(p.Now())) {
		return p.form(c, fiber.StatusUnprocessableEntity, f, newContractForm)
	}
	doc, err = p.Contracts.CreateOnce(c.UserContext(), actor(c), doc, market.Clip(f.text("key"), 64))
	if f.refuse(err) {
		return p.form(c, fiber.StatusUnprocessableEntity, f, newContractForm)
	}
	if err != nil {
		return err
	}
	return p.saved(c, f, doc)
}

// edit answers with the form of a contract as it stands.
func (p contractForms) edit(c *fiber.Ctx) error {
	doc, err := p.open(c)
	if err != nil {
		return err
	}
	f := &form{values: contractValues(doc)}
	f.values.Set("version", number(doc.Version))
	return p.form(c, fiber.StatusOK, f, editing(doc))
}

// revise saves the form over the contract it was filled from.
func (p contractForms) revise(c *fiber.Ctx) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	old, err := p.open(c)
	if err != nil {
		return err
	}
	doc := readContract(f)
	if err := p.connect(c, f, doc, old); err != nil {
		return err
	}
	if broken(f, doc, market.DateOf(p.Now())) {
		return p.form(c, fiber.StatusUnprocessableEntity, f, editing(old))
	}
	doc.ID, doc.Version = old.ID, f.version()
	if doc.Version < 1 {
		doc.Version = math.MaxInt64 // matches no contract: the answer is that it changed
	}
	doc, err = p.Contracts.Revise(c.UserContext(), actor(c), doc)
	switch {
	case f.refuse(err):
		return p.form(c, fiber.StatusUnprocessableEntity, f, editing(old))
	case market.Is(err, market.Stale):
		return p.overtaken(c, f, err)
	case err != nil:
		return err
	}
	return p.saved(c, f, doc)
}

// open reads a contract that the reader may revise.
func (p contractForms) open(c *fiber.Ctx) (*market.Contract, error) {
	doc, err := p.Contracts.Show(c.UserContext(), actor(c), id(c))
	if err != nil {
		return nil, err
	}
	if slices.Contains(p.Contracts.Actions(actor(c), doc), market.ActReviseContract) {
		return doc, nil
	}
	if err := market.Permit(actor(c), market.ActReviseContract, doc.Owner); err != nil {
		return nil, err
	}
	_, err = market.ContractMoves.Next(doc.State, market.ActReviseContract, "", market.ContractState.Name)
	return nil, err
}

// broken checks the form as far as it is asked to go: a draft may have gaps,
// what is submitted may not. What is wrong with a party is noted at its row.
// A field that could not be read is not also called empty.
func broken(f *form, doc *market.Contract, today market.Date) bool {
	check, unread := (*market.Contract).CheckDraft, slices.Clone(f.problems)
	if f.submits() {
		check = (*market.Contract).Check
	}
	checkPartyRows(f, "sellers", doc.Sellers, today) // before check, which blanks codes that are wrong
	checkPartyRows(f, "buyers", doc.Buyers, today)
	for _, one := range fieldErrors(check(doc, today)) {
		switch {
		case strings.HasPrefix(one.Field, "sellers.") || strings.HasPrefix(one.Field, "buyers."):
			continue // said above, at its row
		case one.Field == "sellers" || one.Field == "buyers":
			one.Field += ".0.name"
		case one.Field == "sub_type":
			one.Field = "type"
		}
		if !slices.ContainsFunc(unread, func(u market.FieldError) bool { return u.Field == one.Field }) {
			f.problems = append(f.problems, one)
		}
	}
	return len(f.problems) > 0
}

// checkPartyRows notes what is wrong with each party at its row of the form.
func checkPartyRows(f *form, side string, parties []market.Party, today market.Date) {
	rows := f.filledRows(side, partyFields...)
	for i, one := range parties {
		alone := market.Contract{Sellers: []market.Party{one}}
		for _, wrong := range fieldErrors(alone.CheckDraft(today)) {
			field, reason := strings.TrimPrefix(wrong.Field, "sellers."), wrong.Reason
			switch {
			case field == "identity":
				field = "code" // the form has one place for either number
			case field == "code" && market.HoldsIdentityCard(one.Code):
				reason = "这是身份证号：当事人是自然人的，请把类别选为“自然人”"
			}
			f.problems.Add(rowName(side, rows[i], field), reason)
		}
		f.problems.Check(!f.submits() || market.Fold(one.Name) != "", rowName(side, rows[i], "name"), "必填")
	}
}

func fieldErrors(err error) []market.FieldError {
	var known *market.Error
	if errors.As(err, &known) {
		return known.Fields
	}
	return nil
}

// saved goes on after a save: to the contract, submitted when the form asked.
func (p contractForms) saved(c *fiber.Ctx, f *form, doc *market.Contract) error {
	next := contractHref(doc.ID)
	if !f.submits() {
		return done(c, next, web.Good, "草稿已保存，填齐后提交登记。")
	}
	version := doc.Version
	if doc.State == market.ContractSubmitted {
		version = 0 // the form was sent twice: submitting again answers the same
	}
	_, err := p.Contracts.Submit(c.UserContext(), actor(c), doc.ID, version)
	if err != nil && market.KindOf(err) == market.Internal {
		return err
	}
	if err != nil {
		return done(c, next, web.Bad, "草稿已保存，但没有提交成功："+sentence(p.naming(c, err)))
	}
	return done(c, next, web.Good, contractMoved[market.ActSubmitContract])
}

// overtaken shows the form again after somebody else was faster: who that was,
// where the stored contract now differs, and all that was typed.
func (p contractForms) overtaken(c *fiber.Ctx, f *form, err error) error {
	doc, opened := p.open(c)
	if opened != nil {
		return opened
	}
	page := editing(doc)
	page.Stale = sentence(p.naming(c, err))
	page.Changes = changes(contractGroups(&form{values: contractValues(doc)}), contractGroups(f))
	f.values.Set("version", number(doc.Version))
	return p.form(c, fiber.StatusConflict, f, page)
}

func editing(doc *market.Contract) contractFormPage {
	page := contractFormPage{Heading: "修改合同", Action: contractHref(doc.ID) + "/edit", Cancel: contractHref(doc.ID)}
	if doc.State == market.ContractReturned {
		page.Note = lastNote(doc.History, market.ActReturnContract)
	}
	return page
}

// lastNote is the reason given when an action was last done.
func lastNote(history []market.Event, action market.Action) string {
	for _, e := range slices.Backward(history) {
		if e.Action == action {
			return e.Note
		}
	}
	return ""
}

// form answers with the form, filled with what was typed.
func (p contractForms) form(c *fiber.Ctx, status int, f *form, page contractFormPage) error {
	page.Base = p.base(c, page.Heading, "/contracts")
	page.Base.Crumbs = crumbs(page.Heading, contractList)
	page.Groups = contractGroups(f)
	for _, name := range []string{"version", "key", "origin.achievement", "origin.demand"} {
		if value := strings.ToValidUTF8(f.text(name), ""); value != "" {
			page.Hidden = append(page.Hidden, web.Hidden{Name: name, Value: value})
		}
	}
	page.Origin = p.originTerms(c, market.ID(f.text("origin.achievement")), market.ID(f.text("origin.demand")))
	page.Problems = f.summary(labelled(page.Groups))
	return p.render(c, status, "contract_form", page)
}

// labelled is the fields of a form with labels that tell them apart where the
// form is not in sight: those of a party name the party.
func labelled(groups []web.Group) []web.Field {
	var fields []web.Field
	for _, g := range groups {
		fields = append(fields, g.Fields...)
		for _, row := range g.Rows {
			for _, one := range row.Fields {
				one.Label = row.Label + "的" + one.Label
				fields = append(fields, one)
			}
		}
	}
	return fields
}
