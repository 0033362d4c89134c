package analysis

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestRuns(t *testing.T) {
	tests := []struct {
		name, text string
		want       []Run
	}{
		{"empty", "", []Run{}},
		{"ideographs", "镁合金", []Run{{"镁合金", true}}},
		{"a gap parts them", "镁，合金", []Run{{"镁", true}, {"合金", true}}},
		{"other scripts", "SiC器件1.80g", []Run{{"sic", false}, {"器件", true}, {"1.80g", false}}},
		{"folded", "ＰＭ２．５鎂\u200b合金", []Run{{"pm2.5", false}, {"镁合金", true}}},
		{"half-width katakana", "ｶﾞｽ", []Run{{"ガス", true}}},
		{"no term", "，。😀", []Run{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Runs(tt.text); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("Runs(%q) = %v, want %v", tt.text, got, tt.want)
			}
		})
	}
}

// checkRuns holds what is indexed to what is asked and marked: the pairs of
// runs are the terms, and the words of a run lose no character of it.
func checkRuns(t interface{ Fatalf(string, ...any) }, text string) {
	pairs := []string{}
	for _, run := range Runs(text) {
		run.Pairs(func(pair string) { pairs = append(pairs, pair) })
		var words []string
		run.Words(func(word string) { words = append(words, word) })
		if got := strings.Join(words, ""); got != run.Text {
			t.Fatalf("the words %q of %q make %q", words, run.Text, got)
		}
		if slices.Contains(words, "") {
			t.Fatalf("%q has the empty word", run.Text)
		}
	}
	if want := ourTerms(text); !slices.Equal(pairs, want) {
		t.Fatalf("pairs of %q\n got %q\nwant %q", text, pairs, want)
	}
}

func TestPairsOfRunsAreTerms(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		char := rapid.SampledFrom([]rune("镁合金的輕量化制备方法aBΣσİ09.,'_-:·％℃ 　\t\n！ＡＺ０９～ｶﾞﾊﾟｱｰカアあん한국\u0301\u200b\u200d\ufeff\u3099😀🇨🇳𠮷葛\ufe0fאב\"Ⱥ"))
		checkRuns(t, rapid.OneOf(rapid.StringOf(char), rapid.String()).Draw(t, "text"))
	})
}

func TestWords(t *testing.T) {
	tests := []struct{ text, want string }{
		{"镁合金压铸", "镁合金 压铸"},
		{"南京市长江大桥", "南京市 长江大桥"},
		{"研究生命的起源", "研究 生命 的 起源"},
		{"本发明公开了一种制备方法", "本发明 公开 了 一种 制备 方法"},
		{"镁", "镁"},
		{"𠮷", "𠮷"},
		{"䶮䶮䶮", "䶮 䶮 䶮"},
		{"SiC器件", "sic 器件"},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			var words []string
			for _, run := range Runs(tt.text) {
				run.Words(func(word string) { words = append(words, word) })
			}
			if got := strings.Join(words, " "); got != tt.want {
				t.Errorf("%s is cut %q, want %q", tt.text, got, tt.want)
			}
		})
	}
}

// TestDictionaryKnowsItsWords looks every word up, and that few beginnings of
// words pass for words.
func TestDictionaryKnowsItsWords(t *testing.T) {
	d := lexicon()
	taken := 0
	for _, slot := range d.table {
		if slot != 0 {
			taken++
		}
	}
	if taken < 347_000 || taken > slots*2/3 {
		t.Errorf("%d of %d slots taken", taken, slots)
	}
	for word, want := range map[string]bool{"镁合金": true, "半导体": true, "新能": false, "合金压": false} {
		h := hashStart
		for _, r := range word {
			h = hashNext(h, r)
		}
		at, known := d.find(h)
		if got := known && uint32(d.table[at]) != beginning; got != want {
			t.Errorf("%s is a word: %v, want %v", word, got, want)
		}
	}
}

func TestBrokenDictionaries(t *testing.T) {
	for name, packed := range map[string][]byte{"nothing": nil, "no gzip": []byte("镁 1\n"), "cut short": jieba[:1000]} {
		if _, err := readDictionary(packed); err == nil {
			t.Errorf("%s was read", name)
		}
	}
}

// TestWordsOfALongRun shows that the time grows with the length, not faster.
func TestWordsOfALongRun(t *testing.T) {
	Warm()
	run := Run{Text: strings.Repeat("新能源汽车轻量化镁合金压铸件制备方法", 20_000), Han: true}
	begin, words := time.Now(), 0
	run.Words(func(string) { words++ })
	if took := time.Since(begin); took > 5*time.Second || words < 100_000 {
		t.Errorf("%d characters took %v, %d words", utf8.RuneCountInString(run.Text), took, words)
	}
}

func FuzzRuns(f *testing.F) {
	for _, seed := range []string{"镁合金 AZ91D", "ＰＭ２．５", "ｶﾞｽ\u0301", "a\xff镁", "\u200b\ufeff", "İΣ", "研究生命起源"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) { checkRuns(t, text) })
}

// FuzzWords gives the segmenter what Runs never would.
func FuzzWords(f *testing.F) {
	for _, seed := range []string{"镁合金", "\xff镁\xe9", "", "abc", "\xf0\x9f"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		joined, n := "", 0
		Run{Text: text, Han: true}.Words(func(word string) { joined += word; n++ })
		if joined != text || n > utf8.RuneCountInString(text) {
			t.Fatalf("%q comes back as %q in %d words", text, joined, n)
		}
	})
}

func BenchmarkWords(b *testing.B) {
	Warm()
	runs := Runs(sample)
	b.SetBytes(int64(len(sample)))
	for b.Loop() {
		for _, run := range runs {
			run.Words(func(string) {})
		}
	}
}

func BenchmarkReadDictionary(b *testing.B) {
	for b.Loop() {
		if _, err := readDictionary(jieba); err != nil {
			b.Fatal(err)
		}
	}
}
