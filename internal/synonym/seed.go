package synonym

import (
	"context"
	_ "embed"
	"fmt"
	"strings"

	"jishi/internal/market"
	"jishi/internal/store"
)

// The groups the platform comes with: one on a line, words between 、.
//
//go:embed default.txt
var defaultList string

// Default returns the groups that the platform comes with.
func Default() [][]string {
	var groups [][]string
	for line := range strings.Lines(defaultList) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			groups = append(groups, Words(line))
		}
	}
	return groups
}

// Seed puts the groups that the platform comes with into a store that never
// had them. What the office changed or removed since stays as it is.
func (b *Book) Seed(ctx context.Context) error {
	var made []*market.Synonym
	var ids []market.ID
	for _, words := range Default() {
		s := &market.Synonym{Meta: market.Meta{ID: market.ID(fmt.Sprintf("synonym-default-%03d", len(made)+1))}, Words: words, Note: "平台自带"}
		s.Tidy()
		made, ids = append(made, s), append(ids, s.ID)
	}
	there, err := b.docs.GetMany(ctx, ids)
	if err != nil || len(there) == len(made) {
		return err
	}
	known := map[market.ID]bool{}
	for _, s := range there {
		known[s.ID] = true
	}
	for _, s := range made {
		if known[s.ID] {
			continue
		}
		if err := b.insert(ctx, market.System, s, ""); err != nil && !store.IsTaken(err) {
			return err
		}
	}
	return nil
}
