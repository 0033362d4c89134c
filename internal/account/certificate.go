package account

import (
	"context"
	"slices"

	"jishi/internal/market"
)

// WaitingCertificates returns the users whose certificate the bureau has still
// to look at, the longest waiting first, at most limit. Officers may.
func (s *People) WaitingCertificates(ctx context.Context, by market.Actor, limit int) ([]*market.User, error) {
	if err := market.Admit(by, market.ActConfirmCertificate); err != nil {
		return nil, err
	}
	users, err := s.users.GetMany(ctx, s.brokers.waiting(limit))
	return slices.DeleteFunc(users, func(u *market.User) bool { return !u.Certificate.Waits() }), err
}

// Certificate returns the holder of a certificate to whoever may confirm it,
// for colleagues of the holder Denied; NotFound without one.
func (s *People) Certificate(ctx context.Context, by market.Actor, user market.ID) (*market.User, error) {
	if err := market.Admit(by, market.ActConfirmCertificate); err != nil {
		return nil, err
	}
	u, err := s.users.Get(ctx, user)
	if err != nil {
		return nil, err
	}
	if u.Certificate == nil {
		return nil, market.E(market.NotFound, "not_found", "这位用户没有填写证书，可能已经撤下。")
	}
	return u, market.Permit(by, market.ActConfirmCertificate, workplaces(u)...)
}

// DecideCertificate confirms a certificate that waits, or refuses it with a
// reason, which its holder is told. Officers may, of people who are in none of
// the organizations they act for. version is that of the user whose
// certificate was looked at, else Stale; 0 takes whatever is stored.
func (s *People) DecideCertificate(ctx context.Context, by market.Actor, user market.ID, version int64, confirm bool, note string) (*market.User, error) {
	before, err := s.Certificate(ctx, by, user)
	if err != nil {
		return nil, err
	}
	if version != 0 && version != before.Version {
		return nil, memberMoved()
	}
	if !before.Certificate.Waits() {
		return nil, market.E(market.Conflict, "certificate_decided", "这份证书已经处理过，请回到审核列表。")
	}
	check, action, to := checkNote, market.ActConfirmCertificate, "confirmed"
	if !confirm {
		check, action, to = needNote, market.ActRefuseCertificate, "refused"
	}
	if err := check(note); err != nil {
		return nil, err
	}
	after, certificate := *before, *before.Certificate
	certificate.Confirmed = confirm
	if !confirm {
		certificate.Refused = market.Fold(note)
	}
	after.Certificate = &certificate
	s.record(&after, by, action, "waiting", to, note)
	if err := s.users.Update(ctx, &after); err != nil {
		return nil, err
	}
	subject, text := "技术经纪人证书已确认", "您填写的技术经纪人证书已由科技局确认。如您同意公开，姓名和证书会在经纪人名录中展示。"
	if !confirm {
		subject, text = "技术经纪人证书未获确认", "您填写的技术经纪人证书没有获得确认，理由："+note+"。\n请改正后重新提交：\n"+s.parts.Address+"/account"
	}
	return &after, s.tell(ctx, after.Login, subject, text)
}

// workplaces is the organizations somebody is an active member of.
func workplaces(u *market.User) []market.ID {
	var orgs []market.ID
	for _, m := range u.Memberships {
		if m.State == market.MemberActive {
			orgs = append(orgs, m.Org)
		}
	}
	return orgs
}

// MayConfirm reports whether by may decide about somebody's certificate.
func MayConfirm(by market.Actor, u *market.User) bool {
	return market.May(by, market.ActConfirmCertificate, workplaces(u)...)
}
