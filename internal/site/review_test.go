package site

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"jishi/internal/market"
)

// An officer works through the queue, oldest first, without going back to it.
func TestReviewInOneGo(t *testing.T) {
	w := newWorld(t)
	submit := func(as, path string, v url.Values) string {
		w.now = w.now.Add(24 * time.Hour)
		return w.post(as, path, with(v, "then", "submit")).leads(path + "/")
	}
	first := submit("university", "/achievements", magnesium())
	second := submit("enterprise", "/demands", housing())
	third := submit("university", "/achievements", with(magnesium(), "title", "第三项", "rights.0.number", "", "rights.2.number", ""))
	w.now = w.now.Add(48 * time.Hour)

	queue := w.get("officer", "/review").is(200).shows("3 条在等")
	rows := queue.all("th[scope=row]")
	if len(rows) != 3 || !strings.HasPrefix(inner(rows[0]), "耐热镁合金薄板") || inner(rows[2]) != "第三项" {
		t.Fatalf("queue: %s", queue.text("tbody"))
	}
	w.get("officer", "/desk").is(200).shows("3 条成果、需求、合同和单位在等")

	next := func(href string, action market.Action, note string) *answer {
		page := w.get("officer", href).is(200).shows("待您审核")
		return w.post("officer", href+"/"+string(action), url.Values{"version": {versionOn(page, href, action)}, "then": {"next"}, "note": {note}})
	}
	if got := next(first, market.ActApprove, "").leads("/"); got != second {
		t.Errorf("after the first comes %s, want %s", got, second)
	}
	w.get("officer", "/review/next?after="+strings.TrimPrefix(second, "/demands/")).leads(third)
	next(second, market.ActReject, "").is(422)
	if got := next(second, market.ActReject, "缺少指标").leads("/"); got != third {
		t.Errorf("after the second comes %s, want %s", got, third)
	}
	if got := next(third, market.ActApprove, "").leads("/"); got != "/review" {
		t.Errorf("at the end comes %s", got)
	}
	w.get("officer", "/review").is(200).shows("都审完了")
	w.get("enterprise", "/desk").is(200).shows("要改正的", "理由：缺少指标", "改正")
	w.get("enterprise", second).is(200).shows("已驳回", "缺少指标")
}

func versionOn(page *answer, href string, action market.Action) string {
	for _, form := range page.all("form[action=" + href + "/" + string(action) + "]") {
		for _, hidden := range find(form, "input[name=version]") {
			return attr(hidden, "value")
		}
	}
	return ""
}

// What officers submit themselves is shown to them, but somebody else decides.
func TestOwnSubmissionsAreForSomebodyElse(t *testing.T) {
	w := newWorld(t)
	href := w.post("officer", "/demands", with(housing(), "then", "submit")).leads("/demands/")
	w.get("officer", "/review").is(200).shows("须由另一位经办人审核")
	if got := w.get("officer", "/review/next").leads("/"); got != "/review" {
		t.Errorf("next is %s", got)
	}
	if buttons := w.get("officer", href).is(200).all("form[action=" + href + "/approve]"); len(buttons) != 0 {
		t.Error("the page offers to approve one's own")
	}
}

func TestFollowing(t *testing.T) {
	rows := []waiting{{ID: "a"}, {ID: "b", Mine: true}, {ID: "c"}}
	tests := []struct {
		name, after string
		rows        []waiting
		want        market.ID
	}{
		{"from the top", "", rows, "a"},
		{"past one's own", "a", rows, "c"},
		{"begins again", "c", rows, "a"},
		{"not in the queue", "x", rows, "a"},
		{"only itself", "a", rows[:1], ""},
		{"empty", "", nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := following(tt.rows, market.ID(tt.after))
			if (got == nil) != (tt.want == "") || got != nil && got.ID != tt.want {
				t.Errorf("following = %v, want %q", got, tt.want)
			}
		})
	}
}

func TestDesk(t *testing.T) {
	w := newWorld(t)
	w.get("university", "/desk").is(200).shows("还没有发布过", "发布成果").hides("/demands/new")
	w.get("broker", "/desk").is(200).shows("没有要办的事")
	w.get("", "/desk").leads("/sign-in?next=%2Fdesk")

	href := w.publish("university", "/achievements", magnesium())
	w.post("university", "/achievements", with(magnesium(), "title", "写了一半", "rights.0.number", "")).leads("/")
	w.get("university", "/desk").is(200).shows("草稿", "写了一半", "继续填写", "公开的")
	w.get("rival", "/desk").is(200).hides("写了一半", "耐热镁合金")

	w.now = w.now.Add(340 * 24 * time.Hour)
	w.get("university", "/desk").is(200).shows("要续期的", "续期")
	w.act("university", href, market.ActRenew, "").leads(href)
	if page := w.get("university", "/desk").is(200); strings.Contains(page.text("main"), "要续期的") {
		t.Error("a renewed listing still asks for it")
	}
	w.act("university", href, market.ActWithdraw, "已转让").leads(href)
	w.get("university", "/desk").is(200).shows("已撤回的")
	w.act("university", href, market.ActReopen, "").leads(href)
}

func TestOwnListsByPage(t *testing.T) {
	w := newWorld(t)
	for i := range 53 {
		w.post("enterprise", "/demands", with(housing(), "title", "草稿"+number(int64(i)))).leads("/demands/")
	}
	page := w.get("enterprise", "/desk/demands").is(200)
	if rows := page.all("th[scope=row]"); len(rows) != 50 {
		t.Fatalf("%d rows", len(rows))
	}
	more := w.get("enterprise", attr(page.one("a[rel=next]"), "href")).is(200)
	if rows := more.all("th[scope=row]"); len(rows) != 3 {
		t.Errorf("%d rows on the second page", len(rows))
	}
	w.get("enterprise", "/desk/demands?cursor=xxx").is(422)
	w.get("enterprise", "/desk/achievements").is(200).shows("这里还没有内容")
}
