package site

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"jishi/internal/duplicate"
	"jishi/internal/listing"
	"jishi/internal/market"
	"jishi/internal/store"
)

// allTexts compares a text with all others, which tests have few of.
type allTexts struct{ kept map[market.ID]string }

func (x allTexts) Put(id market.ID, text string) { x.kept[id] = text }
func (x allTexts) Drop(id market.ID)             { delete(x.kept, id) }
func (x allTexts) Near(string, int) []market.ID {
	var ids []market.ID
	for id := range x.kept {
		ids = append(ids, id)
	}
	return ids
}

// sameTitle is the resemblance of two texts: all of it when they begin alike.
func sameTitle(a, b string) float64 {
	x, _, _ := strings.Cut(a, "\n")
	y, _, _ := strings.Cut(b, "\n")
	if x == y {
		return 0.8
	}
	return 0
}

type mergers[T any, P listing.Kind[T]] struct{ book *listing.Book[T, P] }

func (m mergers[T, P]) Merge(ctx context.Context, by market.Actor, id market.ID, version int64, into market.ID, note string) error {
	_, err := m.book.Merge(ctx, by, id, version, into, note)
	return err
}

func (m mergers[T, P]) Unmerge(ctx context.Context, by market.Actor, id market.ID, version int64, note string) error {
	_, err := m.book.Unmerge(ctx, by, id, version, note)
	return err
}

func (w *world) duplicates(engine store.Engine, achievements store.Collection[market.Achievement], demands store.Collection[market.Demand], config Config) *duplicate.Service {
	return duplicate.New(duplicate.Stores{Pairs: open[market.Duplicate](w.t, engine, duplicate.Spec), Achievements: achievements, Demands: demands}, duplicate.Parts{
		NewTexts: func() duplicate.Texts { return allTexts{map[market.ID]string{}} }, Resemblance: sameTitle,
		Achievements: mergers[market.Achievement, *market.Achievement]{config.Achievements}, Demands: mergers[market.Demand, *market.Demand]{config.Demands},
	}, w.clock)
}

// One result listed by two: both are told as far as they may know, the owner
// says it is not the same, the officer merges, the old address leads on, and
// all of it is undone.
func TestDuplicates(t *testing.T) {
	w := newWorld(t)
	first := w.publish("university", "/achievements", magnesium())
	second := w.post("rival", "/achievements", with(magnesium(), "then", "submit")).leads("/achievements/")
	a, b := strings.TrimPrefix(first, "/achievements/"), strings.TrimPrefix(second, "/achievements/")
	pair := "/duplicates/" + string(market.DuplicateID(market.ID(a), market.ID(b)))

	w.get("rival", second).is(200).shows("可能重复", "内容相似 80%", "同一编号", "对照着看")
	w.get("university", first).is(200).hides("可能重复") // the other is not public
	w.get("university", pair).is(404)
	w.get("broker", pair).is(403)
	w.get("", pair).leads("/sign-in")
	w.get("officer", "/admin/duplicates").is(200).shows("同一编号", "待判断")
	w.get("rival", "/admin/duplicates").is(403)

	page := w.get("rival", pair).is(200).shows("标出的是另一条里没有的文字")
	if len(page.all("form[action="+pair+"/merge]")) != 0 || len(page.all("form[action="+pair+"/dispute]")) != 1 {
		t.Error("the owner of one may say it differs, and nothing else")
	}
	version := versionOn(page, pair, "dispute")
	w.post("rival", pair+"/dispute", url.Values{"version": {version}, "note": {" "}}).is(422).shows("必填")
	w.post("rival", pair+"/merge", url.Values{"version": {version}, "keep": {"a"}}).is(403)
	w.post("rival", pair+"/dispute", url.Values{"version": {version}, "note": {"轧制温度不同"}}).leads(pair)
	w.get("officer", "/admin/duplicates?state=disputed").is(200).shows("同一编号")
	w.get("officer", "/admin/duplicates").is(200).shows("没有要判断的")

	other := w.post("enterprise", "/demands", with(housing(), "then", "submit")).leads("/demands/")
	marked := map[string]bool{}
	for _, cell := range w.get("officer", "/review").is(200).all("th[scope=row]") {
		marked[attr(find(cell, "a")[0], "href")] = len(find(cell, ".jishi-badge")) == 1
	}
	if mark, ok := marked[other]; !marked[second] || mark || !ok {
		t.Errorf("the queue marks %v, want %s alone", marked, second)
	}
	w.act("officer", second, market.ActApprove, "")
	w.get("university", pair).is(200).shows("轧制温度不同")
	page = w.get("officer", pair).is(200)
	version = versionOn(page, pair, "merge")
	w.post("officer", pair+"/merge", url.Values{"version": {"1"}, "keep": {"a"}}).is(409).shows("刚刚有人处理过")
	w.post("officer", pair+"/merge", url.Values{"version": {version}}).is(422).shows("请选择保留哪一条")
	w.post("officer", pair+"/merge", url.Values{"version": {version}, "keep": {"a"}, "merge_note": {"同一专利"}}).leads(pair)
	for _, as := range []string{"", "rival", "officer"} {
		w.get(as, second).leads(first)
	}
	w.get("", first).is(200).shows("合并进来的来源").hides("对照着看")
	w.get("officer", pair).is(200).shows("已合并", "保留的一条", "撤销合并")

	version = versionOn(w.get("officer", pair), pair, "unmerge")
	w.post("rival", pair+"/unmerge", url.Values{"version": {version}}).is(403)
	w.post("officer", pair+"/unmerge", url.Values{"version": {version}, "note": {"看错了"}}).leads(pair)
	w.get("", second).is(200)
	w.get("", first).is(200).hides("合并进来的来源")
}

// A number twice in one organization is refused with the way to the other.
func TestSameNumberInOneOrganization(t *testing.T) {
	w := newWorld(t)
	first := w.publish("university", "/achievements", magnesium())
	second := w.post("university", "/achievements", with(with(magnesium(), "title", "另一种说法"), "then", "submit"))
	if text := w.flash(second); !strings.Contains(text, "本单位已发布过同名、或同一专利号") {
		t.Errorf("flash %q", text)
	}
	w.get("university", second.leads("/achievements/")).is(200).shows("草稿", "可能重复", "同一编号")
	w.get("", first).is(200)
}
