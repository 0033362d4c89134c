package main

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jishi/internal/matching"
	"jishi/search/evaluate"
)

// realTexts holds real texts, beside the module; see its README. Tests that
// measure on them skip when it is not there.
const realTexts = "../../../shared/data"

func TestEvaluateCalibrateForPeople(t *testing.T) {
	out, err := runEvaluate(t, t.Context(), "--corpus", evalCorpus, "--queries", evalNeeds, "--calibrate")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{evalNeeds + "：匹配线校准，4 条查询，其中", "的答案没有编入索引（固定种子抽取）", "开发集：准确 / 作答 / 找对 / 拒答", "只按开发集（每个文件的第 1、3、5 … 条）选定"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in:\n%s", want, out)
		}
	}
	if n := strings.Count(out, "% *"); n != 2 {
		t.Errorf("%d thresholds are marked as chosen, want both:\n%s", n, out)
	}
}

// TestEvaluateCalibrateJSON: the figures come under a key of their own, beside
// those that were there.
func TestEvaluateCalibrateJSON(t *testing.T) {
	out, err := runEvaluate(t, t.Context(), "--corpus", evalCorpus, "--queries", evalNeeds, "--calibrate", "--json")
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatalf("%v in:\n%s", err, out)
	}
	wantKeys(t, got, "ours", "bleve", "queries", "documents", "calibration")
	figures, _ := got["calibration"].(map[string]any)
	wantKeys(t, figures, "withheld", "floor", "alone", "curve")
	curve, _ := figures["curve"].([]any)
	if len(curve) != len(calibrationSteps) {
		t.Fatalf("%d thresholds, want %d", len(curve), len(calibrationSteps))
	}
	point, _ := curve[0].(map[string]any)
	wantKeys(t, point, "threshold", "dev", "held_out")
	held, _ := point["held_out"].(map[string]any)
	wantKeys(t, held, "precision", "coverage", "found", "silent")
}

// TestThresholdHolds computes anew what the thresholds in the code were chosen
// by: on the queries of even place, from 0, the answers are right as often as they were
// to be, and those of odd place, which chose nothing, agree within what
// chance leaves to so few. A ranking that moves the figures by more than drift
// is to be calibrated anew.
func TestThresholdHolds(t *testing.T) {
	const drift, chance = 0.02, 0.06
	results := calibrateReal(t)
	for _, r := range results {
		t.Run(filepath.Base(r.file), func(t *testing.T) {
			dev, held := evaluate.Parity(r.guesses, false), evaluate.Parity(r.guesses, true)
			for _, want := range []struct {
				name             string
				share, precision float64
			}{{"alone", matching.TextAlone, matching.PrecisionAlone}, {"floor", matching.TextFloor, matching.PrecisionFloor}} {
				d, h := evaluate.At(dev, want.share), evaluate.At(held, want.share)
				t.Logf("%s %.2f: development %+v, held out %+v", want.name, want.share, d, h)
				if d.Precision < want.precision-drift || h.Precision < want.precision-chance {
					t.Errorf("%s: precision %.3f and, held out, %.3f, want %.2f", want.name, d.Precision, h.Precision, want.precision)
				}
			}
		})
	}
}

// calibrateReal asks all demand queries over all real texts.
func calibrateReal(t *testing.T) []evaluation {
	t.Helper()
	if _, err := os.Stat(realTexts); err != nil {
		t.Skip("real texts are not here: ", err)
	}
	docs, err := readTexts(filepath.Join(realTexts, "achievements.jsonl"), evaluate.ReadCorpus)
	if err != nil {
		t.Fatal(err)
	}
	var results []evaluation
	for _, name := range []string{"queries-demand-papers.jsonl", "queries-demand-patents.jsonl"} {
		queries, err := readTexts(filepath.Join(realTexts, name), evaluate.ReadQueries)
		if err != nil {
			t.Fatal(err)
		}
		results = append(results, evaluation{querySet: querySet{name, queries}})
	}
	if err := calibrate(t.Context(), listings(docs, false), results, io.Discard); err != nil {
		t.Fatal(err)
	}
	return results
}
