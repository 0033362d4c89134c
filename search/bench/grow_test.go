package bench

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"jishi/search/evaluate"
)

func realDocs() []evaluate.Document {
	var docs []evaluate.Document
	for i := range 30 {
		docs = append(docs, evaluate.Document{
			ID: fmt.Sprint("p", i), Kind: "paper", Discipline: "材料",
			Summary: fmt.Sprintf("材料第%d句。强度为1.%d倍；另一句。", i, i),
		}, evaluate.Document{ID: fmt.Sprint("q", i), Kind: "patent", Summary: fmt.Sprintf("专利第%d句。效果好。", i)})
	}
	return docs
}

func TestSentencesLoseNothing(t *testing.T) {
	for _, tt := range []struct {
		text string
		want int
	}{
		{"一句。两句；三", 3}, {"强度1.5倍,见e.g.此.完", 2}, {"", 0}, {"没有句号", 1},
	} {
		got := sentences(tt.text)
		if strings.Join(got, "") != tt.text || len(got) < tt.want {
			t.Errorf("sentences(%q) = %q", tt.text, got)
		}
	}
}

// TestGrownTexts holds the real texts first, then texts of one kind, of
// about the length of real ones, and the same every time.
func TestGrownTexts(t *testing.T) {
	docs := realDocs()
	first, again := newGrower(docs, false, 7), newGrower(docs, false, 7)
	for number := range 300 {
		text, same := first.text(number), again.text(number)
		if text.Body != same.Body || text.Field != same.Field {
			t.Fatalf("text %d differs between runs: %q, %q", number, text.Body, same.Body)
		}
		if number < len(docs) {
			if text.Body != docs[number].Summary {
				t.Fatalf("text %d is %q, want the real one", number, text.Body)
			}
			continue
		}
		if strings.Contains(text.Body, "材料") && strings.Contains(text.Body, "专利") {
			t.Errorf("text %d mixes kinds: %q", number, text.Body)
		}
		if n := utf8.RuneCountInString(text.Body); n < 5 || n > 40 {
			t.Errorf("text %d has %d characters", number, n)
		}
		if text.Field == "" || text.Industry == "" || text.Stage == "" || len(text.Modes) != 1 {
			t.Errorf("text %d has no codes: %+v", number, text)
		}
	}
}

func TestTextsReadByNumber(t *testing.T) {
	dir := t.TempDir()
	g := newGrower(realDocs(), true, 7)
	var want []*Text
	err := writeTexts(dir, 100, func(number int) *Text {
		want = append(want, g.text(number))
		return want[number]
	})
	if err != nil {
		t.Fatal(err)
	}
	texts, err := OpenTexts(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer texts.Close()
	for _, number := range []int{99, 0, 50} {
		if got, err := texts.Read(number); err != nil || got.Whole() != want[number].Whole() || got.Number != number {
			t.Errorf("text %d is %+v, %v", number, got, err)
		}
	}
	if _, err := texts.Read(100); err == nil {
		t.Error("a text past the end was read")
	}
}

func TestPlan(t *testing.T) {
	o := Options{Documents: realDocs(), Samples: 6, Seed: 1, Sets: []Set{{Queries: []evaluate.Query{
		{Text: "镁合金 压铸 汽车", Relevant: []string{"p1"}},
		{Text: strings.Repeat("需要解决材料强度不足的问题", 2), Relevant: []string{"p2"}},
	}}}}
	p := o.plan()
	if len(p.demands) != 6 || p.short[0] != "镁合金 压铸" {
		t.Fatalf("plan %+v", p)
	}
	for _, d := range p.demands {
		if n := utf8.RuneCountInString(d); n != demandLength {
			t.Errorf("a demand of %d characters: %q", n, d)
		}
	}
	if !strings.HasPrefix(p.demands[0], "需要解决") {
		t.Errorf("the first demand is %q, want the query first", p.demands[0])
	}
}

func TestTrigrams(t *testing.T) {
	for text, want := range map[string]string{"镁合": "", "镁合金": `"镁合金"`, `镁合金 a"bc`: `"镁合金" OR "a""b" OR """bc"`} {
		if got := trigrams(text); got != want {
			t.Errorf("trigrams(%q) = %s, want %s", text, got, want)
		}
	}
}
