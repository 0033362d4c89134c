package mail

import (
	"context"

	"jishi/internal/market"
	"jishi/internal/store"
)

// Desk is where admins see to mails that the platform could not send.
type Desk struct {
	outbox *Outbox
	trail  market.Trail
	sends  bool // mails go out by themselves
}

// NewDesk returns the desk of an outbox. trail takes who read which mail;
// sends says whether mails go out by themselves.
func NewDesk(outbox *Outbox, trail market.Trail, sends bool) *Desk {
	return &Desk{outbox: outbox, trail: trail, sends: sends}
}

// Sends reports whether mails go out by themselves. If not, admins pass on
// every one.
func (d *Desk) Sends() bool { return d.sends }

// Filter selects a list of mails.
type Filter struct {
	State market.MailState // empty = waiting
	After string           // cursor of the page before
	Limit int              // 0 = 50
}

// List returns mails without text and with masked addresses: waiting ones
// oldest first, others newest first. Admins only.
func (d *Desk) List(ctx context.Context, by market.Actor, f Filter) (store.Page[market.Mail], error) {
	var none store.Page[market.Mail]
	if err := market.Permit(by, market.ActReadMail); err != nil {
		return none, err
	}
	if f.State == "" {
		f.State = market.MailWaiting
	}
	if !market.MailStates.Has(string(f.State)) {
		return none, market.Problems{{Field: "state", Reason: "没有这种状态"}}.Err()
	}
	page, err := d.outbox.Mails.Find(ctx, store.Query{
		Equal: []store.Equal{{Field: "state", Value: string(f.State)}}, Sort: store.FieldCreated,
		Desc: f.State != market.MailWaiting, After: f.After, Limit: f.Limit,
	})
	if err != nil {
		return none, err
	}
	for _, m := range page.Items {
		mask(m)
	}
	return page, nil
}

// Show returns one mail without text and with its address masked. Admins only.
func (d *Desk) Show(ctx context.Context, by market.Actor, id market.ID) (*market.Mail, error) {
	if err := market.Permit(by, market.ActReadMail); err != nil {
		return nil, err
	}
	m, err := d.outbox.Mails.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	mask(m)
	return m, nil
}

// mask hides the better part of an address that is still whole.
func mask(m *market.Mail) {
	if m.State == market.MailWaiting {
		m.To = market.MaskEmail(m.To)
	}
}

// Openable reports whether a mail's text may be read: it waits, and does not
// find its way by itself.
func (d *Desk) Openable(m *market.Mail) bool {
	return m.State == market.MailWaiting && (!d.sends || m.Failure != "")
}

// Open returns a mail with its text and address, so that an admin can pass it
// on; that they did is in the audit trail before they read it. Conflict when
// there is nothing to pass on. Admins only.
func (d *Desk) Open(ctx context.Context, by market.Actor, id market.ID) (*market.Mail, error) {
	if err := market.Permit(by, market.ActReadMail); err != nil {
		return nil, err
	}
	m, err := d.outbox.Mails.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	switch {
	case m.State != market.MailWaiting:
		return nil, done(m)
	case !d.Openable(m):
		return nil, market.E(market.Conflict, "mail_on_its_way", "这封邮件正在发送，发不出去时才能打开转交。")
	}
	if err := d.trail.Append(ctx, market.NewEntry(ctx, by, d.outbox.Now(), market.ActReadMail, "mail", id)); err != nil {
		return nil, err
	}
	body := m.SealedFields()[0]
	m.Text, err = d.outbox.Sealer.Open(*body.Field, body.About)
	return m, err
}

// Hand notes that an admin passed a mail on by other means; its text is wiped
// and it is not tried again. version is the one the admin read, 0 for whatever
// is stored; handing on twice is harmless. Conflict when it was sent already.
// Admins only.
func (d *Desk) Hand(ctx context.Context, by market.Actor, id market.ID, version int64) (*market.Mail, error) {
	if err := market.Permit(by, market.ActHandMail); err != nil {
		return nil, err
	}
	m, err := d.outbox.Mails.Get(ctx, id)
	switch {
	case err != nil || m.State == market.MailHanded:
		return m, err
	case m.State != market.MailWaiting:
		return nil, done(m)
	case version != 0 && version != m.Version:
		return nil, market.E(market.Stale, "stale_version", "这封邮件刚刚又试发过一次，请重新打开看看再转交。")
	}
	m.Finish(market.NextEvent(m.History, by, d.outbox.Now(), market.ActHandMail, string(m.State), string(market.MailHanded), ""))
	return m, d.outbox.Mails.Update(ctx, m)
}

func done(m *market.Mail) error {
	return market.E(market.Conflict, "mail_done", "这封邮件"+market.MailStates.Name(string(m.State))+"，内容已清除。")
}
