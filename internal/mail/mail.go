// Package mail brings mails to people: an outbox in the store, a worker that
// sends what is in it by SMTP, and a desk where admins see to what could not
// be sent. It is transport only: use cases hand over a finished mail (To,
// Subject and Text, with links made by Link) through market.Mailer.
//
// No mail is lost and none is given up: Send returns once a mail is stored,
// and what fails is tried again with growing pauses. A mail whose delivery the
// mail server confirmed is sent once; one whose confirmation was cut off is
// sent again under the same Message-ID, by which receivers tell doubles.
package mail

import (
	"context"
	"log/slog"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// Spec declares the collection of mails.
var Spec = store.Spec{Name: "mails", Indexes: []store.Index{
	{"state", "next_at"},          // what is due
	{"state", store.FieldCreated}, // the admin's lists
}}

// Config is what an outbox is made of. Every field must be there.
type Config struct {
	Mails  store.Collection[market.Mail] // opened with Spec
	Sealer market.Sealer
	Base   string // address of the platform without a slash at its end, e.g. https://jishi.example
	Now    func() time.Time
	NewID  func() market.ID
	Log    *slog.Logger
}

// Outbox keeps the mails that are to be sent. Safe for concurrent use, also by
// several processes on one store.
type Outbox struct {
	Config
	wake chan struct{} // filled when there is something new
}

// New returns the outbox.
func New(config Config) *Outbox {
	return &Outbox{Config: config, wake: make(chan struct{}, 1)}
}

// Send stores a mail of To, Subject and Text, and returns; it goes out as soon
// as it can. Invalid when it cannot be sent to anybody, see market.Mail.Check.
// A mail that brings an id of its own is stored once, however often it is
// handed over.
func (o *Outbox) Send(ctx context.Context, m *market.Mail) error {
	if err := m.Check(); err != nil {
		return err
	}
	if m.ID == "" {
		m.ID = o.NewID()
	}
	var err error
	for i, field := range m.SealedFields() {
		if *field.Field, err = o.Sealer.Seal([]string{m.Text, m.Unsubscribe}[i], field.About); err != nil {
			return err
		}
	}
	by := market.System
	by.Request = market.RequestOf(ctx)
	m.State, m.NextAt = market.MailWaiting, o.clock()
	m.History = []market.Event{market.NextEvent(nil, by, o.Now(), market.ActSendMail, "", string(market.MailWaiting), "")}
	if err := o.Mails.Insert(ctx, m); err != nil && !store.IsTaken(err) {
		return err
	}
	select {
	case o.wake <- struct{}{}:
	default: // it will look already
	}
	return nil
}

// Link returns the absolute address of a path of ours, for the text of a mail.
// path begins with a slash.
func (o *Outbox) Link(path string) string { return o.Base + path }

// clock returns the present instant as the store keeps it: UTC, milliseconds.
func (o *Outbox) clock() time.Time { return o.Now().UTC().Truncate(time.Millisecond) }
