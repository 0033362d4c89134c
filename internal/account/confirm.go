package account

import (
	"context"
	"strconv"
	"time"

	"jishi/internal/market"
)

const (
	confirmLifetime = 7 * 24 * time.Hour
	confirmEvery    = 10 * time.Minute // one mail at most in this time
)

// ConfirmAddress notes that the owner of a link's secret reads the mails sent
// to their login. Opening a link again that did so is harmless; NotFound when
// it is none of ours or became too old unused.
func (s *Organizations) ConfirmAddress(ctx context.Context, secret string) error {
	gone := market.E(market.NotFound, "link_over", "这个链接已失效。请登录后在“单位资料”中重新发送确认邮件。")
	ticket, err := s.tickets.Get(ctx, market.TicketID(secret))
	if market.Is(err, market.NotFound) {
		return gone
	}
	if err != nil {
		return err
	}
	used := ticket.Purpose == market.TicketConfirm && !ticket.UsedAt.IsZero()
	if !used && !ticket.Good(market.TicketConfirm, s.now()) {
		return gone
	}
	user, err := s.users.Get(ctx, ticket.User)
	if err != nil {
		return err
	}
	if !user.ErasedAt.IsZero() || used && user.ConfirmedAt.IsZero() {
		return gone
	}
	if used {
		return nil
	}
	by := market.Actor{User: user.ID, Request: market.RequestOf(ctx)}
	if user.ConfirmedAt.IsZero() {
		user.ConfirmedAt = s.now().UTC()
		s.people.record(user, by, market.ActConfirmAddress, "", "", "")
		if err := s.users.Update(ctx, user); err != nil {
			return err
		}
	}
	ticket.UsedAt = s.now().UTC()
	ticket.History = append(ticket.History, market.NextEvent(ticket.History, by, s.now(), market.ActConfirmAddress, "good", "used", ""))
	return s.tickets.Update(ctx, ticket)
}

// SendConfirmation sends the link that proves the actor's address again, once
// in ten minutes at most. Conflict when it is proved already or is no address.
func (s *Organizations) SendConfirmation(ctx context.Context, by market.Actor) error {
	if err := market.Permit(by, market.ActSelf); err != nil {
		return err
	}
	user, err := s.users.Get(ctx, by.User)
	if err != nil {
		return err
	}
	if !user.ConfirmedAt.IsZero() {
		return market.E(market.Conflict, "address_confirmed", "您的邮箱已经确认过了。")
	}
	if !mailable(user.Login) {
		return market.E(market.Conflict, "no_address", "您的登录名不是电子邮箱，不用确认。")
	}
	return s.sendConfirmation(ctx, user)
}

func (s *Organizations) sendConfirmation(ctx context.Context, user *market.User) error {
	secret, now := market.NewTicketSecret(), s.now().UTC()
	ticket := &market.Ticket{
		Meta: market.Meta{ID: market.TicketID(secret)}, Purpose: market.TicketConfirm, User: user.ID, ExpiresAt: now.Add(confirmLifetime),
		History: []market.Event{market.NextEvent(nil, market.Actor{User: user.ID, Request: market.RequestOf(ctx)}, now, market.ActSignUp, "", "good", "")},
	}
	if err := s.tickets.Insert(ctx, ticket); err != nil {
		return err
	}
	slot := strconv.FormatInt(now.Unix()/int64(confirmEvery.Seconds()), 10)
	return s.parts.Mail.Send(ctx, &market.Mail{
		Meta: market.Meta{ID: mailID("confirm", string(user.ID), slot)}, To: user.Login, Subject: "请确认您的邮箱",
		// Nothing that was typed in stands in the text: whoever signs up with a
		// stranger's address could write to them otherwise.
		Text: "您好：\n\n有人用这个邮箱在技市（科技成果转移转化平台）注册。如果是您，请在 7 天内打开下面的链接并点“确认”：\n\n" +
			s.parts.Address + "/confirm/" + secret + "\n\n如果不是您，不用理会这封邮件。\n",
	})
}
