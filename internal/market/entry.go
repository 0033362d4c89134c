package market

import (
	"context"
	"strings"
	"time"
)

// Entry is one line of the audit trail 审计记录: who did what to what, for
// whom, from where. Names and texts are not in it, only ids and codes.
type Entry struct {
	At      time.Time `bson:"at" json:"at"`           // UTC, milliseconds
	User    ID        `bson:"user" json:"user"`       // who; empty for a visitor
	Org     ID        `bson:"org" json:"org"`         // for whom
	Action  Action    `bson:"action" json:"action"`   // what
	Kind    string    `bson:"kind" json:"kind"`       // of what: code of SubjectKinds
	Subject ID        `bson:"subject" json:"subject"` // on which document; empty when it is about none
	From    string    `bson:"from" json:"from"`       // state before
	To      string    `bson:"to" json:"to"`           // state after
	Result  string    `bson:"result" json:"result"`   // "ok", or the code of the refusal
	Detail  string    `bson:"detail" json:"detail"`   // e.g. which fields were revealed, how many rows exported; at most MaxNote characters
	Address string    `bson:"address" json:"address"` // IP address
	Request string    `bson:"request" json:"request"` // id of the request
	Source  string    `bson:"source" json:"source"`   // "" or the event it repeats: kind/subject/seq
	NoteSum string    `bson:"note_sum" json:"-"`      // SHA-256, hex, of the event's note, which stays in the document; empty without one
}

// ResultOK is the Result of what was done.
const ResultOK = "ok"

// Trail takes audit entries. Append returns once the entry is durable; what
// must not happen unseen (a reveal, an export) is not done when it fails.
type Trail interface {
	Append(ctx context.Context, e Entry) error
}

// NewEntry returns the entry of an action by an actor on a document under the
// request in ctx.
func NewEntry(ctx context.Context, by Actor, at time.Time, a Action, kind string, subject ID) Entry {
	r := RequestOf(ctx)
	return Entry{At: at.UTC().Truncate(time.Millisecond), User: by.User, Org: by.Org, Action: a, Kind: kind,
		Subject: subject, Result: ResultOK, Address: r.Address, Request: r.ID}
}

// SubjectKinds is what entries are about.
var SubjectKinds = CodeList{
	{"achievement", "成果"}, {"demand", "需求"}, {"contract", "技术合同"}, {"organization", "单位"}, {"user", "用户"},
	{"session", "登录会话"}, {"ticket", "一次性链接"}, {"consent", "同意记录"}, {"mail", "邮件"}, {"synonym", "同义词"}, {"file", "文件"},
	{"saved_search", "搜索订阅"}, {"alert_setting", "提醒设置"}, {"target", "目标"}, {"indicator", "规划指标"}, {"import", "导入"}, {"page", "页面与接口"}, {"audit", "审计记录"},
	{"weighting", "匹配权重"},
	{"verdict", "匹配判断"}, {"proposal", "权重建议"}, {"quality", "匹配质量"},
	{"duplicate", "可能重复"}, {"index", "搜索索引"},
}

// AuditedActions is every action that entries can be about, in Chinese.
func AuditedActions() CodeList { return actionNames }

// stateNames is what the From and To of entries about each kind are codes of.
var stateNames = map[string]CodeList{
	"achievement": ListingStates, "demand": ListingStates, "contract": ContractStates, "organization": OrganizationStates, "mail": MailStates, "synonym": SynonymStates,
	"file": FileTypes, "saved_search": SavedSearchStates, "alert_setting": Alerts,
	"verdict":   VerdictStates,
	"ticket":    {{"open", "待使用"}, {"good", "待使用"}, {"used", "已使用"}, {"revoked", "已撤销"}},
	"consent":   {{"given", "已同意"}, {"withdrawn", "已撤回"}},
	"duplicate": DuplicateStates,
	"import":    {{string(ImportRunning), "进行中"}, {string(ImportDone), "完成"}, {string(ImportFailed), "没有做完"}},
}

// StateName returns what a state of a kind of document is called; what is no
// code of one stays as it is. That of a user is their membership's with their
// roles: "active supplier broker".
func StateName(kind, state string) string {
	if kind == "user" {
		words := strings.Fields(state)
		for i, word := range words {
			words[i] = nameIn(word, MembershipStates, Roles, certificateStates)
		}
		return strings.Join(words, "、")
	}
	return nameIn(state, stateNames[kind])
}

// certificateStates is what became of a broker's certificate.
var certificateStates = CodeList{{"waiting", "待确认"}, {"confirmed", "已确认"}, {"refused", "未确认"}}

// nameIn is the name of a code in the first list that has it, else the code.
func nameIn(code string, lists ...CodeList) string {
	for _, list := range lists {
		if list.Has(code) {
			return list.Name(code)
		}
	}
	return code
}
