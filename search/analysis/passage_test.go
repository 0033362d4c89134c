package analysis

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// marksOf marks every term of text that stands in words, each at weight 1 but
// those in heavy at 10.
func marksOf(text, words, heavy string) []Mark {
	weights := map[string]float64{}
	for _, term := range Terms(words) {
		weights[term.Text] = 1
	}
	for _, term := range Terms(heavy) {
		weights[term.Text] = 10
	}
	var marks []Mark
	for _, term := range Terms(text) {
		if w := weights[term.Text]; w > 0 {
			marks = append(marks, Mark{term, w})
		}
	}
	return marks
}

func TestPassages(t *testing.T) {
	const text = "本项目面向散热。采用高导热镁合金，密度1.80 g/cm3。工艺简单！与成都某厂试用；镁合金壳体减重三成，成本下降。完。"
	tests := []struct {
		name         string
		words, heavy string
		max, count   int
		want         []string
	}{
		{"no mark, no passage", "钛", "", 40, 3, nil},
		{"the sentence that carries it", "试用", "", 40, 3, []string{"与成都某厂试用；"}},
		{"one term counts once", "镁合金", "", 30, 3, []string{"采用高导热镁合金，密度1.80 g/cm3。"}},
		{"heavier wins", "导热", "减重", 16, 1, []string{"镁合金壳体减重三成，成本下降。"}},
		{"in the order of the text", "减重三成导热", "", 28, 2, []string{"采用高导热镁合金，密度1.80 g/cm3。", "镁合金壳体减重三成，成本下降。"}},
		{"long sentences fall into clauses", "密度", "", 14, 1, []string{"密度1.80 g/cm3。"}},
		{"no room", "密度", "", 0, 1, nil},
		{"neighbours join", "工艺试用", "", 40, 1, []string{"工艺简单！与成都某厂试用；"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, r := range Passages([]Marked{{text, marksOf(text, tt.words, tt.heavy)}}, tt.max, tt.count) {
				got = append(got, text[r.Start:r.End])
			}
			if strings.Join(got, "|") != strings.Join(tt.want, "|") {
				t.Errorf("Passages = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestPassagesOfSeveralTexts(t *testing.T) {
	title, summary := "镁合金壳体", "本项目研究镁合金。另做导热压铸试验。"
	got := Passages([]Marked{{title, marksOf(title, "镁合金导热压铸", "")}, {summary, marksOf(summary, "镁合金导热压铸", "")}}, 10, 3)
	want := []Passage{{0, Range{0, 15}}, {1, Range{27, 54}}} // the first sentence of the summary says nothing new
	if !slices.Equal(got, want) {
		t.Errorf("Passages = %v, want %v", got, want)
	}
}

func TestPassagesKeepTheirBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("镁合金密度。，；a1. \n！ｶﾞ😀\u0301"))).Draw(t, "text")
		max, count := rapid.IntRange(0, 30).Draw(t, "max"), rapid.IntRange(1, 3).Draw(t, "count")
		marked := Marked{text, marksOf(text, "镁合金密度", "合金")}
		ranges := Passages([]Marked{marked, marked}, max, count)
		last, in := 0, 0
		for _, r := range ranges {
			if r.In != in {
				last, in = 0, r.In
			}
			if r.Start < last || r.End <= r.Start || r.End > len(text) {
				t.Fatalf("%v does not follow %d in %q", r, last, text)
			}
			last = r.End
			piece := text[r.Start:r.End]
			// White space between joined sentences is not counted.
			if n := utf8.RuneCountInString(strings.Join(strings.Fields(piece), "")); n > max {
				t.Fatalf("%q has %d characters, at most %d asked", piece, n, max)
			}
			if !utf8.ValidString(piece) {
				t.Fatalf("%q cuts a character of %q", piece, text)
			}
		}
		if len(ranges) > count {
			t.Fatalf("%d passages, at most %d asked", len(ranges), count)
		}
	})
}
