package site

import (
	"net/url"
	"strings"
	"testing"

	"jishi/internal/market"
	"jishi/internal/matching"
)

// verdictStage publishes a demand and an achievement that fit; it returns their
// addresses and that of their match.
func (w *world) verdictStage() (demand, achievement, match string) {
	w.t.Helper()
	achievement = w.publish("university", "/achievements", magnesium())
	demand = w.publish("enterprise", "/demands", housing())
	w.catchUp()
	return demand, achievement, "/matches/" + strings.TrimPrefix(demand, "/demands/") + "." + strings.TrimPrefix(achievement, "/achievements/")
}

// A broker says no beside a match, which is not suggested any more; taken back,
// it is.
func TestJudgeBesideAMatch(t *testing.T) {
	w := newWorld(t)
	demand, achievement, match := w.verdictStage()
	w.get("", demand).is(200).shows("对照原文").hides("这条匹配怎么样")
	w.get("rival", demand).is(200).hides("这条匹配怎么样")
	for as, page := range map[string]string{"broker": demand, "enterprise": demand, "university": achievement, "officer": achievement} {
		w.get(as, page).is(200).shows("这条匹配怎么样？", "合适", "接近", "不合适", "问题不对")
	}
	w.post("broker", match+"/verdict", url.Values{"judgement": {"near"}, "back": {demand + "#fit-1"}}).leads(demand + "#fit-1")
	w.get("broker", demand).is(200).shows("您的判断：", "接近", "撤销")
	w.get("enterprise", demand).is(200).shows("这条匹配怎么样？")

	w.post("broker", match+"/verdict", url.Values{"judgement": {"no"}}).is(422).shows("请选择为什么不合适")
	w.post("broker", match+"/verdict", url.Values{"judgement": {"no"}, "reason": {"other"}}).is(422).shows("必填")
	w.post("broker", match+"/verdict", url.Values{"judgement": {"no"}, "reason": {"other"}, "note": {"<b>已停产</b>"}, "back": {"https://evil.example/"}}).leads(match + "/verdict")
	w.get("broker", match+"/verdict").is(200).shows("不合适", "<b>已停产</b>", "本单位的判断", "您的判断经过")
	w.get("broker", demand).is(200).hides("对照原文")
	w.get("university", achievement).is(200).hides("对照原文")
	w.get("officer", match+"/verdict").is(200).shows("各方的判断", "技术经纪人", "已停产")
	w.get("university", match+"/verdict").is(200).hides("已停产")

	w.get("broker", "/account/verdicts").is(200).shows("我的判断", "不合适", "已停产", "撤销")
	w.post("broker", match+"/verdict/retract", url.Values{"back": {"/account/verdicts"}}).leads("/account/verdicts")
	w.get("broker", "/account/verdicts").is(200).shows("已撤销")
	w.get("broker", demand).is(200).shows("对照原文", "这条匹配怎么样？")
	w.post("broker", match+"/verdict/retract", nil).leads(match + "/verdict")
}

func TestJudgePagesKeepOthersOut(t *testing.T) {
	w := newWorld(t)
	_, _, match := w.verdictStage()
	for as, status := range map[string]int{"rival": 403, "newcomer": 403} {
		w.post(as, match+"/verdict", url.Values{"judgement": {"fits"}}).is(status)
		w.get(as, match+"/verdict").is(status)
	}
	w.post("broker", "/matches/none/verdict", url.Values{"judgement": {"fits"}}).is(404)
	w.post("broker", match+"/verdict", url.Values{"judgement": {"splendid"}}).is(422)
	w.get("rival", "/account/verdicts").is(200).shows("您还没有判断过匹配")
	w.get("rival", "/account/verdicts?cursor=x").is(422)
}

func TestVerdictsArePaged(t *testing.T) {
	w := newWorld(t)
	by, demand := w.users["broker"], w.publish("enterprise", "/demands", housing())
	for range verdictsPerPage + 1 {
		v := with(magnesium(), "title", "镁合金工艺"+string(w.newID()), "rights.0.number", "")
		achievement := w.publish("university", "/achievements", v)
		pair := market.PairID(market.ID(strings.TrimPrefix(demand, "/demands/")), market.ID(strings.TrimPrefix(achievement, "/achievements/")))
		if _, err := w.site.Judging.Verdicts.Judge(t.Context(), by, pair, matching.Saying{Judgement: market.JudgedFits}); err != nil {
			t.Fatal(err)
		}
	}
	w.get("broker", "/account/verdicts").is(200).shows("下一页")
}
