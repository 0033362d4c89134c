package market

import (
	"testing"

	"pgregory.net/rapid"
)

func TestParseMoney(t *testing.T) {
	tests := []struct {
		name string
		in   string
		unit Fen
		want Fen
		code string // of the error, empty for none
	}{
		{"yuan", "1234.56", Yuan, 123456, ""},
		{"separators", "1,234.56 元", Yuan, 123456, ""},
		{"full width", "９８００ 万元", Yuan, 9800 * Wan, ""},
		{"default unit", "12.5", Wan, 12*Wan + Wan/2, ""},
		{"unit in text wins", "3元", Wan, 3 * Yuan, ""},
		{"yi", "0.98亿元", Yuan, 98_000_000 * Yuan, ""},
		{"currency sign", "￥12", Yuan, 12 * Yuan, ""},
		{"wan to the fen", "0.000001 万", Yuan, 1, ""},
		{"trailing zeros", "1.500000000", Yuan, 150, ""},
		{"zero", "0", Yuan, 0, ""},
		{"below a fen", "0.001", Yuan, 0, "money_below_fen"},
		{"below a fen in wan", "0.0000001万元", Yuan, 0, "money_below_fen"},
		{"negative", "-1", Yuan, 0, "bad_money"},
		{"empty", "", Yuan, 0, "bad_money"},
		{"words", "三万元", Yuan, 0, "bad_money"},
		{"exponent", "1e9", Yuan, 0, "bad_money"},
		{"two points", "1.2.3", Yuan, 0, "bad_money"},
		{"dot only", ".", Yuan, 0, "bad_money"},
		{"no fraction after dot", "1.", Yuan, 0, "bad_money"},
		{"largest", "10000000000000", Yuan, MaxFen, ""},
		{"too large", "10000000000000.01", Yuan, 0, "money_too_large"},
		{"far too large", "9999999999999999", Yi, 0, "money_too_large"},
		{"twenty digits", "99999999999999999999", Yuan, 0, "bad_money"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ParseMoney(tt.in, tt.unit)
			if got != tt.want || errorCode(err) != tt.code {
				t.Errorf("ParseMoney(%q) = %d, %v; want %d, code %q", tt.in, got, err, tt.want, tt.code)
			}
		})
	}
}

func errorCode(err error) string {
	if e, ok := err.(*Error); ok {
		return e.Code
	}
	return ""
}

func TestFenDisplay(t *testing.T) {
	tests := []struct {
		fen                  Fen
		yuan, wan, yi, plain string
	}{
		{0, "0.00 元", "0 万元", "0 亿元", "0.00"},
		{1, "0.01 元", "0.000001 万元", "0.0000000001 亿元", "0.01"},
		{123456, "1,234.56 元", "0.123456 万元", "0.0000123456 亿元", "1234.56"},
		{98_000_000 * Yuan, "98,000,000.00 元", "9,800 万元", "0.98 亿元", "98000000.00"},
		{-123456, "-1,234.56 元", "-0.123456 万元", "-0.0000123456 亿元", "-1234.56"},
		{50 * Yi, "5,000,000,000.00 元", "500,000 万元", "50 亿元", "5000000000.00"},
	}
	for _, tt := range tests {
		t.Run(tt.yuan, func(t *testing.T) {
			if tt.fen.Yuan() != tt.yuan || tt.fen.Wan() != tt.wan || tt.fen.Yi() != tt.yi || tt.fen.Plain() != tt.plain {
				t.Errorf("%d = %q %q %q %q", tt.fen, tt.fen.Yuan(), tt.fen.Wan(), tt.fen.Yi(), tt.fen.Plain())
			}
		})
	}
}

// Whatever is shown reads back as the same amount, in each unit.
func TestMoneyRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := Fen(rapid.Int64Range(0, int64(MaxFen)).Draw(t, "fen"))
		for _, text := range []string{want.Yuan(), want.Wan(), want.Yi(), want.Plain(), want.String()} {
			got, err := ParseMoney(text, Yuan)
			if err != nil || got != want {
				t.Fatalf("ParseMoney(%q) = %d, %v; want %d", text, got, err, want)
			}
		}
	})
}

func FuzzParseMoney(f *testing.F) {
	for _, seed := range []string{"1,234.56 元", "0.98亿元", "９８００ 万元", "1e9", "-1", "\x00", "亿"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := ParseMoney(s, Wan)
		if err == nil && (got < 0 || got > MaxFen) {
			t.Errorf("ParseMoney(%q) = %d, out of bounds", s, got)
		}
	})
}
