package market

import "time"

// Erasure is one person's wish to be erased and how far it is carried out. It
// is stored before anything is overwritten, so that none is left half done. Its
// id is ErasureID of the user.
type Erasure struct {
	Meta   `bson:"-"`
	User   ID        `bson:"user" json:"user"`
	Person Sealed    `bson:"person" json:"-"`                 // what to look for elsewhere, see privacy; wiped once nothing is left to find
	Step   string    `bson:"step" json:"step"`                // what is being gone through
	After  string    `bson:"after" json:"-"`                  // how far
	Blanks int       `bson:"blanks" json:"blanks"`            // documents that named the person so far
	DoneAt time.Time `bson:"done_at" json:"done_at,omitzero"` // UTC; zero while there is more to do
}

// ErasureID is the id of a user's erasure: there is one.
func ErasureID(user ID) ID { return "er-" + user }

// ErasedName is the name of whoever was erased.
const ErasedName = "已注销用户"

// SealedFields returns the sealed fields of an erasure: whom to look for.
func (e *Erasure) SealedFields() []SealedField {
	return []SealedField{{&e.Person, "erasure/" + string(e.ID) + "/person"}}
}
