package main

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// attempt is one request that nobody should send.
type attempt struct {
	what       string
	as         string
	method     string
	path       string
	body       any
	header     []string
	mayPass    bool   // it has a harmless reading, so it need not be refused
	field      string // that the refusal must name, "" when there is none to name
	statuses   []int  // one of them when set
	unanswered bool   // no method of the document, so the answer has no description
}

// TestAPIHostile sends what nobody should, to every action as everybody: the
// answers are refusals that say why, none is the program's failure, and the
// store stays as it was.
func TestAPIHostile(t *testing.T) {
	w := startAPI(t)
	g := w.stage()
	w.must(w.h.rest(t.Context(), w.data)) // people are told of what the stage published
	for _, part := range []struct {
		name     string
		attempts []attempt
	}{
		{"bodies", g.bodies()}, {"fields", g.fields()}, {"what is not the client's to set", g.massAssignment()},
		{"queries", g.queries()}, {"ids", g.wrongIDs()}, {"If-Match", g.conditions()}, {"tokens", g.tokens()}, {"kinds of content", g.contents()},
		{"from other sites", g.crossSite()}, {"keys", g.idempotencyKeys()}, {"made from the document", g.generated()},
	} {
		t.Run(part.name, func(t *testing.T) {
			w := w.in(t)
			before, start := wholeStore(t, w.data), time.Now()
			w.sendAll(part.attempts)
			sameStore(t, w.data, before)
			t.Logf("%d requests in %v", len(part.attempts), time.Since(start).Round(time.Millisecond))
		})
	}
	w.noSecretsLogged()
	t.Logf("%d requests in all", w.asked.Load())
}

// senders is how many requests are under way at once.
const senders = 4

func (w *apiWorld) sendAll(attempts []attempt) {
	if len(attempts) == 0 {
		w.Fatal("nothing to send")
	}
	queue := make(chan attempt)
	var wait sync.WaitGroup
	var wrong atomic.Int64 // of which the first few are told
	for range senders {
		wait.Go(func() {
			for a := range queue {
				if err := w.attempt(a); err != nil && wrong.Add(1) <= 20 {
					w.Errorf("%s: %s %.200s as %s: %v", a.what, a.method, a.path, a.as, err)
				}
			}
		})
	}
	for _, a := range attempts {
		queue <- a
	}
	close(queue)
	wait.Wait()
	if n := wrong.Load(); n > 20 {
		w.Errorf("and %d more", n-20)
	}
}

// attempt sends one request and says what is wrong with the answer.
func (w *apiWorld) attempt(a attempt) error {
	req := w.request(a.as, a.method, a.path, a.body, a.header...)
	if strings.HasPrefix(a.path, "//") { // a whole address, not one below the API
		req.URL.Path, req.URL.RawPath = a.path[1:], ""
	}
	got := w.send(req)
	if err := refusal(a, got); err != nil {
		return fmt.Errorf("%w\n%d %.400s", err, got.status, got.body)
	}
	if a.unanswered {
		return nil
	}
	if err := w.conforms(req, got, false); err != nil {
		return fmt.Errorf("%w\n%d %.400s", err, got.status, got.body)
	}
	return nil
}

// tattle is what no answer may hold: how we are built, and who we are.
var tattle = []string{".go:", "goroutine", "panic", "sqlite", "SQLITE", "bleve", "bson", "mongo", "/tmp/", "argon2", demoPassword}

// refusal says what is wrong with the answer to an attempt.
func refusal(a attempt, got answer) error {
	for _, word := range tattle {
		if strings.Contains(string(got.body), word) {
			return fmt.Errorf("the answer says %q", word)
		}
	}
	if got.header.Get("X-Content-Type-Options") != "nosniff" {
		return fmt.Errorf("headers %v", got.header)
	}
	switch {
	case got.status >= 500:
		return fmt.Errorf("the program failed")
	case got.status < 400 && !a.mayPass:
		return fmt.Errorf("it passed")
	case got.status < 400:
		return nil
	}
	if len(a.statuses) > 0 && !contains(a.statuses, got.status) {
		return fmt.Errorf("want one of %v", a.statuses)
	}
	if got.header.Get("Cache-Control") != "no-store" {
		return fmt.Errorf("a refusal may be kept: %v", got.header)
	}
	if a.method == http.MethodHead {
		return nil
	}
	return names(a.field, got)
}

// names says whether a refusal is a whole problem that names a field.
func names(field string, got answer) error {
	p, err := problemOf(got)
	if err != nil || field == "" {
		return err
	}
	if got.status != 400 && got.status != 422 {
		return fmt.Errorf("want 400 or 422 naming %s", field)
	}
	top, _, _ := strings.Cut(field, ".")
	for _, f := range p.Fields {
		if f.Field == top || strings.HasPrefix(f.Field, top+".") {
			if f.Reason == "" {
				return fmt.Errorf("no reason for %s", f.Field)
			}
			return nil
		}
	}
	return fmt.Errorf("want %s named", field)
}

func contains(list []int, n int) bool {
	for _, one := range list {
		if one == n {
			return true
		}
	}
	return false
}

// noSecretsLogged looks for what people typed in what the program logged.
func (w *apiWorld) noSecretsLogged() {
	w.Helper()
	log, err := os.ReadFile(w.log)
	w.must(err)
	for _, word := range []string{demoPassword, w.tokens[bureau], "13812345678", "zhao@example.edu", canary, `"level":"ERROR"`} {
		if strings.Contains(string(log), word) {
			w.Errorf("the log has %q", word)
		}
	}
	if lines := strings.Count(string(log), "\n"); lines < 1000 {
		w.Errorf("the log has %d lines, want one for each request", lines)
	}
}
