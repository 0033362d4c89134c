package signin

import (
	"errors"
	"slices"
	"time"

	"jishi/internal/market"
)

// Limits is how long sign-ins last and what they are held to. GB/T 22239-2019
// level 2 (7.1.4.1 身份鉴别) asks for a limit on failed sign-ins, for sign-out
// after idling and for passwords changed from time to time, and fixes no
// numbers; those of DefaultLimits are the platform's (domain.md section 10).
type Limits struct {
	Idle      time.Duration // a session not used for this long is over
	IdleStaff time.Duration // the same while acting as officer or admin
	Absolute  time.Duration // a session this old is over, however busy

	Failures int           // wrong passwords, or codes, after which a person at an address is locked
	LockFor  time.Duration // for this long; doubles with each further failure, up to four times it

	PasswordAge time.Duration // officers and admins change older passwords first; 0 = never
	StaffFactor bool          // officers and admins need a second factor
}

// DefaultLimits is what holds when nothing else is configured.
var DefaultLimits = Limits{
	Idle: 30 * time.Minute, IdleStaff: 15 * time.Minute, Absolute: 12 * time.Hour,
	Failures: 5, LockFor: 15 * time.Minute, PasswordAge: 90 * 24 * time.Hour,
}

// The bounds that limits must keep: what is outside of them is a slip of the
// pen, and would sign everybody out or nobody.
const (
	shortestIdle = 5 * time.Minute
	longestLife  = 24 * time.Hour
	longestLock  = 24 * time.Hour
	mostFailures = 100
)

// Check returns an error, for the operator, that names the first limit which
// makes no sense.
func (l Limits) Check() error {
	switch {
	case l.Idle < shortestIdle || l.IdleStaff < shortestIdle:
		return errors.New("空闲时限至少 5 分钟")
	case l.Absolute < l.Idle || l.Absolute < l.IdleStaff || l.Absolute > longestLife:
		return errors.New("登录最长时限不能短于空闲时限，也不能超过 24 小时")
	case l.Failures < 1 || l.Failures > mostFailures:
		return errors.New("锁定前的失败次数应为 1 至 100")
	case l.LockFor < time.Minute || l.LockFor > longestLock:
		return errors.New("锁定时长应为 1 分钟至 24 小时")
	case l.PasswordAge < 0:
		return errors.New("密码更换期限不能为负")
	}
	return nil
}

// idle returns how long a session of somebody with these roles may rest.
func (l Limits) idle(roles []market.Role) time.Duration {
	if staff(roles) {
		return l.IdleStaff
	}
	return l.Idle
}

// staff reports whether the roles are those of the platform's own people.
func staff(roles []market.Role) bool {
	return slices.Contains(roles, market.RoleOfficer) || slices.Contains(roles, market.RoleAdmin)
}

// due returns what a user with these roles has to do before anything else,
// apart from consent.
func (l Limits) due(u *market.User, roles []market.Role, now time.Time) market.Due {
	switch {
	case !staff(roles):
		return ""
	case l.PasswordAge > 0 && now.Sub(u.PasswordAt) > l.PasswordAge:
		return market.DuePassword
	case l.StaffFactor && !hasFactor(u):
		return market.DueFactor
	}
	return ""
}

// hasFactor reports whether a code is asked for at sign-in.
func hasFactor(u *market.User) bool { return u.Factor != nil && !u.Factor.Since.IsZero() }
