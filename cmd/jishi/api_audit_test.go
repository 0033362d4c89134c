package main

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"jishi/internal/market"
)

// TestAPIAudit reads over HTTP what was done over HTTP.
func TestAPIAudit(t *testing.T) {
	w := startAPI(t)
	t.Run("what was done", func(t *testing.T) { w.in(t).auditContract() })
	t.Run("sign-ins", func(t *testing.T) { w.in(t).auditSignIns() })
	t.Run("refusals", func(t *testing.T) { w.in(t).auditRefusals() })
	t.Run("who may read", func(t *testing.T) { w.in(t).auditReaders() })
	t.Run("bad questions", func(t *testing.T) { w.in(t).auditQuestions() })
	t.Run("verification", func(t *testing.T) { w.in(t).auditVerification() })
}

type entryAnswer struct {
	Seq                                               int64
	Action, Kind, Subject, From, To, Result           string
	User, Org, Detail, Address, Request, Hash, Source string
	At                                                time.Time
}

// entries asks for entries until ok says that they are all there.
func (w *apiWorld) entries(query string, ok func([]entryAnswer) bool) []entryAnswer {
	w.Helper()
	var page struct {
		Items  []entryAnswer
		Cursor string
	}
	w.eventually(20*time.Second, "in the trail: "+query, func() bool {
		page.Items = nil
		w.ask(bureau, "GET", "/audit?"+query, nil).want(200).read(&page)
		return ok(page.Items)
	})
	return page.Items
}

// auditContract follows a contract: each step is an entry, once.
func (w *apiWorld) auditContract() {
	d := w.create(university, "/contracts", contractInput("审计接口试验", 100))
	at := "/contracts/" + d.ID
	d = w.ask(university, "POST", at+"/submit", nil, "If-Match", d.etag).want(200).doc()
	w.ask(bureau, "POST", at+"/register", map[string]string{"number": "20265001558801"}, "If-Match", d.etag).want(200)
	got := w.entries("kind=contract&subject="+d.ID, func(e []entryAnswer) bool { return len(e) == 3 })
	var steps []string
	for _, e := range got {
		steps = append(steps, fmt.Sprintf("%s %s→%s %s", e.Action, e.From, e.To, e.Result))
		if e.User == "" || e.Org == "" || e.Address != "127.0.0.1" || e.Request == "" || len(e.Hash) != 64 || e.Subject != d.ID {
			w.Errorf("entry %+v", e)
		}
	}
	want := "[contract.register submitted→registered ok contract.submit draft→submitted ok contract.create →draft ok]"
	if fmt.Sprint(steps) != want {
		w.Errorf("steps %v, want %s", steps, want)
	}
	if got[0].User == got[1].User || got[1].User != got[2].User {
		w.Errorf("by %s, %s, %s", got[0].User, got[1].User, got[2].User)
	}
	today := string(market.DateOf(time.Now()))
	w.entries("subject="+d.ID+"&action=contract.submit&from="+today+"&to="+today, func(e []entryAnswer) bool { return len(e) == 1 })
	w.entries("subject="+d.ID+"&to=2020-01-01", func(e []entryAnswer) bool { return len(e) == 0 })
}

func (w *apiWorld) auditSignIns() {
	w.entries("action=session.open&result=ok", func(e []entryAnswer) bool {
		return len(e) >= 4 && e[0].Kind == "session" && e[0].Address == "127.0.0.1"
	})
	before := len(w.entries("action=session.open&limit=100", func([]entryAnswer) bool { return true }))
	w.ask(visitor, "POST", "/sessions", map[string]string{"login": "broker@demo", "password": "falsch-falsch-falsch"}).want(401)
	got := w.entries("action=session.open&limit=100", func(e []entryAnswer) bool { return len(e) == before+1 })
	if got[0].Result == market.ResultOK || strings.Contains(fmt.Sprint(got[0]), "falsch") {
		w.Errorf("a failed sign-in is noted as %+v", got[0])
	}
}

// auditRefusals tries what is not allowed, a little and a lot.
func (w *apiWorld) auditRefusals() {
	d := w.create(university, "/contracts", contractInput("审计拒绝试验", 100))
	w.ask(broker, "POST", "/contracts/"+d.ID+"/register", map[string]string{"number": "20265001558802"}).want(403)
	w.ask(visitor, "POST", "/contracts/"+d.ID+"/register", map[string]string{"number": "20265001558802"}).want(401)
	got := w.entries("action=request&subject="+d.ID, func(e []entryAnswer) bool { return len(e) == 1 })
	if e := got[0]; e.Result != "not_allowed" || e.Detail != "POST /api/v1/contracts/:id/register" || e.Kind != "page" || e.User == "" || e.Address != "127.0.0.1" || e.Request == "" {
		w.Errorf("a refusal is noted as %+v", e)
	}
	for range 60 {
		w.ask(enterprise, "GET", "/contracts/"+d.ID, nil).want(403)
	}
	time.Sleep(200 * time.Millisecond)
	if got := w.entries("action=request&subject="+d.ID+"&limit=100", func([]entryAnswer) bool { return true }); len(got) > 1+20+1 {
		w.Errorf("sixty refusals make %d entries", len(got))
	}
}

func (w *apiWorld) auditReaders() {
	for as, want := range map[string]int{visitor: 401, university: 403, enterprise: 403, broker: 403, bureau: 200} {
		w.ask(as, "GET", "/audit", nil).want(want)
		w.ask(as, "GET", "/audit/verification", nil).want(want)
		if want != 200 {
			w.ask(as, "POST", "/audit/verification", nil).want(want)
		}
	}
}

func (w *apiWorld) auditQuestions() {
	for _, query := range []string{"kind=secrets", "user=%24ne", "from=x", "from=2026-02-02&to=2026-01-01", "limit=0", "limit=101", "subject=" + strings.Repeat("x", 130)} {
		w.send(w.request(bureau, "GET", "/audit?"+query, nil)).want(422)
	}
	w.send(w.request(bureau, "GET", "/audit?cursor=nonsense", nil)).want(400, "bad_cursor")
	seen, query := map[int64]bool{}, "action=organization.manage&limit=7"
	for cursor := ""; ; {
		var page struct {
			Items  []entryAnswer
			Cursor string
		}
		w.ask(bureau, "GET", "/audit?"+query+"&cursor="+cursor, nil).want(200).read(&page)
		for _, e := range page.Items {
			if seen[e.Seq] || e.Action != "organization.manage" {
				w.Errorf("entry %d comes twice or is no such", e.Seq)
			}
			seen[e.Seq] = true
		}
		if cursor = page.Cursor; cursor == "" {
			break
		}
	}
	if len(seen) < 10 {
		w.Errorf("%d organizations entered", len(seen))
	}
}

// auditVerification verifies, and finds what is changed behind the program's back.
func (w *apiWorld) auditVerification() {
	var state struct {
		Running, Last *struct {
			Finished time.Time
			By       string
			Report   struct {
				Lines, Events int64
				Head          string
				Broken        *struct {
					Seq           int64
					Kind, Subject string
					What          string
				}
			}
		}
		Whole bool
	}
	verify := func() {
		w.Helper()
		w.ask(bureau, "POST", "/audit/verification", nil).want(202)
		started := time.Now()
		w.eventually(10*time.Second, "verified", func() bool {
			w.ask(bureau, "GET", "/audit/verification", nil).want(200).read(&state)
			return state.Running == nil && state.Last != nil && state.Last.Finished.After(started.Add(-time.Second))
		})
	}
	verify()
	if !state.Whole || state.Last.Report.Lines < 500 || state.Last.Report.Events < 500 || state.Last.By == "" || state.Last.Report.Broken != nil {
		w.Fatalf("verified: %+v", state.Last)
	}
	d := w.create(university, "/contracts", contractInput("审计改动试验", 100))
	w.entries("subject="+d.ID, func(e []entryAnswer) bool { return len(e) == 1 })
	ctx := context.Background()
	doc, err := w.h.docs.contracts.Get(ctx, market.ID(d.ID))
	w.must(err)
	doc.History[0].By = "somebody-else"
	w.must(w.h.docs.contracts.Update(ctx, doc))
	time.Sleep(1100 * time.Millisecond) // so that the next verification is told from the last
	verify()
	if b := state.Last.Report.Broken; state.Whole || b == nil || b.Subject != d.ID || b.Kind != "contract" || b.Seq == 0 {
		w.Errorf("a changed history is found as %+v", state.Last)
	}
}
