package market

import (
	"strings"
	"time"
)

// identityPlaces is the first two digits that identity cards begin with: the
// provinces of GB/T 2260, and the permits of residents from Hong Kong, Macao
// and Taiwan (81–83).
const identityPlaces = " 11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 "

// identityWeights is 2^(17-i) mod 11, GB 11643-1999 on the check character
// (ISO 7064, MOD 11-2).
var identityWeights = [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}

// ParseIdentityCard normalises the number of an identity card 居民身份证
// (GB 11643-1999) to 17 digits and a digit or X, and verifies place, date of
// birth and check character. The numbers of 15 digits are no longer good since
// 2013 and are refused. The error never repeats what was typed.
func ParseIdentityCard(s string) (string, error) {
	number := strings.ToUpper(strings.Map(dropSpace, Fold(s)))
	switch {
	case len(number) == 15 && strings.Trim(number, "0123456789") == "":
		return "", E(Invalid, "bad_identity_card", "15 位的旧身份证号已停用，请填现在的 18 位号码。")
	case len(number) != 18:
		return "", E(Invalid, "bad_identity_card", "身份证号应为 18 位。")
	case !identityCard(number):
		return "", E(Invalid, "bad_identity_card", "身份证号不对，请对照证件核对每一位。")
	}
	return number, nil
}

// identityCard reports whether 18 bytes are the number of an identity card.
func identityCard(number string) bool {
	sum := 0
	for i := range 17 {
		if number[i] < '0' || number[i] > '9' {
			return false
		}
		sum += int(number[i]-'0') * identityWeights[i]
	}
	if "10X98765432"[sum%11] != number[17] || !strings.Contains(identityPlaces, " "+number[:2]+" ") {
		return false
	}
	born, err := time.Parse("20060102", number[6:14])
	return err == nil && born.Year() >= 1900 && born.Year() < 2100
}

// MaskIdentityCard shows of an identity card its first four digits and the
// last one: enough to tell two people of one contract apart.
func MaskIdentityCard(number string) string {
	if len(number) != 18 {
		return strings.Repeat("*", len([]rune(number)))
	}
	return number[:4] + strings.Repeat("*", 13) + number[17:]
}

// HoldsIdentityCard reports whether a text has the number of an identity card
// in it, written in one or with a space or hyphen where people put them: after
// the place and after the date. A 统一社会信用代码 of digits only is none.
func HoldsIdentityCard(text string) bool { return len(identityCards(text)) > 0 }

// MaskIdentityCards returns the text, folded when it has one in it, with every
// number of an identity card masked. It is for what quotes typed text, such as
// the report on an import.
func MaskIdentityCards(text string) string {
	found := identityCards(text)
	if len(found) == 0 {
		return text
	}
	folded := Fold(text)
	var b strings.Builder
	last := 0
	for _, at := range found {
		b.WriteString(folded[last:at.Start])
		b.WriteString(strings.Repeat("*", at.End-at.Start))
		last = at.End
	}
	b.WriteString(folded[last:])
	return b.String()
}

// identityCards returns where in the folded text identity cards stand.
func identityCards(text string) []Span {
	if len(text) < 18 {
		return nil
	}
	text = Fold(text)
	var found []Span
	for i := 0; i+18 <= len(text); i++ {
		if !digit(text[i]) || i > 0 && wordByte(text[i-1]) {
			continue
		}
		number, end := readIdentityCard(text[i:])
		if end == 0 || i+end < len(text) && wordByte(text[i+end]) {
			continue
		}
		if identityCard(number) && !codedUnit(number) {
			found = append(found, Span{Start: i, End: i + end})
			i += end - 1
		}
	}
	return found
}

// readIdentityCard reads 18 characters, passing over one separator after the
// sixth and the fourteenth; end is 0 when there are not as many.
func readIdentityCard(text string) (number string, end int) {
	digits := make([]byte, 0, 18)
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case digit(c), len(digits) == 17 && (c == 'X' || c == 'x'):
			if digits = append(digits, c); len(digits) == 18 {
				return strings.ToUpper(string(digits)), i + 1
			}
		case (c == ' ' || c == '-') && (len(digits) == 6 || len(digits) == 14) && digit(text[i-1]):
		default:
			return "", 0
		}
	}
	return "", 0
}

// codedUnit reports whether 18 digits are the code of a unit rather than of a
// person: the check holds and a place stands where codes have theirs, in which
// identity cards have the county and the century.
func codedUnit(number string) bool {
	_, err := ParseCreditCode(number)
	return err == nil && strings.Contains(identityPlaces, " "+number[2:4]+" ")
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// wordByte reports whether c goes on a word of letters and digits.
func wordByte(c byte) bool { return digit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
