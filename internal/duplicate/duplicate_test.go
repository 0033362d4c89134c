package duplicate

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jishi/internal/follow"
	"jishi/internal/market"
	"jishi/internal/store"
	"jishi/internal/store/sqlite"
	"log/slog"
)

var (
	university = market.Actor{User: "u1", Org: "uni", Name: "周老师", Roles: []market.Role{market.RoleSupplier}, Verified: true}
	college    = market.Actor{User: "u2", Org: "college", Name: "吴老师", Roles: []market.Role{market.RoleSupplier}, Verified: true}
	officer    = market.Actor{User: "o1", Org: "bureau", Name: "赵科员", Roles: []market.Role{market.RoleOfficer}, Verified: true}
	broker     = market.Actor{User: "b1", Org: "broker", Name: "孙经理", Roles: []market.Role{market.RoleBroker}, Verified: true}
)

const (
	castingText = "一种高强韧稀土镁合金的低压铸造方法，先在保护气氛中熔炼，再以阶梯加压充型，铸件抗拉强度不低于三百兆帕，适用于汽车轮毂和电动车壳体的批量生产。"
	copyText    = "一种高强韧稀土镁合金的低压铸造方法，先在保护气氛中熔炼，再以阶梯加压充型，铸件抗拉强度达到三百兆帕以上，适用于汽车轮毂和电动车壳体的量产。"
	otherText   = "一套青菜头自动剥皮去筋装置，由输送带、视觉定位和旋转刀头组成，每小时处理两吨，损耗率低于百分之五。"
)

// texts compares everything with everything: slow and exact.
type texts struct{ kept map[market.ID]string }

func (x texts) Put(id market.ID, text string) { x.kept[id] = text }
func (x texts) Drop(id market.ID)             { delete(x.kept, id) }
func (x texts) Near(text string, limit int) []market.ID {
	var ids []market.ID
	for id, other := range x.kept {
		if len(ids) < limit && pairs(text, other) >= 0.25 {
			ids = append(ids, id)
		}
	}
	return ids
}

// pairs is the Jaccard similarity of the pairs of characters.
func pairs(a, b string) float64 {
	set := func(s string) map[string]bool {
		all, runes := map[string]bool{}, []rune(s)
		for i := 1; i < len(runes); i++ {
			all[string(runes[i-1:i+1])] = true
		}
		return all
	}
	x, y, both := set(a), set(b), 0
	for one := range x {
		if y[one] {
			both++
		}
	}
	return float64(both) / float64(max(1, len(x)+len(y)-both))
}

type world struct {
	*testing.T
	*Service
	docs   store.Collection[market.Achievement]
	wanted store.Collection[market.Demand]
	merger *merger
	feed   *follow.Follower[market.Achievement]
	now    time.Time
	n      int
}

// merger merges as the book of listings does, without its checks.
type merger struct {
	docs  store.Collection[market.Achievement]
	fails error // of the next merge, after it was stored
}

func (m *merger) Merge(ctx context.Context, by market.Actor, id market.ID, _ int64, into market.ID, note string) error {
	doc, err := m.docs.Get(ctx, id)
	if err != nil {
		return err
	}
	doc.MergedFrom, doc.MergedInto = doc.State, into
	doc.History = append(doc.History, market.NextEvent(doc.History, by, time.Now(), market.ActMerge, string(doc.State), "merged", note))
	doc.State = market.StateMerged
	if err := m.docs.Update(ctx, doc); err != nil {
		return err
	}
	err, m.fails = m.fails, nil
	return err
}

func (m *merger) Unmerge(ctx context.Context, by market.Actor, id market.ID, _ int64, note string) error {
	doc, err := m.docs.Get(ctx, id)
	if err != nil {
		return err
	}
	doc.History = append(doc.History, market.NextEvent(doc.History, by, time.Now(), market.ActUnmerge, "merged", string(doc.MergedFrom), note))
	doc.State, doc.MergedInto, doc.MergedFrom = doc.MergedFrom, "", ""
	return m.docs.Update(ctx, doc)
}

func newWorld(t *testing.T) *world {
	engine, err := sqlite.Open(filepath.Join(t.TempDir(), "store.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { engine.Close() })
	w := &world{T: t, now: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)}
	kept, err := store.Open[market.Duplicate](t.Context(), engine, Spec)
	w.must(err)
	w.docs, err = store.Open[market.Achievement](t.Context(), engine, store.Spec{Name: "achievements"})
	w.must(err)
	wanted, err := store.Open[market.Demand](t.Context(), engine, store.Spec{Name: "demands"})
	w.must(err)
	w.wanted = wanted
	w.merger = &merger{docs: w.docs}
	w.Service = New(Stores{kept, w.docs, wanted}, Parts{
		NewTexts: func() Texts { return texts{map[market.ID]string{}} }, Resemblance: pairs, Achievements: w.merger, Demands: w.merger,
	}, func() time.Time { w.now = w.now.Add(time.Second); return w.now })
	w.feed = &follow.Follower[market.Achievement]{Source: w.docs, Sink: w.Achievements(), Log: slog.New(slog.DiscardHandler)}
	return w
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// list adds an achievement and lets it be looked at.
func (w *world) list(owner market.ID, state market.ListingState, title, summary string, patents ...string) *market.Achievement {
	w.Helper()
	w.n++
	doc := &market.Achievement{Meta: market.Meta{ID: market.ID(fmt.Sprintf("a%02d", w.n))}, Listing: market.Listing{
		Title: title, Summary: summary, Owner: owner, State: state, Detail: "保密",
		History: []market.Event{{Seq: 1, By: "u1", Action: market.ActCreateAchievement, To: string(state)}},
	}}
	doc.ImportKey = string(owner) + "/X-" + string(doc.ID)
	for _, number := range patents {
		doc.Rights = append(doc.Rights, market.Right{Kind: "invention", Number: number})
	}
	w.must(w.docs.Insert(w.Context(), doc))
	w.must(w.feed.CatchUp(w.Context()))
	return doc
}

func (w *world) pair(a, b *market.Achievement) *market.Duplicate {
	w.Helper()
	pair, err := w.Service.pairs.Get(w.Context(), market.DuplicateID(a.ID, b.ID))
	w.must(err)
	return pair
}

func TestFinding(t *testing.T) {
	const patent = "ZL201710601862.3"
	for _, tt := range []struct {
		name        string
		state       market.ListingState
		title, text string
		patents     []string
		similar     bool
		number      bool
	}{
		{"nearly the same text", market.StatePublished, "镁合金铸造", copyText, nil, true, false},
		{"on its way to review", market.StateSubmitted, "镁合金铸造", copyText, nil, true, false},
		{"the same number, another text", market.StatePublished, "别的说法", otherText, []string{patent}, false, true},
		{"both", market.StatePublished, "镁合金铸造", copyText, []string{patent}, true, true},
		{"another thing", market.StatePublished, "榨菜", otherText, []string{"ZL202110601862.3"}, false, false},
		{"a draft", market.StateDraft, "镁合金铸造", copyText, []string{patent}, false, false},
		{"withdrawn", market.StateWithdrawn, "镁合金铸造", copyText, []string{patent}, false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			a := w.list("uni", market.StatePublished, "镁合金铸造", castingText, patent)
			b := w.list("college", tt.state, tt.title, tt.text, tt.patents...)
			pair, err := w.Service.pairs.Get(t.Context(), market.DuplicateID(a.ID, b.ID))
			if !tt.similar && !tt.number {
				if !market.Is(err, market.NotFound) {
					t.Fatalf("found %+v, %v", pair, err)
				}
				return
			}
			w.must(err)
			if (pair.Similarity >= Least) != tt.similar || (len(pair.Numbers) == 1 && pair.Numbers[0] == "patent/"+patent) != tt.number ||
				pair.State != market.DuplicateOpen || pair.OwnerA != "uni" || pair.OwnerB != "college" || len(pair.History) != 1 {
				t.Errorf("pair %+v", pair)
			}
		})
	}
}

// TestHintsLeakNothing shows hints to everybody: what the reader may not know
// of is not told, not even that there is something.
func TestHintsLeakNothing(t *testing.T) {
	w := newWorld(t)
	mine := w.list("uni", market.StatePublished, "镁合金铸造", castingText)
	secret := w.list("college", market.StateSubmitted, "镁合金铸造", copyText)
	for _, tt := range []struct {
		name  string
		by    market.Actor
		of    *market.Achievement
		kind  market.Kind // 0 = allowed
		hints int
	}{
		{"officer", officer, mine, 0, 1},
		{"owner, of what is not public of others", university, mine, 0, 0},
		{"the other owner, of what is public", college, secret, 0, 1},
		{"a stranger", broker, mine, market.Denied, 0},
		{"a visitor", market.Actor{}, mine, market.Unauthenticated, 0},
		{"an owner, of what is not theirs", university, secret, market.Denied, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			hints, err := w.Hints(t.Context(), tt.by, market.KindAchievement, tt.of.ID)
			if tt.kind != 0 {
				if !market.Is(err, tt.kind) {
					t.Fatalf("Hints = %v, want kind %v", err, tt.kind)
				}
				return
			}
			w.must(err)
			if len(hints) != tt.hints {
				t.Fatalf("%d hints, want %d", len(hints), tt.hints)
			}
		})
	}
	id := market.DuplicateID(mine.ID, secret.ID)
	if _, err := w.Show(t.Context(), university, id); !market.Is(err, market.NotFound) {
		t.Errorf("the pair shown to the owner of one: %v", err)
	}
	pair, err := w.Show(t.Context(), college, id)
	w.must(err)
	if pair.Left.External != "" || pair.Left.History != nil || pair.Right.External == "" {
		t.Errorf("the owner of one sees %+v", pair)
	}
	if _, err := w.Show(t.Context(), broker, id); !market.Is(err, market.Denied) {
		t.Errorf("the pair shown to a stranger: %v", err)
	}
}

func TestJudging(t *testing.T) {
	for _, tt := range []struct {
		name   string
		owner  market.ID // of the second listing
		by     market.Actor
		action market.Action
		note   string
		want   market.DuplicateState
		kind   market.Kind
	}{
		{"an owner disputes", "college", university, market.ActDispute, "工艺不同", market.DuplicateDisputed, 0},
		{"without a reason", "college", university, market.ActDispute, " ", "", market.Invalid},
		{"an owner cannot dismiss what is another's too", "college", university, market.ActDismiss, "工艺不同", "", market.Denied},
		{"the owner of both dismisses", "uni", university, market.ActDismiss, "工艺不同", market.DuplicateDismissed, 0},
		{"an officer dismisses", "college", officer, market.ActDismiss, "看过了", market.DuplicateDismissed, 0},
		{"a stranger", "college", broker, market.ActDispute, "不同", "", market.Denied},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			a := w.list("uni", market.StatePublished, "镁合金铸造", castingText)
			b := w.list(tt.owner, market.StatePublished, "镁合金铸造", copyText)
			pair := w.pair(a, b)
			got, err := w.Judge(t.Context(), tt.by, pair.ID, pair.Version, tt.action, tt.note)
			if tt.kind != 0 {
				if !market.Is(err, tt.kind) {
					t.Fatalf("Judge = %v, want kind %v", err, tt.kind)
				}
				return
			}
			w.must(err)
			if got.State != tt.want || got.History[1].Note != tt.note {
				t.Errorf("judged %+v", got.Duplicate)
			}
			if again, err := w.Judge(t.Context(), tt.by, pair.ID, pair.Version, tt.action, tt.note); err != nil || again.Version != got.Version {
				t.Errorf("said again: %v", err)
			}
			if _, err := w.Judge(t.Context(), officer, pair.ID, pair.Version, market.ActDismiss, "另一个"); tt.by.User != officer.User && !market.Is(err, market.Stale) {
				t.Errorf("an old version: %v", err)
			}
			// Remembered: looking again asks nothing again.
			if _, err := w.Look(t.Context(), market.KindAchievement, a.ID); err != nil {
				t.Fatal(err)
			}
			if kept := w.pair(a, b); kept.State != tt.want {
				t.Errorf("after another look it is %s", kept.State)
			}
			hints, err := w.Hints(t.Context(), university, market.KindAchievement, a.ID)
			w.must(err)
			if (len(hints) == 0) != (tt.want == market.DuplicateDismissed) {
				t.Errorf("%d hints after it", len(hints))
			}
		})
	}
}

func TestMerging(t *testing.T) {
	w := newWorld(t)
	a := w.list("uni", market.StatePublished, "镁合金铸造", castingText)
	b := w.list("college", market.StatePublished, "镁合金铸造", copyText)
	pair := w.pair(a, b)
	if _, err := w.Merge(t.Context(), university, pair.ID, 0, "a", ""); !market.Is(err, market.Denied) {
		t.Errorf("the owner of one merges: %v", err)
	}
	if _, err := w.Merge(t.Context(), officer, pair.ID, 0, "else", ""); !market.Is(err, market.Invalid) {
		t.Errorf("into a third one: %v", err)
	}
	merged, err := w.Merge(t.Context(), officer, pair.ID, pair.Version, "a", "同一项")
	w.must(err)
	if merged.State != market.DuplicateMerged || merged.Into != a.ID || merged.History[1].By != officer.User || merged.History[1].Note != "同一项" {
		t.Errorf("merged %+v", merged.Duplicate)
	}
	if again, err := w.Merge(t.Context(), officer, pair.ID, pair.Version, "a", "同一项"); err != nil || again.Version != merged.Version {
		t.Errorf("merged again: %v", err)
	}
	w.must(w.feed.CatchUp(t.Context()))
	if kept := w.pair(a, b); len(kept.History) != 2 {
		t.Errorf("the follower says it again: %+v", kept.History)
	}
	for _, by := range []market.Actor{{}, broker, university, officer} {
		sources, err := w.Sources(t.Context(), by, market.KindAchievement, a.ID)
		w.must(err)
		if len(sources) != 1 || sources[0].ID != b.ID || (sources[0].Pair != "") != (by.Org == "uni" || by.Org == "bureau") || (sources[0].External != "") != (by.Org == "bureau") {
			t.Errorf("%s sees sources %+v", by.Org, sources)
		}
	}
	if hints, err := w.Hints(t.Context(), officer, market.KindAchievement, a.ID); err != nil || len(hints) != 0 {
		t.Errorf("hints at what is merged: %v, %v", hints, err)
	}
	back, err := w.Unmerge(t.Context(), officer, pair.ID, merged.Version, "不是")
	w.must(err)
	if back.State != market.DuplicateOpen || back.Into != "" || back.Right.State != market.StatePublished {
		t.Errorf("unmerged %+v", back)
	}
	if hints, err := w.Hints(t.Context(), officer, market.KindAchievement, a.ID); err != nil || len(hints) != 1 {
		t.Errorf("hints after it: %v, %v", hints, err)
	}
}

// TestMergeIsFinished ends the program between the two writes: the follower
// finishes what was begun, also of listings that were never a pair.
func TestMergeIsFinished(t *testing.T) {
	w := newWorld(t)
	a := w.list("uni", market.StatePublished, "镁合金铸造", castingText)
	b := w.list("college", market.StatePublished, "榨菜加工", otherText)
	w.must(w.merger.Merge(t.Context(), officer, b.ID, 0, a.ID, "同一项"))
	w.must(w.feed.CatchUp(t.Context()))
	pair := w.pair(a, b)
	if pair.State != market.DuplicateMerged || pair.Into != a.ID || pair.History[1].By != officer.User || pair.History[1].Note != "同一项" {
		t.Errorf("pair %+v", pair)
	}
	w.must(w.merger.Unmerge(t.Context(), officer, b.ID, 0, ""))
	w.must(w.feed.CatchUp(t.Context()))
	if pair = w.pair(a, b); pair.State != market.DuplicateOpen || pair.Into != "" {
		t.Errorf("pair %+v", pair)
	}
}

// TestRebuild builds the projection anew, as each start does: the pairs are the
// same ones.
func TestRebuild(t *testing.T) {
	w := newWorld(t)
	a := w.list("uni", market.StatePublished, "镁合金铸造", castingText)
	b := w.list("college", market.StatePublished, "镁合金铸造", copyText)
	before := w.pair(a, b)
	w.Service = New(Stores{w.Service.pairs, w.docs, nil}, Parts{
		NewTexts: func() Texts { return texts{map[market.ID]string{}} }, Resemblance: pairs, Achievements: w.merger, Demands: w.merger,
	}, time.Now)
	again := follow.Follower[market.Achievement]{Source: w.docs, Sink: w.Achievements(), Log: slog.New(slog.DiscardHandler)}
	w.must(again.CatchUp(t.Context()))
	if after := w.pair(a, b); after.Version != before.Version {
		t.Errorf("the pair was written again: %+v", after)
	}
	page, err := w.Queue(t.Context(), officer, market.DuplicateOpen, "", 10)
	w.must(err)
	if len(page.Items) != 1 || page.Items[0].ID != before.ID {
		t.Errorf("queue %+v", page)
	}
	if _, err := w.Queue(t.Context(), university, market.DuplicateOpen, "", 10); !market.Is(err, market.Denied) {
		t.Errorf("the queue shown to an owner: %v", err)
	}
	if _, err := w.Queue(t.Context(), officer, "other", "", 10); !market.Is(err, market.Invalid) {
		t.Errorf("a queue of no state: %v", err)
	}
}

// TestRows compares the rows of a file with each other and with what is listed.
func TestRows(t *testing.T) {
	w := newWorld(t)
	a := w.list("uni", market.StatePublished, "镁合金铸造", castingText)
	w.list("college", market.StateSubmitted, "镁合金铸造", copyText)
	rows := w.Rows()
	read := func(n int, id market.ID, text string, patents ...string) []market.RowTwin {
		doc := &market.Achievement{Meta: market.Meta{ID: id}, Listing: market.Listing{Title: "镁合金铸造", Summary: text}}
		for _, number := range patents {
			doc.Rights = append(doc.Rights, market.Right{Kind: "invention", Number: number})
		}
		twins, err := rows.Achievement(t.Context(), university, n, doc)
		w.must(err)
		return twins
	}
	if got := read(1, "r1", castingText); len(got) != 1 || got[0].Other != a.ID || got[0].Similarity != 100 || !strings.Contains(got[0].Sentence(), "相似 100%") {
		t.Errorf("row 1: %+v", got) // and nothing of what the importer may not know of
	}
	if got := read(2, "r2", otherText, "ZL201710601862.3"); len(got) != 0 {
		t.Errorf("row 2: %+v", got)
	}
	if got := read(3, "r3", strings.Repeat("别", 30), "ZL201710601862.3"); len(got) != 1 || got[0].OtherRow != 2 || !strings.Contains(got[0].Sentence(), "同一编号 ZL201710601862.3") {
		t.Errorf("row 3: %+v", got)
	}
	if got := read(4, "r4", copyText); len(got) != 2 || got[0].OtherRow != 1 || got[1].Other != a.ID {
		t.Errorf("row 4: %+v", got)
	}
}

func TestDifferences(t *testing.T) {
	for _, tt := range []struct{ name, text, other, want string }{
		{"the same", "镁合金铸造", "镁合金铸造", "镁合金铸造"},
		{"one word changed", "先熔炼，再低压铸造", "先熔炼，再高压铸造", "先熔炼，再[低]压铸造"},
		{"nothing in common", "镁合金", "榨菜头", "[镁合金]"},
		{"short", "镁", "镁", "镁"},
		{"empty", "", "镁", ""},
		{"no text", "\xff镁合金", "镁合金", "[\xff]镁合金"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var b strings.Builder
			at := 0
			for _, span := range Differences(tt.text, tt.other) {
				b.WriteString(tt.text[at:span.Start] + "[" + tt.text[span.Start:span.End] + "]")
				at = span.End
			}
			if got := b.String() + tt.text[at:]; got != tt.want {
				t.Errorf("marked %q, want %q", got, tt.want)
			}
		})
	}
}
