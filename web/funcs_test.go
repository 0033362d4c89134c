package web

import (
	"math"
	"testing"
	"time"
)

type fen int64

func TestMoney(t *testing.T) {
	tests := []struct {
		name            string
		fen             int64
		yuan, wan, yi   string
		column, machine string
	}{
		{"zero", 0, "￥0.00", "0 元", "0 元", "0.00", "0.00"},
		{"one fen", 1, "￥0.01", "0.01 元", "0.01 元", "0.00", "0.01"},
		{"below a wan", 55_50, "￥55.50", "55.5 元", "55.5 元", "0.01", "55.50"},
		{"a wan", 1_000_000, "￥10,000.00", "1 万元", "1 万元", "1.00", "10000.00"},
		{"rounded up", 12_345_678_90, "￥12,345,678.90", "1,234.57 万元", "0.12 亿元", "1,234.57", "12345678.90"},
		{"half goes up", 1_005_000, "￥10,050.00", "1.01 万元", "1.01 万元", "1.01", "10050.00"},
		{"indicator 23", 98_000_000_00, "￥98,000,000.00", "9,800 万元", "0.98 亿元", "9,800.00", "98000000.00"},
		{"headline target", 5_000_000_000_00, "￥5,000,000,000.00", "500,000 万元", "50 亿元", "500,000.00", "5000000000.00"},
		{"negative", -1_234_56, "-￥1,234.56", "-1,234.56 元", "-1,234.56 元", "-0.12", "-1234.56"},
		{"rounds to no minus zero", -1, "-￥0.01", "-0.01 元", "-0.01 元", "0.00", "-0.01"},
		{"largest", math.MaxInt64, "￥92,233,720,368,547,758.07", "9,223,372,036,854.78 万元", "922,337,203.69 亿元", "9,223,372,036,854.78", "92233720368547758.07"},
		{"smallest", math.MinInt64, "-￥92,233,720,368,547,758.08", "-9,223,372,036,854.78 万元", "-922,337,203.69 亿元", "-9,223,372,036,854.78", "-92233720368547758.08"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := MoneyOf(tt.fen)
			got := [5]string{Yuan(tt.fen), Wan(tt.fen), Yi(tt.fen), WanColumn(tt.fen), m.Plain}
			want := [5]string{tt.yuan, tt.wan, tt.yi, tt.column, tt.machine}
			if got != want {
				t.Errorf("%d fen = %q, want %q", tt.fen, got, want)
			}
			if m.Full != tt.yuan || m.Text != tt.wan {
				t.Errorf("MoneyOf(%d) = %+v", tt.fen, m)
			}
		})
	}
}

func TestAmountTakesAnyInteger(t *testing.T) {
	show := amount(Wan)
	tests := []struct {
		name  string
		value any
		want  string
		fails bool
	}{
		{"int64", int64(1_000_000), "1 万元", false},
		{"int", 1_000_000, "1 万元", false},
		{"named", fen(1_000_000), "1 万元", false},
		{"float", 1.5, "", true},
		{"string", "1", "", true},
		{"nil", nil, "", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := show(tt.value)
			if got != tt.want || (err != nil) != tt.fails {
				t.Errorf("wan %v = %q, %v, want %q", tt.value, got, err, tt.want)
			}
		})
	}
}

type calendarDay string

func (d calendarDay) Time() time.Time {
	t, _ := time.ParseInLocation(time.DateOnly, string(d), shanghai)
	return t
}

func TestDates(t *testing.T) {
	late := time.Date(2025, 12, 31, 16, 30, 0, 0, time.UTC) // already 2026 in Shanghai
	tests := []struct {
		name   string
		value  any
		layout string
		want   string
	}{
		{"day in Shanghai", late, time.DateOnly, "2026-01-01"},
		{"minute in Shanghai", late, "2006-01-02 15:04", "2026-01-01 00:30"},
		{"Chinese", late, "2006年1月2日", "2026年1月1日"},
		{"pointer", &late, time.DateOnly, "2026-01-01"},
		{"nil pointer", (*time.Time)(nil), time.DateOnly, none},
		{"calendar day", calendarDay("2025-03-31"), time.DateOnly, "2025-03-31"},
		{"no calendar day", calendarDay(""), time.DateOnly, none},
		{"zero", time.Time{}, time.DateOnly, none},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := layout(tt.layout)(tt.value); err != nil || got != tt.want {
				t.Errorf("= %q, %v, want %q", got, err, tt.want)
			}
		})
	}
	if _, err := layout(time.DateOnly)("2025-01-01"); err == nil {
		t.Error("a string passed as a time gave no error")
	}
}

func TestAgoAndDue(t *testing.T) {
	now := time.Date(2025, 6, 15, 2, 0, 0, 0, time.UTC) // 10:00 in Shanghai
	tests := []struct {
		name string
		at   time.Time
		ago  string
		due  string
		tone Tone
	}{
		{"now", now, "刚刚", "今天到期", Wait},
		{"minutes", now.Add(-5 * time.Minute), "5 分钟前", "今天已到期", Bad},
		{"hours", now.Add(-3 * time.Hour), "3 小时前", "今天已到期", Bad},
		{"yesterday evening", now.Add(-12 * time.Hour), "12 小时前", "已超期 1 天", Bad},
		{"days", now.AddDate(0, 0, -3), "3 天前", "已超期 3 天", Bad},
		{"months", now.AddDate(0, -2, 0), "2025-04-15", "已超期 61 天", Bad},
		{"soon", now.Add(20 * time.Minute), "20 分钟后", "今天到期", Wait},
		{"after midnight", now.Add(15 * time.Hour), "15 小时后", "还剩 1 天", Wait},
		{"far", now.AddDate(0, 0, 9), "9 天后", "还剩 9 天", Neutral},
		{"never", time.Time{}, none, "无期限", Neutral},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := since(tt.at, now); err != nil || got != tt.ago {
				t.Errorf("ago = %q, %v, want %q", got, err, tt.ago)
			}
			if got, err := deadline(tt.at, now); err != nil || got.Text != tt.due || got.Tone != tt.tone {
				t.Errorf("due = %+v, %v, want %s %s", got, err, tt.due, tt.tone)
			}
		})
	}
}

func TestShares(t *testing.T) {
	tests := []struct {
		name        string
		part, whole any
		want        string
	}{
		{"quarter", 1, 4, "25.0%"},
		{"named types", fen(3), fen(9), "33.3%"},
		{"over", 11, 10, "110.0%"},
		{"nothing to share", 1, 0, none},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := share(tt.part, tt.whole); err != nil || got != tt.want {
				t.Errorf("share = %q, %v, want %q", got, err, tt.want)
			}
		})
	}
	if got := Percent(math.NaN()); got != none {
		t.Errorf("Percent(NaN) = %q", got)
	}
	if got := Count(-1234567); got != "-1,234,567" {
		t.Errorf("Count = %q", got)
	}
}

func TestJoin(t *testing.T) {
	tests := []struct {
		name  string
		list  any
		want  string
		fails bool
	}{
		{"nil", nil, "", false},
		{"none", []string{}, "", false},
		{"one", []string{"许可"}, "许可", false},
		{"named", []calendarDay{"a", "b"}, "a、b", false},
		{"no list", "许可", "", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := join(tt.list, "、"); got != tt.want || (err != nil) != tt.fails {
				t.Errorf("join = %q, %v, want %q", got, err, tt.want)
			}
		})
	}
}

func TestBar(t *testing.T) {
	tests := []struct {
		name        string
		share, pace float64
		width, mark int
	}{
		{"nothing", 0, 0, 0, 0},
		{"a sliver", 0.0001, 0, 2, 0},
		{"half", 0.5, 0.25, 500, 250},
		{"over", 1.7, 1.2, 1000, 996},
		{"below zero", -0.3, -1, 0, 0},
		{"no number", math.NaN(), math.Inf(1), 0, 996},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := Bar{Share: tt.share, Pace: tt.pace}
			if b.Width() != tt.width || b.Mark() != tt.mark {
				t.Errorf("width %d mark %d, want %d %d", b.Width(), b.Mark(), tt.width, tt.mark)
			}
		})
	}
	if b := MoneyBar("x", fen(1), fen(0)); b.Share != 0 {
		t.Errorf("share of no target = %v", b.Share)
	}
}
