package site

import (
	"net/url"
	"strconv"
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
	offered, asked := magnesium().Get("title"), housing().Get("title")
	w.get("", demand).is(200).shows(offered).hides("这条匹配怎么样")
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
	w.get("broker", demand).is(200).hides(offered)
	w.get("university", achievement).is(200).hides(asked)
	w.get("officer", match+"/verdict").is(200).shows("各方的判断", "技术经纪人", "已停产")
	w.get("university", match+"/verdict").is(200).hides("已停产")

	w.get("broker", "/account/verdicts").is(200).shows("我的判断", "不合适", "已停产", "撤销")
	w.post("broker", match+"/verdict/retract", url.Values{"back": {"/account/verdicts"}}).leads("/account/verdicts")
	w.get("broker", "/account/verdicts").is(200).shows("已撤销")
	w.get("broker", demand).is(200).shows(offered, "这条匹配怎么样？")
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
	docs := open[market.Verdict](t, w.engine, matching.VerdictSpec)
	for i := range verdictsPerPage + 1 {
		must(t, docs.Insert(t.Context(), &market.Verdict{
			Meta: market.Meta{ID: market.ID("v" + strconv.Itoa(i))}, Pair: "gone.away", User: w.users["broker"].User, State: market.VerdictGiven, Judgement: market.JudgedFits, Side: "broker",
		}))
	}
	next := w.get("broker", "/account/verdicts").is(200).shows("下一页", "已不公开的内容", "技术经纪人").all("a[rel=next]")
	w.get("broker", attr(next[0], "href")).is(200).shows("回到第一页").hides("下一页")
}
