package market

import (
	"context"
	"strings"
	"unicode/utf8"
)

// Exposure is how much of personal data a reader gets to see.
type Exposure int

// The exposures. The zero one shows nothing.
const (
	Hidden Exposure = iota
	Masked          // who it is, and enough of the numbers to know them again
	Plain
)

// ContactExposure decides how a reader gets to see the contact in a document
// of owner's: the owner's own people plain; whoever may read contacts masked,
// until they ask for it and that is noted (see Reveals); others not at all.
func ContactExposure(by Actor, owner ID) Exposure {
	switch {
	case by.ActsFor(owner), by.User == System.User:
		return Plain
	case May(by, ActReadContact, owner):
		return Masked
	}
	return Hidden
}

// Shown returns the contact as far as an exposure lets it be seen. The name
// is shown when anything is: it is whom to ask for.
func (c Contact) Shown(e Exposure) Contact {
	switch e {
	case Plain:
		return c
	case Masked:
		return Contact{Name: c.Name, Phone: MaskPhone(c.Phone), Email: MaskEmail(c.Email)}
	}
	return Contact{}
}

// Fields returns the names of the fields that have something in them.
func (c Contact) Fields() []string {
	var fields []string
	for _, f := range []struct{ name, value string }{{"name", c.Name}, {"phone", c.Phone}, {"email", c.Email}} {
		if f.value != "" {
			fields = append(fields, f.name)
		}
	}
	return fields
}

// MaskPhone hides the middle of a mobile number, 138****5678, and all but area
// code and last two digits of a landline, 023-******34. Of what is neither it
// keeps nothing but the length.
func MaskPhone(phone string) string {
	if mobile, err := ParseMobile(phone); err == nil {
		return mobile[:3] + "****" + mobile[7:]
	}
	text := Fold(phone)
	if !landline.MatchString(text) {
		return stars(utf8.RuneCountInString(phone))
	}
	area := 3 // of 010, 02x; the others have four digits
	if text[1] != '1' && text[1] != '2' {
		area = 4
	}
	if i := strings.IndexByte(text, '-'); i == 3 || i == 4 {
		area = i
	}
	number, _, _ := strings.Cut(strings.TrimPrefix(text[area:], "-"), "-") // an extension is left out
	return text[:area] + "-" + stars(len(number)-2) + number[len(number)-2:]
}

// MaskEmail keeps the first character and the domain: z***@example.com. The
// number of stars does not tell the length. Of what is no address it keeps
// nothing.
func MaskEmail(email string) string {
	name, domain, ok := strings.Cut(email, "@")
	if !ok || name == "" {
		return stars(min(3, len(email)))
	}
	_, size := utf8.DecodeRuneInString(name)
	if size == len(name) { // one character is the whole name
		size = 0
	}
	return name[:size] + "***@" + domain
}

func stars(n int) string { return strings.Repeat("*", max(n, 0)) }

// Reveals lets personal data be shown that a reader sees masked. Reveal
// returns once it is noted who is about to see which fields of what; without
// that nothing may be shown. TooMany when the reader has asked too often today.
type Reveals interface {
	Reveal(ctx context.Context, by Actor, action Action, kind string, subject ID, fields ...string) error
}
