package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"jishi/internal/market"
	"jishi/internal/matching"
	"jishi/internal/store"
	"jishi/search"
)

// alerting is a house whose followers run as they do in a server.
type alerting struct {
	*testing.T
	*serving
	stop context.CancelFunc
	wait *crew
}

// alertingHouse opens a house in a folder and follows.
func alertingHouse(t *testing.T, data string) *alerting {
	t.Helper()
	cfg := config{Data: data, Listen: "127.0.0.1:0"}
	h, err := openHouse(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	s := &serving{house: h, cfg: cfg, log: log}
	index, err := search.Open(cfg.indexDir(), log)
	if err != nil {
		t.Fatal(err)
	}
	index.WeighBy(h.weightings.Current)
	s.projections = h.project(index, log)
	if err := h.weightings.Seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.judge()
	ctx, stop := context.WithCancel(context.Background())
	a := &alerting{T: t, serving: s, stop: stop, wait: &crew{log: log}}
	s.projections.follow(ctx, a.wait)
	s.followAlerts(ctx, a.wait)
	t.Cleanup(func() {
		stop()
		a.wait.Wait()
		index.Close()
		h.close()
	})
	return a
}

func (a *alerting) must(err error) {
	a.Helper()
	if err != nil {
		a.Fatal(err)
	}
}

// people makes an organization and somebody in it.
func (a *alerting) people(org market.ID) market.ID {
	a.Helper()
	doc := &market.Organization{Meta: market.Meta{ID: org}, Name: "单位" + string(org), Kind: "university", State: market.OrgVerified}
	a.must(doc.Check())
	a.must(a.docs.orgs.Insert(a.Context(), doc))
	user := &market.User{Meta: market.Meta{ID: "u-" + org}, Login: string(org) + "@alert.example", Name: "某人", Org: org,
		Memberships: []market.Membership{{Org: org, Roles: []market.Role{market.RoleSupplier}, State: market.MemberActive}}}
	a.must(a.docs.links.Insert(a.Context(), &market.MemberLink{Meta: market.Meta{ID: "l-" + org}, Org: org, User: user.ID, State: market.MemberActive}))
	a.must(a.docs.users.Insert(a.Context(), user))
	return user.ID
}

func publicListing(title, summary string, owner market.ID) market.Listing {
	now := time.Now().UTC().Truncate(time.Millisecond)
	return market.Listing{
		Title: title, Summary: summary, Keywords: []string{}, ImportKey: string(newID()), Class: market.Class{Field: "05", Industry: "C"}, Modes: []string{"license"}, Owner: owner,
		State: market.StatePublished, Published: now, ValidUntil: now.Add(time.Hour),
		History: []market.Event{{Seq: 1, At: now, Action: market.ActApprove, To: string(market.StatePublished)}},
	}
}

// notices is what somebody was told.
func (a *alerting) notices(user market.ID) []*market.Notice {
	a.Helper()
	page, err := a.docs.alerts.notices.Find(context.Background(), store.Query{Equal: []store.Equal{{Field: "user", Value: string(user)}}, Sort: store.FieldCreated, Limit: store.MaxLimit})
	a.must(err)
	return page.Items
}

// materials makes pairs of texts that are about one thing each.
var materials = []string{"镁合金", "碳化硅", "氮化镓", "储氢罐", "超导带材", "石墨烯膜", "钛合金丝", "玄武岩纤维", "聚酰亚胺", "稀土永磁"}

func pairTexts(i int) (need, offer string) {
	m, n := materials[i%len(materials)], materials[(i/len(materials)+3)%len(materials)]
	key := fmt.Sprintf("%s与%s第%d号复合构件", m, n, i)
	return key + "连接强度不足，需要攻克界面开裂和疲劳失效", key + "界面开裂和疲劳失效的连接强度提升方法"
}

// replay has the followers begin anew, whatever they have done.
func (a *alerting) replay() {
	a.Helper()
	for _, name := range []market.ID{"achievements", "demands"} {
		err := error(market.E(market.Stale, "", ""))
		for tries := 0; market.Is(err, market.Stale) && tries < 50; tries++ {
			p, failed := a.docs.alerts.positions.Get(a.Context(), name)
			a.must(failed)
			p.Cursor = ""
			err = a.docs.alerts.positions.Update(a.Context(), p)
		}
		a.must(err)
	}
}

// From publication to notice, both ways, over a market of as many listings as
// JISHI_ALERT_STOCK says (default 500; the README's figure is of 10,000).
func TestPublicationToNotice(t *testing.T) {
	stock, rounds := 500, 20
	if n, err := strconv.Atoi(os.Getenv("JISHI_ALERT_STOCK")); err == nil {
		stock, rounds = n, 50
	}
	a := alertingHouse(t, t.TempDir())
	uni, firm := a.people("uni"), a.people("firm")
	a.stock(stock)
	var took []time.Duration
	for i := range rounds {
		took = append(took, a.publishPair(i, uni, firm))
	}
	slices.Sort(took)
	p50, p95 := took[len(took)/2], took[len(took)*95/100]
	t.Logf("%d listings, %d publications: publish to notice of both sides p50 %v, p95 %v, most %v", stock, rounds, p50.Round(time.Millisecond), p95.Round(time.Millisecond), took[len(took)-1].Round(time.Millisecond))
	if p95 > 2*time.Second {
		t.Errorf("p95 %v is more than two seconds", p95)
	}
	if n := len(a.notices(uni)); n < rounds {
		t.Errorf("%d notices after %d pairs", n, rounds)
	}
}

// stock fills the market with so many older listings of both kinds.
func (a *alerting) stock(stock int) {
	a.Helper()
	for i := range stock {
		need, _ := pairTexts(100_000 + i)
		old := publicListing(fmt.Sprintf("库存%d", i), need+"，"+materials[i%len(materials)]+"材料的工艺和装备", "stock")
		old.History[0].At = old.History[0].At.Add(-30 * 24 * time.Hour) // no news
		if i%2 == 0 {
			a.must(a.docs.achievements.Insert(a.Context(), &market.Achievement{Meta: market.Meta{ID: newID()}, Listing: old, Holder: "某单位"}))
		} else {
			a.must(a.docs.demands.Insert(a.Context(), &market.Demand{Meta: market.Meta{ID: newID()}, Listing: old, Demander: "某单位", DemandKind: "problem"}))
		}
	}
	a.settle(stock)
}

// settle waits until the followers have gone through the stock.
func (a *alerting) settle(stock int) {
	a.Helper()
	for deadline := time.Now().Add(5 * time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		n, err := a.projections.index.Count(context.Background())
		a.must(err)
		if n >= stock {
			time.Sleep(time.Second) // the alerts pass over it
			return
		}
	}
	a.Fatal("the index does not catch up")
}

// publishPair publishes one side, waits until it is found, publishes the other
// and returns how long it took until both owners were told.
func (a *alerting) publishPair(i int, uni, firm market.ID) time.Duration {
	a.Helper()
	need, offer := pairTexts(i)
	demand := &market.Demand{Meta: market.Meta{ID: newID()}, Listing: publicListing(market.Clip(need, 30), need, "firm"), Demander: "某企业", DemandKind: "problem"}
	achievement := &market.Achievement{Meta: market.Meta{ID: newID()}, Listing: publicListing(market.Clip(offer, 30), offer, "uni"), Holder: "某大学"}
	first, last := func() error { return a.docs.demands.Insert(a.Context(), demand) }, func() error { return a.docs.achievements.Insert(a.Context(), achievement) }
	if i%2 == 1 {
		first, last = last, first
	}
	a.must(first())
	time.Sleep(500 * time.Millisecond)
	start := time.Now()
	a.must(last())
	ids := []market.ID{market.NoticeID(market.NoticeMatch, uni, demand.ID, achievement.ID), market.NoticeID(market.NoticeMatch, firm, demand.ID, achievement.ID)}
	for time.Since(start) < 10*time.Second {
		found, err := a.docs.alerts.notices.GetMany(context.Background(), ids)
		a.must(err)
		if len(found) == 2 {
			return time.Since(start)
		}
		time.Sleep(5 * time.Millisecond)
	}
	a.Errorf("pair %d: nobody is told within ten seconds", i)
	return 10 * time.Second
}

// A restart, a replay from the beginning and a renewal tell nobody anything again.
func TestNothingIsToldTwice(t *testing.T) {
	data := t.TempDir()
	var told []*market.Notice
	for round := range 3 {
		t.Run(fmt.Sprint("process ", round), func(t *testing.T) {
			a := alertingHouse(t, data)
			if round == 0 {
				a.people("uni")
				a.people("firm")
				a.stock(200)
				a.publishPair(0, "u-uni", "u-firm")
				told = a.notices("u-uni")
				return
			}
			a.replay()
			docs, _, err := a.docs.achievements.Changes(t.Context(), "", store.MaxLimit)
			a.must(err)
			for _, doc := range docs { // renewed
				if doc.Owner != "uni" {
					continue
				}
				doc.History = append(doc.History, market.Event{Seq: len(doc.History) + 1, At: time.Now().UTC(), Action: market.ActRenew, To: string(market.StatePublished)})
				a.must(a.docs.achievements.Update(t.Context(), doc))
			}
			time.Sleep(1500 * time.Millisecond)
			if now := a.notices("u-uni"); len(now) != 1 || len(told) != 1 || now[0].Version != told[0].Version {
				t.Errorf("%d notices, then %d", len(told), len(now))
			}
		})
	}
}

// A pair that was judged not to fit is told to nobody, however often it is
// looked for, until one of its texts changes.
func TestRefusedPairIsNotTold(t *testing.T) {
	a := alertingHouse(t, t.TempDir())
	uni, firm := a.people("uni"), a.people("firm")
	a.stock(200)
	by := market.Actor{User: firm, Org: "firm", Roles: []market.Role{market.RoleDemander}, Verified: true}
	for _, user := range []market.ID{uni, firm} { // told of nothing for now
		_, err := a.alerts.Set(t.Context(), market.Actor{User: user}, 0, market.AlertOff, false)
		a.must(err)
	}
	need, offer := pairTexts(0)
	demand := &market.Demand{Meta: market.Meta{ID: newID()}, Listing: publicListing(market.Clip(need, 30), need, "firm"), Demander: "某企业", DemandKind: "problem"}
	achievement := &market.Achievement{Meta: market.Meta{ID: newID()}, Listing: publicListing(market.Clip(offer, 30), offer, "uni"), Holder: "某大学"}
	a.must(a.docs.demands.Insert(t.Context(), demand))
	a.must(a.docs.achievements.Insert(t.Context(), achievement))
	time.Sleep(1500 * time.Millisecond)
	_, err := a.verdicts(a.projections.index).Judge(t.Context(), by, market.PairID(demand.ID, achievement.ID), matching.Saying{Judgement: market.JudgedNo, Reason: "wrong_problem"})
	a.must(err)
	for _, user := range []market.ID{uni, firm} {
		_, err := a.alerts.Set(t.Context(), market.Actor{User: user}, 0, market.AlertNow, false)
		a.must(err)
	}
	publishAgain := func(summary string) {
		stored, err := a.docs.demands.Get(t.Context(), demand.ID)
		a.must(err)
		stored.Summary = summary
		stored.History = append(stored.History, market.Event{Seq: len(stored.History) + 1, At: time.Now().UTC(), Action: market.ActRenew, To: string(market.StatePublished)})
		a.must(a.docs.demands.Update(t.Context(), stored))
		time.Sleep(1500 * time.Millisecond)
	}
	told := func() int {
		found, err := a.docs.alerts.notices.GetMany(t.Context(), []market.ID{
			market.NoticeID(market.NoticeMatch, uni, demand.ID, achievement.ID), market.NoticeID(market.NoticeMatch, firm, demand.ID, achievement.ID)})
		a.must(err)
		return len(found)
	}
	if publishAgain(demand.Summary); told() != 0 {
		t.Errorf("%d are told of a refused pair", told())
	}
	if publishAgain(demand.Summary + "，并降低成本"); told() != 2 {
		t.Errorf("after the text changed %d are told, want both", told())
	}
}
