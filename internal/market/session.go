package market

import "time"

// Session is one sign-in of a user, from the password until it is ended or
// too old. Its tokens are dead as soon as EndedAt is set.
type Session struct {
	Meta    `bson:"-"`
	User    ID        `bson:"user" json:"user"`
	EndedAt time.Time `bson:"ended_at" json:"ended_at"` // UTC; zero while it is open
}
