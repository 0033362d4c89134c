package search

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"jishi/internal/market"
)

func suggester(t testing.TB) *Suggester {
	t.Helper()
	s := NewSuggester()
	a := published("a1", "一种高导热镁合金及其制备方法", "x")
	a.Keywords = []string{"高导热", "镁合金", "Ｍg合金"}
	b := published("a2", "碳化硅功率器件封装", "x")
	b.Keywords = []string{"碳化硅", "功率器件"}
	d := publishedDemand("d1", "尋求鎂合金壓鑄工藝", "x")
	d.Keywords = []string{"镁合金", "压铸"}
	draft := published("a3", "高导热未公开", "x")
	draft.State = market.StateDraft
	suggestApply(t, s.Achievements(), a, b, draft)
	suggestApply(t, s.Demands(), d)
	suggestApply(t, s.Organizations(),
		&market.Organization{Meta: market.Meta{ID: "o1"}, Name: "重庆示例镁业有限公司", State: market.OrgVerified},
		&market.Organization{Meta: market.Meta{ID: "o2"}, Name: "重庆未核验公司", State: market.OrgPending})
	s.SetSynonyms([][]string{{"SiC", "碳化硅"}})
	return s
}

func suggestApply[T any](t testing.TB, sink *SuggestSink[T], docs ...*T) {
	t.Helper()
	if err := sink.Apply(t.Context(), docs, "1"); err != nil {
		t.Fatal(err)
	}
}

func TestSuggest(t *testing.T) {
	s := suggester(t)
	tests := []struct{ name, typed, want, marked string }{
		{"beginning of a term", "高导", "高导热", "高导"},
		{"middle of a title", "制备", "一种高导热镁合金及其制备方法", "制备"},
		{"pinyin", "gaodaore", "高导热", "高导热"},
		{"pinyin with spaces", "gao dao re", "高导热", "高导热"},
		{"unfinished pinyin", "gaodaor", "高导热", "高导热"},
		{"initials", "gdr", "高导热", "高导热"},
		{"initials of a part", "zbff", "一种高导热镁合金及其制备方法", "制备方法"},
		{"pinyin of a part", "zhibei", "一种高导热镁合金及其制备方法", "制备"},
		{"letters and characters", "mg合金", "Ｍg合金", "Ｍg合金"},
		{"sound and characters", "mei合金", "镁合金", "镁合金"},
		{"characters and sound", "镁hejin", "镁合金", "镁合金"},
		{"full width and case", "ＧＡＯＤＡＯＲＥ", "高导热", "高导热"},
		{"traditional", "高導熱", "高导热", "高导热"},
		{"a traditional title", "压铸工", "尋求鎂合金壓鑄工藝", "壓鑄工"},
		{"pinyin of a traditional title", "xunqiu", "尋求鎂合金壓鑄工藝", "尋求"},
		{"organization", "镁业", "重庆示例镁业有限公司", "镁业"},
		{"organization by sound of a phrase", "chongqing", "重庆示例镁业有限公司", "重庆"},
		{"initials of an organization", "cqsl", "重庆示例镁业有限公司", "重庆示例"},
		{"synonym", "sic功", "碳化硅功率器件封装", "碳化硅功"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, got := range s.Suggest(t.Context(), tt.typed, 8) {
				if got.Text != tt.want {
					continue
				}
				marked := ""
				for _, span := range got.Marks {
					marked += got.Text[span.Start:span.End]
				}
				if marked != tt.marked {
					t.Errorf("marks %q, want %q", marked, tt.marked)
				}
				return
			}
			t.Errorf("%q is not completed to %s: %v", tt.typed, tt.want, s.Suggest(t.Context(), tt.typed, 8))
		})
	}
}

// A word of the same meaning comes before what only sounds like what is typed.
func TestSuggestSynonymsBeforeSounds(t *testing.T) {
	s := suggester(t)
	wire := published("a9", "丝材拉拔", "x")
	wire.Keywords = []string{"丝材"}
	suggestApply(t, s.Achievements(), wire)
	got := s.Suggest(t.Context(), "SiC", 8)
	if len(got) < 2 || got[0].Text != "碳化硅" || !slices.ContainsFunc(got, func(one market.Suggestion) bool { return one.Text == "丝材" }) {
		t.Errorf("%v", got)
	}
}

// A word of the same meaning is not read as pinyin: 丝材 is no SiC.
func TestSuggestSynonymsHaveNoSound(t *testing.T) {
	s := suggester(t)
	wire := published("a9", "丝材拉拔", "x")
	wire.Keywords = []string{"丝材"}
	suggestApply(t, s.Achievements(), wire)
	for _, one := range s.Suggest(t.Context(), "碳化硅", 20) {
		if strings.Contains(one.Text, "丝材") {
			t.Errorf("碳化硅 is completed to %v", one)
		}
	}
}

func TestSuggestNothing(t *testing.T) {
	s := suggester(t)
	for _, typed := range []string{"", " ", "，。！", "😀", "\u202e", "\xff\xfe", "\n", "\n高", "未核验", "未公开", "zzzzz", "高\n", "aoda"} {
		if got := s.Suggest(t.Context(), typed, 8); len(got) > 0 && typed != "\n高" && typed != "高\n" {
			t.Errorf("%q is completed to %v", typed, got)
		}
	}
}

func TestSuggestFollowsChanges(t *testing.T) {
	s := suggester(t)
	a := published("a1", "换了题目的成果", "x")
	a.Keywords = []string{"镁合金"}
	suggestApply(t, s.Achievements(), a)
	if got := s.Suggest(t.Context(), "高导热", 8); len(got) != 0 {
		t.Errorf("the old title and term are still suggested: %v", got)
	}
	a.State = market.StateWithdrawn
	suggestApply(t, s.Achievements(), a)
	if got := s.Suggest(t.Context(), "换了", 8); len(got) != 0 {
		t.Errorf("what was withdrawn is suggested: %v", got)
	}
	if got := s.Suggest(t.Context(), "镁合金", 8); len(got) == 0 || got[0].Kind != market.SuggestTerm {
		t.Errorf("the term of the demand is gone: %v", got)
	}
}

func TestSuggestKeepsTheNewest(t *testing.T) {
	r := newRack(100)
	for i := range 1000 {
		r.put(completion{key: uint64(i + 1), text: fmt.Sprintf("题目%04d", i), weight: 1})
		if i%3 == 0 {
			r.drop(uint64(i))
		}
	}
	if n := r.live(); n < 90 || n > 111 {
		t.Errorf("%d texts are kept, want about 100", n)
	}
	if got := r.best([]string{"题目0999"}); len(got) != 1 {
		t.Errorf("the newest is gone: %v", got)
	}
	if got := r.best([]string{"题目0001"}); len(got) != 0 {
		t.Errorf("the oldest is there: %v", got)
	}
	if len(r.folded.starts) != len(r.items) || len(r.sounds.starts) != len(r.items) || len(r.initials.starts) != len(r.items) {
		t.Error("the buffers do not go together")
	}
}

func FuzzSuggest(f *testing.F) {
	for _, seed := range []string{"gdr", "镁he金", "ＳｉＣ功", "\xff\n", "aaaaaaaa合aaaaaaaa", "\u200b高\u200b导", "重qing"} {
		f.Add(seed)
	}
	s := suggester(f)
	f.Fuzz(func(t *testing.T, typed string) {
		for _, got := range s.Suggest(t.Context(), typed, 20) {
			for _, span := range got.Marks {
				if span.Start < 0 || span.Start >= span.End || span.End > len(got.Text) || !strings.Contains(got.Text, got.Text[span.Start:span.End]) {
					t.Fatalf("%q: marks %v of %q", typed, span, got.Text)
				}
			}
		}
	})
}

// many is titles made of the words of the plan's industries.
func many(n int) *Suggester {
	s := NewSuggester()
	words := strings.Fields("高导热 镁合金 碳化硅 氮化镓 柑橘 竹纤维 轻量化 压铸 封装 传感器 机器视觉 保鲜 废水 处理 制备 方法 装置 系统 功率 器件 数控 机床 柚子 加工 生产线 控制 检测 涂层 耐蚀 外延")
	sink := s.Achievements()
	var docs []*market.Achievement
	for i := range n {
		title := "一种"
		for j := range 5 {
			title += words[(i*(j+7)+i/(j+3)+j*j)%len(words)]
		}
		a := published(market.ID(fmt.Sprintf("0193a0b0-0000-7000-8000-%012d", i)), title+fmt.Sprint(i), "x")
		a.Keywords = []string{words[i%len(words)] + fmt.Sprint(i%5000), words[(i+3)%len(words)], words[(i*i)%len(words)]}
		docs = append(docs, a)
	}
	sink.Apply(context.Background(), docs, "1")
	return s
}

// Typing costs less than is felt, also at 10⁵ titles.
func TestSuggestIsQuick(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	s := many(100_000)
	runtime.GC()
	runtime.ReadMemStats(&after)
	var took []time.Duration
	for range 3 {
		for _, typed := range []string{"g", "ga", "gao", "gaod", "gaodaore", "gdr", "gdrmhj", "镁", "镁合", "镁合金轻", "mei合金", "sic", "不存在的词", "zzzz", "zhuangzhi", "一种", "yizhong", "x", "s", "99"} {
			begun := time.Now()
			s.Suggest(t.Context(), typed, 8)
			took = append(took, time.Since(begun))
		}
	}
	sort.Slice(took, func(i, j int) bool { return took[i] < took[j] })
	p50, p95 := took[len(took)/2], took[len(took)*95/100]
	t.Logf("10⁵ titles: p50 %v, p95 %v, most %v; %d bytes a title", p50, p95, slices.Max(took), (after.HeapAlloc-before.HeapAlloc)/100_000)
	if p95 > 50*time.Millisecond { // ten times what it takes on a machine with nothing else to do
		t.Errorf("p95 is %v", p95)
	}
	runtime.KeepAlive(s)
}
