package market

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"
)

// Consent is one person's agreement to one purpose under one version of the
// privacy notice (个人信息保护法 articles 14–16, 23, 25). Withdrawing closes it;
// agreeing again makes another.
type Consent struct {
	Meta        `bson:"-"`
	User        ID        `bson:"user" json:"user"`
	Purpose     string    `bson:"purpose" json:"purpose"`                    // code of ConsentPurposes
	Policy      string    `bson:"policy" json:"policy"`                      // version of the notice, e.g. "2026-11"
	GivenAt     time.Time `bson:"given_at" json:"given_at"`                  // UTC
	WithdrawnAt time.Time `bson:"withdrawn_at" json:"withdrawn_at,omitzero"` // UTC; zero while it holds
	History     []Event   `bson:"history" json:"history"`
}

// Holds reports whether the consent stands.
func (c *Consent) Holds() bool { return c.WithdrawnAt.IsZero() }

// ConsentID is the id of a user's nth agreement, from 0, to a purpose under a
// version of the notice: the same agreement given twice is one.
func ConsentID(user ID, purpose, policy string, n int) ID {
	sum := sha256.Sum256([]byte(string(user) + "/" + purpose + "/" + policy + "/" + strconv.Itoa(n)))
	return ID("cs-" + hex.EncodeToString(sum[:16]))
}

// PolicyVersion is the version of the privacy notice in force. A new one is
// put to every user again (article 14, second paragraph).
const PolicyVersion = "2026-11"

// The purposes. Only PurposeAccount is needed to use the platform; refusing
// the others must cost nobody anything (article 16).
const (
	PurposeAccount   = "account"   // keep an account and the record of what is done with it
	PurposeContact   = "contact"   // show the contact data one puts into listings to verified counterparties (article 23)
	PurposePublish   = "publish"   // name as a broker in the public directory (article 25)
	PurposeRecommend = "recommend" // suggestions by what one did before (article 24)
)

// ConsentPurposes is the code list of purposes.
var ConsentPurposes = CodeList{
	{PurposeAccount, "开立账号并留存操作记录"}, {PurposeContact, "向已核验的交易对方提供本人填写的联系方式"},
	{PurposePublish, "在公开名录中展示本人姓名和证书"}, {PurposeRecommend, "按本人使用情况推荐"},
}
