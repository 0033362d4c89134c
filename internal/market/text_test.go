package market

import (
	"testing"
	"time"
)

func TestFold(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"full width", "ＡＢＣ１２３（镁）", "ABC123(镁)"},
		{"ideographic space", "　镁 合金　", "镁 合金"},
		{"byte order mark", "\ufeff标题", "标题"},
		{"Han untouched", "耐热镁合金。", "耐热镁合金。"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Fold(tt.in); got != tt.want {
				t.Errorf("Fold(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestNormalTitle(t *testing.T) {
	if a, b := NormalTitle("一种 SiC 挖槽工艺（改进）"), NormalTitle("一种sic挖槽工艺(改进)"); a != b {
		t.Errorf("%q and %q are the same title", a, b)
	}
	if NormalTitle("A1") == NormalTitle("A2") {
		t.Error("digits tell titles apart")
	}
}

func TestClip(t *testing.T) {
	tests := []struct {
		in   string
		n    int
		want string
	}{{"镁合金", 3, "镁合金"}, {"镁合金板", 3, "镁合金…"}, {"", 0, ""}}
	for _, tt := range tests {
		if got := Clip(tt.in, tt.n); got != tt.want {
			t.Errorf("Clip(%q, %d) = %q, want %q", tt.in, tt.n, got, tt.want)
		}
	}
}

func TestParseDate(t *testing.T) {
	tests := []struct {
		in   string
		want Date
		bad  bool
	}{
		{"2026-03-31", "2026-03-31", false}, {"2026/3/1", "2026-03-01", false}, {"2026.3.1", "2026-03-01", false},
		{"2026年3月31日", "2026-03-31", false}, {"20260331", "2026-03-31", false}, {"", "", false},
		{"2024-02-29", "2024-02-29", false}, {"2026-02-29", "", true}, {"昨天", "", true}, {"2026-13-01", "", true},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			got, err := ParseDate(tt.in)
			if got != tt.want || (err != nil) != tt.bad {
				t.Errorf("ParseDate(%q) = %q, %v; want %q", tt.in, got, err, tt.want)
			}
		})
	}
}

// A contract registered in the last hours of a Shanghai month belongs to that
// month, whatever month it is in UTC.
func TestCalendarIsShanghai(t *testing.T) {
	at := time.Date(2026, 3, 31, 16, 30, 0, 0, time.UTC) // 00:30 on 1 April in Shanghai
	if MonthOf(at) != "2026-04" || DateOf(at) != "2026-04-01" {
		t.Errorf("MonthOf = %s, DateOf = %s", MonthOf(at), DateOf(at))
	}
	if got := Date("2026-04-01").Time(); !got.Equal(time.Date(2026, 3, 31, 16, 0, 0, 0, time.UTC)) {
		t.Errorf("first instant of the day = %v", got)
	}
	if Date("2026-04-01").Month() != "2026-04" || Date("").Month() != "" || !Date("").Time().IsZero() {
		t.Error("month of a date")
	}
}
