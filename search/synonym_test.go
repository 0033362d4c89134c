package search

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"jishi/internal/market"
)

var table = [][]string{{"SiC", "碳化硅"}, {"氮化镓", "GaN"}, {"微弧氧化", "等离子体电解氧化", "MAO"}, {"IC", "集成电路"}}

func TestSubstitutes(t *testing.T) {
	ix := openIndex(t, t.TempDir())
	if got := ix.Substitutes("SiC"); len(got) != 0 {
		t.Errorf("without a table: %v", got)
	}
	ix.SetSynonyms(table)
	tests := []struct{ name, text, want string }{
		{"one word", "sic", "碳化硅"},
		{"in a text", "高纯碳化硅衬底", "SiC"},
		{"full width", "ＳｉＣ衬底", "碳化硅"},
		{"traditional", "氮化鎵器件", "GaN"},
		{"not a piece of a word", "basic music", ""},
		{"beside characters and numbers", "用SiC做4H-SiC", "碳化硅"},
		{"both are there", "碳化硅（SiC）", ""},
		{"several of a group", "微弧氧化膜", "等离子体电解氧化 MAO"},
		{"several groups", "GaN与SiC", "氮化镓 碳化硅"},
		{"nothing", "，。", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var words []string
			for _, one := range ix.Substitutes(tt.text) {
				words = append(words, one.Word)
			}
			if got := strings.Join(words, " "); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

func TestSubstitutesAreBounded(t *testing.T) {
	ix := openIndex(t, t.TempDir())
	var groups [][]string
	var text strings.Builder
	for i := range 200 {
		groups = append(groups, []string{fmt.Sprintf("词%d号", i), fmt.Sprintf("w%d", i)})
		fmt.Fprintf(&text, "w%d ", i)
	}
	ix.SetSynonyms(groups)
	if got := len(ix.Substitutes(text.String())); got != maxSubstitutes {
		t.Errorf("%d words, want %d", got, maxSubstitutes)
	}
}

// Who types one word finds what only says the other, after what says the one.
func TestSynonymsAreFound(t *testing.T) {
	ix := openIndex(t, t.TempDir())
	docs := []*market.Achievement{
		published("han", "碳化硅衬底抛光", "一种抛光方法"),
		published("latin", "SiC衬底清洗", "一种清洗方法"),
		published("half", "碳化钨刀具与硅片", "不是同一种材料"),
		published("gan", "氮化镓外延", "一种生长方法"),
		published("other", "柑橘保鲜", "一种保鲜方法"),
	}
	apply(t, ix, docs, "1")
	search := func(text string) []market.ID { return ids(find(t, ix, market.SearchQuery{Text: text})) }
	if got := search("GaN"); len(got) != 0 {
		t.Errorf("without a table GaN finds %v", got)
	}
	ix.SetSynonyms(table)
	tests := []struct {
		name, text string
		want       []market.ID
	}{
		{"no document has the word itself", "GaN", []market.ID{"gan"}},
		{"its own word first", "SiC", []market.ID{"latin", "han"}},
		{"the other way", "碳化硅", []market.ID{"han", "latin"}},
		{"with another word", "SiC衬底", []market.ID{"latin", "han"}},
		{"with a word that is missing", "SiC衬底抛光", []market.ID{"han", "latin"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := search(tt.text)
			if len(got) > len(tt.want) {
				got = got[:len(tt.want)]
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("%v, want %v first", got, tt.want)
			}
		})
	}
	result := find(t, ix, market.SearchQuery{Text: "sic衬底"})
	if len(result.Also) != 1 || result.Also[0] != (market.Substitute{Word: "碳化硅", For: "SiC"}) {
		t.Errorf("also looked for %v", result.Also)
	}
	candidates, err := ix.Candidates(t.Context(), "急需GaN器件", market.KindAchievement, 10)
	if err != nil || len(candidates) == 0 || candidates[0].ID != "gan" {
		t.Errorf("candidates %v, %v", candidates, err)
	}
}

func FuzzSubstitutes(f *testing.F) {
	for _, seed := range []string{"SiC", "碳化硅（SiC）", "\xffmao", "氮化鎵\u200bGaN", "IC\u0301"} {
		f.Add(seed)
	}
	s := newSynonyms(table)
	f.Fuzz(func(t *testing.T, text string) {
		for _, one := range s.of(text) {
			if one.Word == one.For || one.Word == "" {
				t.Fatalf("%q gives %v", text, one)
			}
		}
	})
}
