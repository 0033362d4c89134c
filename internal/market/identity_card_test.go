package market

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// card makes the number of nobody's identity card: place, day of birth and
// sequence with the check character that goes with them.
func card(place string, born time.Time, sequence int) string {
	body := place + born.Format("20060102") + fmt.Sprintf("%03d", sequence)
	sum := 0
	for i := range 17 {
		sum += int(body[i]-'0') * identityWeights[i]
	}
	return body + "10X98765432"[sum%11:sum%11+1]
}

var someday = time.Date(1985, 2, 28, 0, 0, 0, 0, time.UTC)

func TestParseIdentityCard(t *testing.T) {
	good := card("500155", someday, 12)
	withX := ""
	for n := 0; withX == ""; n++ {
		if c := card("500155", someday, n); c[17] == 'X' {
			withX = c
		}
	}
	tests := []struct{ name, in, want, says string }{
		{"standard example", "11010519491231002X", "11010519491231002X", ""}, // GB 11643-1999, appendix
		{"good", good, good, ""},
		{"spaces, hyphens, full width", " 500155-19850228 " + strings.NewReplacer("0", "０", "1", "１").Replace(good[14:]), good, ""},
		{"small x", strings.ToLower(withX), withX, ""},
		{"resident from Taiwan", card("830000", someday, 1), card("830000", someday, 1), ""},
		{"last one wrong", good[:17] + string("0123456789"[(good[17]-'0'+1)%10]), "", "对照证件"},
		{"no such place", card("990155", someday, 12), "", "对照证件"},
		{"no such day", strings.Replace(good, "19850228", "19850230", 1), "", "对照证件"},
		{"15 digits", "500155850228012", "", "15 位"},
		{"17 digits", good[:17], "", "18 位"},
		{"letters", "50015519850228O12X", "", "对照证件"},
		{"credit code", "12100000400000624D", "", "对照证件"},
		{"empty", "", "", "18 位"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ParseIdentityCard(tt.in)
			if got != tt.want || (err == nil) != (tt.says == "") {
				t.Fatalf("ParseIdentityCard = %q, %v; want %q", got, err, tt.want)
			}
			if err != nil && (!strings.Contains(err.Error(), tt.says) || tt.in != "" && strings.Contains(err.Error(), tt.in)) {
				t.Errorf("%v should say %q and not what was typed", err, tt.says)
			}
		})
	}
}

func TestHoldsIdentityCard(t *testing.T) {
	number := card("500155", someday, 12)
	spaced := number[:6] + " " + number[6:14] + "-" + number[14:]
	tests := []struct {
		name, in string
		want     bool
		masked   string
	}{
		{"alone", number, true, strings.Repeat("*", 18)},
		{"in a sentence", "联系人身份证号" + number + "。", true, "联系人身份证号" + strings.Repeat("*", 18) + "。"},
		{"with spaces", "号：" + spaced + "，", true, "号:" + strings.Repeat("*", 20) + ","},
		{"full width", "Ｎｏ．" + strings.NewReplacer("5", "５", "0", "０").Replace(number), true, "No." + strings.Repeat("*", 18)},
		{"two", number + "、" + number, true, strings.Repeat("*", 18) + "、" + strings.Repeat("*", 18)},
		{"after another number", "500155 " + number, true, "500155 " + strings.Repeat("*", 18)},
		{"part of a longer number", "1" + number, false, ""},
		{"part of a word", "A" + number + "B", false, ""},
		{"spaces elsewhere", number[:4] + " " + number[4:], false, ""},
		{"one digit off", number[:17] + string("0123456789"[(number[17]-'0'+1)%10]), false, ""},
		{"masked", MaskIdentityCard(number), false, ""},
		{"credit code of digits, like a card of 南川区", "125001191985022807", false, ""},
		{"a table of numbers", "500155 19850230 1234", false, ""},
		{"broken UTF-8", "\xff" + number[:10], false, ""},
		{"short", "5", false, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := HoldsIdentityCard(tt.in); got != tt.want {
				t.Fatalf("HoldsIdentityCard(%q) = %v", tt.in, got)
			}
			want := tt.masked
			if !tt.want {
				want = tt.in
			}
			if got := MaskIdentityCards(tt.in); got != want {
				t.Errorf("MaskIdentityCards = %q, want %q", got, want)
			}
			p := Problems{}
			checkText(&p, "summary", tt.in, false, MaxSummary)
			if refused := strings.Contains(fmt.Sprint(p), "身份证号"); refused != tt.want {
				t.Errorf("checkText: %v", p)
			}
		})
	}
}

// Every number of an identity card is found wherever it stands in Han text, and
// nothing that the market's other numbers look like is taken for one.
func TestIdentityCardsAmongOtherNumbers(t *testing.T) {
	digits := func(t *rapid.T, n int, name string) string {
		return rapid.StringMatching(fmt.Sprintf(`[0-9]{%d}`, n)).Draw(t, name)
	}
	rapid.Check(t, func(t *rapid.T) {
		born := time.Date(rapid.IntRange(1900, 2099).Draw(t, "year"), 1, rapid.IntRange(1, 365).Draw(t, "day"), 0, 0, 0, 0, time.UTC)
		number := card(rapid.SampledFrom([]string{"500155", "310104", "110105", "650102"}).Draw(t, "place"), born, rapid.IntRange(0, 999).Draw(t, "n"))
		text := rapid.StringMatching(`[一-龥，。]{0,20}`).Draw(t, "before") + number + rapid.StringMatching(`[一-龥，。]{0,20}`).Draw(t, "after")
		if codedUnit(number) {
			t.Skip("reads as a credit code as well, which is taken to be meant")
		}
		if !HoldsIdentityCard(text) || strings.Contains(MaskIdentityCards(text), number) {
			t.Fatalf("not found in %q", text)
		}
		masked := MaskIdentityCard(number)
		if len(masked) != 18 || strings.Trim(masked[4:17], "*") != "" {
			t.Fatalf("masked as %q", masked)
		}
		code := creditCode(rapid.SampledFrom([]string{"11", "12", "13", "51", "52", "53", "91", "92", "93"}).Draw(t, "kind")+
			rapid.SampledFrom([]string{"500119", "500120", "500155", "110119", "310120", "440119"}).Draw(t, "division"), digits(t, 9, "unit"))
		patent := rapid.SampledFrom([]string{"ZL", ""}).Draw(t, "zl") + "20" + digits(t, 10, "patent") + "." + digits(t, 1, "check")
		contract := digits(t, rapid.IntRange(14, 16).Draw(t, "length"), "contract")
		phone := "1" + rapid.SampledFrom([]string{"38", "99"}).Draw(t, "net") + digits(t, 8, "phone")
		for _, other := range []string{code, patent, contract, phone, "023-" + digits(t, 8, "landline"), phone + "，" + contract, patent + " " + phone, code + contract} {
			if HoldsIdentityCard("编号" + other + "。") {
				t.Fatalf("%s is taken for an identity card", other)
			}
		}
	})
}

// creditCode completes 8 + 9 characters by the check character.
func creditCode(front, unit string) string {
	body, sum := front+unit, 0
	for i := range 17 {
		sum += strings.IndexByte(creditAlphabet, body[i]) * creditWeights[i]
	}
	return body + string(creditAlphabet[(31-sum%31)%31])
}

// No real text is refused for a number that is no identity card. The texts are
// beside the project, not in it.
func TestIdentityCardsInRealTexts(t *testing.T) {
	texts := 0
	for _, name := range []string{"achievements.jsonl", "queries-demand-papers.jsonl", "queries-demand-patents.jsonl"} {
		file, err := os.Open(filepath.Join("..", "..", "..", "shared", "data", name))
		if os.IsNotExist(err) {
			t.Skip("the texts to measure on are not here")
		}
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		lines := bufio.NewScanner(file)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var row struct{ Title, Summary, Text string }
			if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
				t.Fatal(err)
			}
			texts++
			for _, text := range []string{row.Title, row.Summary, row.Text} {
				if HoldsIdentityCard(text) {
					t.Errorf("%s: taken for one: %q", name, MaskIdentityCards(text))
				}
			}
		}
		if err := lines.Err(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d texts", texts)
	if texts < 16_199 {
		t.Errorf("only %d texts read", texts)
	}
}

func FuzzIdentityCards(f *testing.F) {
	f.Add("联系人 500155 19850228 0129，代码 12100000400000624D")
	f.Add("11010519491231002X\xff")
	f.Add(strings.Repeat("1", 40))
	f.Fuzz(func(t *testing.T, text string) {
		masked := MaskIdentityCards(text)
		if HoldsIdentityCard(masked) {
			t.Errorf("%q still holds one after masking: %q", text, masked)
		}
		if number, err := ParseIdentityCard(text); err == nil && len(number) != 18 {
			t.Errorf("%q parsed to %q", text, number)
		}
	})
}
