package market

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
)

// Notice is one message to one person on the platform itself: that something
// came up which they asked to be told of. It is made once, under a
// deterministic id where the same thing could be found again.
type Notice struct {
	Meta   `bson:"-"` // CreatedAt is when it was made
	User   ID         `bson:"user" json:"-"`                   // to whom
	Org    ID         `bson:"org" json:"organization"`         // for whose sake, as a member of which they are told; may be empty
	Kind   string     `bson:"kind" json:"kind"`                // code of NoticeKinds
	Title  string     `bson:"title" json:"title"`              // one line, 1–MaxNoticeTitle characters
	Link   string     `bson:"link" json:"link"`                // path of ours where to look, begins with one slash
	About  ID         `bson:"about" json:"about"`              // the listing it tells of; may be empty
	State  string     `bson:"state" json:"state"`              // code of NoticeStates
	ReadAt time.Time  `bson:"read_at" json:"read_at,omitzero"` // UTC; zero while unread
	Mail   string     `bson:"mail" json:"-"`                   // whether a digest has still to tell of it: see MailDue
	Digest ID         `bson:"digest" json:"-"`                 // the mail that told of it; empty without one
}

// Bounds of a notice.
const (
	MaxNoticeTitle = 500 // characters
	maxNoticeLink  = 500 // bytes
)

// The kinds of notice.
const (
	NoticeMatch  = "match"  // a listing of the person's organization has a new counterpart
	NoticeSearch = "search" // something new fits a saved search
	NoticeHanded = "handed" // a demand was handed to a broker
)

// NoticeKinds is the code list of kinds.
var NoticeKinds = CodeList{{NoticeMatch, "匹配"}, {NoticeSearch, "搜索订阅"}, {NoticeHanded, "委托经纪人"}}

// The states of a notice.
const (
	NoticeUnread = "unread"
	NoticeRead   = "read"
)

// NoticeStates is the code list of states.
var NoticeStates = CodeList{{NoticeUnread, "未读"}, {NoticeRead, "已读"}}

// Whether the next digest tells of a notice.
const (
	MailDue  = "due"  // it does, unless it is read before
	MailDone = "done" // one did, or none shall
)

// Check returns Invalid naming every broken field of a notice.
func (n *Notice) Check() error {
	var p Problems
	p.Check(n.User != "", "user", "必填")
	p.Check(NoticeKinds.Has(n.Kind), "kind", "没有这种提醒")
	checkText(&p, "title", n.Title, true, MaxNoticeTitle)
	p.Check(!strings.ContainsAny(n.Title, "\r\n"), "title", "只能是一行")
	p.Check(ownPath(n.Link), "link", "只能是本站的地址")
	return p.Err()
}

// ownPath reports whether a link leads to a page of ours and nowhere else.
func ownPath(link string) bool {
	return strings.HasPrefix(link, "/") && !strings.HasPrefix(link, "//") && len(link) <= maxNoticeLink &&
		!strings.ContainsFunc(link, func(r rune) bool { return r <= ' ' || r == '\\' || r == 0x7f })
}

// NoticeID is the id of the one notice to a person about a thing, which may be
// several ids: found again, after a crash or otherwise, it is the same notice.
func NoticeID(kind string, user ID, about ...ID) ID {
	text := kind + "/" + string(user)
	for _, id := range about {
		text += "/" + string(id)
	}
	sum := sha256.Sum256([]byte(text))
	return ID("nt-" + hex.EncodeToString(sum[:20]))
}
