package exchange

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jishi/internal/market"
)

// TestRealTexts brings in the texts that search is measured on, ../shared
// beside the module; it is passed over where they are not there. All 16,199
// must go in.
func TestRealTexts(t *testing.T) {
	data, err := os.ReadFile(filepath.FromSlash("../../../shared/data/achievements.jsonl"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the measuring data is not on this machine")
	}
	if err != nil {
		t.Fatal(err)
	}
	sink := newMemory[market.Achievement]()
	job, err := importText(context.Background(), Sinks{Achievements: sink.put}, Achievements, string(data), quiet)
	if err != nil {
		t.Fatal(err)
	}
	if job.Done != 16_199 || job.Created != 16_199 || len(sink.docs) != 16_199 {
		t.Errorf("%d rows, %d in, problems %+v", job.Done, job.Created, job.Problems[:min(5, len(job.Problems))])
	}
	if want := []string{"未识别的列“kind”没有读入", "未识别的列“discipline”没有读入"}; len(job.Notes) != len(want) {
		t.Errorf("notes %q, want %q", job.Notes, want)
	}
}

// benchRows is the rows of one benchmark file.
const benchRows = 10_000

// benchFile is a file of benchRows achievements as a format writes them.
func benchFile(b *testing.B, format string) []byte {
	b.Helper()
	doc := market.Achievement{Listing: market.Listing{Summary: strings.Repeat("一种耐热镁合金的轧制方法，", 12), Keywords: []string{"镁合金", "轧制"},
		Class: market.Class{Field: "05", Industry: "C", Division: "500155"}, Modes: []string{"transfer", "license"}, Owner: "o"},
		Holder: "示例大学", Maturity: market.Maturity{Stage: "middle", TRL: 6}, Rights: []market.Right{{Kind: "invention", Number: "ZL201710601862.3", State: "granted"}},
		Price: market.Price{Mode: "range", Low: 10 * market.Wan, High: 20 * market.Wan}}
	docs := func(yield func(*market.Achievement, error) bool) {
		for i := range benchRows {
			doc.Title, doc.ImportKey = fmt.Sprintf("耐热镁合金 %d", i), fmt.Sprintf("o/A-%d", i)
			if !yield(&doc, nil) {
				return
			}
		}
	}
	var out bytes.Buffer
	write := WriteCSV[market.Achievement]
	if format == "xlsx" {
		write = WriteXLSX[market.Achievement]
	}
	if err := write(&out, docs); err != nil {
		b.Fatal(err)
	}
	return out.Bytes()
}

func BenchmarkImport(b *testing.B) {
	for _, format := range []string{"csv", "xlsx"} {
		b.Run(format, func(b *testing.B) {
			data := benchFile(b, format)
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				sink := newMemory[market.Achievement]()
				job, err := importText(context.Background(), Sinks{Achievements: sink.put}, Achievements, string(data), quiet)
				if err != nil || job.Created != benchRows {
					b.Fatalf("created %d, %v", job.Created, err)
				}
			}
			b.ReportMetric(benchRows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

func BenchmarkExport(b *testing.B) {
	for _, format := range []string{"csv", "xlsx"} {
		b.Run(format, func(b *testing.B) {
			for b.Loop() {
				benchFile(b, format)
			}
			b.ReportMetric(benchRows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
