package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jishi/search/bench"
)

// runBench runs the command, whose workers are this binary too, and returns
// what it prints. It fails when a temporary file is left.
func runBench(t *testing.T, ctx context.Context, args ...string) (string, error) {
	t.Helper()
	t.Setenv(asProgram, "1")
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	command := root()
	var out bytes.Buffer
	command.Writer, command.ErrWriter = &out, io.Discard
	err := command.Run(ctx, append([]string{"jishi", "bench", "search"}, args...))
	if left, readErr := os.ReadDir(temporary); readErr != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, readErr)
	}
	return out.String(), err
}

func tinyBench(more ...string) []string {
	return append([]string{"--corpus", evalCorpus, "--queries", evalNeeds, "--queries", evalWords, "--samples", "5", "--growth", "8"}, more...)
}

// withoutXapian hides its bindings from Python.
func withoutXapian(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "xapian.py"), []byte("raise ImportError('hidden')\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PYTHONPATH", dir)
}

func TestBenchSearchForPeople(t *testing.T) {
	out, err := runBench(t, t.Context(), tinyBench("--size", "40")...)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"40 篇：真实 8 篇，重组 32 篇", "本系统", "bleve 自带", "SQLite FTS5", "Xapian", "索引 字节/篇", "启动 毫秒", "搜索 p99 毫秒", "匹配 p95 毫秒",
		"匿名内存增长 MiB", "nDCG@10", "needs.jsonl，4 条", "随机重组，长度分布相同，种子固定", "倍）",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in:\n%s", want, out)
		}
	}
}

// TestBenchSearchJSON checks the shape to the letter: programs read it.
func TestBenchSearchJSON(t *testing.T) {
	withoutXapian(t)
	out, err := runBench(t, t.Context(), tinyBench("--size", "8", "--size", "40", "--json")...)
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatalf("%v in:\n%s", err, out)
	}
	wantKeys(t, got, "seed", "processors", "titles", "absent", "sizes")
	if why, _ := got["absent"].(map[string]any)["xapian"].(string); !strings.Contains(why, "xapian") {
		t.Errorf("absent %v, want why Xapian was not measured", got["absent"])
	}
	sizes := got["sizes"].([]any)
	if len(sizes) != 2 {
		t.Fatalf("%d sizes, want 2", len(sizes))
	}
	size := sizes[1].(map[string]any)
	wantKeys(t, size, "documents", "real", "mutated", "systems", "ratios")
	if size["documents"] != 40.0 || size["real"] != 8.0 || size["mutated"] != 32.0 {
		t.Errorf("size %v %v %v, want 40 of which 8 are real", size["documents"], size["real"], size["mutated"])
	}
	systems := size["systems"].([]any)
	if len(systems) != 3 {
		t.Fatalf("%d systems, want three without Xapian", len(systems))
	}
	for _, s := range systems {
		system := s.(map[string]any)
		wantKeys(t, system, "system", "index", "start_ms", "memory", "search", "match", "quality", "growth")
		wantKeys(t, system["search"].(map[string]any), "p50_ms", "p95_ms", "p99_ms", "queries", "timeouts")
		wantKeys(t, system["memory"].(map[string]any), "rss", "anonymous")
		wantKeys(t, system["growth"].(map[string]any), "searches", "before", "after")
		index := system["index"].(map[string]any)
		if index["documents"] != 40.0 || index["bytes"].(float64) <= 0 {
			t.Errorf("%v indexed %v", system["system"], index)
		}
		if quality := system["quality"].([]any); len(quality) != 2 {
			t.Errorf("%v was judged on %v, want both files", system["system"], quality)
		}
	}
	real := sizes[0].(map[string]any)["systems"].([]any)[0].(map[string]any)["quality"].([]any)[0].(map[string]any)
	if real["ndcg10"] != 1.0 || real["queries"] != 4.0 {
		t.Errorf("ours finds %v among the real texts, want all four needs first", real)
	}
	wantKeys(t, size["ratios"].(map[string]any), bench.Bleve, bench.SQLite)
}

// TestBenchSearchFindsItsIndexesAgain also has an index that lost its texts.
func TestBenchSearchFindsItsIndexesAgain(t *testing.T) {
	dir := t.TempDir()
	earlier := func() (again bool) {
		out, err := runBench(t, t.Context(), tinyBench("--size", "20", "--systems", "ours", "--json", "--dir", dir)...)
		if err != nil {
			t.Fatal(err)
		}
		var got benchFigures
		if err := json.Unmarshal([]byte(out), &got); err != nil {
			t.Fatal(err)
		}
		return got.Sizes[0].Systems[0].Index.Earlier
	}
	if earlier() {
		t.Error("the first run found an index")
	}
	if !earlier() {
		t.Error("the second run built its index again")
	}
	if err := os.RemoveAll(filepath.Join(dir, "20", bench.Ours)); err != nil {
		t.Fatal(err)
	}
	if earlier() {
		t.Error("an index without texts was used")
	}
}

func TestBenchSearchRefuses(t *testing.T) {
	tests := []struct {
		name string
		args []string
		want string
	}{
		{"no corpus", []string{"--queries", evalNeeds}, "缺少必填的选项 --corpus"},
		{"unknown system", tinyBench("--systems", "ours,lucene"), `"lucene" 不认识或重复`},
		{"a system twice", tinyBench("--systems", "ours,ours"), `"ours" 不认识或重复`},
		{"no texts", tinyBench("--size", "0"), "--size 0 不行"},
		{"too many texts", tinyBench("--size", "10000001"), "--size 10000001 不行"},
		{"no samples", tinyBench("--samples", "0"), "--samples 至少为 1"},
		{"no limit", tinyBench("--limit", "0s"), "--limit 至少 1ms"},
		{"an argument", tinyBench("more"), "用法："},
		{"corpus not there", []string{"--corpus", "none", "--queries", evalNeeds}, "打开文件 none"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out, err := runBench(t, t.Context(), tt.args...)
			if err == nil || !strings.Contains(sentence(err), tt.want) || out != "" {
				t.Errorf("printed %q and %v, want only an error with %q", out, err, tt.want)
			}
		})
	}
}

func TestBenchSearchIsInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	out, err := runBench(t, ctx, tinyBench()...)
	if err == nil || sentence(err) != "测量没有做完：已中止" || out != "" {
		t.Errorf("printed %q and %v", out, err)
	}
}
