package web

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// Units of money in 分.
const (
	fenPerYuan = 100
	fenPerWan  = 10_000 * fenPerYuan
	fenPerYi   = 10_000 * fenPerWan
)

// Money is an amount as pages show it: rounded in Text, exact in Full.
// Part "money".
type Money struct {
	Text  string // "1,234.57 万元"
	Full  string // "￥12,345,678.90"
	Plain string // "12345678.90", for programs
}

// MoneyOf returns an amount in 分 ready for the part "money".
func MoneyOf(fen int64) Money {
	return Money{Text: Wan(fen), Full: Yuan(fen), Plain: strings.ReplaceAll(decimal(fen, fenPerYuan, 2), ",", "")}
}

// Yuan writes an amount in 分 exactly: "￥1,234.00".
func Yuan(fen int64) string {
	text := decimal(fen, fenPerYuan, 2)
	if rest, negative := strings.CutPrefix(text, "-"); negative {
		return "-￥" + rest
	}
	return "￥" + text
}

// Wan writes an amount in 分 in 万元, rounded to two decimals without
// trailing zeros: "980 万元". Below 1 万元, where rounding would distort, it is
// exact in 元: "55.5 元".
func Wan(fen int64) string {
	if fen > -fenPerWan && fen < fenPerWan {
		return short(fen, fenPerYuan) + " 元"
	}
	return short(fen, fenPerWan) + " 万元"
}

// Yi writes an amount in 分 in 亿元, rounded to two decimals without trailing
// zeros: "0.98 亿元". Below 0.1 亿元 it falls back to Wan.
func Yi(fen int64) string {
	if fen > -fenPerYi/10 && fen < fenPerYi/10 {
		return Wan(fen)
	}
	return short(fen, fenPerYi) + " 亿元"
}

// WanColumn writes an amount in 分 in 万元 with two decimals and no unit, for
// columns whose head names it: "1,234.50".
func WanColumn(fen int64) string { return decimal(fen, fenPerWan, 2) }

// short is decimal with two decimals and trailing zeros removed.
func short(fen, unit int64) string {
	return strings.TrimRight(strings.TrimRight(decimal(fen, unit, 2), "0"), ".")
}

// decimal writes value/unit with grouped thousands and the given number of
// decimals, rounded half away from zero. unit is a power of ten that has at
// least so many zeros.
func decimal(value, unit int64, decimals int) string {
	sign, magnitude := "", uint64(value)
	if value < 0 {
		sign, magnitude = "-", -magnitude
	}
	step := uint64(unit)
	for range decimals {
		step /= 10
	}
	units := magnitude / step
	if magnitude%step >= (step+1)/2 {
		units++
	}
	if units == 0 {
		sign = ""
	}
	scale := uint64(unit) / step
	return fmt.Sprintf("%s%s.%0*d", sign, thousands(units/scale), decimals, units%scale)
}

// thousands writes n in groups of three: 1,234,567.
func thousands(n uint64) string {
	text := strconv.FormatUint(n, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// integer reads any signed integer type, so that templates may pass amounts
// and counts of named types.
func integer(v any) (int64, error) {
	r := reflect.ValueOf(v)
	if r.IsValid() && r.CanInt() {
		return r.Int(), nil
	}
	return 0, fmt.Errorf("web: %T is not an integer", v)
}
