package exchange

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"jishi/internal/market"
)

// date is a column of a calendar day.
func date[T Importable](h head, at func(*T) *market.Date) column[T] {
	return column[T]{
		head: h,
		Set:  func(doc *T, v value) (err error) { *at(doc), err = readDate(v.Text); return err },
		Get:  func(doc *T) string { return string(*at(doc)) },
	}
}

// Spreadsheets store a day as the number of days since 1899-12-30. Numbers
// outside these bounds (1954 to 2119) are taken for a slip, not for a day.
const (
	firstSerial = 20_000
	lastSerial  = 80_000
)

var (
	serialDate = regexp.MustCompile(`^\d{5}(\.\d+)?$`)
	timeOfDay  = regexp.MustCompile(`[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?Z?$`)
)

// readDate reads a day as people write it, as programs write it (a time of
// day is cut off), or as a spreadsheet stores it.
func readDate(text string) (market.Date, error) {
	folded := timeOfDay.ReplaceAllString(market.Fold(text), "")
	if serialDate.MatchString(folded) {
		serial, err := strconv.ParseFloat(folded, 64)
		if err == nil && serial >= firstSerial && serial < lastSerial {
			t, err := excelize.ExcelDateToTime(serial, false)
			return market.Date(t.Format(time.DateOnly)), err
		}
	}
	d, err := market.ParseDate(strings.ReplaceAll(folded, " ", ""))
	if err != nil {
		return "", badCell("不是日期，请写成 2026-03-31 的样子")
	}
	return d, nil
}

func dayOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return string(market.DateOf(t))
}
