package alert

import (
	"context"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// Setting returns how the actor wants to be told of what they did not ask for.
func (s *Service) Setting(ctx context.Context, by market.Actor) (*market.AlertSetting, error) {
	if err := self(by, market.ActSelf); err != nil {
		return nil, err
	}
	return s.setting(ctx, by.User)
}

func (s *Service) setting(ctx context.Context, user market.ID) (*market.AlertSetting, error) {
	found, err := s.stores.Settings.Get(ctx, user)
	if market.Is(err, market.NotFound) {
		return market.DefaultAlertSetting(user), nil
	}
	return found, err
}

// Set changes how the actor wants to be told. version is that of the setting
// they read (0 for whatever is stored), else Stale.
func (s *Service) Set(ctx context.Context, by market.Actor, version int64, standing market.Alert, mail bool) (*market.AlertSetting, error) {
	if err := self(by, market.ActSetAlerts); err != nil {
		return nil, err
	}
	setting, err := s.setting(ctx, by.User)
	if err != nil {
		return nil, err
	}
	if version != 0 && version != setting.Version {
		return nil, market.E(market.Stale, "stale_version", "提醒设置刚在别处改过，请核对后再保存。")
	}
	return setting, s.set(ctx, by, setting, standing, mail)
}

// set writes a setting, for the first time or over the one read.
func (s *Service) set(ctx context.Context, by market.Actor, setting *market.AlertSetting, standing market.Alert, mail bool) error {
	was := setting.Standing
	if setting.Standing == standing && setting.Mail == mail && setting.Version > 0 {
		return nil
	}
	setting.Standing, setting.Mail = standing, mail
	if err := setting.Check(); err != nil {
		return err
	}
	note := "寄送每日汇总邮件"
	if !mail {
		note = "不寄汇总邮件"
	}
	setting.History = append(setting.History, market.NextEvent(setting.History, by, s.now(), market.ActSetAlerts, string(was), string(standing), note))
	if setting.Version > 0 {
		return s.stores.Settings.Update(ctx, setting)
	}
	err := s.stores.Settings.Insert(ctx, setting)
	if store.IsTaken(err) {
		return market.E(market.Stale, "stale_version", "提醒设置刚在别处改过，请核对后再保存。")
	}
	return err
}

// noMailFor is how long the link in a digest is good that ends digests.
const noMailFor = 365 * 24 * time.Hour

// ticket makes the secret of a link by which whoever reads a digest ends them,
// without signing in.
func (s *Service) ticket(ctx context.Context, user market.ID) (string, error) {
	secret := market.NewTicketSecret()
	return secret, s.stores.Tickets.Insert(ctx, &market.Ticket{
		Meta: market.Meta{ID: market.TicketID(secret)}, Purpose: market.TicketNoMail, User: user, ExpiresAt: clock(s.now).Add(noMailFor),
		History: []market.Event{market.NextEvent(nil, market.System, s.now(), market.ActSetAlerts, "", "open", "")},
	})
}

// NoMailTicket returns nil when a secret from a digest is good for ending
// digests, NotFound when it is none of ours or too old.
func (s *Service) NoMailTicket(ctx context.Context, secret string) error {
	_, err := s.noMailUser(ctx, secret)
	return err
}

func (s *Service) noMailUser(ctx context.Context, secret string) (market.ID, error) {
	ticket, err := s.stores.Tickets.Get(ctx, market.TicketID(secret))
	if market.Is(err, market.NotFound) || err == nil && !ticket.Good(market.TicketNoMail, s.now()) {
		return "", market.E(market.NotFound, "link_gone", "这个链接已经失效，请登录后在“提醒”页设置。")
	}
	if err != nil {
		return "", err
	}
	return ticket.User, nil
}

// NoMail ends the digests of the person a secret from a digest was sent to
// (RFC 8058). Doing it again is harmless; NotFound as NoMailTicket says.
func (s *Service) NoMail(ctx context.Context, secret string) error {
	user, err := s.noMailUser(ctx, secret)
	if err != nil {
		return err
	}
	by := market.Actor{User: user, Request: market.RequestOf(ctx)}
	for range 5 { // each round loses only to somebody else's success
		setting, err := s.setting(ctx, user)
		if err != nil || !setting.Mail && setting.Version > 0 {
			return err
		}
		if err = s.set(ctx, by, setting, setting.Standing, false); !market.Is(err, market.Stale) {
			return err
		}
	}
	return market.E(market.Unavailable, "busy", "提醒设置正在别处修改，请稍后再试。")
}
