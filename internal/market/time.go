package market

import (
	"fmt"
	"time"
)

// Shanghai is the zone of every calendar rule. China has kept UTC+8 without
// daylight saving since 1991, so a fixed zone is exact for all our dates and
// needs no time zone file.
var Shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// Date is a calendar day in Shanghai, "2006-01-02"; empty means not stated.
type Date string

// DateOf returns the Shanghai day of t.
func DateOf(t time.Time) Date { return Date(t.In(Shanghai).Format(time.DateOnly)) }

// ParseDate reads 2006-01-02, 2006/1/2, 2006.1.2 or 2006年1月2日; empty stays empty.
func ParseDate(s string) (Date, error) {
	if s == "" {
		return "", nil
	}
	for _, layout := range []string{"2006-1-2", "2006/1/2", "2006.1.2", "2006年1月2日", "20060102"} {
		if t, err := time.Parse(layout, s); err == nil {
			return Date(t.Format(time.DateOnly)), nil
		}
	}
	return "", E(Invalid, "bad_date", fmt.Sprintf("“%s”不是日期，请写成 2026-03-31 的样子。", Clip(s, 20)))
}

// Valid reports whether d is a day of the calendar.
func (d Date) Valid() bool {
	_, err := time.Parse(time.DateOnly, string(d))
	return err == nil
}

// Time returns the first instant of the day in Shanghai; the zero time for "".
func (d Date) Time() time.Time {
	t, err := time.ParseInLocation(time.DateOnly, string(d), Shanghai)
	if err != nil {
		return time.Time{}
	}
	return t
}

// Month is a calendar month in Shanghai, "2006-01".
type Month string

// MonthOf returns the Shanghai month of t.
func MonthOf(t time.Time) Month { return Month(t.In(Shanghai).Format("2006-01")) }

// Valid reports whether m is a month of the calendar.
func (m Month) Valid() bool {
	_, err := time.Parse("2006-01", string(m))
	return err == nil
}

// Start returns the first instant of the month in Shanghai; the zero time for
// what is no month.
func (m Month) Start() time.Time { return Date(m + "-01").Time() }

// Next returns the month after; empty for what is no month.
func (m Month) Next() Month {
	start := m.Start()
	if start.IsZero() {
		return ""
	}
	return MonthOf(start.AddDate(0, 1, 0))
}

// Month returns the month the day lies in.
func (d Date) Month() Month {
	if len(d) < 7 {
		return ""
	}
	return Month(d[:7])
}
