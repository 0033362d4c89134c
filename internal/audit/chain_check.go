package audit

import (
	"bytes"
	"crypto/hmac"
	"strings"
)

// What can be wrong with one line by itself.
const (
	faultBody   = "内容与摘要不符：这条记录写入后被改过"
	faultHash   = "编号、时间、来源或摘要与校验值不符：这条记录写入后被改过"
	faultSeal   = "签名不符：这条记录不是本系统写入的，或从这里起整段被重写过"
	faultKey    = "签名所用的密钥不在本机：请用写入时的密钥核对"
	faultSource = "来源与内容不符：这条记录写入后被改过"
)

// fault says what is wrong with a line by itself, "" when nothing is. A line
// whose key is not known may be genuine: what follows it can prove it.
func (k Keys) fault(l *Line) string {
	if !l.Wiped {
		switch {
		case !l.Body.At.Equal(l.At) || !bytes.Equal(digest(l.Salt, l.Body), l.Digest):
			return faultBody
		case l.Body.Source != l.Source && (l.Body.Source != "" || !strings.HasPrefix(l.Source, ownMark)):
			return faultSource
		}
	}
	if !bytes.Equal(l.sum(), l.Hash) {
		return faultHash
	}
	key, ok := k.of(l.Key)
	switch {
	case !ok:
		return faultKey
	case !hmac.Equal(l.Seal, key.mac(tagSeal, l.Hash)):
		return faultSeal
	}
	return ""
}
