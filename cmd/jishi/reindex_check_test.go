package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestReindexCheck finds a whole index sound, a damaged one wanting, and leaves
// a served one alone.
func TestReindexCheck(t *testing.T) {
	t.Parallel()
	data := demoData(t)
	jishi(t, nil, "reindex", "--data", data).works(t)
	if out := jishi(t, nil, "reindex", "--check", "--data", data).works(t).out; !strings.Contains(out, "索引完好") || !strings.Contains(out, "与数据库一致") {
		t.Errorf("a sound index: %s", out)
	}
	segments, err := filepath.Glob(filepath.Join(data, "index", "v*", "store", "*.zap"))
	if err != nil || len(segments) == 0 {
		t.Fatal("no segments", err)
	}
	if err := os.Truncate(segments[0], 100); err != nil {
		t.Fatal(err)
	}
	if r := jishi(t, nil, "reindex", "--check", "--data", data); r.code == 0 || !strings.Contains(r.err, "请运行 jishi reindex 重建") || !strings.Contains(r.err, "缺 ") {
		t.Errorf("a damaged index: code %d, %s", r.code, r.err)
	}
	s := serveProcess(t, nil, "serve", "--data", data, "--listen", "127.0.0.1:0")
	s.ready()
	if r := jishi(t, nil, "reindex", "--check", "--data", data); r.code == 0 || !strings.Contains(r.err, "/admin/index") {
		t.Errorf("a served index: code %d, %s", r.code, r.err)
	}
}
