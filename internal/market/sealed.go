package market

import "context"

// Sealed is a text encrypted for one field of one document: AES-256-GCM under
// the key named. The zero Sealed holds nothing.
type Sealed struct {
	Key  string `bson:"key" json:"-"`  // id of the key
	Data []byte `bson:"data" json:"-"` // nonce and ciphertext
}

// Empty reports whether nothing is sealed.
func (s Sealed) Empty() bool { return len(s.Data) == 0 }

// Sealer seals and opens fields. about names the document and field, e.g.
// "user/ID/factor"; what was sealed for one place opens at no other.
type Sealer interface {
	Seal(plain, about string) (Sealed, error)
	// Open returns Internal when the key is not known or the data were changed.
	Open(sealed Sealed, about string) (string, error)
}

// SealedField is one field of a document that is kept sealed, for the change
// of keys.
type SealedField struct {
	Field *Sealed
	About string // the place it is sealed for
}

// SealedFields returns the sealed fields of a user: the second factor.
func (u *User) SealedFields() []SealedField {
	if u.Factor == nil {
		return nil
	}
	return []SealedField{{&u.Factor.Secret, "user/" + string(u.ID) + "/factor"}}
}

// SealedFields returns the sealed fields of a mail: its text first, and where
// there is one the address that ends such mails.
func (m *Mail) SealedFields() []SealedField {
	fields := []SealedField{{&m.Body, "mail/" + string(m.ID) + "/body"}}
	if !m.Off.Empty() || m.Unsubscribe != "" {
		fields = append(fields, SealedField{&m.Off, "mail/" + string(m.ID) + "/off"})
	}
	return fields
}

// Mailer takes mails to be sent. Send returns once the mail is stored.
type Mailer interface {
	Send(ctx context.Context, mail *Mail) error
}
