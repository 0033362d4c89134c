package contract

import (
	"errors"
	"unicode/utf8"

	"jishi/internal/market"
)

// row makes the contract that an imported row states, under a new id.
func (in intake) row(doc *market.Contract, externalID string) (*market.Contract, error) {
	number := market.Fold(doc.Register.Number)
	if externalID == "" && number != "" {
		externalID = "number/" + number
	}
	id := in.s.newID()
	key := string(id)
	if externalID != "" {
		key = string(in.by.Org) + "/" + externalID
	}
	c := in.s.begin(in.by, doc, id, key)
	c.Register.Number, c.Register.At = number, doc.Register.At
	var p market.Problems
	var wrong *market.Error
	if errors.As(c.Check(in.s.today()), &wrong) {
		p = wrong.Fields
	}
	p.Check(utf8.ValidString(externalID) && utf8.RuneCountInString(externalID) <= market.MaxTitle, "external_id", "最多 200 字")
	checkRegistration(&p, c, in.s.today())
	return c, p.Err()
}

// checkRegistration notes what is wrong with a row's number and date of registration.
func checkRegistration(p *market.Problems, c *market.Contract, today market.Date) {
	number, at := c.Register.Number, c.Register.At
	if number == "" {
		p.Check(at.IsZero(), "registration.number", "有登记日期时须填登记编号")
		return
	}
	if _, err := market.ParseRegistrationNumber(number); err != nil {
		p.Add("registration.number", "应为 14 至 16 位数字")
	}
	if at.IsZero() {
		p.Add("registration.at", "有登记编号时须填登记日期")
		return
	}
	day := market.DateOf(at)
	p.Check(day <= today, "registration.at", "登记日期不能晚于今天")
	p.Check(day >= c.Term.Signed, "registration.at", "登记日期不能早于签订日期")
}
