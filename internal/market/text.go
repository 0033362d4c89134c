package market

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Fold brings full-width letters, digits and punctuation to half width and
// trims white space at both ends. Han characters stay as they are.
func Fold(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case r == '　' || r == '\u00a0':
			return ' '
		case r == '\ufeff' || r == '\u200b':
			return -1
		}
		return r
	}, s))
}

// NormalTitle reduces a title to what makes it the same title: folded, lower
// case, letters and digits only. Used to find a listing entered twice.
func NormalTitle(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, Fold(s))
}

// Clip returns at most n runes of s, with … when something was cut.
func Clip(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	runes := []rune(s)
	return string(runes[:n]) + "…"
}

// checkText notes what is wrong with a text field: invalid UTF-8, control
// characters other than newline and tab, more than max runes, empty although
// required, or the number of somebody's identity card, which has one place of
// its own (Party.Identity) and none in texts.
func checkText(p *Problems, field, s string, required bool, max int) {
	switch {
	case !utf8.ValidString(s):
		p.Add(field, "含有无法识别的字符，请重新输入")
	case strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' }):
		p.Add(field, "含有不可见的控制字符，请删去后再试")
	case required && strings.TrimSpace(s) == "":
		p.Add(field, "必填")
	case utf8.RuneCountInString(s) > max:
		p.Add(field, "最多 "+strconv.Itoa(max)+" 字")
	case HoldsIdentityCard(s):
		p.Add(field, "含有身份证号，请删去：身份证号属于敏感个人信息，不能写在文字里")
	}
}
