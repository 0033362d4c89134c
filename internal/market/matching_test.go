package market

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

// brokenFields returns the names of the fields that an error names, in order, each once.
func brokenFields(err error) string {
	var names []string
	var known *Error
	if !errors.As(err, &known) {
		return ""
	}
	for _, one := range known.Fields {
		if !slices.Contains(names, one.Field) {
			names = append(names, one.Field)
		}
	}
	return strings.Join(names, " ")
}

// A verdict counts while it stands and both texts are those it was given on.
func TestVerdictCounts(t *testing.T) {
	d, a := &Demand{}, &Achievement{}
	d.Title, a.Title = "求镁合金压铸", "镁合金压铸工艺"
	v := Verdict{State: VerdictGiven, DemandDigest: d.Digest(), AchievementDigest: a.Digest()}
	if !v.Counts(d, a) {
		t.Fatal("a verdict on these very texts does not count")
	}
	changed := *d
	changed.Title = "求铝合金压铸"
	retracted := v
	retracted.State = VerdictRetracted
	if v.Counts(&changed, a) || retracted.Counts(d, a) {
		t.Error("a verdict counts after its text changed or it was taken back")
	}
	if one, other := VerdictID("u", "o", "d.a"), VerdictID("u", "p", "d.a"); one == other || one != VerdictID("u", "o", "d.a") {
		t.Errorf("VerdictID gives %s and %s", one, other)
	}
	for judgement, want := range map[Judgement]float64{JudgedFits: 2, JudgedNear: 1, JudgedNo: 0} {
		if got := judgement.Gain(); got != want {
			t.Errorf("%s gains %v, want %v", judgement, got, want)
		}
	}
}

func TestWeightingCheck(t *testing.T) {
	with := func(change func([]Weight) []Weight) []Weight { return change(slices.Clone(DefaultWeights)) }
	tests := []struct {
		name  string
		parts []Weight
		want  string
	}{
		{"the default", DefaultWeights, ""},
		{"in another order", with(func(w []Weight) []Weight { slices.Reverse(w); return w }), ""},
		{"a sum that is not 100", with(func(w []Weight) []Weight { w[1].Max = 13; return w }), "parts"},
		{"less than nothing", with(func(w []Weight) []Weight { w[1].Max, w[2].Max = -1, 21; return w }), w1},
		{"a part twice", with(func(w []Weight) []Weight { return append(w, Weight{w1, 0}) }), w1},
		{"a part missing", with(func(w []Weight) []Weight { return slices.Delete(w, 1, 2) }), w1},
		{"a part there is not", with(func(w []Weight) []Weight { return append(w, Weight{"luck", 0}) }), "parts"},
		{"no words", with(func(w []Weight) []Weight { w[0].Max, w[1].Max = 0, 62; return w }), "text"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := Weighting{Parts: tt.parts}
			if got := brokenFields(w.Check()); got != tt.want {
				t.Fatalf("Check names %q, want %q", got, tt.want)
			}
			if tt.want == "" && !slices.Equal(w.Parts, DefaultWeights) {
				t.Errorf("parts %v are not in order", w.Parts)
			}
		})
	}
}

const w1 = "requirements" // the second part

func TestWeightingChanges(t *testing.T) {
	old, now := DefaultWeighting(), DefaultWeighting()
	if at, by := old.Last(); !at.IsZero() || by != "" || !now.Same(old) || now.Changes(old) != "" || now.Sum() != WholeScore {
		t.Errorf("default: last %v %q, changes %q, sum %d", at, by, now.Changes(old), now.Sum())
	}
	now.Parts[0].Max, now.Parts[1].Max = 45, 17
	now.History = []Event{{At: time.Unix(1, 0), By: "u1"}}
	if want := PartNames.Name("text") + " 50 改为 45；" + PartNames.Name(w1) + " 12 改为 17"; now.Changes(old) != want || now.Same(old) {
		t.Errorf("Changes = %q, want %q", now.Changes(old), want)
	}
	if at, by := now.Last(); !at.Equal(time.Unix(1, 0)) || by != "u1" || !strings.HasPrefix(now.Short(), "45/17/") || now.Max("luck") != 0 {
		t.Errorf("last %v %q, short %q", at, by, now.Short())
	}
}

func TestNoticeCheck(t *testing.T) {
	good := Notice{User: "u", Kind: NoticeMatch, Title: "有了合适的成果", Link: "/demands/x"}
	tests := []struct {
		name   string
		change func(*Notice)
		want   string
	}{
		{"good", func(*Notice) {}, ""},
		{"to nobody", func(n *Notice) { n.User = "" }, "user"},
		{"of no kind", func(n *Notice) { n.Kind = "x" }, "kind"},
		{"without a title", func(n *Notice) { n.Title = "" }, "title"},
		{"of two lines", func(n *Notice) { n.Title = "一\n二" }, "title"},
		{"leading elsewhere", func(n *Notice) { n.Link = "//evil.example" }, "link"},
		{"leading to another site", func(n *Notice) { n.Link = "https://evil.example" }, "link"},
		{"leading through a backslash", func(n *Notice) { n.Link = `/\evil.example` }, "link"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := good
			tt.change(&n)
			if got := brokenFields(n.Check()); got != tt.want {
				t.Errorf("Check names %q, want %q", got, tt.want)
			}
		})
	}
	if NoticeID("match", "u", "a", "b") == NoticeID("match", "u", "b", "a") {
		t.Error("two different things have one notice")
	}
}

func TestSavedSearchCheck(t *testing.T) {
	good := SavedSearch{Name: "镁合金", Query: "q=x", Alert: AlertDaily}
	tests := []struct {
		name   string
		change func(*SavedSearch)
		want   string
	}{
		{"good", func(*SavedSearch) {}, ""},
		{"without a name", func(s *SavedSearch) { s.Name = "" }, "name"},
		{"with a name of two lines", func(s *SavedSearch) { s.Name = "一\n二" }, "name"},
		{"alerting in no way", func(s *SavedSearch) { s.Alert = "x" }, "alert"},
		{"too long", func(s *SavedSearch) { s.Query = strings.Repeat("x", MaxSearchAddress+1) }, "query"},
		{"with control characters", func(s *SavedSearch) { s.Query = "q=\x00" }, "query"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := good
			tt.change(&s)
			if got := brokenFields(s.Check()); got != tt.want {
				t.Errorf("Check names %q, want %q", got, tt.want)
			}
		})
	}
	setting := DefaultAlertSetting("u")
	if err := setting.Check(); err != nil || setting.ID != "u" || !setting.Mail {
		t.Errorf("default setting %+v: %v", setting, err)
	}
	setting.Standing = "x"
	if got := brokenFields(setting.Check()); got != "standing" {
		t.Errorf("Check names %q", got)
	}
}

func TestSearchRanges(t *testing.T) {
	tests := []struct {
		name  string
		query SearchQuery
		want  string
	}{
		{"none", SearchQuery{}, ""},
		{"all", SearchQuery{PriceMin: 1, PriceMax: 2, TRLMin: 1, TRLMax: 9, From: "2026-01-01", To: "2026-01-01"}, ""},
		{"open above", SearchQuery{PriceMin: 5, TRLMin: 9, From: "2026-01-01"}, ""},
		{"price below zero", SearchQuery{PriceMin: -1}, "price_min"},
		{"price turned", SearchQuery{PriceMin: 2, PriceMax: 1}, "price_max"},
		{"level too high", SearchQuery{TRLMin: 10}, "trl_min"},
		{"levels turned", SearchQuery{TRLMin: 5, TRLMax: 4}, "trl_max"},
		{"no day", SearchQuery{From: "2026-02-30"}, "from"},
		{"days turned", SearchQuery{From: "2026-02-02", To: "2026-02-01"}, "to"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var p Problems
			tt.query.CheckRanges(&p)
			if got := brokenFields(p.Err()); got != tt.want {
				t.Errorf("names %q, want %q", got, tt.want)
			}
		})
	}
}

func TestSynonymTidyAndCheck(t *testing.T) {
	tests := []struct {
		name  string
		words []string
		want  string // after Tidy, with /
		ok    bool
	}{
		{"two", []string{" SiC ", "碳化硅"}, "SiC/碳化硅", true},
		{"the same in other case and width", []string{"SiC", "ｓｉｃ", "碳化硅", ""}, "SiC/碳化硅", true},
		{"one", []string{"SiC", "sic"}, "SiC", false},
		{"only signs", []string{"SiC", "——"}, "SiC/——", false},
		{"too long", []string{"SiC", strings.Repeat("长", MaxWord+1)}, "", false},
		{"too many", strings.Split("a b c d e f g h i j k l m", " "), "a/b/c/d/e/f/g/h/i/j/k/l/m", false},
		{"not to be read", []string{"SiC", "a\uFFFD"}, "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := Synonym{Words: tt.words}
			s.Tidy()
			if got := strings.Join(s.Words, "/"); tt.want != "" && got != tt.want {
				t.Errorf("Tidy gives %q, want %q", got, tt.want)
			}
			if err := s.Check(); (err == nil) != tt.ok || !tt.ok && brokenFields(err) != "words" {
				t.Errorf("Check = %v", err)
			}
		})
	}
}

func TestDuplicateNamesItsPair(t *testing.T) {
	d := Duplicate{A: "a", B: "b", State: DuplicateOpen}
	if DuplicateID("b", "a") != "a.b" || DuplicateID("a", "b") != "a.b" || d.Other("a") != "b" || d.Other("b") != "a" || d.State.Name() != "待判断" {
		t.Errorf("%s, others %s and %s, %s", DuplicateID("b", "a"), d.Other("a"), d.Other("b"), d.State.Name())
	}
}

func TestIndexAway(t *testing.T) {
	for code, want := range map[string]bool{CodeIndexFilling: true, CodeIndexDamaged: true, "search_timeout": false} {
		if got := IndexAway(E(Unavailable, code, "x")); got != want {
			t.Errorf("%s: away = %t", code, got)
		}
	}
	if IndexAway(nil) || IndexAway(E(Invalid, CodeIndexFilling, "x")) {
		t.Error("something else counts as the index being away")
	}
}

func TestLackingIsNamed(t *testing.T) {
	if (NearThing{}).Lacking() != "" || (NearThing{Lacks: Constraints[0].Code}).Lacking() != Constraints[0].Name {
		t.Error("what is lacking is not named")
	}
}
