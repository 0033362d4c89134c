package market

import "time"

// Session is one sign-in of a user, from the password until it is ended, not
// used for too long or too old. Its tokens are dead as soon as EndedAt is set.
type Session struct {
	Meta       `bson:"-"`
	User       ID        `bson:"user" json:"user"`
	Org        ID        `bson:"org" json:"org"`                    // whom the user acts for
	Epoch      int64     `bson:"epoch" json:"-"`                    // of the user; the session is dead once the user's has moved on
	Generation int64     `bson:"generation" json:"-"`               // of the refresh token that is good; older ones were used
	RotatedAt  time.Time `bson:"rotated_at" json:"-"`               // UTC; when Generation last moved
	UsedAt     time.Time `bson:"used_at" json:"used_at"`            // UTC; moves with use, but not with each
	Address    string    `bson:"address" json:"address"`            // IP address at sign-in, or at the last refresh
	Agent      string    `bson:"agent" json:"agent"`                // what the client calls itself, at most 200 characters
	FactorDue  bool      `bson:"factor_due" json:"factor_due"`      // the password was right, the second factor is still asked for
	EndedAt    time.Time `bson:"ended_at" json:"ended_at,omitzero"` // UTC; zero while it is open
	EndedBy    string    `bson:"ended_by" json:"ended_by"`          // code of SessionEnds
}

// SessionEnds is why sessions end.
var SessionEnds = CodeList{
	{"sign_out", "退出登录"}, {"replaced", "两步验证后换为新会话"}, {"revoked", "在会话列表中结束"}, {"everywhere", "全部退出"}, {"password", "修改了密码"},
	{"reuse", "刷新令牌被重复使用"}, {"idle", "长时间未操作"}, {"expired", "超过最长登录时间"}, {"disabled", "账号停用"}, {"erased", "账号注销"},
}
