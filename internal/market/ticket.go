package market

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// TicketPurpose is what a ticket is good for.
type TicketPurpose string

// The purposes.
const (
	TicketInvitation TicketPurpose = "invitation" // join an organization
	TicketRecovery   TicketPurpose = "recovery"   // set a new password
	TicketConfirm    TicketPurpose = "confirm"    // prove an e-mail address
	TicketNoMail     TicketPurpose = "no_mail"    // have no more digests mailed; pressed again it says so again
)

// Ticket is a one-time link that was sent to somebody. Its secret is in the
// link only; the store keeps TicketID of it.
type Ticket struct {
	Meta      `bson:"-"`
	Purpose   TicketPurpose `bson:"purpose" json:"purpose"`
	User      ID            `bson:"user" json:"user"`                      // recovery and confirm: whose; invitation: who accepted
	Org       ID            `bson:"org" json:"org"`                        // invitation: to join
	Login     string        `bson:"login" json:"login"`                    // invitation: to whom, folded
	Roles     []Role        `bson:"roles" json:"roles"`                    // invitation: as what
	By        ID            `bson:"by" json:"by"`                          // invitation: who invites
	ExpiresAt time.Time     `bson:"expires_at" json:"expires_at"`          // UTC
	UsedAt    time.Time     `bson:"used_at" json:"used_at,omitzero"`       // UTC; zero while it is good
	RevokedAt time.Time     `bson:"revoked_at" json:"revoked_at,omitzero"` // UTC
	History   []Event       `bson:"history" json:"history"`
}

// Good reports whether the ticket may be used at now.
func (t *Ticket) Good(purpose TicketPurpose, now time.Time) bool {
	return t.Purpose == purpose && t.UsedAt.IsZero() && t.RevokedAt.IsZero() && now.Before(t.ExpiresAt)
}

// NewTicketSecret makes the secret part of a one-time link: 26 letters and
// digits, at least 128 random bits.
func NewTicketSecret() string { return rand.Text() }

// TicketID is the id under which the ticket of a secret is kept. The secret
// cannot be had from it.
func TicketID(secret string) ID {
	sum := sha256.Sum256([]byte("ticket/" + secret))
	return ID("tk-" + hex.EncodeToString(sum[:24]))
}
