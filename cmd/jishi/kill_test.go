package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"jishi/internal/market"
)

// TestKilledServer kills the serving process at random moments while a file is
// imported beside it and documents are published through it. After each
// restart everything acknowledged is there, and the index holds exactly what
// the store has published.
func TestKilledServer(t *testing.T) {
	t.Parallel()
	data := demoData(t)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	var acknowledged []string
	const rounds, enough = 2, 3 // so many are published before the process is killed
	for round := range rounds {
		s := serveProcess(t, nil, "serve", "--data", data, "--listen", "127.0.0.1:0")
		asker, officer := s.signIn("enterprise@demo", demoPassword), s.signIn("bureau@demo", demoPassword)
		var stop atomic.Bool
		var done atomic.Int64 // of what is published
		var wait sync.WaitGroup
		wait.Go(func() {
			path := tempFile(t, "many.jsonl", []byte(manyAchievements(fmt.Sprint("round", round), 1500)))
			if r := jishi(t, nil, "import", "achievements", path, "--data", data); r.code != 0 {
				t.Errorf("import beside: %s%s", r.out, r.err)
			}
		})
		var published []string
		wait.Go(func() {
			for i := 0; !stop.Load(); i++ {
				if id, ok := s.publish(asker, officer, fmt.Sprintf("第%d轮第%d项可降解包装材料", round, i)); ok {
					published = append(published, id)
					done.Add(1)
				}
			}
		})
		for limit := time.Now().Add(20 * time.Second); done.Load() < enough && time.Now().Before(limit); {
			time.Sleep(10 * time.Millisecond)
		}
		time.Sleep(300*time.Millisecond + time.Duration(random.Int64N(int64(500*time.Millisecond))))
		s.stop(syscall.SIGKILL)
		stop.Store(true)
		wait.Wait()
		acknowledged = append(acknowledged, published...)
		sameAsStore(t, data, acknowledged)
	}
	t.Logf("%d published and acknowledged", len(acknowledged))
	if len(acknowledged) < rounds*enough {
		t.Errorf("%d published, too few to tell", len(acknowledged))
	}
}

// publish enters a demand, submits it and has it approved. ok says that the
// program acknowledged all of it.
func (s *servant) publish(asker, officer, title string) (id string, ok bool) {
	var doc struct{ ID string }
	status, err := s.try(asker, "POST", "/demands", map[string]any{
		"title": title, "summary": "需要" + title + "的工艺，要求可以批量生产。", "keywords": []string{"材料"}, "class": map[string]any{"field": "05", "industry": "C"},
		"modes": []string{"license"}, "demand_kind": "problem", "contact": map[string]any{"name": "郑经理", "phone": "13812345678"},
	}, &doc)
	if err != nil || status != 201 {
		return "", false
	}
	if status, err := s.try(asker, "POST", "/demands/"+doc.ID+"/submit", struct{}{}, nil); err != nil || status != 200 {
		return "", false
	}
	status, err = s.try(officer, "POST", "/demands/"+doc.ID+"/approve", struct{}{}, nil)
	return doc.ID, err == nil && status == 200
}

// sameAsStore starts the program anew and compares what it finds with what
// the store holds.
func sameAsStore(t *testing.T, data string, acknowledged []string) {
	t.Helper()
	s := serveProcess(t, nil, "serve", "--data", data, "--listen", "127.0.0.1:0")
	s.ready()
	want := publishedIn(t, data)
	if got := s.total(); got != want {
		t.Errorf("search finds %d, the store has %d published", got, want)
	}
	for _, id := range acknowledged {
		var doc struct{ State market.ListingState }
		if status := s.call("", "GET", "/demands/"+id, nil, &doc); status != 200 {
			t.Errorf("acknowledged demand %s: %d", id, status)
		}
	}
	if code, _ := s.stop(syscall.SIGTERM); code != 0 {
		t.Errorf("exit code %d: %s", code, s.logged())
	}
}

// publishedIn counts the public listings in the store of a folder.
func publishedIn(t *testing.T, data string) int {
	t.Helper()
	h, err := openHouse(context.Background(), config{Data: data})
	if err != nil {
		t.Fatal(err)
	}
	defer h.close()
	n := 0
	for a, err := range every(t.Context(), h.docs.achievements) {
		if err != nil {
			t.Fatal(err)
		}
		if a.Public() {
			n++
		}
	}
	for d, err := range every(t.Context(), h.docs.demands) {
		if err != nil {
			t.Fatal(err)
		}
		if d.Public() {
			n++
		}
	}
	return n
}
