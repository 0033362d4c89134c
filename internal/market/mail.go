package market

import (
	"strings"
	"time"
)

// MailState is where a mail stands.
type MailState string

// The states of a mail.
const (
	MailWaiting MailState = "waiting" // to be sent, or sent again
	MailSent    MailState = "sent"    // the mail server took it
	MailHanded  MailState = "handed"  // an admin passed it on by other means
)

// MailStates is the code list of states.
var MailStates = CodeList{{"waiting", "待发送"}, {"sent", "已发送"}, {"handed", "已转交"}}

// MailStuckAfter is how long a mail may wait before an admin has to see to it.
const MailStuckAfter = 3 * 24 * time.Hour

// Bounds of a mail, in characters.
const (
	maxMailSubject = 100
	maxMailText    = 10_000
)

// Mail is one message to one person. It is stored before anything is tried, so
// none is lost; its text, which may hold a one-time link, is sealed and wiped
// once the mail is out, and so is the better part of the address.
type Mail struct {
	Meta    `bson:"-"`
	To      string `bson:"to" json:"to"` // one e-mail address; masked once the mail is out
	Subject string `bson:"subject" json:"subject"`
	Text    string `bson:"-" json:"-"` // plain text; never stored as it is
	Body    Sealed `bson:"body" json:"-"`
	Off     Sealed `bson:"off" json:"-"` // Unsubscribe, as it is stored

	// Unsubscribe is the address by which programs end such mails for the
	// receiver with one POST (RFC 8058); empty where they cannot be ended. Who
	// knows it may end them, so it is sealed like the text.
	Unsubscribe string `bson:"-" json:"-"`

	State   MailState `bson:"state" json:"state"`
	Tries   int       `bson:"tries" json:"tries"`
	NextAt  time.Time `bson:"next_at" json:"next_at"`          // UTC; not tried before
	DoneAt  time.Time `bson:"done_at" json:"done_at,omitzero"` // UTC
	Failure string    `bson:"failure" json:"failure"`          // why the last try failed, for the admin
	History []Event   `bson:"history" json:"history"`
}

// Check returns Invalid when the mail cannot be sent: to is not one plain
// address of ASCII characters, or subject or text are empty, too long or hold
// characters that could pass for another header.
func (m *Mail) Check() error {
	var p Problems
	p.Check(len(m.To) <= 254 && emailAddress.MatchString(m.To) && !strings.ContainsFunc(m.To, func(r rune) bool { return r <= ' ' || r > '~' }),
		"to", "不是可以寄到的电子邮箱地址")
	checkText(&p, "subject", m.Subject, true, maxMailSubject)
	p.Check(!strings.ContainsAny(m.Subject, "\r\n"), "subject", "只能是一行")
	checkText(&p, "text", m.Text, true, maxMailText)
	p.Check(m.Unsubscribe == "" || webAddress(m.Unsubscribe), "unsubscribe", "不是网址")
	return p.Err()
}

// webAddress reports whether a text can stand in a header as the address of a page.
func webAddress(s string) bool {
	return (strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://")) && len(s) <= 500 &&
		!strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune("<>,", r) })
}

// Stuck reports whether the mail has waited for longer than is good.
func (m *Mail) Stuck(now time.Time) bool {
	return m.State == MailWaiting && now.Sub(m.CreatedAt) > MailStuckAfter
}

// Finish puts the mail into its last state and wipes what only its receiver
// should read.
func (m *Mail) Finish(e Event) {
	m.State, m.DoneAt, m.Failure = MailState(e.To), e.At, ""
	m.To, m.Text, m.Body = MaskEmail(m.To), "", Sealed{}
	m.Unsubscribe, m.Off = "", Sealed{}
	m.History = append(m.History, e)
}
