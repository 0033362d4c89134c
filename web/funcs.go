package web

import (
	"fmt"
	"html/template"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// none stands where a value is missing.
const none = "—"

// functions returns what templates may call. Money and counts accept any
// signed integer type, times accept time.Time, *time.Time and calendar days
// with a method Time.
func functions(assets *Assets, now func() time.Time) template.FuncMap {
	return template.FuncMap{
		"asset":     assets.URL,
		"iconURL":   assets.IconURL,
		"money":     amount(MoneyOf),
		"yuan":      amount(Yuan),
		"wan":       amount(Wan),
		"wanColumn": amount(WanColumn),
		"yi":        amount(Yi),
		"num":       amount(Count),
		"pct":       Percent,
		"share":     share,
		"date":      layout(time.DateOnly),
		"datetime":  layout("2006-01-02 15:04"),
		"dateCN":    layout("2006年1月2日"),
		"ago":       func(v any) (string, error) { return since(v, now()) },
		"due":       func(v any) (Badge, error) { return deadline(v, now()) },
		"join":      join,
		"mark":      Mark,
		"badge":     func(text string, tone Tone) Badge { return Badge{Text: text, Tone: tone} },
		"empty":     emptyOf,
	}
}

// amount lets a template pass any signed integer to a function of 分.
func amount[T any](show func(int64) T) func(any) (T, error) {
	return func(v any) (T, error) {
		n, err := integer(v)
		if err != nil {
			var zero T
			return zero, err
		}
		return show(n), nil
	}
}

// Count writes a whole number in groups of three: "12,345".
func Count(n int64) string {
	if n < 0 {
		return "-" + thousands(-uint64(n))
	}
	return thousands(uint64(n))
}

// Percent writes a share of one with one decimal: 0.247 is "24.7%". What is
// no number is "—".
func Percent(share float64) string {
	if math.IsNaN(share) || math.IsInf(share, 0) {
		return none
	}
	return strconv.FormatFloat(share*100, 'f', 1, 64) + "%"
}

// share writes part of whole in percent, "—" when whole is zero.
func share(part, whole any) (string, error) {
	p, err := integer(part)
	if err != nil {
		return "", err
	}
	w, err := integer(whole)
	if err != nil || w == 0 {
		return none, err
	}
	return Percent(float64(p) / float64(w)), nil
}

// join puts sep between the elements of a slice of any string type.
func join(list any, sep string) (string, error) {
	r := reflect.ValueOf(list)
	if !r.IsValid() {
		return "", nil
	}
	if r.Kind() != reflect.Slice && r.Kind() != reflect.Array {
		return "", fmt.Errorf("web: cannot join %T", list)
	}
	words := make([]string, r.Len())
	for i := range words {
		words[i] = fmt.Sprint(r.Index(i).Interface())
	}
	return strings.Join(words, sep), nil
}

// emptyOf lets a page template write an empty state in one line; the last two
// arguments, address and text of the next action, may be left out.
func emptyOf(icon, title, text string, action ...string) (Empty, error) {
	e := Empty{Icon: icon, Title: title, Text: text}
	switch len(action) {
	case 0:
	case 2:
		e.Action = Crumb{Href: action[0], Text: action[1]}
	default:
		return e, fmt.Errorf("web: empty wants address and text of its action, got %d arguments", len(action))
	}
	return e, nil
}
