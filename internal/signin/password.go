package signin

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of a password. The lower one and the three classes are the platform's
// password rule (GB/T 22239-2019 level 2 asks for a complexity check and fixes
// no numbers); the upper one only bounds work.
const (
	minPassword = 10  // characters
	maxPassword = 128 // characters
)

// Problem returns what is wrong with a new password for login, in Chinese, or
// "" when nothing is. login is folded.
func (h *Passwords) Problem(login, password string) string {
	name, _, _ := strings.Cut(login, "@")
	lower := strings.ToLower(password)
	switch length := utf8.RuneCountInString(password); {
	case !utf8.ValidString(password) || strings.ContainsFunc(password, unicode.IsControl):
		return "含有无法输入的字符，请重新设置"
	case length < minPassword:
		return "至少 10 个字符"
	case length > maxPassword:
		return "最多 128 个字符"
	case characterClasses(password) < 3:
		return "须包含大写字母、小写字母、数字、其他符号中的至少三类"
	case login != "" && strings.Contains(lower, login), utf8.RuneCountInString(name) >= 3 && strings.Contains(lower, name):
		return "不能包含登录名"
	case fewDifferent(password):
		return "重复的字符过多，请换一个"
	}
	return ""
}

// characterClasses counts which of upper case, lower case, digits and others
// (Han characters among them) occur.
func characterClasses(s string) int {
	var upper, lower, digit, other int
	for _, r := range s {
		switch {
		case unicode.IsUpper(r):
			upper = 1
		case unicode.IsLower(r):
			lower = 1
		case unicode.IsDigit(r):
			digit = 1
		default:
			other = 1
		}
	}
	return upper + lower + digit + other
}

// fewDifferent reports whether s has fewer than five different characters.
func fewDifferent(s string) bool {
	seen := make(map[rune]bool)
	for _, r := range s {
		seen[r] = true
	}
	return len(seen) < 5
}
