package privacy

import (
	"encoding/json"
	"strings"

	"jishi/internal/market"
)

// person is what somebody goes by in documents that are not theirs. An erasure
// keeps it sealed for as long as it looks for them.
type person struct {
	User  market.ID `json:"user"`
	Name  string    `json:"name"`
	Phone string    `json:"phone"`
	Login string    `json:"login"`
}

func personOf(u *market.User) person {
	return person{User: u.ID, Name: u.Name, Phone: u.Phone, Login: u.Login}
}

// is reports whether a contact is this person: it has their e-mail address, or
// their name together with their telephone number or with a hand of theirs in
// the document. Many people share a name, and an office its telephone.
func (p person) is(c market.Contact, history []market.Event) bool {
	if c.Email != "" && market.FoldLogin(c.Email) == p.Login {
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
