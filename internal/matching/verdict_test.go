package matching

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
	"jishi/internal/store/sqlite"
)

// court is a hall where matches are judged.
type court struct {
	*hall
	verdicts *Verdicts
	docs     store.Collection[market.Verdict]
}

func openCourt(t *testing.T) *court {
	t.Helper()
	h := openHall(t)
	engine, err := sqlite.Open(t.TempDir()+"/verdicts.db", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { engine.Close() })
	docs, err := store.Open[market.Verdict](t.Context(), engine, VerdictSpec)
	if err != nil {
		t.Fatal(err)
	}
	c := &court{hall: h, docs: docs}
	c.verdicts = NewVerdicts(Books{Verdicts: docs, Demands: h.demands, Achievements: h.achievements, Scorer: h.index}, time.Now)
	h.furnish(t)
	h.Heed(c.verdicts)
	return c
}

func person(user, org market.ID, roles ...market.Role) market.Actor {
	return market.Actor{User: user, Org: org, Roles: roles, Verified: true}
}

var (
	asker  = person("u1", "enterprise", market.RoleDemander)
	seller = person("u2", "university", market.RoleSupplier)
	agent  = person("u3", "agency", market.RoleBroker)
	office = person("u4", "bureau", market.RoleOfficer)
	admin  = person("u5", "bureau", market.RoleAdmin)
	others = person("u6", "elsewhere", market.RoleSupplier, market.RoleDemander)
)

const pair market.ID = "d1.a1"

func (c *court) judge(t *testing.T, by market.Actor, pair market.ID, saying Saying) *market.Verdict {
	t.Helper()
	v, err := c.verdicts.Judge(t.Context(), by, pair, saying)
	if err != nil {
		t.Fatalf("Judge = %v", err)
	}
	return v
}

func TestJudgeKeepsWhatWasJudged(t *testing.T) {
	c := openCourt(t)
	v := c.judge(t, asker, pair, Saying{Judgement: market.JudgedNo, Reason: "price"})
	d, _ := c.demands.Get(t.Context(), "d1")
	a, _ := c.achievements.Get(t.Context(), "a1")
	sum := 0
	for _, part := range v.Parts {
		sum += part.Points
	}
	if v.Side != "demander" || v.Org != "enterprise" || v.DemandDigest != d.Digest() || v.AchievementDigest != a.Digest() || v.Score == 0 || sum != v.Score || !v.Refuses {
		t.Errorf("verdict %+v", v)
	}
	again := c.judge(t, asker, pair, Saying{Judgement: market.JudgedNo, Reason: "price"})
	if again.Version != v.Version {
		t.Error("saying the same again is one more event")
	}
	v = c.judge(t, asker, pair, Saying{Judgement: market.JudgedFits})
	back, err := c.verdicts.Retract(t.Context(), asker, pair)
	if err != nil {
		t.Fatal(err)
	}
	var way []string
	for _, e := range back.History {
		way = append(way, e.From+">"+e.To+" "+e.Note)
	}
	if want := []string{">no 价格", "no>fits ", "fits>retracted "}; !slices.Equal(way, want) || back.State != market.VerdictRetracted || v.Refuses {
		t.Errorf("history %q, want %q", way, want)
	}
	if v = c.judge(t, asker, pair, Saying{Judgement: market.JudgedNear}); v.History[3].From != "retracted" || v.State != market.VerdictGiven {
		t.Errorf("judged anew: %+v", v.History[3])
	}
}

func TestWhoMayJudge(t *testing.T) {
	c := openCourt(t)
	unchecked := asker
	unchecked.Verified = false
	tests := []struct {
		name                string
		by                  market.Actor
		judge, read         market.Kind
		judgeOK, readOK     bool
		side                string
		readsOfOthersToMany int // standing verdicts seen once all four have judged
	}{
		{"visitor", market.Actor{}, market.Unauthenticated, market.Unauthenticated, false, false, "", 0},
		{"demander of the demand", asker, 0, 0, true, true, "demander", 1},
		{"supplier of the achievement", seller, 0, 0, true, true, "supplier", 1},
		{"broker", agent, 0, 0, true, true, "broker", 1},
		{"officer", office, 0, 0, true, true, "officer", 4},
		{"administrator", admin, market.Denied, 0, false, true, "", 4},
		{"somebody else's supplier", others, market.Denied, market.Denied, false, false, "", 0},
		{"not verified", unchecked, market.Denied, 0, false, true, "", 1},
	}
	for _, tt := range tests {
		v, err := c.verdicts.Judge(t.Context(), tt.by, pair, Saying{Judgement: market.JudgedFits})
		if tt.judgeOK && (err != nil || v.Side != tt.side) || !tt.judgeOK && !market.Is(err, tt.judge) {
			t.Errorf("%s: Judge = %+v, %v", tt.name, v, err)
		}
	}
	for _, tt := range tests {
		found, err := c.verdicts.OfPair(t.Context(), tt.by, pair)
		if tt.readOK && (err != nil || len(found) != tt.readsOfOthersToMany) || !tt.readOK && !market.Is(err, tt.read) {
			t.Errorf("%s: OfPair = %d, %v, want %d", tt.name, len(found), err, tt.readsOfOthersToMany)
		}
	}
	if _, err := c.verdicts.Retract(t.Context(), others, pair); !market.Is(err, market.Denied) {
		t.Errorf("Retract of others = %v, want Denied", err)
	}
	var e *market.Error
	if _, err := c.verdicts.Retract(t.Context(), office, "d2.a4"); !errors.As(err, &e) || e.Code != CodeNoVerdict {
		t.Errorf("Retract of nothing = %v, want %s", err, CodeNoVerdict)
	}
}

func TestJudgeRefusesWhatIsNotThere(t *testing.T) {
	c := openCourt(t)
	for _, bad := range []market.ID{"", "d1", "d1.", "d1.nobody", "nobody.a1", "a1.d1"} {
		if _, err := c.verdicts.Judge(t.Context(), agent, bad, Saying{Judgement: market.JudgedFits}); !market.Is(err, market.NotFound) {
			t.Errorf("Judge(%q) = %v, want NotFound", bad, err)
		}
	}
	if _, err := c.verdicts.Judge(t.Context(), agent, pair, Saying{Judgement: market.JudgedNo}); !market.Is(err, market.Invalid) {
		t.Errorf("a no without reason = %v, want Invalid", err)
	}
}

// TestNeverSuggestedAgain is the whole rule: gone after a no, for everybody and
// both ways; back when the no is taken back; back when a text changes; not back
// when only a state does.
func TestNeverSuggestedAgain(t *testing.T) {
	c := openCourt(t)
	there := func() (to, from bool) {
		t.Helper()
		demand, err := c.ForDemand(t.Context(), market.Actor{}, "d1", 0)
		if err != nil {
			t.Fatal(err)
		}
		achievement, err := c.ForAchievement(t.Context(), market.Actor{}, "a1", 0)
		if err != nil {
			t.Fatal(err)
		}
		return slices.Contains(names(demand.Matches), pair), slices.Contains(names(achievement.Matches), pair)
	}
	expect := func(when string, want bool) {
		t.Helper()
		if to, from := there(); to != want || from != want {
			t.Errorf("%s: suggested to the demand %v, to the achievement %v, want %v", when, to, from, want)
		}
	}
	expect("at first", true)
	c.judge(t, agent, pair, Saying{Judgement: market.JudgedNear})
	expect("near", true)
	c.judge(t, agent, pair, Saying{Judgement: market.JudgedNo, Reason: "wrong_problem"})
	expect("no", false)
	if _, err := c.verdicts.Retract(t.Context(), agent, pair); err != nil {
		t.Fatal(err)
	}
	expect("taken back", true)
	c.judge(t, seller, pair, Saying{Judgement: market.JudgedNo, Reason: "rights"})
	expect("no of a side", false)
	a, err := c.achievements.Get(t.Context(), "a1")
	if err != nil {
		t.Fatal(err)
	}
	a.ValidUntil = time.Now().Add(time.Hour)
	if err := c.achievements.Update(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	expect("renewed", false)
	a.Summary += "现已取得专利。"
	if err := c.achievements.Update(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	expect("text changed", true)
	c.judge(t, seller, pair, Saying{Judgement: market.JudgedNo, Reason: "rights"})
	expect("no to the new text", false)
}

// countingDocs counts looks into the store.
type countingDocs struct {
	store.Collection[market.Verdict]
	finds int
}

func (d *countingDocs) Find(ctx context.Context, q store.Query) (store.Page[market.Verdict], error) {
	d.finds++
	return d.Collection.Find(ctx, q)
}

func TestRefusedIsOneLook(t *testing.T) {
	c := openCourt(t)
	docs := &countingDocs{Collection: c.docs}
	verdicts := NewVerdicts(Books{Verdicts: docs, Demands: c.demands, Achievements: c.achievements, Scorer: c.index}, time.Now)
	d, _ := c.demands.Get(t.Context(), "d1")
	var pairs []market.Match
	for i := range 50 {
		id := market.ID(fmt.Sprintf("p%02d", i))
		c.offer(t, id, "高导热镁合金", "压铸工艺。", nil)
		a, _ := c.achievements.Get(t.Context(), id)
		pairs = append(pairs, market.Match{Demand: d.Masked(false, market.Hidden), Achievement: a.Masked(false, market.Hidden)})
		if i%2 == 0 {
			c.judge(t, agent, market.PairID("d1", id), Saying{Judgement: market.JudgedNo, Reason: "immature"})
		}
	}
	refused, err := verdicts.Refused(t.Context(), pairs)
	if err != nil || len(refused) != 25 || docs.finds != 1 {
		t.Errorf("Refused = %d pairs, %v, in %d looks, want 25 in 1", len(refused), err, docs.finds)
	}
	if refused, err := verdicts.Refused(t.Context(), nil); err != nil || len(refused) != 0 || docs.finds != 1 {
		t.Errorf("Refused(nil) = %v, %v", refused, err)
	}
}

func TestMineAndOwn(t *testing.T) {
	c := openCourt(t)
	c.judge(t, agent, pair, Saying{Judgement: market.JudgedFits})
	c.judge(t, agent, "d2.a4", Saying{Judgement: market.JudgedNo, Reason: market.ReasonOther, Note: "对方已停业"})
	c.judge(t, office, pair, Saying{Judgement: market.JudgedNear})
	mine, err := c.verdicts.Mine(t.Context(), agent, []market.ID{pair, "d2.a4", "d1.a2"})
	if err != nil || len(mine) != 2 || mine[pair].Judgement != market.JudgedFits {
		t.Errorf("Mine = %v, %v", mine, err)
	}
	own, next, err := c.verdicts.Own(t.Context(), agent, "", 1)
	if err != nil || len(own) != 1 || next == "" || own[0].Pair != "d2.a4" || own[0].DemandTitle == "" || own[0].Changed {
		t.Fatalf("Own = %+v, %q, %v", own, next, err)
	}
	own, next, err = c.verdicts.Own(t.Context(), agent, next, 1)
	if err != nil || len(own) != 1 || next != "" || own[0].Pair != pair {
		t.Errorf("Own, second page = %+v, %q, %v", own, next, err)
	}
	if _, _, err := c.verdicts.Own(t.Context(), market.Actor{}, "", 1); !market.Is(err, market.Unauthenticated) {
		t.Errorf("Own of a visitor = %v", err)
	}
}

// brokenScorer is an index that is away.
type brokenScorer struct{}

func (brokenScorer) Score(context.Context, []market.Match) ([]market.Match, error) {
	return nil, market.E(market.Unavailable, "search_failed", "搜索暂时不可用，请稍后再试。")
}

func TestVerdictWithoutIndex(t *testing.T) {
	c := openCourt(t)
	verdicts := NewVerdicts(Books{Verdicts: c.docs, Demands: c.demands, Achievements: c.achievements, Scorer: brokenScorer{}}, time.Now)
	v, err := verdicts.Judge(t.Context(), agent, pair, Saying{Judgement: market.JudgedFits})
	if err != nil || len(v.Parts) != 0 || v.State != market.VerdictGiven {
		t.Errorf("Judge = %+v, %v", v, err)
	}
}
