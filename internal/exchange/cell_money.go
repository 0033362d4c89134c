package exchange

import (
	"regexp"
	"strconv"
	"strings"

	"jishi/internal/market"
)

// money is a column of an amount, exported as a number in h.Unit.
func money[T Importable](h head, at func(*T) *market.Fen) column[T] {
	h.Number = true
	return column[T]{
		head: h,
		Set:  func(doc *T, v value) (err error) { *at(doc), err = readMoney(v); return err },
		Get: func(doc *T) string {
			if *at(doc) == 0 {
				return ""
			}
			return inUnit(*at(doc), h.Unit)
		},
	}
}

// units is the words for units of money in headers, folded and in lower case.
var units = map[string]market.Fen{
	"亿元": market.Yi, "亿": market.Yi, "人民币亿元": market.Yi, "yi": market.Yi,
	"万元": market.Wan, "万": market.Wan, "人民币万元": market.Wan, "wan": market.Wan,
	"元": market.Yuan, "人民币元": market.Yuan, "人民币": market.Yuan, "yuan": market.Yuan,
	"分": 1, "fen": 1,
}

var amount = regexp.MustCompile(`^(?:RMB|CNY|[¥￥])?\s*(\d[\d,]*(?:\.\d+)?(?:[eE][+-]?\d{1,3})?)\s*(\D{0,4})$`)

// readMoney reads an amount. Whether a bare number is 元 or 万元 must stand
// either in the header or in the cell: guessing would be wrong by ten thousand.
func readMoney(v value) (market.Fen, error) {
	folded := market.Fold(v.Text)
	switch folded {
	case "面议", "待定", "-", "/", "—":
		return 0, nil
	}
	m := amount.FindStringSubmatch(folded)
	if m == nil {
		return 0, badCell("不是金额，请写成 1234.56 或 98万元 的样子")
	}
	number, unit := tidyNumber(strings.ReplaceAll(m[1], ",", "")), m[2]
	if unit == "" && v.Unit == 0 {
		if strings.Trim(number, "0.") == "" {
			return 0, nil
		}
		return 0, badCell("没有写明单位，请写成 98万元 的样子，或在表头注明，如（元）、（万元）")
	}
	return market.ParseMoney(number+unit, max(v.Unit, 1))
}

// exactDigits is how many decimal digits a spreadsheet's number carries.
// Every amount up to market.MaxFen fits in them.
const exactDigits = 15

// tidyNumber writes a number without exponent and without the digits that are
// only noise of the binary format spreadsheets store it in: 0.98 often stands
// as 0.97999999999999998 in the file.
func tidyNumber(s string) string {
	digits := strings.TrimLeft(strings.Replace(s, ".", "", 1), "0")
	if !strings.ContainsAny(s, "eE") && len(digits) <= exactDigits {
		return s
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return s
	}
	f, err = strconv.ParseFloat(strconv.FormatFloat(f, 'e', exactDigits-1, 64), 64)
	if err != nil {
		return s
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// inUnit writes an amount in a unit, exactly and without trailing zeros.
func inUnit(f, unit market.Fen) string {
	text := strconv.FormatInt(int64(f/unit), 10)
	decimals := len(strconv.FormatInt(int64(unit), 10)) - 1
	rest := strconv.FormatInt(int64(f%unit), 10)
	frac := strings.TrimRight(strings.Repeat("0", max(0, decimals-len(rest)))+rest, "0")
	if frac == "" || decimals == 0 {
		return text
	}
	return text + "." + frac
}
