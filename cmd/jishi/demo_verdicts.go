package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"jishi/cmd/jishi/demo"
	"jishi/internal/market"
	"jishi/internal/matching"
	"jishi/internal/store"
	"jishi/search"
)

// demoVerdict is what a broker of the demonstration says of one match.
type demoVerdict struct {
	Demand      string           `json:"demand"` // external id
	Achievement string           `json:"achievement"`
	By          string           `json:"by"` // login
	Judgement   market.Judgement `json:"judgement"`
	Reason      string           `json:"reason"`
	Note        string           `json:"note"`
}

// fillVerdicts has the brokers of the demonstration judge matches as everybody
// does, over an index that is there for it alone. Doing it again changes nothing.
func (h *house) fillVerdicts(ctx context.Context) error {
	raw, err := demo.Files.ReadFile("verdicts.jsonl")
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "jishi-verdicts-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	log := slog.New(slog.DiscardHandler)
	index, err := search.Open(dir, log)
	if err != nil {
		return err
	}
	defer index.Close()
	index.WeighBy(h.weightings.Current)
	followers := h.project(index, log)
	if err := followers.achievements.CatchUp(ctx); err != nil {
		return err
	}
	if err := followers.demands.CatchUp(ctx); err != nil {
		return err
	}
	return h.giveVerdicts(ctx, h.verdicts(index), raw)
}

// giveVerdicts gives the verdicts of a file, one line each.
func (h *house) giveVerdicts(ctx context.Context, verdicts *matching.Verdicts, raw []byte) error {
	demands, err := externalIDs(ctx, h.docs.demands, func(d *market.Demand) (market.ID, string) { return d.ID, d.ImportKey })
	if err != nil {
		return err
	}
	achievements, err := externalIDs(ctx, h.docs.achievements, func(a *market.Achievement) (market.ID, string) { return a.ID, a.ImportKey })
	if err != nil {
		return err
	}
	judges := map[string]market.Actor{}
	for lines := bufio.NewScanner(bytes.NewReader(raw)); lines.Scan(); {
		var one demoVerdict
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			return fmt.Errorf("verdicts: %w", err)
		}
		by, known := judges[one.By]
		if !known {
			if by, err = h.demoPerson(ctx, one.By); err != nil {
				return err
			}
			by.Roles, by.Verified = []market.Role{market.RoleBroker}, true
			judges[one.By] = by
		}
		pair := market.PairID(demands[one.Demand], achievements[one.Achievement])
		if _, err := verdicts.Judge(ctx, by, pair, matching.Saying{Judgement: one.Judgement, Reason: one.Reason, Note: one.Note}); err != nil {
			return fmt.Errorf("verdict on %s and %s: %w", one.Demand, one.Achievement, err)
		}
	}
	return nil
}

// externalIDs is the ids of listings by what a file of the demonstration calls them.
func externalIDs[T any](ctx context.Context, docs store.Reader[T], of func(*T) (market.ID, string)) (map[string]market.ID, error) {
	ids := map[string]market.ID{}
	for q := (store.Query{Limit: store.MaxLimit}); ; {
		page, err := docs.Find(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, doc := range page.Items {
			id, key := of(doc)
			ids[key[strings.LastIndex(key, "/")+1:]] = id
		}
		if page.Next == "" {
			return ids, nil
		}
		q.After = page.Next
	}
}
