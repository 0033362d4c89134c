package site

import (
	"strings"
	"testing"
)

// picked is the ids of the hits of a search, as their boxes send them.
func picked(page *answer) []string {
	var ids []string
	for _, box := range page.all("input[name=ids]") {
		ids = append(ids, attr(box, "value"))
	}
	return ids
}

func TestCompare(t *testing.T) {
	w := shelf(t)
	all := picked(w.get("", "/search").is(200))
	ids := picked(w.get("", "/search?kind=achievement&sort=price").is(200))
	if len(all) != 4 || len(ids) != 3 {
		t.Fatalf("%d and %d hits can be picked", len(all), len(ids))
	}
	ids = []string{ids[0], ids[2]}
	page := w.get("", "/compare?ids="+strings.Join(ids, "&ids=")).is(200).shows("镁渣制砖", "竹纤维板材热压", "价格或预算", "面议", "30 万元", "不同")
	if columns := page.all("th[scope=col]"); len(columns) != 2 {
		t.Errorf("%d listings are side by side, want 2", len(columns))
	}
	for _, row := range page.all("tr.is-different") {
		if cells := find(row, "td"); len(cells) != 2 || inner(cells[0]) == inner(cells[1]) {
			t.Errorf("a row that is marked does not differ: %s", inner(row))
		}
	}
	drop := find(page.one("thead"), "a.jishi-compare-drop")
	if attr(drop[0], "href") != "/compare?ids="+ids[1] {
		t.Errorf("taking the first out leads to %s", attr(drop[0], "href"))
	}
	w.get("", "/compare?ids="+strings.Join(all, ",")).is(200).shows("耐热镁合金壳体薄板供应与成形", "需求", "成果")
	w.get("", "/compare?ids="+ids[0]+","+ids[0]).is(200).hides("没有找到")
}

func TestCompareRefusesWhatItCannot(t *testing.T) {
	w := shelf(t)
	w.get("", "/compare").is(200).shows("还没有选要对比的项")
	w.get("", "/compare?ids=a,b,c,d,e").is(200).shows("最多对比 4 项", "有 4 项没有找到")
	w.get("", "/compare?ids="+strings.Repeat("x,", 3000)).is(200).shows("有 1 项没有找到")
	w.get("", "/compare?ids=%ff%fe&ids=../../etc&ids="+strings.Repeat("a", 500)).is(200).shows("还没有选要对比的项")
	draft := w.get("", "/compare?ids=0193a0b0-0000-7000-8000-999999999999").is(200)
	draft.shows("有 1 项没有找到")
}
