package exchange

import (
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"jishi/internal/market"
)

// codeOf returns the stable code of an error, "" for none.
func codeOf(err error) string {
	var e *market.Error
	if errors.As(err, &e) {
		return e.Code
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

func TestReadMoney(t *testing.T) {
	tests := []struct {
		text string
		unit market.Fen
		want market.Fen
		bad  bool
	}{
		{"98", market.Wan, 98 * market.Wan, false},
		{"98万元", 0, 98 * market.Wan, false},
		{"98万元", market.Yuan, 98 * market.Wan, false},
		{"1,234.56", market.Yuan, 123456, false},
		{"￥１，２３４．５６ 元", 0, 123456, false},
		{"0.98亿元", 0, 98_000_000 * market.Yuan, false},
		{"12345", 1, 12345, false},
		{"12.5", 1, 0, true},
		{"0.97999999999999998", market.Yi, 98_000_000 * market.Yuan, false},
		{"1.1000000000000001", market.Yuan, 110, false},
		{"9.8E7", market.Yuan, 98_000_000 * market.Yuan, false},
		{"9.8e+07", market.Yuan, 98_000_000 * market.Yuan, false},
		{"1e300", market.Yuan, 0, true},
		{"面议", market.Wan, 0, false},
		{"0", 0, 0, false},
		{"98", 0, 0, true}, // 元 or 万元? nobody knows
		{"98美元", 0, 0, true},
		{"-5", market.Yuan, 0, true},
		{"1.234", market.Yuan, 0, true},
		{"约98万元", 0, 0, true},
		{"10000000000000", market.Yuan, market.MaxFen, false},
		{"10000000000000.1", market.Yuan, 0, true},
		{"九十八万元", 0, 0, true},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			got, err := readMoney(value{tt.text, tt.unit})
			if (err != nil) != tt.bad || got != tt.want {
				t.Errorf("readMoney(%q, %d) = %d, %v; want %d", tt.text, tt.unit, got, err, tt.want)
			}
		})
	}
}

func TestMoneyReadsBackWhatItWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := market.Fen(rapid.Int64Range(0, int64(market.MaxFen)).Draw(t, "fen"))
		unit := rapid.SampledFrom([]market.Fen{1, market.Yuan, market.Wan, market.Yi}).Draw(t, "unit")
		if got, err := readMoney(value{inUnit(f, unit), unit}); err != nil || got != f {
			t.Fatalf("%d in %d is %q, read back %d, %v", f, unit, inUnit(f, unit), got, err)
		}
	})
}

func TestReadDate(t *testing.T) {
	tests := []struct {
		text string
		want market.Date
		bad  bool
	}{
		{"2026-03-31", "2026-03-31", false}, {"2026/3/31", "2026-03-31", false}, {"2026年3月31日", "2026-03-31", false},
		{"2026 年 3 月 31 日", "2026-03-31", false}, {"２０２６．３．３１", "2026-03-31", false}, {"20260331", "2026-03-31", false},
		{"2026-03-31 00:00:00", "2026-03-31", false}, {"2026-03-31T08:30:00Z", "2026-03-31", false}, {"2026/3/31 8:30", "2026-03-31", false},
		{"46112", "2026-03-31", false}, {"46112.5", "2026-03-31", false}, {"36526", "2000-01-01", false},
		{"2026", "", true}, {"99999", "", true}, {"10000", "", true}, {"2026-02-29", "", true}, {"31/3/2026", "", true}, {"明天", "", true},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			got, err := readDate(tt.text)
			if (err != nil) != tt.bad || got != tt.want {
				t.Errorf("readDate = %q, %v; want %q", got, err, tt.want)
			}
		})
	}
}

func TestReadCodes(t *testing.T) {
	tests := []struct {
		text string
		want []string
		bad  bool
	}{
		{"技术转让", []string{"transfer"}, false},
		{"transfer,license", []string{"transfer", "license"}, false},
		{"技术转让、自行实施、寻求合作", []string{"transfer", "self"}, false},
		{"自行实施、寻求合作；技术许可", []string{"self", "license"}, false},
		{" 技术许可 ； 技术许可 ", []string{"license"}, false},
		{"技术转让、自行实施", nil, true},
		{"赠与", nil, true},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			got, err := readCodes(market.Modes, tt.text)
			if (err != nil) != tt.bad || !slices.Equal(got, tt.want) {
				t.Errorf("readCodes = %v, %v; want %v", got, err, tt.want)
			}
		})
	}
}

func TestReadDivision(t *testing.T) {
	tests := []struct{ text, want string }{
		{"500155", "500155"}, {"５００１５５", "500155"}, {"重庆市梁平区", "500155"}, {"梁平区", "500155"}, {"梁平", "500155"},
		{"重庆", "500000"}, {"重庆市", "500000"}, {"北京", "110000"}, {"500228", "500228"},
		{"自治区", ""}, {"市", ""}, {"火星", ""}, {"50015", ""},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			got, err := readDivision(tt.text)
			if got != tt.want || (err != nil) != (tt.want == "") {
				t.Errorf("readDivision = %q, %v; want %q", got, err, tt.want)
			}
		})
	}
}

func TestReadLevelAndYesNo(t *testing.T) {
	levels := []struct {
		text string
		want int
	}{{"7", 7}, {"７", 7}, {"TRL7", 7}, {"trl 7级", 7}, {"7 级 真实环境样机试验", 7}, {"0", 0}, {"10", 0}, {"-3", 0}, {"7.5", 0}, {"高", 0}}
	for _, tt := range levels {
		if got, err := readLevel(tt.text); got != tt.want || (err == nil) != (tt.want > 0) {
			t.Errorf("readLevel(%q) = %d, %v; want %d", tt.text, got, err, tt.want)
		}
	}
	for text, want := range map[string]bool{"是": true, "TRUE": true, "1": true, "否": false, "false": false, "0": false} {
		if got, err := readYesNo(text); err != nil || got != want {
			t.Errorf("readYesNo(%q) = %v, %v", text, got, err)
		}
	}
	if _, err := readYesNo("也许"); err == nil {
		t.Error("也许 is neither yes nor no")
	}
}

func TestSplitWords(t *testing.T) {
	tests := []struct {
		text string
		want []string
	}{
		{"镁合金、铸造；轻量化;轧制,挤压，锻造\n热处理", []string{"镁合金", "铸造", "轻量化", "轧制", "挤压", "锻造", "热处理"}},
		{" ； 、", nil},
		{`一\、二；三`, []string{"一、二", "三"}},
		{`C:\temp`, []string{`C:\temp`}},
		{`a\\b`, []string{`a\b`}},
		{`尾\`, []string{`尾\`}},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			if got := splitWords(tt.text); !slices.Equal(got, tt.want) {
				t.Errorf("splitWords = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestWordsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOf(drawText(1, 20)).Draw(t, "words")
		if got := splitWords(joinWords(words)); !slices.Equal(got, words) && len(words) > 0 {
			t.Fatalf("%q written %q read %q", words, joinWords(words), got)
		}
		if got := splitFields(joinFields(words...)); !slices.Equal(got, words) && len(words) > 0 {
			t.Fatalf("%q written %q read %q", words, joinFields(words...), got)
		}
	})
}

func TestGuard(t *testing.T) {
	for _, bad := range []string{"=1+1", "+1", "-1", "@a", "\tx", "\rx", "＝1", "＋1", "－1", "＠a"} {
		if got := guard(bad); got != "'"+bad {
			t.Errorf("guard(%q) = %q", bad, got)
		}
	}
	for _, fine := range []string{"", "镁合金", "1-2", "a=b", "it's"} {
		if guard(fine) != fine {
			t.Errorf("guard changes %q", fine)
		}
	}
	if unguard("'普通") != "'普通" || unguard("'=1") != "=1" {
		t.Error("unguard takes off only what guard puts there")
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(rapid.SampledFrom([]rune("'=+-@＝\t\r\na中"))).Draw(t, "s")
		if got := unguard(guard(s)); got != s {
			t.Fatalf("%q guarded %q unguarded %q", s, guard(s), got)
		}
	})
}
