package main

import (
	"errors"
	"strconv"
	"time"

	"github.com/urfave/cli/v3"

	"jishi/internal/signin"
)

// sessionConfig is how sign-ins are limited. What is zero or empty is as
// signin.DefaultLimits has it.
type sessionConfig struct {
	Idle, IdleStaff, Absolute time.Duration

	Failures int
	LockFor  time.Duration

	PasswordDays   string // age in days at which staff change their passwords, "0" = never
	PasswordLength int    // least characters of a new password
	SecondFactor   string // whose roles need one: "staff", or nobody's
}

// Flags of how sign-ins are limited.
func sessionFlags() []cli.Flag {
	return []cli.Flag{
		&cli.DurationFlag{Name: "idle", Usage: "多久不操作就退出登录，默认 30m", Sources: cli.EnvVars("JISHI_IDLE")},
		&cli.DurationFlag{Name: "idle-staff", Usage: "科技局经办人和平台管理员多久不操作就退出登录，默认 15m", Sources: cli.EnvVars("JISHI_IDLE_STAFF")},
		&cli.DurationFlag{Name: "session", Usage: "一次登录最长多久，默认 12h", Sources: cli.EnvVars("JISHI_SESSION")},
		&cli.IntFlag{Name: "lock-after", Usage: "登录失败几次后锁定，默认 5", Sources: cli.EnvVars("JISHI_LOCK_AFTER")},
		&cli.DurationFlag{Name: "lock-for", Usage: "锁定多久，默认 15m，再失败逐次加倍", Sources: cli.EnvVars("JISHI_LOCK_FOR")},
		&cli.StringFlag{Name: "password-days", Usage: "科技局经办人和平台管理员多少天须换密码，默认 90，0 不限", Sources: cli.EnvVars("JISHI_PASSWORD_DAYS")},
		&cli.IntFlag{Name: "password-length", Usage: "新密码至少多少个字符，默认 10", Sources: cli.EnvVars("JISHI_PASSWORD_LENGTH")},
		&cli.StringFlag{Name: "second-factor", Usage: "谁必须启用两步验证：staff 为科技局经办人和平台管理员，默认自愿", Sources: cli.EnvVars("JISHI_SECOND_FACTOR")},
	}
}

func readSessionConfig(c *cli.Command) sessionConfig {
	return sessionConfig{
		Idle: c.Duration("idle"), IdleStaff: c.Duration("idle-staff"), Absolute: c.Duration("session"),
		Failures: c.Int("lock-after"), LockFor: c.Duration("lock-for"),
		PasswordDays: c.String("password-days"), PasswordLength: c.Int("password-length"), SecondFactor: c.String("second-factor"),
	}
}

// limits returns the limits of the settings, or what is wrong with them.
func (c sessionConfig) limits() (signin.Limits, error) {
	l := signin.DefaultLimits
	for _, d := range []struct {
		set  time.Duration
		into *time.Duration
	}{{c.Idle, &l.Idle}, {c.IdleStaff, &l.IdleStaff}, {c.Absolute, &l.Absolute}, {c.LockFor, &l.LockFor}} {
		if d.set != 0 {
			*d.into = d.set
		}
	}
	if c.Failures != 0 {
		l.Failures = c.Failures
	}
	if c.PasswordDays != "" {
		days, err := strconv.Atoi(c.PasswordDays)
		if err != nil || days < 0 || days > 3650 {
			return l, errors.New("JISHI_PASSWORD_DAYS（--password-days）应为 0 至 3650 的天数")
		}
		l.PasswordAge = time.Duration(days) * 24 * time.Hour
	}
	switch c.SecondFactor {
	case "", "off":
	case "staff":
		l.StaffFactor = true
	default:
		return l, errors.New("JISHI_SECOND_FACTOR（--second-factor）应为 staff 或 off")
	}
	if err := l.Check(); err != nil {
		return l, errors.New("登录时限设置不对（JISHI_IDLE、JISHI_IDLE_STAFF、JISHI_SESSION、JISHI_LOCK_AFTER、JISHI_LOCK_FOR）：" + err.Error())
	}
	return l, nil
}

// sessions signs people in with tokens under the configured keys.
func (s *serving) sessions() (*signin.Sessions, error) { return s.signIns(s.cfg) }

func (h *house) signIns(c config) (*signin.Sessions, error) {
	limits, err := c.Sessions.limits()
	if err != nil {
		return nil, err
	}
	if length := c.Sessions.PasswordLength; length != 0 {
		if err := h.passwords.Require(length); err != nil {
			return nil, errors.New("JISHI_PASSWORD_LENGTH（--password-length）应为 8 至 64")
		}
	}
	secrets, err := readSecrets(c)
	if err != nil {
		return nil, err
	}
	keys := make([]signin.Key, len(secrets))
	for i, secret := range secrets {
		keys[i] = signin.KeyOf(secret)
	}
	tokens, err := signin.NewTokens(keys[0], keys[1:], limits.Absolute, time.Now)
	if err != nil {
		return nil, err
	}
	stores := signin.Stores{Users: h.docs.users, Organizations: h.docs.orgs, Sessions: h.docs.sessions, Tickets: h.docs.tickets}
	parts := signin.Parts{Passwords: h.passwords, Tokens: tokens, Sealer: h.vault, Mail: h.outbox, Trail: h.trail, Consents: h.privacy}
	return signin.NewSessions(stores, parts, limits, time.Now, newID), nil
}
