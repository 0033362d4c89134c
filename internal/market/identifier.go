package market

import (
	"regexp"
	"strings"
)

const creditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// creditWeights is 3^(i-1) mod 31, GB 32100-2015 clause on the check character.
var creditWeights = [17]int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}

// ParseCreditCode normalises a 统一社会信用代码 (GB 32100-2015) and verifies its
// alphabet, length and check character. The six division digits need not be a
// current division: codes outlive boundary changes.
func ParseCreditCode(s string) (string, error) {
	code := strings.ToUpper(strings.Map(dropSpace, Fold(s)))
	if len(code) != 18 {
		return "", E(Invalid, "bad_credit_code", "统一社会信用代码应为 18 位。")
	}
	sum := 0
	for i := 0; i < 18; i++ {
		v := strings.IndexByte(creditAlphabet, code[i])
		if v < 0 {
			return "", E(Invalid, "bad_credit_code", "统一社会信用代码只含数字和大写字母，且不用 I、O、S、V、Z。")
		}
		if i < 17 {
			sum += v * creditWeights[i]
		}
	}
	if creditAlphabet[(31-sum%31)%31] != code[17] {
		return "", E(Invalid, "bad_credit_code", "统一社会信用代码校验位不对，请核对。")
	}
	return code, nil
}

var (
	patentNumber = regexp.MustCompile(`^(?:ZL)?(\d{12}|\d{8})\.?([\dX])$`)
	mobileNumber = regexp.MustCompile(`^1[3-9]\d{9}$`)
	landline     = regexp.MustCompile(`^0\d{2,3}-?\d{7,8}(-\d{1,6})?$`)
	emailAddress = regexp.MustCompile(`^[^\s@<>"',;]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$`)
)

// ParsePatentNumber normalises a Chinese patent or application number to ZL +
// digits + "." + check character and verifies the check: digits times 2…9
// repeating, sum mod 11, 10 written X.
func ParsePatentNumber(s string) (string, error) {
	text := strings.ToUpper(strings.Map(dropSpace, Fold(s)))
	m := patentNumber.FindStringSubmatch(text)
	if m == nil {
		return "", E(Invalid, "bad_patent_number", "专利号应写成 ZL201710601862.3 的样子。")
	}
	if len(m[1]) == 12 && !strings.Contains("12389", m[1][4:5]) {
		return "", E(Invalid, "bad_patent_number", "专利号第五位是种类，应为 1、2、3、8 或 9。")
	}
	sum := 0
	for i := range m[1] {
		sum += int(m[1][i]-'0') * (2 + i%8)
	}
	if want := "0123456789X"[sum%11]; m[2][0] != want {
		return "", E(Invalid, "bad_patent_number", "专利号校验位不对，请核对。")
	}
	return "ZL" + m[1] + "." + m[2], nil
}

// ParseMobile normalises a mainland mobile number to 11 digits.
func ParseMobile(s string) (string, error) {
	text := strings.TrimPrefix(strings.NewReplacer("-", "", " ", "").Replace(Fold(s)), "+86")
	if !mobileNumber.MatchString(text) {
		return "", E(Invalid, "bad_mobile", "手机号应为 11 位，以 13–19 开头。")
	}
	return text, nil
}

// ParsePhone accepts a mobile number or a landline with area code.
func ParsePhone(s string) (string, error) {
	if text := Fold(s); landline.MatchString(text) {
		return text, nil
	}
	if text, err := ParseMobile(s); err == nil {
		return text, nil
	}
	return "", E(Invalid, "bad_phone", "电话应为 11 位手机号，或 023-12345678 样子的座机。")
}

func dropSpace(r rune) rune {
	if r == ' ' || r == '\t' || r == '-' {
		return -1
	}
	return r
}
