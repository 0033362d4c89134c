package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const (
	evalCorpus = "testdata/evaluate/corpus.jsonl"
	evalNeeds  = "testdata/evaluate/needs.jsonl"
	evalWords  = "testdata/evaluate/words.jsonl" // in titles, hardly in summaries
)

// runEvaluate runs the command and returns what it prints. It fails when a
// temporary file is left.
func runEvaluate(t *testing.T, ctx context.Context, args ...string) (string, error) {
	t.Helper()
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	command := root()
	var out bytes.Buffer
	command.Writer, command.ErrWriter = &out, io.Discard
	err := command.Run(ctx, append([]string{"jishi", "evaluate"}, args...))
	if left, readErr := os.ReadDir(temporary); readErr != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, readErr)
	}
	return out.String(), err
}

func TestEvaluateForPeople(t *testing.T) {
	out, err := runEvaluate(t, t.Context(), "--corpus", evalCorpus, "--queries", evalNeeds, "--queries", evalWords)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"语料：8 篇，标题与摘要，如市场中的条目", evalNeeds + "：4 条查询", evalWords + "：3 条查询",
		"指标        本系统                    bleve                     差值", "MRR@10      1.0000 [1.0000, 1.0000]", "Recall@10", "nDCG@10", "p50 毫秒", "p95 毫秒",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in:\n%s", want, out)
		}
	}
	if strings.Contains(out, "注意") {
		t.Errorf("warns of documents that are there:\n%s", out)
	}
}

// TestEvaluateJSON checks the shape to the letter: programs read it.
func TestEvaluateJSON(t *testing.T) {
	out, err := runEvaluate(t, t.Context(), "--corpus", evalCorpus, "--queries", evalNeeds, "--json")
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatalf("%v in:\n%s", err, out)
	}
	wantKeys(t, got, "ours", "bleve", "queries", "documents")
	if got["queries"] != 4.0 || got["documents"] != 8.0 {
		t.Errorf("%v queries in %v documents, want 4 and 8", got["queries"], got["documents"])
	}
	for _, name := range []string{"ours", "bleve"} {
		system, _ := got[name].(map[string]any)
		wantKeys(t, system, "mrr10", "recall10", "ndcg10", "ci95", "p50_ms", "p95_ms")
		bounds, _ := system["ci95"].([]any)
		if len(bounds) != 2 || system["ndcg10"] != 1.0 || bounds[0] != 1.0 || bounds[1] != 1.0 {
			t.Errorf("%s finds %v %v, want all four needs first", name, system["ndcg10"], bounds)
		}
	}
}

func wantKeys(t *testing.T, object map[string]any, want ...string) {
	t.Helper()
	slices.Sort(want)
	if got := slices.Sorted(maps.Keys(object)); !slices.Equal(got, want) {
		t.Errorf("members %v, want %v", got, want)
	}
}

func TestEvaluateSeveralFilesAndTitles(t *testing.T) {
	recall := func(more ...string) float64 {
		args := append([]string{"--corpus", evalCorpus, "--queries", evalNeeds, "--queries", evalWords, "--json"}, more...)
		out, err := runEvaluate(t, t.Context(), args...)
		if err != nil {
			t.Fatal(err)
		}
		var got []evaluationFigures
		if err := json.Unmarshal([]byte(out), &got); err != nil {
			t.Fatalf("%v in:\n%s", err, out)
		}
		if len(got) != 2 || got[0].File != evalNeeds || got[1].File != evalWords {
			t.Fatalf("%+v, want both files in order", got)
		}
		return got[1].Ours.Recall
	}
	without, with := recall("--abstracts"), recall()
	if without >= 1 || with != 1 {
		t.Errorf("recall of words from titles: %v without titles, %v with, want 1 with only", without, with)
	}
}

func TestEvaluateRefuses(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	broken := file("broken.jsonl", `{"text":"水","relevant":["e1"]}`+"\n{\n")
	empty := file("empty.jsonl", "")
	tests := []struct {
		name string
		args []string
		want string
	}{
		{"no corpus", []string{"--queries", evalNeeds}, "缺少必填的选项 --corpus"},
		{"no queries", []string{"--corpus", evalCorpus}, "缺少必填的选项 --queries"},
		{"an argument", []string{"--corpus", evalCorpus, "--queries", evalNeeds, evalWords}, "用法："},
		{"corpus not there", []string{"--corpus", dir + "/none", "--queries", evalNeeds}, "打开文件 " + dir + "/none：没有这个文件或目录"},
		{"a folder", []string{"--corpus", dir, "--queries", evalNeeds}, dir},
		{"second file broken", []string{"--corpus", evalCorpus, "--queries", evalNeeds, "--queries", broken}, broken + "：第 2 行不是一条查询的 JSON 对象"},
		{"empty queries", []string{"--corpus", evalCorpus, "--queries", empty}, "没有一条查询"},
		{"files the wrong way round", []string{"--corpus", evalNeeds, "--queries", evalCorpus}, evalNeeds + "：第 1 行：缺少 external_id"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out, err := runEvaluate(t, t.Context(), tt.args...)
			if err == nil || !strings.Contains(sentence(err), tt.want) || out != "" {
				t.Errorf("printed %q and %v, want only an error with %q", out, err, tt.want)
			}
		})
	}
}

// TestEvaluateSaysWhatCannotBeFound also has a comma in a file's name.
func TestEvaluateSaysWhatCannotBeFound(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a,b.jsonl")
	text := `{"text":"果胶","relevant":["e2"]}` + "\n" + `{"text":"果胶","relevant":["gone"]}`
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := runEvaluate(t, t.Context(), "--corpus", evalCorpus, "--queries", path)
	if err != nil || !strings.Contains(out, "注意：1 条查询的相关文档不全在语料中") || !strings.Contains(out, "Recall@10   0.5000") {
		t.Errorf("%v, printed:\n%s", err, out)
	}
}

func TestEvaluateIsInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	out, err := runEvaluate(t, ctx, "--corpus", evalCorpus, "--queries", evalNeeds)
	if err == nil || sentence(err) != "测量没有做完：已中止" || out != "" {
		t.Errorf("printed %q and %v", out, err)
	}
}

// TestEvaluateSweep prints the settings tried and picks on half of the queries.
func TestEvaluateSweep(t *testing.T) {
	out, err := runEvaluate(t, t.Context(), "--corpus", evalCorpus, "--queries", evalNeeds, "--queries", evalWords, "--sweep")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"语料：8 篇", "开发平均", "留出平均", evalNeeds, "（代码中）", "IDFPower", "CommonChars", "← 采用", "选出：K1="} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in:\n%s", want, out)
		}
	}
}
