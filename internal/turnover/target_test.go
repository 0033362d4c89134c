package turnover

import (
	"encoding/json"
	"strings"
	"testing"

	"jishi/internal/market"
)

func TestTargets(t *testing.T) {
	w := newWorld(t)
	if err := w.Seed(ctx); err != nil {
		t.Fatal(err)
	}
	w.insert(t,
		registered("a", "2024-12-31", "KF", 3*market.Yi),
		registered("b", "2025-01-01", "KF", 2*market.Yi),
		registered("c", "2025-12-31", "FW", 1*market.Yi),
		registered("d", "2026-01-01", "FW", 4*market.Yi),
		cancelled(registered("e", "2025-06-01", "FW", 9*market.Yi)))
	got, err := w.Targets(ctx)
	if err != nil || len(got) != 2 {
		t.Fatalf("targets %+v, %v", got, err)
	}
	headline, plan := got[0], got[1]
	if headline.ID != "headline" || !headline.Headline || headline.Amount != 500_000_000_000 || headline.Amount.Yi() != "50 亿元" ||
		headline.Basis != market.BasisTotal || headline.Period != "累计" || headline.Achieved != 10*market.Yi || headline.Count != 4 {
		t.Errorf("headline %+v", headline)
	}
	if plan.ID != "plan-23" || plan.Headline || plan.Amount != 50_000_000_000 || plan.Baseline != 9_800_000_000 || plan.Period != "2025年" ||
		plan.Achieved != 3*market.Yi || plan.Count != 2 || !strings.Contains(plan.Source, "第23项") || !strings.Contains(plan.Note, "未说明") {
		t.Errorf("plan's indicator %+v", plan)
	}
	if plan.Amount.Yi() != "5 亿元" || plan.Baseline.Yi() != "0.98 亿元" {
		t.Errorf("read %s, %s", plan.Amount.Yi(), plan.Baseline.Yi())
	}
	raw, err := json.Marshal(got[0])
	for _, key := range []string{`"id":"headline"`, `"name":`, `"basis":"total"`, `"period":"累计"`, `"amount_fen":500000000000`, `"achieved_fen":100000000000`} {
		if err != nil || !strings.Contains(string(raw), key) {
			t.Errorf("JSON %s lacks %s", raw, key)
		}
	}
}

func TestTargetsLeadWithTheHeadline(t *testing.T) {
	w := newWorld(t)
	if err := w.Seed(ctx); err != nil {
		t.Fatal(err)
	}
	headline, err := w.Target(ctx, admin, "headline")
	if err != nil || headline.History[0].By != "system" {
		t.Fatalf("headline %+v, %v", headline, err)
	}
	headline.From = "2026-01"
	if _, err := w.SetTarget(ctx, admin, headline, "改为分期考核"); err != nil {
		t.Fatal(err)
	}
	all, err := w.Targets(ctx)
	if err != nil || len(all) != 2 || all[0].ID != "headline" {
		t.Fatalf("targets %+v, %v", all, err)
	}
	for _, e := range all[0].History {
		if e.By != "" || e.Note == "" {
			t.Errorf("the public sees %+v", e)
		}
	}
	_, err = w.Target(ctx, market.Actor{User: "u", Roles: []market.Role{market.RoleOfficer}}, "headline")
	wantKind(t, err, market.Denied, "")
}

func TestSeedKeepsWhatIsThere(t *testing.T) {
	w := newWorld(t)
	if err := w.Seed(ctx); err != nil {
		t.Fatal(err)
	}
	target, err := w.stores.Targets.Get(ctx, "headline")
	if err != nil {
		t.Fatal(err)
	}
	target.Amount = 60 * market.Yi
	if _, err := w.SetTarget(ctx, admin, target, "中期评估后调高"); err != nil {
		t.Fatal(err)
	}
	if err := w.Seed(ctx); err != nil {
		t.Fatal(err)
	}
	if got, _ := w.stores.Targets.Get(ctx, "headline"); got.Amount != 60*market.Yi || got.Version != 2 {
		t.Errorf("seeding again left %+v", got)
	}
	if rows, err := w.Indicators(ctx, 2025); err != nil || len(rows) != 33 {
		t.Errorf("%d indicators, %v", len(rows), err)
	}
}

func TestSetTarget(t *testing.T) {
	w := newWorld(t)
	if err := w.Seed(ctx); err != nil {
		t.Fatal(err)
	}
	plan, err := w.stores.Targets.Get(ctx, "plan-23")
	if err != nil {
		t.Fatal(err)
	}
	read := *plan
	t.Run("keeps old and new", func(t *testing.T) {
		change := read
		change.Basis, change.History = market.BasisTechnology, nil
		got, err := w.SetTarget(ctx, admin, &change, "区科技局明确口径")
		if err != nil || got.Version != 2 || len(got.History) != 2 {
			t.Fatalf("set %+v, %v", got, err)
		}
		last := got.History[1]
		if last.By != "u-admin" || last.Action != market.ActSetTarget || last.Note != "区科技局明确口径（口径由“合同成交额”改为“技术交易额”）" || last.From != "5 亿元" || last.To != "5 亿元" {
			t.Errorf("event %+v", last)
		}
	})
	t.Run("stale", func(t *testing.T) {
		change := read
		change.Amount++
		_, err := w.SetTarget(ctx, admin, &change, "理由")
		wantKind(t, err, market.Stale, "")
	})
	t.Run("nothing changed", func(t *testing.T) {
		same, _ := w.stores.Targets.Get(ctx, "plan-23")
		if got, err := w.SetTarget(ctx, admin, same, "理由"); err != nil || got.Version != 2 {
			t.Errorf("set %+v, %v", got, err)
		}
	})
	t.Run("a new one", func(t *testing.T) {
		got, err := w.SetTarget(ctx, admin, &market.Target{Name: "2026 年度", Basis: market.BasisTotal, From: "2026-01", To: "2026-12", Amount: 6 * market.Yi, Source: "年度计划"}, "年初下达")
		if err != nil || got.ID != "id-0001" || got.Version != 1 || len(got.History) != 1 {
			t.Errorf("added %+v, %v", got, err)
		}
		if all, err := w.Targets(ctx); err != nil || len(all) != 3 || all[2].Name != "2026 年度" {
			t.Errorf("targets %+v, %v", all, err)
		}
	})
	tests := []struct {
		name, reason string
		by           market.Actor
		change       func(*market.Target)
		kind         market.Kind
		field        string
	}{
		{"officer", "理由", market.Actor{User: "u", Roles: []market.Role{market.RoleOfficer}}, func(*market.Target) {}, market.Denied, ""},
		{"visitor", "理由", market.Actor{}, func(*market.Target) {}, market.Unauthenticated, ""},
		{"no reason", " ", admin, func(*market.Target) {}, market.Invalid, "reason"},
		{"reason of bytes", "\xff", admin, func(*market.Target) {}, market.Invalid, "reason"},
		{"zero", "理由", admin, func(t *market.Target) { t.Amount = 0 }, market.Invalid, "amount"},
		{"unknown", "理由", admin, func(t *market.Target) { t.ID = "none" }, market.NotFound, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			change := read
			tt.change(&change)
			_, err := w.SetTarget(ctx, tt.by, &change, tt.reason)
			wantKind(t, err, tt.kind, tt.field)
		})
	}
}
