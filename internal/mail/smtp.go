package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	netmail "net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"jishi/internal/market"
)

// Ways to keep what goes over the line to oneself.
const (
	startTLS = "starttls" // smtp://, unless said otherwise
	implicit = "implicit" // smtps://
	plain    = "none"     // smtp://…?tls=none: for a mail server on the same machine
)

// replyTime is how long the mail server may take for one answer and for all of
// them together; below sendTime.
const replyTime = 45 * time.Second

// quitTime is for the good-bye after a mail was taken.
const quitTime = 2 * time.Second

// SMTP hands mails to a mail server.
type SMTP struct {
	host, user, password string
	port                 int
	security             string
	from                 netmail.Address
	roots                *tls.Config // nil = the system's; tests bring their own
	reply                time.Duration
}

// NewSMTP reads the address of a mail server, smtp://user@host:587 (STARTTLS
// is required; ?tls=none does without) or smtps://user@host:465, and who mails
// are from, "noreply@host" or "Name <noreply@host>". Errors are sentences in
// Chinese without the address: it may hold a password by mistake.
func NewSMTP(address, password, from string) (*SMTP, error) {
	s := &SMTP{password: password, reply: replyTime}
	if err := s.readServer(address); err != nil {
		return nil, err
	}
	sender, err := netmail.ParseAddress(from)
	if err != nil || (&market.Mail{To: sender.Address, Subject: "x", Text: "x"}).Check() != nil {
		return nil, errors.New("发件人（JISHI_MAIL_FROM）应为邮箱地址，如 noreply@example.cn 或 技市 <noreply@example.cn>")
	}
	s.from = *sender
	return s, nil
}

func (s *SMTP) readServer(address string) error {
	server, err := url.Parse(address)
	if err != nil || server.Hostname() == "" || strings.Trim(server.Path, "/") != "" {
		return errors.New("邮件服务器（JISHI_SMTP）应为 smtp://用户@主机:587 或 smtps://用户@主机:465")
	}
	if _, told := server.User.Password(); told {
		return errors.New("密码不要写在邮件服务器地址（JISHI_SMTP）里，请放到 JISHI_SMTP_PASSWORD 或密码文件")
	}
	usual := map[string]struct {
		port     int
		security string
	}{"smtp": {587, startTLS}, "smtps": {465, implicit}}
	way, ok := usual[server.Scheme]
	if !ok {
		return errors.New("邮件服务器（JISHI_SMTP）应以 smtp:// 或 smtps:// 开头")
	}
	s.host, s.user, s.port, s.security = server.Hostname(), server.User.Username(), way.port, way.security
	switch asked := server.Query().Get("tls"); {
	case asked == plain && s.security == startTLS:
		s.security = plain
	case asked != "" && asked != s.security:
		return errors.New("邮件服务器（JISHI_SMTP）的 tls 只能是 starttls 或 none，smtps:// 不用写")
	}
	if text := server.Port(); text != "" {
		if s.port, err = strconv.Atoi(text); err != nil || s.port < 1 || s.port > 65535 {
			return errors.New("邮件服务器（JISHI_SMTP）的端口应为 1–65535")
		}
	}
	if s.user != "" && s.password == "" {
		return errors.New("邮件服务器要求登录，请用 JISHI_SMTP_PASSWORD 或 --smtp-password-file 给出密码")
	}
	return nil
}

// Open reports whether mails and the password would go to another machine
// unencrypted.
func (s *SMTP) Open() bool {
	address := net.ParseIP(s.host)
	return s.security == plain && s.host != "localhost" && (address == nil || !address.IsLoopback())
}

// Deliver sends one mail. It returns nil once the server took it, also when
// the connection breaks right after: only the answer to the text counts.
func (s *SMTP) Deliver(ctx context.Context, m *market.Mail) error {
	message, err := s.compose(m)
	if err != nil {
		return err
	}
	line := &line{smtp: s, ctx: ctx}
	defer line.close()
	client, err := s.client(line.dial)
	if err != nil {
		return err
	}
	session, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return err
	}
	err = client.SendWithSMTPClient(session, message)
	if message.IsDelivered() {
		line.hurry()
		_ = client.CloseWithSMTPClient(session) // a good-bye that fails changes nothing
		return nil
	}
	return err
}

// compose makes the message as it goes over the line. Its Message-ID comes
// from the mail's id: sent twice it is the same message.
func (s *SMTP) compose(m *market.Mail) (*gomail.Msg, error) {
	if err := m.Check(); err != nil {
		return nil, err // however it came into the store: nothing else may become a header
	}
	message := gomail.NewMsg()
	if err := errors.Join(message.From(s.from.String()), message.To(m.To)); err != nil {
		return nil, err
	}
	_, domain, _ := strings.Cut(s.from.Address, "@")
	message.SetMessageIDWithValue(string(m.ID) + "@" + domain)
	message.SetDateWithValue(m.CreatedAt)
	message.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no holiday replies
	if m.Unsubscribe != "" {                                 // RFC 8058: mail programs show a button that ends such mails
		message.SetGenHeader("List-Unsubscribe", "<"+m.Unsubscribe+">")
		message.SetGenHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
	}
	message.Subject(m.Subject)
	message.SetBodyString(gomail.TypeTextPlain, m.Text)
	return message, nil
}

func (s *SMTP) client(dial gomail.DialContextFunc) (*gomail.Client, error) {
	policy := map[string]gomail.TLSPolicy{startTLS: gomail.TLSMandatory, implicit: gomail.TLSOpportunistic, plain: gomail.NoTLS}
	options := []gomail.Option{
		gomail.WithPort(s.port), gomail.WithTimeout(s.reply), gomail.WithTLSPolicy(policy[s.security]),
		gomail.WithDialContextFunc(dial), gomail.WithoutNoop(), gomail.WithoutRset(), gomail.WithTLSConfig(s.tls()),
	}
	if s.user != "" {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(s.user), gomail.WithPassword(s.password))
	}
	return gomail.NewClient(s.host, options...)
}

func (s *SMTP) tls() *tls.Config {
	config := &tls.Config{ServerName: s.host, MinVersion: tls.VersionTLS12}
	if s.roots != nil {
		config.RootCAs = s.roots.RootCAs
	}
	return config
}

// line is the connection of one delivery. It is ours so that it is closed in
// any case, and at once when there is no more time.
type line struct {
	smtp *SMTP
	ctx  context.Context
	conn net.Conn
	stop func() bool
}

func (l *line) dial(ctx context.Context, network, address string) (conn net.Conn, err error) {
	if l.smtp.security == implicit {
		conn, err = (&tls.Dialer{Config: l.smtp.tls()}).DialContext(ctx, network, address)
	} else {
		conn, err = (&net.Dialer{}).DialContext(ctx, network, address)
	}
	if err != nil {
		return nil, err
	}
	l.conn = conn
	l.stop = context.AfterFunc(l.ctx, func() { conn.Close() })
	return conn, nil
}

// hurry leaves little time for what does not matter any more.
func (l *line) hurry() { _ = l.conn.SetDeadline(time.Now().Add(quitTime)) }

func (l *line) close() {
	if l.conn != nil {
		l.stop()
		l.conn.Close()
	}
}
