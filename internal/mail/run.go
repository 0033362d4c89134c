package mail

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// Times of sending.
const (
	lookEvery  = 10 * time.Second // how often the outbox is looked through for what came due
	sendTime   = time.Minute      // for one mail
	lease      = 5 * time.Minute  // nobody else tries a mail meanwhile; well above sendTime
	firstPause = time.Minute      // after a first failure; doubled with each
	maxPause   = 6 * time.Hour
	lastChance = 5 * time.Second // for mails under way when the program stops
)

const (
	batch      = 50  // mails taken from the outbox at a time
	atOnce     = 4   // mails under way at a time, so that one slow server holds up few
	maxFailure = 300 // characters kept of why a try failed
)

// Courier takes one mail to where it belongs. It returns nil once that is
// certain.
type Courier interface {
	Deliver(ctx context.Context, m *market.Mail) error
}

// Run sends what is in the outbox, and what comes into it, until ctx ends.
// Mails under way then are finished, within a few seconds.
func (o *Outbox) Run(ctx context.Context, courier Courier) {
	for {
		if err := o.round(ctx, courier); err != nil && ctx.Err() == nil {
			o.Log.Error("look through the outbox", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-o.wake:
		case <-time.After(lookEvery):
		}
	}
}

// round tries every mail that is due, oldest first.
func (o *Outbox) round(ctx context.Context, courier Courier) error {
	for {
		due, err := o.Mails.Find(ctx, store.Query{
			Equal: []store.Equal{{Field: "state", Value: string(market.MailWaiting)}},
			Sort:  "next_at", Range: &store.Range{To: o.clock().Add(time.Millisecond)}, Limit: batch,
		})
		if err != nil {
			return err
		}
		var wait sync.WaitGroup
		places := make(chan struct{}, atOnce)
		for _, m := range due.Items {
			places <- struct{}{}
			if ctx.Err() != nil {
				break
			}
			wait.Go(func() {
				defer func() { <-places }()
				o.try(ctx, courier, m)
			})
		}
		wait.Wait()
		if len(due.Items) < batch || ctx.Err() != nil {
			return nil // with every try a mail moves on, so a full batch is followed by others
		}
	}
}

// try claims one mail and sends it. Who finds it changed since it was read
// leaves it: somebody else has it.
func (o *Outbox) try(ctx context.Context, courier Courier, m *market.Mail) {
	m.Tries++
	m.NextAt = o.clock().Add(lease)
	if err := o.Mails.Update(ctx, m); err != nil {
		if !market.Is(err, market.Stale) && ctx.Err() == nil {
			o.Log.Error("claim mail", "mail", m.ID, "err", err)
		}
		return
	}
	failure := o.deliver(ctx, courier, m)
	if failure == nil {
		m.Finish(market.NextEvent(m.History, market.System, o.Now(), market.ActSendMail, string(m.State), string(market.MailSent), ""))
	} else {
		m.NextAt, m.Failure = o.clock().Add(pause(m.Tries)), why(m, failure)
		o.Log.Warn("mail not sent", "mail", m.ID, "tries", m.Tries, "failure", m.Failure)
	}
	o.keep(ctx, m)
}

// deliver sends one mail. It goes on for a moment after ctx ended: a delivery
// broken off is one that has to be repeated.
func (o *Outbox) deliver(ctx context.Context, courier Courier, m *market.Mail) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	for i, field := range m.SealedFields() {
		if *[]*string{&m.Text, &m.Unsubscribe}[i], err = o.Sealer.Open(*field.Field, field.About); err != nil {
			return err
		}
	}
	sending, cancel := context.WithTimeout(context.WithoutCancel(ctx), sendTime)
	defer cancel()
	stop := context.AfterFunc(ctx, func() {
		last := time.AfterFunc(lastChance, cancel)
		context.AfterFunc(sending, func() { last.Stop() })
	})
	defer stop()
	return courier.Deliver(sending, m)
}

// keep stores what became of a try. If the store is away for longer, the mail
// is tried again when the claim is over.
func (o *Outbox) keep(ctx context.Context, m *market.Mail) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastChance)
	defer cancel()
	err := o.Mails.Update(ctx, m)
	for pause := 100 * time.Millisecond; market.Is(err, market.Unavailable) && ctx.Err() == nil; pause *= 2 {
		time.Sleep(pause)
		err = o.Mails.Update(ctx, m)
	}
	if err != nil && !market.Is(err, market.Stale) { // stale: an admin handed it on meanwhile
		o.Log.Error("note what became of a mail", "mail", m.ID, "err", err)
	}
}

// pause is how long to wait after so many failed tries.
func pause(tries int) time.Duration {
	if tries > 20 {
		return maxPause
	}
	return min(firstPause<<(tries-1), maxPause)
}

// why says in one short line why a mail was not sent, without its address.
func why(m *market.Mail, failure error) string {
	text := failure.Error()
	var known *market.Error
	if errors.As(failure, &known) {
		text = known.Message
	}
	text = strings.ReplaceAll(strings.ToValidUTF8(text, ""), m.To, market.MaskEmail(m.To))
	return market.Clip(strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }), " "), maxFailure)
}
