package privacy

import (
	"encoding/json"
	"slices"
	"strings"

	"jishi/internal/market"
)

// person is what somebody goes by in documents that are not theirs. An erasure
// keeps it sealed for as long as it looks for them: by then the account has
// forgotten all of it.
type person struct {
	User   market.ID   `json:"user"`
	Name   string      `json:"name"`
	Phone  string      `json:"phone"`
	Login  string      `json:"login"`
	Proved bool        `json:"proved"` // the address in Login is theirs
	Orgs   []market.ID `json:"orgs"`   // where they are or were an active member, each once
}

func personOf(u *market.User) person {
	return person{
		User: u.ID, Name: u.Name, Phone: u.Phone, Login: u.Login, Proved: !u.ConfirmedAt.IsZero(),
		Orgs: orgsOf(u, market.Membership.Belonged),
	}
}

// orgsOf is the organizations of the memberships of a user that count, each
// once.
func orgsOf(u *market.User, counts func(market.Membership) bool) []market.ID {
	var ids []market.ID
	for _, m := range u.Memberships {
		if counts(m) && !slices.Contains(ids, m.Org) {
			ids = append(ids, m.Org)
		}
	}
	return ids
}

// is reports whether a contact is this person: it has the e-mail address they
// proved, or their name together with their telephone number or with a hand of
// theirs in the document. Many people share a name, and an office its
// telephone. Anybody may call themselves anything, so it is to be asked only of
// documents of organizations that took the person in.
func (p person) is(c market.Contact, history []market.Event) bool {
	if p.Proved && c.Email != "" && market.FoldLogin(c.Email) == p.Login {
		return true
	}
	if p.Name == "" || market.Fold(c.Name) != p.Name {
		return false
	}
	if p.Phone != "" && samePhone(c.Phone, p.Phone) {
		return true
	}
	for _, e := range history {
		if e.By == p.User {
			return true
		}
	}
	return false
}

// samePhone compares two numbers however they are written.
func samePhone(a, b string) bool {
	digits := func(s string) string {
		return strings.TrimPrefix(strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return r
			}
			return -1
		}, market.Fold(s)), "86")
	}
	return digits(a) == digits(b)
}

// names reports whether a text has the person's name, number or address in it.
func (p person) names(text string) bool {
	for _, s := range []string{p.Name, p.Phone, p.Login} {
		if s != "" && strings.Contains(strings.ToLower(text), strings.ToLower(s)) {
			return true
		}
	}
	return false
}

func (p person) text() string {
	raw, _ := json.Marshal(p) // of strings only: never fails
	return string(raw)
}

func readPerson(text string) (p person, err error) {
	if text == "" {
		return p, nil
	}
	err = json.Unmarshal([]byte(text), &p)
	return p, err
}
