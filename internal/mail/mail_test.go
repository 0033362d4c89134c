package mail

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"mime/quotedprintable"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
	"jishi/internal/store/sqlite"
	"jishi/internal/vault"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// office is an outbox on a real store with a clock that tests move.
type office struct {
	*Outbox
	log *bytes.Buffer

	mu  sync.Mutex
	at  time.Time
	ids int
}

func (o *office) now() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.at
}

func (o *office) pass(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.at = o.at.Add(d)
}

func (o *office) newID() market.ID {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.ids++
	return market.ID(fmt.Sprintf("m%03d", o.ids))
}

// syncWriter is a log that several goroutines write.
type syncWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (s *syncWriter) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.w.Write(p)
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{at: time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC), log: &bytes.Buffer{}}
	engine, err := sqlite.Open(filepath.Join(t.TempDir(), "jishi.db"), o.now)
	must(t, err)
	t.Cleanup(func() { engine.Close() })
	mails, err := store.Open[market.Mail](t.Context(), engine, Spec)
	must(t, err)
	keys, err := vault.New(bytes.Repeat([]byte{7}, vault.KeySize))
	must(t, err)
	o.Outbox = New(Config{Mails: mails, Sealer: keys, Base: "https://jishi.test", Now: o.now, NewID: o.newID,
		Log: slog.New(slog.NewJSONHandler(&syncWriter{w: o.log}, nil))})
	return o
}

func (o *office) stored(t *testing.T, id market.ID) *market.Mail {
	t.Helper()
	m, err := o.Mails.Get(t.Context(), id)
	must(t, err)
	return m
}

// smtp is the way to a test server; tests wait 300 ms for what never comes.
func (s *smtpd) smtp(t *testing.T, options string) *SMTP {
	t.Helper()
	courier, err := NewSMTP(fmt.Sprintf("smtp://127.0.0.1:%d%s", s.port(), options), "", "技市 <noreply@jishi.test>")
	must(t, err)
	courier.reply = 300 * time.Millisecond
	return courier
}

func TestSendAndDeliver(t *testing.T) {
	o := newOffice(t)
	server := startSMTP(t, &smtpd{})
	text := "请打开\n.\n.. " + o.Link("/recover/abc?x=1") + "\n" + strings.Repeat("长", 200) + "\nQUIT\n"
	m := &market.Mail{To: "zhang.san+a@example.cn", Subject: "找回密码：三十分钟内有效，请不要把链接告诉任何人", Text: text}
	must(t, o.Send(t.Context(), m))
	stored := o.stored(t, m.ID)
	if stored.State != market.MailWaiting || stored.Body.Empty() || bytes.Contains(stored.Body.Data, []byte("recover")) || len(stored.History) != 1 {
		t.Errorf("stored %+v", stored)
	}
	must(t, o.round(t.Context(), server.smtp(t, "?tls=none")))
	letters := server.all()
	if len(letters) != 1 {
		t.Fatalf("%d letters, log %s", len(letters), o.log)
	}
	got := letters[0]
	subject, err := new(mime.WordDecoder).DecodeHeader(got.message.Header.Get("Subject"))
	must(t, err)
	body, err := io.ReadAll(quotedprintable.NewReader(got.message.Body))
	must(t, err)
	if subject != m.Subject || strings.ReplaceAll(string(body), "\r\n", "\n") != text {
		t.Errorf("arrived %q\n%s", subject, body)
	}
	if got.to != "TO:<zhang.san+a@example.cn>" || got.message.Header.Get("Message-Id") != "<m001@jishi.test>" ||
		got.message.Header.Get("Auto-Submitted") != "auto-generated" {
		t.Errorf("to %s, header %v", got.to, got.message.Header)
	}
	stored = o.stored(t, m.ID)
	if stored.State != market.MailSent || !stored.Body.Empty() || stored.To != "z***@example.cn" || stored.DoneAt.IsZero() || len(stored.History) != 2 {
		t.Errorf("afterwards %+v", stored)
	}
}

// A mail under an id of its own is there once.
func TestSendTwice(t *testing.T) {
	o := newOffice(t)
	for range 2 {
		must(t, o.Send(t.Context(), &market.Mail{Meta: market.Meta{ID: "welcome-7"}, To: "a@b.cn", Subject: "欢迎", Text: "欢迎。"}))
	}
	if page, err := o.Mails.Find(t.Context(), store.Query{}); err != nil || len(page.Items) != 1 {
		t.Errorf("%d mails, %v", len(page.Items), err)
	}
}

// Nothing a user typed becomes a header or a command.
func TestNoInjection(t *testing.T) {
	o := newOffice(t)
	good := market.Mail{To: "a@b.cn", Subject: "标题", Text: "正文"}
	tests := []struct {
		name  string
		spoil func(*market.Mail)
		field string
	}{
		{"line in address", func(m *market.Mail) { m.To = "a@b.cn\r\nBcc: c@d.cn" }, "to"},
		{"line before the at", func(m *market.Mail) { m.To = "a\r\nRCPT TO:<c@d.cn>@b.cn" }, "to"},
		{"LF at the end", func(m *market.Mail) { m.To = "a@b.cn\n" }, "to"},
		{"two addresses", func(m *market.Mail) { m.To = "a@b.cn,c@d.cn" }, "to"},
		{"name and address", func(m *market.Mail) { m.To = "甲 <a@b.cn>" }, "to"},
		{"quoted", func(m *market.Mail) { m.To = `"a b"@b.cn` }, "to"},
		{"NUL", func(m *market.Mail) { m.To = "a\x00@b.cn" }, "to"},
		{"other letters", func(m *market.Mail) { m.To = "甲@b.cn" }, "to"},
		{"no domain", func(m *market.Mail) { m.To = "a@localhost" }, "to"},
		{"empty", func(m *market.Mail) { m.To = "" }, "to"},
		{"too long", func(m *market.Mail) { m.To = "a@" + strings.Repeat("b", 260) + ".cn" }, "to"},
		{"CRLF in subject", func(m *market.Mail) { m.Subject = "标题\r\nBcc: c@d.cn" }, "subject"},
		{"LF in subject", func(m *market.Mail) { m.Subject = "标题\nBcc: c@d.cn" }, "subject"},
		{"CR in subject", func(m *market.Mail) { m.Subject = "标题\rBcc: c@d.cn" }, "subject"},
		{"NUL in subject", func(m *market.Mail) { m.Subject = "标\x00题" }, "subject"},
		{"no subject", func(m *market.Mail) { m.Subject = " " }, "subject"},
		{"no text", func(m *market.Mail) { m.Text = "" }, "text"},
		{"text of broken UTF-8", func(m *market.Mail) { m.Text = "\xff" }, "text"},
		{"endless text", func(m *market.Mail) { m.Text = strings.Repeat("长", 10_001) }, "text"},
	}
	server := startSMTP(t, &smtpd{})
	courier := server.smtp(t, "?tls=none")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := good
			tt.spoil(&m)
			var known *market.Error
			if err := o.Send(t.Context(), &m); !errors.As(err, &known) || known.Kind != market.Invalid || known.Fields[0].Field != tt.field {
				t.Errorf("Send: %v", err)
			}
			if err := courier.Deliver(t.Context(), &m); !market.Is(err, market.Invalid) {
				t.Errorf("Deliver: %v", err)
			}
		})
	}
	if n := len(server.all()); n > 0 {
		t.Errorf("%d mails went out", n)
	}
}
