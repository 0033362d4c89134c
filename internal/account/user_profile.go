package account

import (
	"context"
	"slices"

	"jishi/internal/market"
)

// Profile is what people may change of themselves.
type Profile struct {
	Name        string
	Phone       string              // may be empty
	Certificate *market.Certificate // nil without one; Confirmed and Refused are the bureau's and ignored
	Evidence    *Upload             // of the certificate, in place of the file it names; nil for none
}

// Self returns by's own document.
func (s *People) Self(ctx context.Context, by market.Actor) (*market.User, error) {
	if err := market.Permit(by, market.ActSelf); err != nil {
		return nil, err
	}
	return s.users.Get(ctx, by.User)
}

// ReviseProfile changes by's own data. A certificate that differs from the one
// there has to be confirmed by the bureau again. version is that of the
// document it is based on, else Stale; 0 takes whatever is stored.
func (s *People) ReviseProfile(ctx context.Context, by market.Actor, version int64, p Profile) (*market.User, error) {
	before, err := s.Self(ctx, by)
	if err != nil {
		return nil, err
	}
	if version != 0 && version != before.Version {
		return nil, market.E(market.Stale, "stale_version", "您的资料刚在别处改动过。请刷新后重新修改。")
	}
	after := *before
	after.Name, after.Phone = market.Fold(p.Name), market.Fold(p.Phone)
	after.Certificate = certified(before.Certificate, p.Certificate)
	if err := after.Check(); err != nil {
		return nil, err
	}
	if p.Certificate != nil && p.Evidence != nil {
		stated := *p.Certificate
		if stated.Evidence, err = s.attached(ctx, by, "", p.Evidence, ""); err != nil {
			return nil, err
		}
		after.Certificate = certified(before.Certificate, &stated)
	}
	changed := changedProfile(before, &after)
	if len(changed) == 0 {
		return before, nil
	}
	if slices.Contains(changed, "certificate") && after.Certificate != nil {
		if err := s.ownFile(ctx, by, after.Certificate.Evidence, "certificate.evidence"); err != nil {
			return nil, err
		}
	}
	note := ""
	for _, field := range changed {
		note += profileFields.Name(field) + " "
	}
	s.record(&after, by, market.ActReviseUser, "", "", market.Fold(note))
	return &after, s.users.Update(ctx, &after)
}

// profileFields names what ReviseProfile changes, for the history: which, not
// from what to what.
var profileFields = market.CodeList{{Code: "name", Name: "姓名"}, {Code: "phone", Name: "电话"}, {Code: "certificate", Name: "经纪人证书"}}

func changedProfile(a, b *market.User) []string {
	var fields []string
	for _, f := range []struct {
		name string
		same bool
	}{{"name", a.Name == b.Name}, {"phone", a.Phone == b.Phone}, {"certificate", a.Certificate == b.Certificate}} {
		if !f.same {
			fields = append(fields, f.name)
		}
	}
	return fields
}

// certified returns the certificate somebody states, the one there when it is
// the same.
func certified(old, stated *market.Certificate) *market.Certificate {
	if stated == nil {
		return nil
	}
	now := *stated
	now.Number, now.Issuer = market.Fold(now.Number), market.Fold(now.Issuer)
	now.Confirmed, now.Refused = false, ""
	if old != nil {
		same := *old
		same.Confirmed, same.Refused = false, ""
		if same == now {
			return old
		}
	}
	return &now
}
