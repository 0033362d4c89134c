package mail

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"jishi/internal/market"
)

func TestNewSMTP(t *testing.T) {
	const from = "技市 <noreply@jishi.test>"
	tests := []struct {
		name, address, password, from string
		want                          string // host:port security user, or a word of the refusal
	}{
		{"submission", "smtp://jishi@mail.test:587", "x", from, "mail.test:587 starttls jishi"},
		{"usual port", "smtp://mail.test", "", from, "mail.test:587 starttls "},
		{"implicit", "smtps://jishi@mail.test", "x", from, "mail.test:465 implicit jishi"},
		{"plain", "smtp://localhost:25?tls=none", "", from, "localhost:25 none "},
		{"user with at", "smtp://jishi%40mail.test@mail.test", "x", from, "mail.test:587 starttls jishi@mail.test"},
		{"bare sender", "smtp://mail.test", "", "noreply@jishi.test", "mail.test:587 starttls "},
		{"password in the address", "smtp://jishi:hunter2@mail.test", "", from, "JISHI_SMTP_PASSWORD"},
		{"no password", "smtp://jishi@mail.test", "", from, "JISHI_SMTP_PASSWORD"},
		{"other scheme", "http://mail.test", "", from, "smtp://"},
		{"no scheme", "mail.test:587", "", from, "smtp://"},
		{"no host", "smtp://:587", "", from, "smtp://"},
		{"path", "smtp://mail.test/x", "", from, "smtp://"},
		{"port", "smtp://mail.test:99999", "", from, "端口"},
		{"tls", "smtp://mail.test?tls=maybe", "", from, "tls"},
		{"tls of smtps", "smtps://mail.test?tls=none", "", from, "tls"},
		{"no sender", "smtp://mail.test", "", "", "JISHI_MAIL_FROM"},
		{"sender with a line", "smtp://mail.test", "", "a@b.cn\r\nBcc: c@d.cn", "JISHI_MAIL_FROM"},
		{"sender's name with a line", "smtp://mail.test", "", "技\r\nBcc: 市 <a@b.cn>", "JISHI_MAIL_FROM"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, err := NewSMTP(tt.address, tt.password, tt.from)
			if err != nil {
				if !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "hunter2") {
					t.Errorf("%v, want %s", err, tt.want)
				}
				return
			}
			if got := fmt.Sprintf("%s:%d %s %s", s.host, s.port, s.security, s.user); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
	for address, open := range map[string]bool{"smtp://127.0.0.1?tls=none": false, "smtp://localhost?tls=none": false, "smtp://10.0.0.9?tls=none": true, "smtp://10.0.0.9": false, "smtps://10.0.0.9": false} {
		if s, err := NewSMTP(address, "", from); err != nil || s.Open() != open {
			t.Errorf("%s: open %v, want %v, %v", address, s.Open(), open, err)
		}
	}
}

// The password goes over an encrypted line and nowhere else.
func TestSecureLines(t *testing.T) {
	trusted, roots := certificate(t)
	mail := &market.Mail{Meta: market.Meta{ID: "m1", CreatedAt: time.Now()}, To: "a@b.cn", Subject: "通知", Text: "正文"}
	tests := []struct {
		name   string
		server *smtpd
		scheme string
		pass   string
		query  string
		trust  bool
		want   string // word of the failure, "" = arrives
	}{
		{"STARTTLS", &smtpd{tls: trusted}, "smtp", "geheim", "", true, ""},
		{"implicit", &smtpd{tls: trusted, implicit: true}, "smtps", "geheim", "", true, ""},
		{"wrong password", &smtpd{tls: trusted}, "smtp", "falsch", "", true, "535"},
		{"server without STARTTLS", &smtpd{}, "smtp", "geheim", "", true, "STARTTLS"},
		{"unknown certificate", &smtpd{tls: trusted}, "smtp", "geheim", "", false, "certificate"},
		{"unknown certificate, implicit", &smtpd{tls: trusted, implicit: true}, "smtps", "geheim", "", false, "certificate"},
		{"password without encryption", &smtpd{}, "smtp", "geheim", "?tls=none", true, "auth"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.server.user, tt.server.password = "jishi", "geheim"
			server := startSMTP(t, tt.server)
			s, err := NewSMTP(fmt.Sprintf("%s://jishi@127.0.0.1:%d%s", tt.scheme, server.port(), tt.query), tt.pass, "noreply@jishi.test")
			must(t, err)
			s.reply = time.Second
			if tt.trust {
				s.roots = roots
			}
			err = s.Deliver(t.Context(), mail)
			if tt.want == "" {
				if err != nil || len(server.all()) != 1 {
					t.Errorf("%v, %d letters", err, len(server.all()))
				}
				return
			}
			if err == nil || !strings.Contains(strings.ToLower(err.Error()), strings.ToLower(tt.want)) || len(server.all()) > 0 {
				t.Errorf("%v, %d letters, want %s", err, len(server.all()), tt.want)
			}
			if err != nil && (strings.Contains(err.Error(), "geheim") || strings.Contains(err.Error(), "falsch")) {
				t.Errorf("the failure tells the password: %v", err)
			}
		})
	}
}
