package matching

import (
	"context"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jishi/internal/market"
)

// near puts a demand and one achievement into the hall whose texts are near,
// and other listings about other things.
func (h *hall) near(t *testing.T, d func(*market.Demand), a func(*market.Achievement)) {
	t.Helper()
	h.furnish(t)
	h.ask(t, "d9", "污泥低温干化", "市政污泥低温干化，降低含水率。", d)
	h.offer(t, "a9", "污泥低温干化工艺", "市政污泥低温干化后含水率低。", a)
}

func TestWhatKeepsOut(t *testing.T) {
	tests := []struct {
		name       string
		demand     func(*market.Demand)
		offer      func(*market.Achievement)
		constraint string // "" = it fits
		relaxation string // text on the demand's page
		offered    string // text on the achievement's page
	}{
		{"nothing", nil, nil, "", "", ""},
		{"three levels short", func(d *market.Demand) { d.MinTRL = 8 }, func(a *market.Achievement) { a.Maturity.TRL = 5 },
			"maturity", "成熟度要求由 8 级降到 5 级", ""},
		{"one level short", func(d *market.Demand) { d.MinTRL = 6 }, func(a *market.Achievement) { a.Maturity.TRL = 5 }, "", "", ""},
		{"an early stage", func(d *market.Demand) { d.MinTRL = 9 }, func(a *market.Achievement) { a.Maturity.Stage = "early" },
			"maturity", "成熟度要求由 9 级降到 4 级", ""},
		{"maturity not stated", func(d *market.Demand) { d.MinTRL = 9 }, nil, "", "", ""},
		{"more than half too dear", func(d *market.Demand) { d.BudgetHigh = 50 * market.Wan },
			func(a *market.Achievement) {
				a.Price = market.Price{Mode: "fixed", Low: 80*market.Wan - 1, High: 80*market.Wan - 1}
			},
			"price", "预算上限由 50 万元提到 80 万元", "报价由 79.999999 万元降到 50 万元"},
		{"half too dear", func(d *market.Demand) { d.BudgetHigh = 50 * market.Wan },
			func(a *market.Achievement) {
				a.Price = market.Price{Mode: "fixed", Low: 75 * market.Wan, High: 75 * market.Wan}
			}, "", "", ""},
		{"no budget stated", nil, func(a *market.Achievement) {
			a.Price = market.Price{Mode: "fixed", Low: 80 * market.Wan, High: 80 * market.Wan}
		}, "", "", ""},
		{"another way to deal", func(d *market.Demand) { d.Modes = []string{"license"} }, func(a *market.Achievement) { a.Modes = []string{"transfer"} },
			"mode", "合作方式在技术许可之外增加技术转让", "合作方式在技术转让之外增加技术许可"},
		{"a dead patent", nil, func(a *market.Achievement) { a.Rights = []market.Right{{Kind: "invention", State: "lapsed"}} }, "rights", "", ""},
		{"one of two patents dead", nil, func(a *market.Achievement) {
			a.Rights = []market.Right{{Kind: "invention", State: "lapsed"}, {Kind: "invention", State: "granted"}}
		}, "", "", ""},
		{"two things at once", func(d *market.Demand) { d.MinTRL, d.Modes = 9, []string{"license"} },
			func(a *market.Achievement) { a.Maturity.TRL, a.Modes = 2, []string{"transfer"} }, "maturity", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := openHall(t)
			h.near(t, tt.demand, tt.offer)
			to, err := h.ForDemand(t.Context(), visitor, "d9", 0)
			if err != nil {
				t.Fatal(err)
			}
			from, err := h.ForAchievement(t.Context(), visitor, "a9", 0)
			if err != nil {
				t.Fatal(err)
			}
			checkKept(t, to, "d9.a9", tt.constraint, tt.relaxation)
			checkKept(t, from, "d9.a9", tt.constraint, "")
			if r := from.Relaxation; (r != nil) != (tt.offered != "") || r != nil && (r.Admits != "d9" || !strings.HasPrefix(r.Text, tt.offered)) {
				t.Errorf("on the achievement's page: %+v, want %q", r, tt.offered)
			}
			if r := to.Relaxation; r != nil && (r.Admits != "a9" || r.Title != "污泥低温干化工艺" || r.Score < to.Threshold) {
				t.Errorf("relaxation %+v admits another one or too little", r)
			}
		})
	}
}

// checkKept checks what an answer says of the one pair that is near.
func checkKept(t *testing.T, got market.Answer, pair market.ID, constraint, relaxation string) {
	t.Helper()
	if constraint == "" {
		if len(got.Matches) == 0 || got.Matches[0].ID != pair || got.Relaxation != nil {
			t.Fatalf("matches %v, relaxation %+v, want %s to fit", names(got.Matches), got.Relaxation, pair)
		}
		return
	}
	if len(got.Matches) != 0 || got.Nearest == nil || got.Nearest.ID != pair {
		t.Fatalf("matches %v, nearest %+v, want none and %s", names(got.Matches), got.Nearest, pair)
	}
	if got.Lacks != constraint {
		t.Errorf("the nearest is kept out by %q, want %q", got.Lacks, constraint)
	}
	count := 0
	for _, r := range got.Removed {
		if r.Constraint == constraint {
			count = r.Count
		}
	}
	if count != 1 {
		t.Errorf("removed %+v, want one by %s", got.Removed, constraint)
	}
	if relaxation != "" && (got.Relaxation == nil || !strings.HasPrefix(got.Relaxation.Text, relaxation)) {
		t.Errorf("relaxation %+v, want %q", got.Relaxation, relaxation)
	}
}

// refusing says of some pairs that they were judged "no".
type refusing map[market.ID]bool

func (r refusing) Refused(context.Context, []market.Match) (map[market.ID]bool, error) { return r, nil }

func TestWhatWasJudgedNo(t *testing.T) {
	h := openHall(t)
	h.near(t, nil, nil)
	h.Heed(refusing{"d9.a9": true})
	got, err := h.ForDemand(t.Context(), visitor, "d9", 0)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Matches) != 0 || got.Nearest != nil && got.Nearest.ID == "d9.a9" || len(got.Removed) == 0 || got.Removed[0] != (market.Removal{Constraint: "judged", Count: 1}) {
		t.Errorf("matches %v, nearest %+v, removed %+v: a pair judged no is suggested again", names(got.Matches), got.Nearest, got.Removed)
	}
}

func TestNothingNear(t *testing.T) {
	h := openHall(t)
	h.furnish(t)
	h.ask(t, "d9", "量子密钥分发光源", "通信波段纠缠光子对光源。", nil)
	got, err := h.ForDemand(t.Context(), visitor, "d9", 0)
	if err != nil || len(got.Matches) != 0 || got.Relaxation != nil || got.Threshold == 0 || got.Obstacle != "" {
		t.Errorf("answer %+v, %v, want none, the threshold said, and no change that would help", got, err)
	}
}

func TestIncomparable(t *testing.T) {
	tests := []struct{ name, title, summary, want string }{
		{"punctuation", "——？！", "……，。；（）【】《》", "wordless"},
		{"emoji", "😀🚀", "👍👍🏽👨‍👩‍👧", "wordless"},
		{"right-to-left marks", "\u200f\u202e\u2067", "\u200b\ufeff\u2066", "wordless"},
		{"numbers only", "12345", "67.8 %", "wordless"},
		{"stop words", "技术需求", "我们公司需要相关的技术和解决方案，希望能够合作。", "vague"},
		{"full-width stop words and blanks", "　研究　", "的 了 和 与 及", "vague"},
		{"a material", "碳化硅", "需要", ""},
		{"a Latin name", "SiC", "需要", ""},
		{"one sign of a word", "镁", "的技术", "vague"},
		{"Arabic", "تقنية", "的", ""},
	}
	h := openHall(t)
	h.furnish(t)
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			id := market.ID("q" + string(rune('a'+i)))
			h.ask(t, id, tt.title, tt.summary, nil)
			h.offer(t, id, tt.title, tt.summary, nil)
			for _, ask := range []func(context.Context, market.Actor, market.ID, int) (market.Answer, error){h.ForDemand, h.ForAchievement} {
				got, err := ask(t.Context(), visitor, id, 0)
				if err != nil || got.Obstacle != tt.want {
					t.Fatalf("obstacle %q, %v, want %q", got.Obstacle, err, tt.want)
				}
				if tt.want != "" && (len(got.Matches) > 0 || got.Considered > 0 || !market.Obstacles.Has(got.Obstacle)) {
					t.Errorf("compared all the same: %+v", got)
				}
			}
		})
	}
}

// TestLongestDemand has the longest texts that validation lets in: each is
// answered, and no longer one passes it.
func TestLongestDemand(t *testing.T) {
	h := openHall(t)
	h.furnish(t)
	long := strings.Repeat("高导热镁合金压铸工艺，", market.MaxSummary/11)
	h.ask(t, "long", "高导热镁合金", long, func(d *market.Demand) { d.Conditions = long })
	got, err := h.ForDemand(t.Context(), visitor, "long", 0)
	if err != nil || got.Considered == 0 {
		t.Errorf("considered %d, %v", got.Considered, err)
	}
	d := &market.Demand{}
	d.Title, d.Summary = "镁", strings.Repeat("长", 100_000)
	if err := d.Check(false); !market.Is(err, market.Invalid) {
		t.Errorf("a summary of 100,000 characters: %v, want Invalid", err)
	}
}

// TestCountsAddUp: whatever the listings are, each one considered fits or is
// counted under one constraint, what fits has the threshold, and what a
// relaxation admits does fit once it is made.
func TestCountsAddUp(t *testing.T) {
	h := openHall(t)
	h.furnish(t)
	rapid.Check(t, func(t *rapid.T) {
		d := &market.Demand{Meta: market.Meta{ID: "d"}}
		d.Title, d.Summary = "污泥低温干化", "市政污泥低温干化，降低含水率。"
		d.MinTRL, d.BudgetHigh = rapid.IntRange(0, 9).Draw(t, "min"), market.Fen(rapid.IntRange(0, 100).Draw(t, "budget"))*market.Wan
		d.Modes = rapid.SliceOfN(rapid.SampledFrom([]string{"license", "transfer", "equity"}), 0, 1).Draw(t, "modes")
		var pairs []market.Match
		for i := range rapid.IntRange(0, 6).Draw(t, "offers") {
			a := &market.Achievement{Meta: market.Meta{ID: market.ID(rune('a' + i))}}
			a.Title, a.Summary = "低温干化", rapid.SampledFrom([]string{"市政污泥低温干化后含水率低。", "市政污泥。", "柑橘黄龙病。"}).Draw(t, "text")
			a.Maturity.TRL = rapid.IntRange(0, 9).Draw(t, "trl")
			price := market.Fen(rapid.IntRange(0, 300).Draw(t, "price")) * market.Wan
			a.Price = market.Price{Low: price, High: price}
			a.Modes = rapid.SliceOfN(rapid.SampledFrom([]string{"license", "transfer", "equity"}), 0, 1).Draw(t, "offered")
			pairs = append(pairs, market.Match{Demand: d, Achievement: a})
		}
		got, err := h.answer(context.Background(), market.KindDemand, pairs, most)
		if err != nil {
			t.Fatal(err)
		}
		sum := len(got.Matches)
		for _, r := range got.Removed {
			if sum += r.Count; r.Count < 1 || !market.Constraints.Has(r.Constraint) {
				t.Fatalf("removal %+v", r)
			}
		}
		if sum != got.Considered || got.Considered != len(pairs) {
			t.Fatalf("%d matches and %+v of %d", len(got.Matches), got.Removed, got.Considered)
		}
		for _, m := range got.Matches {
			if m.Score < got.Threshold || TextShare(m) < TextFloor {
				t.Fatalf("%s fits with %d of %d points", m.ID, m.Score, got.Threshold)
			}
		}
		if r := got.Relaxation; r != nil && (len(got.Matches) > 0 || r.Score < got.Threshold || r.From == r.To || r.Text == "") {
			t.Fatalf("relaxation %+v beside %d matches", r, len(got.Matches))
		}
	})
}

// Of what is about something else, the nearest is what is less so, not what
// fits best otherwise.
func TestNearestOfFarIsNearInWords(t *testing.T) {
	pair := func(id market.ID, score, text int) market.Match {
		return market.Match{ID: id, Score: score, Parts: []market.Part{{Name: "text", Points: text, Max: 50}}}
	}
	got := nearest([]market.Match{pair("region", 48, 1), pair("words", 40, 3), pair("both", 41, 3)})
	if got == nil || got.ID != "both" {
		t.Errorf("nearest is %+v, want both", got)
	}
	if got := nearest([]market.Match{pair("far", 60, 3), pair("near", 45, 20)}); got.ID != "near" {
		t.Errorf("nearest is %s, want near", got.ID)
	}
}
