package site

import (
	"context"
	"log/slog"
	"net/url"
	"strconv"
	"testing"

	"jishi/internal/market"
	"jishi/internal/matching"
	"jishi/internal/quality"
	"jishi/internal/store"
)

// learning puts into config what follows from verdicts.
func (w *world) learning(engine store.Engine, config *Config, matches *matching.Service) {
	t := w.t
	t.Helper()
	weightings := matching.NewWeightings(open[market.Weighting](t, engine, matching.WeightingSpec), w.clock)
	config.Judging.Weightings = weightings
	config.Judging.Proposals = matching.NewProposals(open[market.Proposal](t, engine, matching.ProposalSpec),
		matching.ProposalParts{Verdicts: config.Judging.Verdicts, Weightings: weightings, Log: slog.New(slog.DiscardHandler)}, w.clock, w.newID)
	config.Judging.Quality = quality.New(quality.Parts{
		Snapshots: open[market.Quality](t, engine, quality.Spec), Verdicts: open[market.Verdict](t, engine, matching.VerdictSpec),
		Demands: w.demands.Source.(store.Collection[market.Demand]), Achievements: w.achievements.Source.(store.Collection[market.Achievement]),
		Ranking: rankedBy{matches}, Interval: func(values []float64) market.Estimate { return market.Estimate{Mean: values[0], Low: 0, High: 1} },
		Ready: func() bool { return true }, Release: "v1.2.3", Log: slog.New(slog.DiscardHandler),
	}, w.clock)
}

// rankedBy is the suggestions as quality measures them.
type rankedBy struct{ *matching.Service }

func (r rankedBy) Ranked(ctx context.Context, demand market.ID, limit int) ([]market.ID, error) {
	answer, err := r.ForDemand(ctx, market.System, demand, limit)
	var ids []market.ID
	for _, m := range answer.Matches {
		ids = append(ids, m.Achievement.ID)
	}
	return ids, err
}

// root is an administrator.
func (w *world) root() {
	w.users["root"] = market.Actor{User: "root", Org: "bureau", Name: "测试管理员", Roles: []market.Role{market.RoleAdmin}, Verified: true}
}

func TestQualityPage(t *testing.T) {
	w := newWorld(t)
	w.root()
	w.get("", "/quality").is(200).shows("匹配质量", "还没有测算过", "怎么算的", "95% 区间").hides("现在重新测算")
	w.post("", "/quality/measure", nil).is(401)
	w.post("broker", "/quality/measure", nil).is(403)
	_, _, match := w.verdictStage()
	w.post("root", "/quality/measure", nil).leads("/quality")
	w.get("root", "/quality").is(200).shows("还没有人判断过", "覆盖率", "1.00", "v1.2.3", "现在重新测算")
	w.post("broker", match+"/verdict", url.Values{"judgement": {"fits"}}).leads(match + "/verdict")
	w.post("root", "/quality/measure", nil).leads("/quality")
	w.get("", "/quality").is(200).shows("1 份有判断的推荐清单", "P@5", "nDCG@10", "还没有一个行业满 5 条判断", "2026-03-01").hides("还没有人判断过", "测试broker")
}

func TestProposalPage(t *testing.T) {
	w := newWorld(t)
	w.root()
	const page = "/admin/matching/proposal"
	for as, status := range map[string]int{"broker": 403, "enterprise": 403} {
		w.get(as, page).is(status)
	}
	w.get("root", page).is(200).shows("权重建议", "还差 200 条判断").hides("用现有判断测算")
	w.post("root", page, nil).leads(page)
	docs := open[market.Verdict](t, w.engine, matching.VerdictSpec)
	for i := range 240 {
		n := strconv.Itoa(i)
		v := &market.Verdict{Meta: market.Meta{ID: market.ID("v" + n)}, Demand: market.ID("d" + strconv.Itoa(i/8)), State: market.VerdictGiven, Judgement: market.JudgedNo}
		if i%3 > 0 {
			v.Judgement = market.JudgedFits
		}
		for _, code := range market.PartNames {
			v.Parts = append(v.Parts, market.PartShare{Name: code.Code, Points: (i*7 + len(code.Code)) % 11, Max: 10})
		}
		v.Parts[0].Points = 3*(i%3) + i%2
		must(t, docs.Insert(t.Context(), v))
	}
	w.get("root", page).is(200).shows("还没有测算过", "用现有判断测算")
	w.post("officer", page, nil).is(403)
	w.post("root", page, nil).leads(page)
	w.site.Judging.Proposals.Wait(t.Context())
	shown := w.get("root", page).is(200).shows("240 条判断", "30 项需求", "对数损失", "AUC", "nDCG@10", "没有采用", "采用这组权重", "各项满分", "内容")
	w.get("officer", page).is(200).shows("没有采用").hides("采用这组权重")
	form := url.Values{}
	for _, name := range []string{"proposal", "version"} {
		form.Set(name, attr(find(shown.all("form[action=" + page + "/adopt]")[0], "input[name="+name+"]")[0], "value"))
	}
	w.post("officer", page+"/adopt", form).is(403)
	w.post("root", page+"/adopt", with(form, "version", "99")).leads(page)
	w.get("root", page).is(200).shows("没有采用")
	w.post("root", page+"/adopt", form).leads(page)
	shown = w.get("root", page).is(200).shows("正在使用", "换回原来的权重")
	form.Set("version", attr(find(shown.all("form[action=" + page + "/restore]")[0], "input[name=version]")[0], "value"))
	w.post("root", page+"/restore", form).leads(page)
	w.get("root", page).is(200).shows("没有采用")
}
