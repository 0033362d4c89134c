package turnover

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"jishi/internal/market"
	"jishi/internal/store"
)

// TargetSpec declares the collection of targets.
var TargetSpec = store.Spec{Name: "targets"}

//go:embed targets.json
var shippedTargets []byte

// seedTargets inserts the shipped targets that are missing.
func (s *Service) seedTargets(ctx context.Context) error {
	var targets []market.Target
	if err := json.Unmarshal(shippedTargets, &targets); err != nil {
		return fmt.Errorf("shipped targets: %w", err)
	}
	for i := range targets {
		t := &targets[i]
		if err := t.Check(); err != nil {
			return fmt.Errorf("shipped target %s: %w", t.ID, err)
		}
		t.History = []market.Event{market.NextEvent(nil, market.System, s.now(), market.ActSetTarget, "", t.Amount.Yi(), t.Source)}
		if err := s.stores.Targets.Insert(ctx, t); err != nil && !store.IsTaken(err) {
			return err
		}
	}
	return nil
}

// Targets returns every target with what was achieved, the headline first,
// then by first month. Achieved adds registered contracts on the target's
// basis within its months. Anyone may ask, so the history is without the names
// of those who changed a target.
func (s *Service) Targets(ctx context.Context) ([]market.TargetProgress, error) {
	page, err := s.stores.Targets.Find(ctx, store.Query{Limit: store.MaxLimit})
	if err != nil {
		return nil, err
	}
	progress := make([]market.TargetProgress, 0, len(page.Items))
	for _, t := range page.Items {
		sum, err := s.cube.Total(ctx, market.TurnoverQuery{From: t.From, To: t.To, Basis: t.Basis})
		if err != nil {
			return nil, err
		}
		for i := range t.History {
			t.History[i].By = ""
		}
		progress = append(progress, market.TargetProgress{Target: *t, Period: t.Period(), Achieved: sum.Fen, Count: sum.Count})
	}
	slices.SortStableFunc(progress, func(a, b market.TargetProgress) int {
		if a.Headline != b.Headline {
			return cmp.Compare(rank(a), rank(b))
		}
		return cmp.Compare(a.From, b.From)
	})
	return progress, nil
}

func rank(t market.TargetProgress) int {
	if t.Headline {
		return 0
	}
	return 1
}

// Target returns one target with its whole history. Administrators only.
func (s *Service) Target(ctx context.Context, by market.Actor, id market.ID) (*market.Target, error) {
	if err := market.Permit(by, market.ActSetTarget); err != nil {
		return nil, err
	}
	return s.stores.Targets.Get(ctx, id)
}

// SetTarget changes a target, or adds one when target has no id. A change
// carries the version the actor read, else Stale. reason is required and kept
// in the history with the old and the new values. Administrators only.
func (s *Service) SetTarget(ctx context.Context, by market.Actor, target *market.Target, reason string) (*market.Target, error) {
	if err := market.Permit(by, market.ActSetTarget); err != nil {
		return nil, err
	}
	if err := checkTarget(target, reason); err != nil {
		return nil, err
	}
	if target.ID == "" {
		return s.addTarget(ctx, by, target, reason)
	}
	t, err := s.stores.Targets.Get(ctx, target.ID)
	if err != nil {
		return nil, err
	}
	if t.Version != target.Version {
		return nil, staleTarget(t)
	}
	changes := describe(t, target)
	if changes == "" {
		return t, nil
	}
	from, history := t.Amount.Yi(), t.History
	head := t.Meta
	*t = *target
	t.Meta = head
	t.History = append(history, market.NextEvent(history, by, s.now(), market.ActSetTarget, from, t.Amount.Yi(), reason+"（"+changes+"）"))
	return t, s.stores.Targets.Update(ctx, t)
}

func (s *Service) addTarget(ctx context.Context, by market.Actor, target *market.Target, reason string) (*market.Target, error) {
	t := *target
	t.Meta = market.Meta{ID: s.newID()}
	t.History = []market.Event{market.NextEvent(nil, by, s.now(), market.ActSetTarget, "", t.Amount.Yi(), reason)}
	return &t, s.stores.Targets.Insert(ctx, &t)
}

func checkTarget(t *market.Target, reason string) error {
	if strings.TrimSpace(reason) == "" || !utf8.ValidString(reason) || utf8.RuneCountInString(reason) > market.MaxNote {
		return &market.Error{Kind: market.Invalid, Code: "note_required", Message: "请写明设定或调整目标的理由，500 字以内。",
			Fields: []market.FieldError{{Field: "reason", Reason: "必填，500 字以内"}}}
	}
	return t.Check()
}

func staleTarget(t *market.Target) error {
	e := market.E(market.Stale, "stale_version", "目标已被他人调整，请核对最新内容后再保存。")
	if n := len(t.History); n > 0 {
		last := t.History[n-1]
		e.By = last.By
		e.Message = market.Somebody + "在" + last.At.In(market.Shanghai).Format("1月2日 15:04") + "调整了目标，请核对最新内容后再保存。"
	}
	return e
}

// describe says what changes between two versions of a target; empty when nothing.
func describe(old, now *market.Target) string {
	pairs := []struct{ label, old, now string }{
		{"名称", old.Name, now.Name},
		{"口径", market.Bases.Name(string(old.Basis)), market.Bases.Name(string(now.Basis))},
		{"期间", old.Period(), now.Period()},
		{"目标", old.Amount.Yi(), now.Amount.Yi()},
		{"基期", old.Baseline.Yi(), now.Baseline.Yi()},
		{"依据", old.Source, now.Source},
		{"说明", old.Note, now.Note},
	}
	var changes []string
	for _, p := range pairs {
		if p.old != p.now {
			changes = append(changes, p.label+"由“"+p.old+"”改为“"+p.now+"”")
		}
	}
	if old.Headline != now.Headline {
		changes = append(changes, "首要目标有变")
	}
	return strings.Join(changes, "；")
}
