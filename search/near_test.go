package search

import (
	"slices"
	"strings"
	"testing"

	"jishi/internal/market"
)

// TestMatchesKeepTheOrderOfCandidates scores what the ranking found: the points
// for the text fall as it does.
func TestMatchesKeepTheOrderOfCandidates(t *testing.T) {
	ix := openIndex(t, t.TempDir())
	all := sampleTexts(300)
	apply(t, ix, all, "1")
	byID := map[market.ID]*market.Achievement{}
	for _, a := range all {
		byID[a.ID] = a
	}
	d := &market.Demand{Meta: market.Meta{ID: "d"}}
	d.Summary = "石墨烯涂层用于镁合金压铸，废水处理"
	found, err := ix.Candidates(t.Context(), d.Summary, market.KindAchievement, 50)
	if err != nil || len(found) < 20 {
		t.Fatalf("%d candidates, %v", len(found), err)
	}
	var pairs []market.Match
	for _, c := range found {
		pairs = append(pairs, market.Match{Demand: d, Achievement: byID[c.ID]})
	}
	scored, err := ix.Score(t.Context(), pairs)
	if err != nil {
		t.Fatal(err)
	}
	points := make([]int, len(scored))
	for i, m := range scored {
		points[i] = textPoints(m)
	}
	if !slices.IsSortedFunc(points, func(a, b int) int { return b - a }) || points[0] == points[len(points)-1] {
		t.Errorf("text points in the order of the ranking: %v", points)
	}
	slices.Reverse(pairs)
	again, err := ix.Score(t.Context(), pairs)
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range again {
		if m.Score != scored[len(scored)-1-i].Score {
			t.Errorf("%s scores %d among others, %d before", m.ID, m.Score, scored[len(scored)-1-i].Score)
		}
	}
}

// TestNearnessOfWordsNobodyOffers makes a demand less near by them, but never
// by more than they may weigh.
func TestNearnessOfWordsNobodyOffers(t *testing.T) {
	ix := openIndex(t, t.TempDir())
	a := published("a", "镁合金压铸", "高导热镁合金的压铸工艺")
	apply(t, ix, append(sampleTexts(50), a), "1")
	near := func(text string) float64 {
		d := &market.Demand{}
		d.Summary = text
		near, err := ix.near(t.Context(), []market.Match{{Demand: d, Achievement: a}})
		if err != nil {
			t.Fatal(err)
		}
		return near[0]
	}
	own := "高导热镁合金压铸"
	none, some, many := near(own), near(own+"霓虹"), near(own+strings.Repeat("天地玄黄宇宙洪荒日月盈昃辰宿列张", 4))
	if !(none > some && none > many && many > none/2) {
		t.Errorf("near %.3f, with a strange word %.3f, with many %.3f", none, some, many)
	}
	if n := near("柑橘"); n != 0 {
		t.Errorf("nothing shared, and near by %.3f", n)
	}
	if n := near("，。！"); n != 0 {
		t.Errorf("no word, and near by %.3f", n)
	}
	if n := near("镁"); n <= 0 {
		t.Errorf("a lone character that it holds, and near by %.3f", n)
	}
}

// TestShortQueriesMindLengthLess asks for two things of which a short text
// holds one and a long one both, and then in a long query.
func TestShortQueriesMindLengthLess(t *testing.T) {
	r := DefaultRanking()
	short, long := r.forLength(2), r.forLength(int(r.Long)*3)
	if long.B != r.B || short.B <= r.BShort || short.B >= 0.5 {
		t.Errorf("B = %.2f for two pairs, %.2f for many", short.B, long.B)
	}
	if a, b := short.saturation(1, 3)/short.saturation(1, 1), long.saturation(1, 3)/long.saturation(1, 1); a <= b {
		t.Errorf("three times the length leaves %.2f to a short query, %.2f to a long one", a, b)
	}
	if r.saturation(1, 0) != r.saturation(1, r.Floor) {
		t.Error("a text below the floor gains by being shorter")
	}
}
