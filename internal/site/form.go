package site

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/web"
)

// form is what somebody typed, and what is wrong with it. A form's keys are
// the names that market uses in field errors ("price.low"), so an error finds
// its field by itself, and the typed text is shown again as it was.
type form struct {
	values   url.Values
	problems market.Problems
}

// readForm reads the body of a submitted form.
func readForm(c *fiber.Ctx) (*form, error) {
	values, err := url.ParseQuery(string(c.Body()))
	if err != nil {
		return nil, market.Wrap(market.Invalid, err, "bad_form", "提交的内容不完整，请返回上一页再试。")
	}
	return &form{values: values}, nil
}

// text returns a value as typed, without white space at its ends and with
// the browser's line ends made ours.
func (f *form) text(name string) string {
	return strings.TrimSpace(strings.ReplaceAll(f.values.Get(name), "\r\n", "\n"))
}

// ticked reports whether a checkbox is on.
func (f *form) ticked(name string) bool { return f.values.Get(name) != "" }

// words splits a value at 、 ， , ； ; and line ends; blank ones are left out.
func (f *form) words(name string) []string {
	var words []string
	for _, word := range strings.FieldsFunc(f.text(name), func(r rune) bool { return strings.ContainsRune("、，,；;\n", r) }) {
		if word = strings.TrimSpace(word); word != "" {
			words = append(words, word)
		}
	}
	return words
}

// whole reads a whole number; empty is 0.
func (f *form) whole(name string) int {
	text := market.Fold(f.text(name))
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		f.problems.Add(name, "请填整数")
	}
	return n
}

// wan reads an amount typed in 万元, or with a unit of its own; empty is 0.
func (f *form) wan(name string) market.Fen { return f.money(name, market.Wan) }

// yuan reads an amount typed in 元, or with a unit of its own; empty is 0.
func (f *form) yuan(name string) market.Fen { return f.money(name, market.Yuan) }

func (f *form) money(name string, unit market.Fen) market.Fen {
	text := f.text(name)
	if text == "" {
		return 0
	}
	amount, err := market.ParseMoney(text, unit)
	if err != nil {
		f.problems.Add(name, sentence(err))
	}
	return amount
}

// date reads a calendar day; empty stays empty.
func (f *form) date(name string) market.Date {
	day, err := market.ParseDate(market.Fold(f.text(name)))
	if err != nil {
		f.problems.Add(name, sentence(err))
	}
	return day
}

// version reads the version of the document the form was filled from.
func (f *form) version() int64 {
	n, err := strconv.ParseInt(f.values.Get("version"), 10, 64)
	if err != nil {
		return -1 // matches no document: the answer is that it changed
	}
	return n
}

// refuse keeps the field errors of err. It reports whether err was of the
// kind that showing the form again can mend.
func (f *form) refuse(err error) bool {
	var known *market.Error
	if !errors.As(err, &known) || known.Kind != market.Invalid {
		return false
	}
	for _, one := range known.Fields {
		if !slices.Contains(f.problems, one) {
			f.problems = append(f.problems, one)
		}
	}
	if len(known.Fields) == 0 {
		f.problems.Add("", known.Message)
	}
	return true
}

// refuseUnder is refuse for an error whose fields have names on the form that
// begin with before; the one of a file has not.
func (f *form) refuseUnder(before string, err error) bool {
	var known *market.Error
	if !errors.As(err, &known) || known.Kind != market.Invalid {
		return false
	}
	renamed := *known
	renamed.Fields = slices.Clone(known.Fields)
	for i, one := range renamed.Fields {
		if one.Field != "proof" {
			renamed.Fields[i].Field = before + one.Field
		}
	}
	return f.refuse(&renamed)
}

// fill puts the typed value and the error of its name into a field.
func (f *form) fill(field web.Field) web.Field {
	typed := f.values[field.Name]
	if field.Type != "password" && field.Type != "file" && field.Type != "check" {
		field.Value = strings.ToValidUTF8(f.values.Get(field.Name), "")
	}
	for i := range field.Options {
		field.Options[i].Selected = slices.Contains(typed, field.Options[i].Value)
	}
	if field.Type == "check" {
		field.Options = []web.Option{{Selected: len(typed) > 0}}
	}
	field.Error = f.reason(field.Name)
	return field
}

// reason returns what is wrong with a name, "" when nothing is.
func (f *form) reason(name string) string {
	var reasons []string
	for _, p := range f.problems {
		if p.Field == name && !slices.Contains(reasons, p.Reason) {
			reasons = append(reasons, p.Reason)
		}
	}
	return strings.Join(reasons, "；")
}

// summary lists the errors of fields, then those that belong to none of them.
func (f *form) summary(fields []web.Field) []web.Problem {
	list := web.ProblemsOf(fields...)
	for _, p := range f.problems {
		shown := slices.ContainsFunc(fields, func(field web.Field) bool { return field.Name == p.Field })
		pinned := slices.ContainsFunc(f.problems, func(one market.FieldError) bool { return strings.HasPrefix(one.Field, p.Field+".") })
		if !shown && !pinned {
			list = append(list, web.Problem{Text: p.Reason})
		}
	}
	return list
}

// options makes the choices of a select, radios or checks field.
func options(list market.CodeList) []web.Option {
	choices := make([]web.Option, len(list))
	for i, code := range list {
		choices[i] = web.Option{Value: code.Code, Text: code.Name}
	}
	return choices
}

// number writes what a hidden field carries.
func number(n int64) string { return strconv.FormatInt(n, 10) }

// pin puts the reasons err gives for a list beside one input of a row.
func (f *form) pin(list, beside string, err error) {
	var known *market.Error
	if !errors.As(err, &known) {
		return
	}
	for _, one := range known.Fields {
		if one.Field == list {
			f.problems.Add(beside, one.Reason)
		}
	}
}
