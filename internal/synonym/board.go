package synonym

import (
	"context"
	"slices"
	"strings"
	"sync"

	"jishi/internal/market"
)

// Board is the groups in use, in memory, kept up to date by a follower of the
// collection. It implements follow.Sink.
type Board struct {
	show func(groups [][]string)

	mu       sync.Mutex
	position string
	used     map[market.ID][]string
}

// NewBoard returns an empty board. show is called with all groups in use
// whenever they changed, in a fixed order; it must not change what it gets.
func NewBoard(show func(groups [][]string)) *Board {
	return &Board{show: show, used: map[market.ID][]string{}}
}

// Position returns the cursor up to which the board holds everything.
func (b *Board) Position(context.Context) (string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.position, nil
}

// Apply takes changed groups and shows the table they lead to.
func (b *Board) Apply(_ context.Context, docs []*market.Synonym, next string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range docs {
		if delete(b.used, s.ID); s.State == market.SynonymUsed {
			b.used[s.ID] = slices.Clone(s.Words)
		}
	}
	b.position = next
	groups := make([][]string, 0, len(b.used))
	for _, words := range b.used {
		groups = append(groups, words)
	}
	slices.SortFunc(groups, func(a, b []string) int { return strings.Compare(a[0], b[0]) })
	b.show(groups)
	return nil
}
