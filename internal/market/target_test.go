package market

import "testing"

func TestTargetCheck(t *testing.T) {
	good := Target{Name: "目标", Basis: BasisTotal, From: "2025-01", To: "2025-12", Amount: 5 * Yi, Source: "文件"}
	tests := []struct {
		name   string
		change func(*Target)
		field  string
	}{
		{"fine", func(*Target) {}, ""},
		{"cumulative", func(t *Target) { t.From, t.To = "", "" }, ""},
		{"no name", func(t *Target) { t.Name = "" }, "name"},
		{"no source", func(t *Target) { t.Source = " " }, "source"},
		{"unknown basis", func(t *Target) { t.Basis = "income" }, "basis"},
		{"month 13", func(t *Target) { t.From = "2025-13" }, "from"},
		{"ends before it starts", func(t *Target) { t.To = "2024-12" }, "to"},
		{"zero", func(t *Target) { t.Amount = 0 }, "amount"},
		{"over the bound", func(t *Target) { t.Amount = MaxFen + 1 }, "amount"},
		{"negative baseline", func(t *Target) { t.Baseline = -1 }, "baseline"},
		{"note of bytes", func(t *Target) { t.Note = "\xff" }, "note"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			target := good
			tt.change(&target)
			wantField(t, target.Check(), tt.field)
		})
	}
}

func TestTargetPeriod(t *testing.T) {
	tests := []struct {
		from, to Month
		want     string
	}{
		{"", "", "累计"},
		{"2025-01", "2025-12", "2025年"},
		{"2025-01", "2025-06", "2025-01 至 2025-06"},
		{"2021-01", "2025-12", "2021-01 至 2025-12"},
		{"2026-01", "", "2026-01 起"},
		{"", "2025-12", "截至 2025-12"},
	}
	for _, tt := range tests {
		t.Run(tt.want, func(t *testing.T) {
			if got := (&Target{From: tt.from, To: tt.to}).Period(); got != tt.want {
				t.Errorf("Period = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestMonth(t *testing.T) {
	tests := []struct {
		month, next Month
		start       string
	}{
		{"2025-12", "2026-01", "2025-11-30T16:00:00Z"},
		{"2024-02", "2024-03", "2024-01-31T16:00:00Z"},
		{"2025-13", "", "0001-01-01T00:00:00Z"},
		{"", "", "0001-01-01T00:00:00Z"},
	}
	for _, tt := range tests {
		t.Run(string(tt.month), func(t *testing.T) {
			if got := tt.month.Next(); got != tt.next || tt.month.Valid() != (tt.next != "") {
				t.Errorf("Next = %q, want %q; Valid = %v", got, tt.next, tt.month.Valid())
			}
			if got := tt.month.Start().UTC().Format("2006-01-02T15:04:05Z07:00"); got != tt.start {
				t.Errorf("Start = %s, want %s", got, tt.start)
			}
		})
	}
}
