package web

import (
	"fmt"
	"time"
)

// shanghai is the zone every page shows. China has kept UTC+8 without daylight
// saving since 1991, so a fixed zone needs no time zone file.
var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

const day = 24 * time.Hour

// instant reads what a template passes as a time: time.Time, *time.Time, or a
// calendar day with a method Time. A nil pointer is the zero time.
func instant(v any) (time.Time, error) {
	switch t := v.(type) {
	case time.Time:
		return t, nil
	case *time.Time:
		if t == nil {
			return time.Time{}, nil
		}
		return *t, nil
	case interface{ Time() time.Time }:
		return t.Time(), nil
	}
	return time.Time{}, fmt.Errorf("web: %T is not a time", v)
}

// layout returns a view function that writes a time in Shanghai; the zero time
// is "—".
func layout(format string) func(any) (string, error) {
	return func(v any) (string, error) {
		t, err := instant(v)
		if err != nil || t.IsZero() {
			return none, err
		}
		return t.In(shanghai).Format(format), nil
	}
}

// since writes how long ago a time was, or how far off it is; after a month
// it becomes the date.
func since(v any, now time.Time) (string, error) {
	t, err := instant(v)
	if err != nil || t.IsZero() {
		return none, err
	}
	d, suffix := now.Sub(t), "前"
	if d < 0 {
		d, suffix = -d, "后"
	}
	switch {
	case d < time.Minute:
		return "刚刚", nil
	case d < time.Hour:
		return fmt.Sprintf("%d 分钟%s", d/time.Minute, suffix), nil
	case d < day:
		return fmt.Sprintf("%d 小时%s", d/time.Hour, suffix), nil
	case d < 30*day:
		return fmt.Sprintf("%d 天%s", d/day, suffix), nil
	}
	return t.In(shanghai).Format(time.DateOnly), nil
}

// deadline says by calendar days in Shanghai how a due time stands.
func deadline(v any, now time.Time) (Badge, error) {
	t, err := instant(v)
	if err != nil || t.IsZero() {
		return Badge{Text: "无期限", Tone: Neutral}, err
	}
	days := dayNumber(t) - dayNumber(now)
	switch {
	case t.Before(now) && days == 0:
		return Badge{Text: "今天已到期", Tone: Bad}, nil
	case days < 0:
		return Badge{Text: fmt.Sprintf("已超期 %d 天", -days), Tone: Bad}, nil
	case days == 0:
		return Badge{Text: "今天到期", Tone: Wait}, nil
	case days <= 3:
		return Badge{Text: fmt.Sprintf("还剩 %d 天", days), Tone: Wait}, nil
	}
	return Badge{Text: fmt.Sprintf("还剩 %d 天", days), Tone: Neutral, Icon: "calendar"}, nil
}

// dayNumber counts Shanghai calendar days from a fixed start.
func dayNumber(t time.Time) int64 {
	_, offset := t.In(shanghai).Zone()
	seconds := t.Unix() + int64(offset)
	days := seconds / int64(day/time.Second)
	if seconds%int64(day/time.Second) < 0 {
		days--
	}
	return days
}
