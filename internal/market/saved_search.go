package market

import (
	"strings"
	"time"
	"unicode"
)

// Alert is how somebody wants to be told of what is new.
type Alert string

// The ways.
const (
	AlertOff   Alert = "off"
	AlertNow   Alert = "now"   // by a notice at once
	AlertDaily Alert = "daily" // by a notice at once, and by mail once a day as long as it is unread
)

// Alerts is the code list of ways.
var Alerts = CodeList{{string(AlertOff), "不提醒"}, {string(AlertNow), "站内提醒"}, {string(AlertDaily), "站内提醒，未读的每天一封邮件"}}

// Bounds of saved searches.
const (
	MaxSavedSearches = 50    // of one person, not counting deleted ones
	MaxSearchAddress = 4_000 // bytes of a query as in the address
)

// The states of a saved search.
const (
	SearchKept    = "kept"
	SearchDeleted = "deleted" // may be brought back
)

// SavedSearchStates is the code list of states.
var SavedSearchStates = CodeList{{SearchKept, "使用中"}, {SearchDeleted, "已删除"}}

// SavedSearch is a search that somebody wants to make again, and to be told
// of what is new in it.
type SavedSearch struct {
	Meta    `bson:"-"`
	User    ID        `bson:"user" json:"-"`                   // whose
	Name    string    `bson:"name" json:"name"`                // 1–MaxWord characters
	Query   string    `bson:"query" json:"query"`              // as in the address of the search page, keys in order, without cursor; at most MaxSearchAddress bytes
	Alert   Alert     `bson:"alert" json:"alert"`              // code of Alerts
	SeenAt  time.Time `bson:"seen_at" json:"seen_at,omitzero"` // UTC; when its results were last looked at from the list
	State   string    `bson:"state" json:"state"`              // code of SavedSearchStates
	History []Event   `bson:"history" json:"history"`
}

// Check returns Invalid naming every broken field.
func (s *SavedSearch) Check() error {
	var p Problems
	checkText(&p, "name", s.Name, true, MaxWord)
	p.Check(!strings.ContainsAny(s.Name, "\r\n\t"), "name", "只能是一行")
	p.Check(Alerts.Has(string(s.Alert)), "alert", "请从列表中选择")
	p.Check(len(s.Query) <= MaxSearchAddress, "query", "搜索条件太长，请缩短")
	p.Check(!strings.ContainsFunc(s.Query, unicode.IsControl), "query", "含有不可见的控制字符，请删去后再试")
	return p.Err()
}

// AlertSetting is how one person wants to be told of what concerns them
// without their having asked. Its id is the user's; without one
// DefaultAlertSetting holds.
type AlertSetting struct {
	Meta     `bson:"-"`
	Standing Alert   `bson:"standing" json:"standing"` // of counterparts of what their organizations publish; code of Alerts
	Mail     bool    `bson:"mail" json:"mail"`         // whether digests are sent at all
	History  []Event `bson:"history" json:"history"`
}

// DefaultAlertSetting is the setting of whoever never changed it.
func DefaultAlertSetting(user ID) *AlertSetting {
	return &AlertSetting{Meta: Meta{ID: user}, Standing: AlertDaily, Mail: true}
}

// Check returns Invalid naming every broken field.
func (s *AlertSetting) Check() error {
	var p Problems
	p.Check(Alerts.Has(string(s.Standing)), "standing", "请从列表中选择")
	return p.Err()
}
