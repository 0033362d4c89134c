package market

import "time"

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

// Mail is one message to one person. It is stored before anything is tried, so
// none is lost; its text, which may hold a one-time link, is sealed and wiped
// once the mail is out.
type Mail struct {
	Meta    `bson:"-"`
	To      string    `bson:"to" json:"to"` // one e-mail address
	Subject string    `bson:"subject" json:"subject"`
	Text    string    `bson:"-" json:"-"` // plain text; never stored as it is
	Body    Sealed    `bson:"body" json:"-"`
	State   MailState `bson:"state" json:"state"`
	Tries   int       `bson:"tries" json:"tries"`
	NextAt  time.Time `bson:"next_at" json:"next_at"`          // UTC; not tried before
	DoneAt  time.Time `bson:"done_at" json:"done_at,omitzero"` // UTC
	Failure string    `bson:"failure" json:"failure"`          // why the last try failed, for the admin
	History []Event   `bson:"history" json:"history"`
}
