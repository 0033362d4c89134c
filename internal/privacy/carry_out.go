package privacy

import (
	"context"

	"jishi/internal/market"
	"jishi/internal/store"
)

// stride is how many documents a step looks at before it notes how far it got.
const stride = 500

// step is one part of an erasure. do goes on after a cursor and returns the
// next one, and whether there is more. Steps may be done again.
type step struct {
	name string
	do   func(s *Service, ctx context.Context, who person, after string) (next string, more bool, blanks int, err error)
}

// steps in order, after the user's own document, which comes first for it ends
// the sessions.
var steps = []step{
	{"sessions", (*Service).forgetSessions},
	{"tickets", (*Service).forgetTickets},
	{"mails", (*Service).forgetMails},
	{"consents", (*Service).forgetConsents},
	{"files", (*Service).forgetFiles},
	{"achievements", (*Service).forgetAchievements},
	{"demands", (*Service).forgetDemands},
	{"organizations", (*Service).forgetOrganizations},
	{"searches", (*Service).forgetSearches},
	{"notices", (*Service).forgetNotices},
	{"verdicts", (*Service).forgetVerdicts},
	{"handed", (*Service).handBack},
}

// Eraser carries erasures out. It is a follow.Sink of the erasures.
type Eraser struct {
	service *Service
	forget  func(context.Context) error
	reached string
	owed    bool // forget has yet to be called
}

// NewEraser returns the eraser of a service. forget is called after erasures,
// for a store that keeps what was overwritten until it is told; it may be nil.
func NewEraser(s *Service, forget func(context.Context) error) *Eraser {
	return &Eraser{service: s, forget: forget}
}

// Position implements follow.Sink: after a restart all erasures are looked at
// again, which are few, and those that are done are left alone.
func (e *Eraser) Position(context.Context) (string, error) { return e.reached, nil }

// Apply implements follow.Sink.
func (e *Eraser) Apply(ctx context.Context, erasures []*market.Erasure, next string) error {
	for _, one := range erasures {
		if !one.DoneAt.IsZero() {
			continue
		}
		if err := e.carryOut(ctx, one); err != nil {
			return err
		}
		e.owed = true
	}
	if e.owed && e.forget != nil {
		if err := e.forget(ctx); err != nil {
			return err
		}
	}
	e.owed, e.reached = false, next
	return nil
}

// carryOut goes on where the erasure stands, again from there when somebody
// else wrote one of the documents at the same moment.
func (e *Eraser) carryOut(ctx context.Context, one *market.Erasure) (err error) {
	for range 5 {
		if err = e.service.carryOut(ctx, one); !market.Is(err, market.Stale) {
			return err
		}
		if one, err = e.service.stores.Erasures.Get(ctx, one.ID); err != nil || !one.DoneAt.IsZero() {
			return err
		}
	}
	return err
}

// carryOut goes through the steps from where the erasure stands. Stale when
// somebody else, perhaps another process at the same erasure, was faster.
func (s *Service) carryOut(ctx context.Context, e *market.Erasure) error {
	field := e.SealedFields()[0]
	text, err := s.parts.Sealer.Open(*field.Field, field.About)
	if err != nil {
		return err
	}
	who, err := readPerson(text)
	if err != nil {
		return err
	}
	err = s.overwriteUser(ctx, market.Actor{User: e.User}, e)
	if market.Is(err, market.Conflict) && !e.DoneAt.IsZero() {
		return nil // called off
	}
	if err != nil {
		return err
	}
	who.User = e.User
	begun := false
	for _, step := range steps {
		if begun = begun || step.name == e.Step; !begun {
			continue
		}
		e.Step = step.name
		for more := true; more; {
			var blanks int
			e.After, more, blanks, err = step.do(s, ctx, who, e.After)
			if err != nil {
				return err
			}
			e.Blanks += blanks
			if !more {
				e.After = ""
			}
			if err := s.stores.Erasures.Update(ctx, e); err != nil {
				return err
			}
		}
	}
	e.Person, e.DoneAt = market.Sealed{}, s.clock()
	return s.stores.Erasures.Update(ctx, e)
}

// forgetSessions ends what sessions there are and wipes from where they were.
// The trail keeps addresses for as long as the law asks (网络安全法 article 21).
func (s *Service) forgetSessions(ctx context.Context, who person, after string) (string, bool, int, error) {
	page, err := s.stores.Sessions.Find(ctx, store.Query{
		Equal: []store.Equal{{Field: "user", Value: string(who.User)}}, Sort: store.FieldCreated, After: after, Limit: stride,
	})
	if err != nil {
		return after, false, 0, err
	}
	for _, session := range page.Items {
		if session.EndedAt.IsZero() {
			session.EndedAt, session.EndedBy = s.clock(), "erased"
		}
		session.Address, session.Agent = "", ""
		if err := s.stores.Sessions.Update(ctx, session); err != nil {
			return after, false, 0, err
		}
	}
	return page.Next, page.Next != "", 0, nil
}

// forgetTickets revokes one-time links to the person.
func (s *Service) forgetTickets(ctx context.Context, who person, _ string) (string, bool, int, error) {
	for _, whose := range []store.Equal{{Field: "login", Value: who.Login}, {Field: "user", Value: string(who.User)}} {
		found, err := collect(ctx, s.stores.Tickets, store.Query{Equal: []store.Equal{whose}})
		if err != nil {
			return "", false, 0, err
		}
		for _, t := range found {
			if t.Login == "" && (!t.UsedAt.IsZero() || !t.RevokedAt.IsZero()) {
				continue
			}
			t.Login = ""
			if t.UsedAt.IsZero() && t.RevokedAt.IsZero() {
				t.RevokedAt = s.clock()
			}
			t.History = append(t.History, s.event(t.History, "", ""))
			if err := s.stores.Tickets.Update(ctx, t); err != nil {
				return "", false, 0, err
			}
		}
	}
	return "", false, 0, nil
}

// forgetMails wipes mails on their way to the person. Those that are out have
// neither text nor address any more.
func (s *Service) forgetMails(ctx context.Context, who person, after string) (string, bool, int, error) {
	page, err := s.stores.Mails.Find(ctx, store.Query{
		Equal: []store.Equal{{Field: "state", Value: string(market.MailWaiting)}}, Sort: store.FieldCreated, After: after, Limit: stride,
	})
	if err != nil {
		return after, false, 0, err
	}
	for _, m := range page.Items {
		if market.FoldLogin(m.To) != who.Login {
			continue
		}
		m.Finish(s.event(m.History, string(m.State), string(market.MailHanded)))
		m.To, m.Subject = "", "（已清除）"
		if err := s.stores.Mails.Update(ctx, m); err != nil {
			return after, false, 0, err
		}
	}
	return page.Next, page.Next != "", 0, nil
}

// forgetConsents withdraws what holds.
func (s *Service) forgetConsents(ctx context.Context, who person, _ string) (string, bool, int, error) {
	all, err := s.all(ctx, who.User)
	if err != nil {
		return "", false, 0, err
	}
	for _, c := range all {
		if c.Holds() {
			if err := s.withdraw(ctx, market.System, c); err != nil {
				return "", false, 0, err
			}
		}
	}
	return "", false, 0, nil
}

// forgetFiles takes the person's name out of the names of files. Contents
// belong to the organization or the proof they were handed in for.
func (s *Service) forgetFiles(ctx context.Context, who person, after string) (string, bool, int, error) {
	page, err := s.stores.Files.Find(ctx, store.Query{
		Equal: []store.Equal{{Field: "user", Value: string(who.User)}}, Sort: store.FieldCreated, After: after, Limit: stride,
	})
	if err != nil {
		return after, false, 0, err
	}
	blanks := 0
	for _, f := range page.Items {
		if !who.names(f.Name) {
			continue
		}
		f.Name = "file." + f.Type
		f.History = append(f.History, s.event(f.History, "", ""))
		if err := s.stores.Files.Update(ctx, f); err != nil {
			return after, false, blanks, err
		}
		blanks++
	}
	return page.Next, page.Next != "", blanks, nil
}

// event is what an erasure leaves in the histories of other documents.
func (s *Service) event(history []market.Event, from, to string) market.Event {
	return market.NextEvent(history, market.System, s.now(), market.ActErase, from, to, "")
}
