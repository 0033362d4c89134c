package market

import (
	"fmt"
	"strings"
)

// Fen is an amount of money in 分, 1/100 yuan. All money inside Jishi is Fen;
// 元, 万元 and 亿元 exist on forms and pages only.
type Fen int64

// Units of money in Fen.
const (
	Yuan Fen = 100
	Wan  Fen = 10_000 * Yuan      // 万元
	Yi   Fen = 100_000_000 * Yuan // 亿元

	// MaxFen bounds every single amount: 10^15 分 is ten trillion yuan, far over any
	// contract and far under what int64 can add up.
	MaxFen Fen = 1_000_000_000_000_000
)

var moneyUnits = []struct {
	suffix string
	unit   Fen
}{{"亿元", Yi}, {"亿", Yi}, {"万元", Wan}, {"万", Wan}, {"元", Yuan}, {"yuan", Yuan}}

// ParseMoney reads an amount typed by a person: "1234.56", "1,234.56 元",
// "９８００ 万元", "0.98亿元", "￥12". A number without a unit counts in unit.
// It refuses negative amounts, fractions of a 分 and more than MaxFen; it
// never rounds.
func ParseMoney(s string, unit Fen) (Fen, error) {
	text := strings.NewReplacer(",", "", " ", "", "¥", "", "￥", "").Replace(Fold(s))
	for _, u := range moneyUnits {
		if rest, ok := strings.CutSuffix(text, u.suffix); ok {
			text, unit = rest, u.unit
			break
		}
	}
	whole, frac, _ := strings.Cut(text, ".")
	if !digits(whole) || len(whole) > 16 || (strings.Contains(text, ".") && !digits(frac)) {
		return 0, E(Invalid, "bad_money", fmt.Sprintf("“%s”不是金额，请写成 1234.56 或 98万元 的样子。", Clip(s, 20)))
	}
	value, rest := Fen(0), unit
	for _, d := range whole {
		value = value*10 + Fen(d-'0')
		if value > MaxFen {
			return 0, moneyTooLarge()
		}
	}
	if value > MaxFen/unit {
		return 0, moneyTooLarge()
	}
	value *= unit
	for _, d := range strings.TrimRight(frac, "0") {
		if rest%10 != 0 {
			return 0, E(Invalid, "money_below_fen", "金额最多精确到分。")
		}
		rest /= 10
		value += Fen(d-'0') * rest
	}
	if value > MaxFen {
		return 0, moneyTooLarge()
	}
	return value, nil
}

func moneyTooLarge() error {
	return E(Invalid, "money_too_large", "金额超出上限（十万亿元），请检查单位。")
}

func digits(s string) bool {
	if s == "" {
		return false
	}
	return strings.Trim(s, "0123456789") == ""
}

// String writes the amount in yuan with thousands separators and two
// decimals: 1,234.56. A negative amount has a leading minus.
func (f Fen) String() string { return group(f, Yuan, 2) }

// Yuan writes the amount in yuan: "9,800,000.00 元".
func (f Fen) Yuan() string { return group(f, Yuan, 2) + " 元" }

// Wan writes the amount in 万元 without trailing zeros: "980 万元", "12.5 万元".
// It is exact: 万元 has at most six decimals.
func (f Fen) Wan() string { return trimZeros(group(f, Wan, 6)) + " 万元" }

// Yi writes the amount in 亿元 without trailing zeros: "0.98 亿元".
func (f Fen) Yi() string { return trimZeros(group(f, Yi, 10)) + " 亿元" }

// Plain writes the amount in yuan as a program reads it: "1234.56".
func (f Fen) Plain() string { return strings.ReplaceAll(f.String(), ",", "") }

func trimZeros(s string) string {
	if !strings.Contains(s, ".") {
		return s
	}
	return strings.TrimRight(strings.TrimRight(s, "0"), ".")
}

// group writes f in a unit with the given number of decimals, whole part in
// groups of three.
func group(f, unit Fen, decimals int) string {
	sign := ""
	if f < 0 {
		sign, f = "-", -f
	}
	whole := fmt.Sprintf("%d", f/unit)
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	return fmt.Sprintf("%s%s.%0*d", sign, whole, decimals, int64(f%unit))
}
