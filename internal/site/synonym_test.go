package site

import (
	"net/url"
	"strings"
	"testing"

	"jishi/internal/market"
)

func TestSynonymPages(t *testing.T) {
	w := newWorld(t)
	admin := w.users["officer"]
	w.post("officer", "/admin/synonyms", url.Values{"words": {"碳化硅、SiC"}, "note": {"国标"}}).is(303)
	w.post("officer", "/admin/synonyms", url.Values{"words": {"碳化硅"}}).is(422).shows("至少写两个意思相同的词")
	w.post("officer", "/admin/synonyms", url.Values{"words": {"sic、金刚砂"}}).is(422).shows("已经在“碳化硅”那一组")
	w.get("officer", "/admin/synonyms?q=SIC").is(200).shows("碳化硅、SiC", "国标", "共 1 组")
	w.get("officer", "/admin/synonyms?q=氮").is(200).shows("没有含这个词的组")
	groups, err := w.site.Synonyms.List(t.Context(), admin, "")
	must(t, err)
	address := synonymHref(groups[0].ID)
	w.post("officer", address, url.Values{"words": {"碳化硅、SiC、金刚砂"}, "version": {"1"}}).is(303)
	w.post("officer", address, url.Values{"words": {"碳化硅、SiC"}, "version": {"1"}}).is(409).shows("刚刚被别人改过")
	w.get("officer", address).is(200).shows("碳化硅、SiC、金刚砂", "添加同义词", "修改同义词")
	w.post("officer", address+"/remove", url.Values{"version": {"2"}}).is(303)
	w.get("officer", "/admin/synonyms").is(200).hides("金刚砂")
	w.get("officer", "/admin/synonyms?state=removed").is(200).shows("金刚砂", "恢复")
	w.post("officer", address+"/restore", url.Values{"version": {"3"}}).is(303)
	w.get("officer", "/admin/synonyms").is(200).shows("金刚砂")
	w.get("university", "/admin/synonyms").is(403)
}

func TestSynonymsInAndOut(t *testing.T) {
	w := newWorld(t)
	w.post("officer", "/admin/synonyms/import", url.Values{"list": {"氮化镓、GaN\r\n碳化硅,SiC"}}).is(303)
	w.post("officer", "/admin/synonyms/import", url.Values{"list": {"氧化镓、Ga2O3\r\n孤词"}}).is(422).shows("第 2 行", "至少写两个", "其余的已添加 1 组")
	w.post("officer", "/admin/synonyms/import", url.Values{"list": {" "}}).is(422).shows("没有读到同义词")
	file := w.get("officer", "/admin/synonyms/export/csv").is(200)
	if !strings.Contains(file.body, "氮化镓、GaN") || !strings.Contains(file.body, "同义词") {
		t.Fatalf("exported %q", file.body)
	}
	w.post("officer", "/admin/synonyms/import", url.Values{"list": {file.body}}).is(303)
	if groups, err := w.site.Synonyms.List(t.Context(), w.users["officer"], market.SynonymUsed); err != nil || len(groups) != 3 {
		t.Errorf("%d groups after the export came back, %v", len(groups), err)
	}
}
