package signin

import (
	"context"
	"time"
	"unicode/utf8"

	"jishi/internal/market"
)

const (
	// RecoveryLifetime is how long the link in a recovery mail is good for.
	RecoveryLifetime = 30 * time.Minute

	// recoveryPace is what asking for recovery takes, and whole multiples of:
	// far more than the work for a user who is there, so that the time tells
	// nothing about whether one is.
	recoveryPace = 400 * time.Millisecond

	recoveriesPerAddress = 20 // asked for, then the address waits
	recoveriesPerLogin   = 3  // mailed in an hour; asking on gets the same answer and no mail
	recoveryRest         = time.Hour
)

// AskRecovery mails a one-time link for setting a new password, if login is
// somebody's; who asks cannot tell. TooMany after many from one address.
func (s *Sessions) AskRecovery(ctx context.Context, login string) error {
	start := time.Now()
	login = market.FoldLogin(login)
	address := []tried{{"recover\x00" + market.RequestOf(ctx).Address, s.limits.rule(recoveriesPerAddress)}}
	if _, err := s.attempts.try(s.now(), address); err != nil {
		return err
	}
	err := s.sendRecovery(ctx, login)
	if waited := s.keepPace(ctx, start); waited != nil && err == nil {
		err = waited
	}
	return err
}

// keepPace waits for the next whole multiple of the pace since start.
func (s *Sessions) keepPace(ctx context.Context, start time.Time) error {
	took := time.Since(start)
	timer := time.NewTimer(took.Truncate(recoveryPace) + recoveryPace - took)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return busy()
	}
}

// sendRecovery does what AskRecovery says for one folded login.
func (s *Sessions) sendRecovery(ctx context.Context, login string) error {
	var user *market.User
	var err error
	if utf8.RuneCountInString(login) <= maxLogin {
		if user, err = s.userByLogin(ctx, login); err != nil {
			return err
		}
	}
	if user == nil || user.Disabled || !user.ErasedAt.IsZero() {
		return s.noteFailure(ctx, market.ActRecover, user, login, "no_recovery")
	}
	asked := []tried{{"recovery\x00" + string(user.ID), rule{limit: recoveriesPerLogin, first: recoveryRest, longest: recoveryRest, forget: recoveryRest}}}
	if _, err := s.attempts.try(s.now(), asked); err != nil {
		return s.noteFailure(ctx, market.ActRecover, user, login, "too_many_attempts")
	}
	secret, now := market.NewTicketSecret(), s.now()
	by := market.Actor{Request: market.RequestOf(ctx)}
	ticket := &market.Ticket{
		Meta: market.Meta{ID: market.TicketID(secret)}, Purpose: market.TicketRecovery, User: user.ID,
		ExpiresAt: now.Add(RecoveryLifetime).UTC(), History: []market.Event{market.NextEvent(nil, by, now, market.ActRecover, "", "", "")},
	}
	if err := s.tickets.Insert(ctx, ticket); err != nil {
		return err
	}
	text := user.Name + "：\n\n有人（可能是您本人）请求重设您在技市的登录密码。请在 30 分钟内打开下面的链接设置新密码，链接只能用一次：\n\n" +
		s.Mail.Link("/recover/"+secret) + "\n\n如果不是您本人操作，不必理会这封邮件，您的密码不会改变。\n"
	return s.mail(ctx, user, "技市：重设密码", text)
}

// Recovery is what a recovery link is good for.
type Recovery struct {
	Name      string // of the user
	Login     string
	NeedsCode bool // the user has a second factor: its code, or a recovery code, is asked for
}

// Recovery returns what the secret of a recovery link is good for. NotFound
// when it is good for nothing, or no longer.
func (s *Sessions) Recovery(ctx context.Context, secret string) (Recovery, error) {
	_, user, err := s.recovery(ctx, secret)
	if err != nil {
		return Recovery{}, err
	}
	return Recovery{Name: user.Name, Login: user.Login, NeedsCode: hasFactor(user)}, nil
}

// recovery returns a ticket that is good, and whose it is. One dies with its
// time, with its use, and with any change of the password after it was made.
func (s *Sessions) recovery(ctx context.Context, secret string) (*market.Ticket, *market.User, error) {
	ticket, err := s.tickets.Get(ctx, market.TicketID(secret))
	if market.Is(err, market.NotFound) || err == nil && !ticket.Good(market.TicketRecovery, s.now()) {
		return nil, nil, linkOver()
	}
	if err != nil {
		return nil, nil, err
	}
	user, err := s.users.Get(ctx, ticket.User)
	if market.Is(err, market.NotFound) || err == nil && (user.Disabled || !user.ErasedAt.IsZero() || !user.PasswordAt.Before(ticket.CreatedAt)) {
		return nil, nil, linkOver()
	}
	return ticket, user, err
}

func linkOver() error {
	return market.E(market.NotFound, "link_over", "这个链接已失效或已用过。请重新申请找回密码。")
}

// Recover sets a new password by a recovery link, which is used up, and ends
// every session of the user. Invalid at "password" with what is wrong with it
// and at "code" when the user's second factor is missing or wrong; TooMany
// after too many codes.
func (s *Sessions) Recover(ctx context.Context, secret, password, code string) error {
	ticket, user, err := s.recovery(ctx, secret)
	if err != nil {
		return err
	}
	if reason := s.Passwords.Problem(user.Login, password, user.Name); reason != "" {
		return invalid("password", reason)
	}
	hash, err := s.Passwords.Hash(ctx, password)
	if err != nil {
		return err
	}
	if hasFactor(user) {
		if _, err := s.useCode(ctx, user.ID, code); hasCode(err, "wrong_code") {
			return invalid("code", "验证码不对或已用过，请换用新的验证码或恢复码")
		} else if err != nil {
			return err
		}
	}
	if err := s.useTicket(ctx, ticket, user); err != nil {
		return err
	}
	user, err = s.changeUser(ctx, user.ID, func(u *market.User) error {
		s.setPassword(u, hash)
		if u.ConfirmedAt.IsZero() { // the link came by mail
			u.ConfirmedAt = s.now().UTC()
		}
		s.remember(ctx, u, market.ActRecover)
		return nil
	})
	if err != nil {
		return err
	}
	s.attempts.forget(s.Passwords.signInTries(user.Login, market.RequestOf(ctx).Address)[0].key)
	if err := s.closeAll(ctx, user.ID, "password"); err != nil {
		return err
	}
	return s.tell(ctx, user, mailPasswordChanged, nil)
}

// useTicket marks a ticket used; of two who try at once one gets Stale and is
// told that the link is over.
func (s *Sessions) useTicket(ctx context.Context, ticket *market.Ticket, user *market.User) error {
	ticket.UsedAt = s.now().UTC()
	ticket.History = append(ticket.History, market.NextEvent(ticket.History, self(ctx, user), s.now(), market.ActRecover, "", "used", ""))
	err := s.tickets.Update(ctx, ticket)
	if market.Is(err, market.Stale) {
		return linkOver()
	}
	return err
}
