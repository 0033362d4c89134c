package analysis

import (
	"bufio"
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	bleve "github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/lang/cjk"
	"github.com/blevesearch/bleve/v2/registry"
	"pgregory.net/rapid"

	"jishi/internal/market"
)

// texts are real: see data/README.md beside the module. Tests that read it
// skip when it is not there.
const texts = "../../../shared/data/achievements.jsonl"

func TestTerms(t *testing.T) {
	tests := []struct {
		name, text string
		want       []Term
	}{
		{"empty", "", []Term{}},
		{"pairs", "镁合金", []Term{{"镁合", 0, 6}, {"合金", 3, 9}}},
		{"one character", "镁", []Term{{"镁", 0, 3}}},
		{"runs do not cross a gap", "镁，合金", []Term{{"镁", 0, 3}, {"合金", 6, 12}}},
		{"latin in lower case", "SiC器件", []Term{{"sic", 0, 3}, {"器件", 3, 9}}},
		{"numbers stay whole", "1.80g/cm3", []Term{{"1.80g", 0, 5}, {"cm3", 6, 9}}},
		{"full width", "ＰＭ２．５", []Term{{"pm2.5", 0, 15}}},
		{"full width space", "镁　合", []Term{{"镁", 0, 3}, {"合", 6, 9}}},
		{"zero width space joins", "镁\u200b合金", []Term{{"镁合", 0, 9}, {"合金", 6, 12}}},
		{"zero width space at the end is not the term's", "合金\u200b", []Term{{"合金", 0, 6}}},
		{"half-width katakana", "ｶﾞｽ", []Term{{"ガス", 0, 6}}},
		{"only punctuation", "，。！？…（）", []Term{}},
		{"emoji", "😀🚀", []Term{}},
		{"broken bytes separate", "镁\xff合金", []Term{{"镁", 0, 3}, {"合金", 4, 10}}},
		{"right-to-left marks", "\u202e镁合\u202c", []Term{{"镁合", 3, 9}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Terms(tt.text); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("Terms(%q) = %v, want %v", tt.text, got, tt.want)
			}
		})
	}
}

// bleveTerms is what the index sees of a text.
func bleveTerms(analyzer bleve.Analyzer, text string) []string {
	terms := []string{}
	for _, token := range analyzer.Analyze([]byte(Fold(text))) {
		terms = append(terms, string(token.Term))
	}
	return terms
}

func ourTerms(text string) []string {
	terms := []string{}
	for _, term := range Terms(text) {
		terms = append(terms, term.Text)
	}
	return terms
}

func cjkAnalyzer(t testing.TB) bleve.Analyzer {
	t.Helper()
	analyzer, err := registry.NewCache().AnalyzerNamed(cjk.AnalyzerName)
	if err != nil {
		t.Fatal(err)
	}
	return analyzer
}

func checkTerms(t interface{ Fatalf(string, ...any) }, analyzer bleve.Analyzer, text string) {
	if got, want := ourTerms(text), bleveTerms(analyzer, text); !reflect.DeepEqual(got, want) {
		t.Fatalf("Terms(%q)\n got %q\nwant %q", text, got, want)
	}
	last := 0
	for _, term := range Terms(text) {
		if term.Start < 0 || term.Start > term.End || term.End > len(text) || term.Start < last {
			t.Fatalf("Terms(%q): %v is not a place in the text", text, term)
		}
		last = term.Start
		for _, at := range []int{term.Start, term.End} {
			if utf8.ValidString(text) && at < len(text) && !utf8.RuneStart(text[at]) {
				t.Fatalf("Terms(%q): %v cuts a character", text, term)
			}
		}
	}
}

func TestTermsAreBlevesTerms(t *testing.T) {
	analyzer := cjkAnalyzer(t)
	rapid.Check(t, func(t *rapid.T) {
		char := rapid.SampledFrom([]rune("镁合金的轻量化aBΣσİ09.,'_-:·％℃ 　\t\n！ＡＺ０９～ｶﾞﾊﾟｱｰカアあん한국\u0301\u200b\u200d\ufeff\u3099😀🇨🇳𠮷葛\ufe0f鎂體乾衞\uf902אב\"Ⱥ"))
		text := rapid.OneOf(rapid.StringOf(char), rapid.String()).Draw(t, "text")
		checkTerms(t, analyzer, text)
	})
}

func TestTermsAreBlevesTermsOnRealTexts(t *testing.T) {
	file, err := os.Open(texts)
	if err != nil {
		t.Skip("real texts are not here: ", err)
	}
	defer file.Close()
	analyzer := cjkAnalyzer(t)
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for n := 0; lines.Scan() && n < 2000; n++ {
		var doc struct{ Title, Summary string }
		if err := json.Unmarshal(lines.Bytes(), &doc); err != nil {
			t.Fatal(err)
		}
		checkTerms(t, analyzer, doc.Title+"\n"+doc.Summary)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
}

func TestFoldIsMarketFold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// The invisible characters aside, and white space at the ends.
		text := rapid.StringOf(rapid.SampledFrom([]rune("镁Aａ１！～　\u00a0 \ufeff\u200b\n。"))).Draw(t, "text")
		if got, want := strings.TrimSpace(Fold(text)), market.Fold(text); got != want {
			t.Fatalf("Fold(%q) = %q, market.Fold gives %q", text, got, want)
		}
	})
}

func FuzzTerms(f *testing.F) {
	for _, seed := range []string{"镁合金 AZ91D", "ＰＭ２．５", "ｶﾞｽ\u0301", "a\xff镁", "鎂合金\u200b壓鑄ＳｉＣ\uf902", "\u200b\ufeff", "İΣ", "1,000.5'x"} {
		f.Add(seed)
	}
	analyzer := cjkAnalyzer(f)
	f.Fuzz(func(t *testing.T, text string) { checkTerms(t, analyzer, text) })
}

const sample = "本发明公开了一种高导热镁合金的制备方法，抗拉强度≥350 MPa，密度1.80 g/cm³，适用于5G基站散热器与新能源汽车壳体的轻量化。"

func BenchmarkTerms(b *testing.B) {
	b.SetBytes(int64(len(sample)))
	for b.Loop() {
		Terms(sample)
	}
}

func BenchmarkBleveCJK(b *testing.B) {
	analyzer := cjkAnalyzer(b)
	b.SetBytes(int64(len(sample)))
	for b.Loop() {
		analyzer.Analyze([]byte(Fold(sample)))
	}
}
