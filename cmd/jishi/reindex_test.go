package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"jishi/internal/market"
	"jishi/search"
)

// TestReindex rebuilds where nobody serves, and while somebody does: search
// answers in full all the time, and everybody who asks is answered.
func TestReindex(t *testing.T) {
	t.Parallel()
	data := demoData(t)
	listings := 0
	if _, err := fmt.Sscanf(jishi(t, nil, "reindex", "--data", data).works(t).out, "索引已重建：%d 条", &listings); err != nil || listings < 100 {
		t.Fatalf("%d listings, %v", listings, err)
	}
	s := serveProcess(t, nil, "serve", "--data", data, "--listen", "127.0.0.1:0")
	s.ready()
	var stop atomic.Bool
	var searching sync.WaitGroup
	searches := 0
	searching.Go(func() {
		for !stop.Load() {
			var found struct{ Total int }
			if status, err := s.try("", "GET", "/search?limit=1", nil, &found); err != nil || status != 200 || found.Total != listings {
				t.Errorf("search meanwhile: %d, %d of %d, %v", status, found.Total, listings, err)
			}
			searches++
		}
	})
	var asking sync.WaitGroup
	for range 2 {
		asking.Go(func() {
			r := jishi(t, nil, "reindex", "--data", data)
			if want := fmt.Sprintf("索引已重建：%d 条", listings); r.code != 0 || !strings.Contains(r.out, "服务正在运行") || !strings.Contains(r.out, want) {
				t.Errorf("exit code %d: %s%s", r.code, r.out, r.err)
			}
		})
	}
	asking.Wait()
	stop.Store(true)
	searching.Wait()
	if searches < 10 {
		t.Errorf("%d searches meanwhile", searches)
	}
	if code, _ := s.stop(syscall.SIGTERM); code != 0 || strings.Contains(s.logged(), `"ERROR"`) {
		t.Errorf("exit code %d: %s", code, s.logged())
	}
}

// When the process that serves dies before it answers, who asked does the work.
func TestReindexOutlivesServer(t *testing.T) {
	t.Parallel()
	data := demoData(t)
	s := serveProcess(t, nil, "serve", "--data", data, "--listen", "127.0.0.1:0")
	s.ready()
	for jishi(t, nil, "verify", "--data", data, "--quiet").code != 0 { // the trail is being written: stopped now, it would hold the store
		time.Sleep(100 * time.Millisecond)
	}
	s.process.Signal(syscall.SIGSTOP) // it holds the index and answers nobody
	done := make(chan run, 1)
	go func() { done <- jishi(t, nil, "reindex", "--data", data) }()
	select {
	case r := <-done:
		t.Fatalf("did not wait: exit code %d, %s%s", r.code, r.out, r.err)
	case <-time.After(1500 * time.Millisecond):
	}
	s.stop(syscall.SIGKILL)
	if r := <-done; r.code != 0 || !strings.Contains(r.out, "索引已重建：") {
		t.Errorf("exit code %d: %s%s", r.code, r.out, r.err)
	}
	h, err := openHouse(t.Context(), config{Data: data})
	if err != nil {
		t.Fatal(err)
	}
	defer h.close()
	requests, err := h.reindexRequests(config{Data: data})
	if err != nil {
		t.Fatal(err)
	}
	if s, err := requests.docs.Get(t.Context(), requests.id); err != nil || s.Answered.Before(s.Asked) {
		t.Errorf("the next start would do it again: %+v, %v", s, err)
	}
}

// TestReindexRequests plays both sides of a request.
func TestReindexRequests(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	h, err := openHouse(t.Context(), config{Data: data})
	if err != nil {
		t.Fatal(err)
	}
	defer h.close()
	cfg := config{Data: data}
	index, err := search.Open(cfg.indexDir(), logger())
	if err != nil {
		t.Fatal(err)
	}
	defer index.Close()
	requests := func(t *testing.T, c config) reindexRequests {
		t.Helper()
		r, err := h.reindexRequests(c)
		if err != nil {
			t.Fatal(err)
		}
		r.patience = 300 * time.Millisecond
		return r
	}
	ours := requests(t, cfg)
	t.Run("nobody answers", func(t *testing.T) {
		if _, _, err := ours.await(t.Context(), cfg.indexDir()); err == nil || !strings.Contains(err.Error(), "没有回应") {
			t.Errorf("says %v", err)
		}
	})
	t.Run("asker gives up", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		defer cancel()
		if got, _, err := ours.await(ctx, cfg.indexDir()); err == nil || got != nil {
			t.Errorf("got %v, %v", got, err)
		}
	})
	ask := func(t *testing.T) {
		t.Helper()
		time.Sleep(2 * time.Millisecond) // what is asked in the millisecond of an answer has it
		if _, err := ours.ask(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	answer := func(t *testing.T, r reindexRequests, result string, failure error) bool {
		t.Helper()
		ran := false
		err := r.answerNext(t.Context(), func(context.Context) (string, error) { ran = true; return result, failure })
		if err != nil {
			t.Fatal(err)
		}
		return ran
	}
	for _, tt := range []struct {
		name    string
		failure error
		want    string // part of the answer, or of the error
	}{
		{"rebuilt", nil, "索引已重建：7 条，用时"},
		{"failed", market.E(market.Unavailable, "full", "磁盘已满。"), "重建索引失败：磁盘已满。"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ask(t)
			if !answer(t, ours, "索引已重建：7 条", tt.failure) {
				t.Error("not answered")
			}
			if answer(t, ours, "", nil) {
				t.Error("answered twice")
			}
			s, err := ours.docs.Get(t.Context(), ours.id)
			if err != nil || !strings.HasPrefix(s.Result, tt.want) || s.Failed != (tt.failure != nil) {
				t.Errorf("%+v, %v", s, err)
			}
		})
	}
	t.Run("end of the program leaves it asked for", func(t *testing.T) {
		ask(t)
		ctx, cancel := context.WithCancel(t.Context())
		err := ours.answerNext(ctx, func(ctx context.Context) (string, error) { cancel(); return "", ctx.Err() })
		if !errors.Is(err, context.Canceled) || !answer(t, ours, "索引已重建：7 条", nil) {
			t.Errorf("lost: %v", err)
		}
	})
	t.Run("another folder on the same store", func(t *testing.T) {
		ask(t)
		if answer(t, requests(t, config{Data: t.TempDir()}), "", nil) {
			t.Error("answered for us")
		}
		if !answer(t, requests(t, cfg), "", nil) {
			t.Error("not answered")
		}
	})
}
