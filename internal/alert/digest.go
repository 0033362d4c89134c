package alert

import (
	"context"
	"fmt"
	"strings"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// Digest is one mail with what a person has not read. It is written before the
// mail, so that a crash between the two leaves neither none nor two.
type Digest struct {
	market.Meta `bson:"-"`
	User        market.ID   `bson:"user"`
	Notices     []market.ID `bson:"notices"` // told of, newest first; at most store.MaxLimit
	State       string      `bson:"state"`   // open until the mail is stored and the notices are marked
}

// The states of a digest.
const (
	digestOpen = "open"
	digestDone = "done"
)

const (
	mailedTitles = 30  // notices that a mail names; of more it says how many
	mailedTitle  = 120 // characters of each
	digestPage   = 500 // notices read at a time
	digestsID    = "digests"
	maxDigests   = 1000 // digests finished at a time
)

// SendDigests sends one mail to everybody who has notices to be told of by
// mail and did not get one on this day (Asia/Shanghai), and finishes digests
// that a crash left open. Each notice is in one mail at most; who has nothing
// to be told of gets none, nor do people whose address is not proved, who have
// left, or whose organization is suspended. It may run again, and in several
// processes.
func (s *Service) SendDigests(ctx context.Context) error {
	open := store.Query{Equal: []store.Equal{{Field: "state", Value: digestOpen}}, Sort: store.FieldCreated, Limit: maxDigests}
	if err := each(ctx, s.stores.Digests, open, func(d *Digest) error { return s.finish(ctx, d) }); err != nil {
		return err
	}
	day := market.DateOf(s.now())
	var user market.ID
	var due []*market.Notice
	flush := func() error {
		if len(due) == 0 {
			return nil
		}
		err := s.digest(ctx, user, day, due)
		due = nil
		return err
	}
	q := store.Query{Equal: []store.Equal{{Field: "mail", Value: market.MailDue}}, Sort: "user", Limit: digestPage}
	err := each(ctx, s.stores.Notices, q, func(n *market.Notice) error {
		if n.User != user || len(due) >= store.MaxLimit {
			if err := flush(); err != nil {
				return err
			}
			user = n.User
		}
		due = append(due, n)
		return nil
	})
	if err != nil {
		return err
	}
	return flush()
}

// digest makes one person's digest of a day and sends it; one they have
// already got of that day is left alone.
func (s *Service) digest(ctx context.Context, user market.ID, day market.Date, due []*market.Notice) error {
	wanted, err := s.wanted(ctx, user, due)
	if err != nil {
		return err
	}
	d := &Digest{Meta: market.Meta{ID: market.ID("dg-" + string(day) + "-" + string(user))}, User: user, State: digestOpen}
	for _, n := range due {
		if wanted[n.ID] {
			d.Notices = append(d.Notices, n.ID)
		} else if err := s.marked(ctx, n, ""); err != nil {
			return err
		}
	}
	if len(d.Notices) == 0 {
		return nil
	}
	err = s.stores.Digests.Insert(ctx, d)
	if store.IsTaken(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.finish(ctx, d)
}

// finish sends the mail of a digest and marks its notices. Everything in it
// may be done again.
func (s *Service) finish(ctx context.Context, d *Digest) error {
	notices, err := s.stores.Notices.GetMany(ctx, d.Notices)
	if err != nil {
		return err
	}
	user, err := s.stores.Users.Get(ctx, d.User)
	if err != nil {
		return err
	}
	setting, err := s.setting(ctx, d.User)
	if err != nil {
		return err
	}
	if present(user) && setting.Mail { // an open digest may be old
		if err := s.mail(ctx, d.ID, user, notices); err != nil {
			return err
		}
	}
	for _, n := range notices {
		if err := s.marked(ctx, n, d.ID); err != nil {
			return err
		}
	}
	d.State = digestDone
	if err := s.stores.Digests.Update(ctx, d); !market.Is(err, market.Stale) {
		return err
	}
	return nil // another process finished it
}

// marked notes that a notice was told of by a digest, or shall be by none.
func (s *Service) marked(ctx context.Context, n *market.Notice, digest market.ID) (err error) {
	for range 5 { // each round loses only to somebody else's success
		if n.Mail == market.MailDone && n.Digest == digest {
			return nil
		}
		n.Mail, n.Digest = market.MailDone, digest
		if err = s.stores.Notices.Update(ctx, n); !market.Is(err, market.Stale) {
			return err
		}
		if n, err = s.stores.Notices.Get(ctx, n.ID); err != nil {
			return err
		}
	}
	return err
}

// mail hands the mail of a digest to the outbox, which keeps it once.
func (s *Service) mail(ctx context.Context, id market.ID, user *market.User, notices []*market.Notice) error {
	secret, err := s.ticket(ctx, user.ID)
	if err != nil {
		return err
	}
	off := s.parts.Mail.Link("/alerts/off/" + secret)
	err = s.parts.Mail.Send(ctx, &market.Mail{
		Meta: market.Meta{ID: id}, To: user.Login, Subject: fmt.Sprintf("技市：您有 %d 条新提醒", len(notices)),
		Text: s.text(user.Name, notices, off), Unsubscribe: off,
	})
	if market.Is(err, market.Invalid) {
		s.parts.Log.Error("digest that cannot be mailed", "digest", id, "err", err)
		return nil // it never will be; the notices stay on the platform
	}
	return err
}

// text is the mail: what is new with where to look, and how to have no more.
func (s *Service) text(name string, notices []*market.Notice, off string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s：\n\n您在技市有 %d 条还没有看的提醒：\n", name, len(notices))
	for _, n := range notices[:min(len(notices), mailedTitles)] {
		fmt.Fprintf(&b, "\n· %s\n  %s\n", market.Clip(n.Title, mailedTitle), s.parts.Mail.Link(n.Link))
	}
	if rest := len(notices) - mailedTitles; rest > 0 {
		fmt.Fprintf(&b, "\n另有 %d 条，见“提醒”页。\n", rest)
	}
	fmt.Fprintf(&b, "\n全部提醒：%s\n\n不想再收到每日汇总邮件，请打开：%s\n站内提醒不受影响。\n", s.parts.Mail.Link("/account/notices"), off)
	return b.String()
}

// DigestTime is when digests go out, as the time of day in Asia/Shanghai.
const DigestTime = 8 * time.Hour

// RunDigests sends digests each day at a time of day (Asia/Shanghai) until ctx
// ends. A day whose time passed while no process ran is made up for.
func (s *Service) RunDigests(ctx context.Context, at time.Duration) {
	for {
		pause, err := s.digestsOnTime(ctx, at)
		if err != nil && ctx.Err() == nil {
			s.parts.Log.Error("send digests", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
	}
}

// digestsOnTime sends the digests that are due and returns how long to wait:
// at most a minute, so that a clock that is put right is followed.
func (s *Service) digestsOnTime(ctx context.Context, at time.Duration) (time.Duration, error) {
	now := s.now()
	day := market.DateOf(now)
	if now.Before(day.Time().Add(at)) {
		return time.Minute, nil
	}
	last, err := s.stores.Positions.Get(ctx, digestsID)
	if market.Is(err, market.NotFound) {
		last, err = &Position{Meta: market.Meta{ID: digestsID}}, nil
	}
	if err != nil || last.Cursor == string(day) {
		return time.Minute, err
	}
	if err := s.SendDigests(ctx); err != nil {
		return time.Minute, err
	}
	last.Cursor = string(day)
	if last.Version == 0 {
		err = s.stores.Positions.Insert(ctx, last)
	} else {
		err = s.stores.Positions.Update(ctx, last)
	}
	if store.IsTaken(err) || market.Is(err, market.Stale) {
		err = nil // another process was faster
	}
	return time.Minute, err
}
