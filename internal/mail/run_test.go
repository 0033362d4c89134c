package mail

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"jishi/internal/market"
)

// Pauses grow, and nothing is given up.
func TestPauses(t *testing.T) {
	o := newOffice(t)
	server := startSMTP(t, &smtpd{next: func() fault { return noSuchUser }})
	m := &market.Mail{To: "gone@example.cn", Subject: "通知", Text: "正文"}
	must(t, o.Send(t.Context(), m))
	courier := server.smtp(t, "?tls=none")
	want := []time.Duration{1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360}
	for i, minutes := range want {
		must(t, o.round(t.Context(), courier))
		must(t, o.round(t.Context(), courier)) // not due: nothing happens
		stored := o.stored(t, m.ID)
		if stored.Tries != i+1 || stored.NextAt.Sub(o.now()) != minutes*time.Minute || stored.State != market.MailWaiting {
			t.Fatalf("try %d: %d tries, next in %v", i+1, stored.Tries, stored.NextAt.Sub(o.now()))
		}
		if !strings.Contains(stored.Failure, "5.1.1") || strings.Contains(stored.Failure, "gone@") || strings.Contains(o.log.String(), "gone@") {
			t.Errorf("failure %q, log %s", stored.Failure, o.log)
		}
		o.pass(minutes * time.Minute)
	}
	if stored := o.stored(t, m.ID); stored.Stuck(o.now()) {
		t.Errorf("stuck after %v", o.now().Sub(stored.CreatedAt))
	}
	o.pass(3 * 24 * time.Hour)
	must(t, o.round(t.Context(), courier))
	if stored := o.stored(t, m.ID); !stored.Stuck(o.now()) || stored.Body.Empty() || stored.Tries != len(want)+1 {
		t.Errorf("not stuck: %+v", stored)
	}
	if pause(1000) != maxPause || pause(1) != firstPause {
		t.Error("pauses out of bounds")
	}
}

// blocked is a courier that holds mails until it is told to let go.
type blocked struct {
	begun   chan market.ID
	release chan error
}

func (b blocked) Deliver(ctx context.Context, m *market.Mail) error {
	b.begun <- m.ID
	select {
	case err := <-b.release:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// While one process sends a mail no other does; when it dies, another one does
// after the claim is over.
func TestClaim(t *testing.T) {
	o := newOffice(t)
	must(t, o.Send(t.Context(), &market.Mail{To: "a@b.cn", Subject: "通知", Text: "正文"}))
	first := blocked{make(chan market.ID, 9), make(chan error)}
	ctx, die := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { o.round(ctx, first); close(done) }()
	<-first.begun
	second := blocked{make(chan market.ID, 9), make(chan error, 9)}
	other := New(o.Config)
	must(t, other.round(t.Context(), second))
	if len(second.begun) > 0 {
		t.Fatal("two processes send the same mail")
	}
	o.pass(lease)
	second.release <- nil
	must(t, other.round(t.Context(), second))
	if len(second.begun) != 1 || o.stored(t, "m001").State != market.MailSent {
		t.Errorf("the mail of a dead process stays: %d", len(second.begun))
	}
	die()
	first.release <- errors.New("too late")
	<-done
	if m := o.stored(t, "m001"); m.State != market.MailSent {
		t.Errorf("who was too late changed it: %+v", m)
	}
}

// panics is a courier with a mistake in it.
type panics struct{}

func (panics) Deliver(context.Context, *market.Mail) error { panic("a mistake") }

func TestPanicIsAFailure(t *testing.T) {
	o := newOffice(t)
	must(t, o.Send(t.Context(), &market.Mail{To: "a@b.cn", Subject: "通知", Text: "正文"}))
	must(t, o.round(t.Context(), panics{}))
	if m := o.stored(t, "m001"); m.State != market.MailWaiting || !strings.Contains(m.Failure, "a mistake") {
		t.Errorf("%+v", m)
	}
}

// Run sends at once what comes in, and ends when it is told to, letting what
// is under way finish.
func TestRun(t *testing.T) {
	o := newOffice(t)
	ctx, cancel := context.WithCancel(t.Context())
	slow := blocked{make(chan market.ID, 9), make(chan error)}
	ended := make(chan struct{})
	go func() { o.Run(ctx, slow); close(ended) }()
	must(t, o.Send(t.Context(), &market.Mail{To: "a@b.cn", Subject: "通知", Text: "正文"}))
	select {
	case <-slow.begun:
	case <-time.After(lookEvery / 2):
		t.Fatal("nothing is sent")
	}
	cancel()
	select {
	case <-ended:
		t.Fatal("ended with a mail under way")
	case <-time.After(50 * time.Millisecond):
	}
	slow.release <- nil
	<-ended
	if m := o.stored(t, "m001"); m.State != market.MailSent {
		t.Errorf("%+v", m)
	}
}
