package site

import (
	"fmt"
	"net/url"
	"slices"
	"testing"

	"jishi/internal/market"
	"jishi/web"
)

func TestReadForm(t *testing.T) {
	f := &form{values: url.Values{
		"text": {" 一\r\n二 "}, "words": {"镁、铝，锌,铜；铁\n钛、 、"}, "whole": {" １２ "}, "not_whole": {"1.5"},
		"wan": {"98.5"}, "yuan": {"98.5"}, "own_unit": {"5000元"}, "not_money": {"-3"},
		"day": {"2026年3月1日"}, "not_day": {"2026-02-30"}, "version": {"7"}, "tick": {"yes"},
	}}
	tests := []struct {
		name      string
		got, want any
	}{
		{"text", f.text("text"), "一\n二"},
		{"whole", f.whole("whole"), 12},
		{"no whole", f.whole("none"), 0},
		{"not whole", f.whole("not_whole"), 0},
		{"万元", f.wan("wan"), 985_000 * market.Yuan},
		{"元", f.yuan("yuan"), market.Fen(9850)},
		{"unit of its own", f.wan("own_unit"), 5000 * market.Yuan},
		{"no money", f.wan("none"), market.Fen(0)},
		{"not money", f.wan("not_money"), market.Fen(0)},
		{"day", f.date("day"), market.Date("2026-03-01")},
		{"no day", f.date("none"), market.Date("")},
		{"not a day", f.date("not_day"), market.Date("")},
		{"version", f.version(), int64(7)},
		{"ticked", f.ticked("tick"), true},
		{"not ticked", f.ticked("none"), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.got != tt.want {
				t.Errorf("got %v, want %v", tt.got, tt.want)
			}
		})
	}
	if words := f.words("words"); !slices.Equal(words, []string{"镁", "铝", "锌", "铜", "铁", "钛"}) {
		t.Errorf("words = %q", words)
	}
	var broken []string
	for _, p := range f.problems {
		broken = append(broken, p.Field)
	}
	if fmt.Sprint(broken) != "[not_whole not_money not_day]" {
		t.Errorf("problems at %v", broken)
	}
	if v := (&form{values: url.Values{}}).version(); v != -1 {
		t.Errorf("a form without version has %d", v)
	}
}

func TestRefuse(t *testing.T) {
	fields := &market.Error{Kind: market.Invalid, Fields: []market.FieldError{{Field: "title", Reason: "必填"}}}
	tests := []struct {
		name     string
		err      error
		mends    bool
		problems int
	}{
		{"nothing", nil, false, 0},
		{"fields", fields, true, 1},
		{"no fields", market.E(market.Invalid, "x", "不行"), true, 1},
		{"not for the form", market.E(market.Denied, "x", "不行"), false, 0},
		{"foreign", fmt.Errorf("disk full"), false, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := &form{}
			if got := f.refuse(tt.err); got != tt.mends || len(f.problems) != tt.problems {
				t.Errorf("refuse = %v with %v", got, f.problems)
			}
			f.refuse(tt.err)
			if tt.name == "fields" && len(f.problems) != 1 {
				t.Errorf("the same reason twice: %v", f.problems)
			}
		})
	}
}

func TestFill(t *testing.T) {
	f := &form{
		values:   url.Values{"a": {"一\xff"}, "many": {"x", "z"}, "tick": {"yes"}, "secret": {"s"}},
		problems: market.Problems{{Field: "a", Reason: "太长"}, {Field: "a", Reason: "不对"}, {Field: "a", Reason: "太长"}, {Field: "other", Reason: "也不对"}},
	}
	choices := func() []web.Option { return []web.Option{{Value: "x"}, {Value: "y"}, {Value: "z"}} }
	if got := f.fill(web.Field{Name: "a"}); got.Value != "一" || got.Error != "太长；不对" {
		t.Errorf("text field %+v", got)
	}
	many := f.fill(web.Field{Name: "many", Type: "checks", Options: choices()})
	if !many.Options[0].Selected || many.Options[1].Selected || !many.Options[2].Selected {
		t.Errorf("checks %+v", many.Options)
	}
	if got := f.fill(web.Field{Name: "tick", Type: "check"}); !got.Options[0].Selected || got.Value != "" {
		t.Errorf("check %+v", got)
	}
	if got := f.fill(web.Field{Name: "secret", Type: "password"}); got.Value != "" {
		t.Errorf("a password is shown again: %+v", got)
	}
	summary := f.summary([]web.Field{f.fill(web.Field{Name: "a", Label: "甲"})})
	if fmt.Sprint(summary) != "[{a 甲：太长；不对} { 也不对}]" {
		t.Errorf("summary %v", summary)
	}
}

// A list is shown with room for three more entries, but never more than allowed.
func TestShownRows(t *testing.T) {
	tests := []struct {
		name   string
		filled []int
		want   int
	}{
		{"nothing", nil, 3},
		{"one", []int{0}, 4},
		{"a gap", []int{0, 4}, 8},
		{"nearly full", []int{18}, 20},
		{"full", []int{19}, 20},
		{"more than allowed stays visible", []int{23}, 24},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := &form{values: url.Values{}}
			for _, i := range tt.filled {
				f.values.Set(rowName("rights", i, "number"), "1")
			}
			if got := f.shownRows(20, "rights", rightFields...); got != tt.want {
				t.Errorf("shownRows = %d, want %d", got, tt.want)
			}
		})
	}
}
