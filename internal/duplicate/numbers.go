package duplicate

import (
	"slices"
	"sync"

	"jishi/internal/market"
)

// numbers knows which listings name a number. Safe for concurrent use.
type numbers struct {
	mu   sync.RWMutex
	ids  map[string][]market.ID // by number
	kept map[market.ID][]string // by listing
}

func newNumbers() *numbers {
	return &numbers{ids: make(map[string][]market.ID), kept: make(map[market.ID][]string)}
}

// put says which numbers a listing names, instead of those before.
func (n *numbers) put(id market.ID, named []string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, number := range n.kept[id] {
		rest := slices.DeleteFunc(n.ids[number], func(one market.ID) bool { return one == id })
		if n.ids[number] = rest; len(rest) == 0 {
			delete(n.ids, number)
		}
	}
	delete(n.kept, id)
	for _, number := range named {
		n.ids[number] = append(n.ids[number], id)
	}
	if len(named) > 0 {
		n.kept[id] = named
	}
}

// of returns the listings that name any of some numbers, at most limit of each.
func (n *numbers) of(named []string, limit int) []market.ID {
	n.mu.RLock()
	defer n.mu.RUnlock()
	var ids []market.ID
	for _, number := range named {
		ids = append(ids, n.ids[number][:min(limit, len(n.ids[number]))]...)
	}
	return ids
}

// shared returns the numbers that stand in both lists; never nil.
func shared(a, b []string) []string {
	both := []string{}
	for _, number := range a {
		if slices.Contains(b, number) {
			both = append(both, number)
		}
	}
	return both
}
