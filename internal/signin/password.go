package signin

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of a password. GB/T 22239-2019 level 2 (7.1.4.1 身份鉴别) asks for a
// complexity check and fixes no numbers; ten characters of three classes are
// the platform's (domain.md section 10). The upper bound only bounds work.
const (
	minPassword = 10  // characters, unless configured otherwise
	maxPassword = 128 // characters
	minClasses  = 3
)

// Problem returns what is wrong with a new password for login, in Chinese, or
// "" when nothing is. login is folded; about is what a guesser would try
// first: the names of the user and of the organization.
func (h *Passwords) Problem(login, password string, about ...string) string {
	name, _, _ := strings.Cut(login, "@")
	lower := strings.ToLower(password)
	switch length := utf8.RuneCountInString(password); {
	case !utf8.ValidString(password) || strings.ContainsFunc(password, unicode.IsControl):
		return "含有无法输入的字符，请重新设置"
	case length < h.shortest:
		return "至少 " + strconv.Itoa(h.shortest) + " 个字符"
	case length > maxPassword:
		return "最多 128 个字符"
	case characterClasses(password) < minClasses:
		return "须包含大写字母、小写字母、数字、其他符号中的至少三类"
	case login != "" && strings.Contains(lower, login), utf8.RuneCountInString(name) >= 3 && strings.Contains(lower, name):
		return "不能包含登录名"
	case fewDifferent(password):
		return "重复的字符过多，请换一个"
	}
	return guessable(password, append([]string{login, name}, about...))
}

// Rule says in Chinese what a new password must be like, for the hint beside
// its field.
func (h *Passwords) Rule() string {
	return "至少 " + strconv.Itoa(h.shortest) + " 个字符，含大写字母、小写字母、数字、其他符号中的三类；不要用姓名、单位名、日期和常见词。"
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
