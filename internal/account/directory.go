package account

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"unicode"

	"jishi/internal/market"
)

// Directory holds of every organization what the directory is searched by. It
// is a projection: a sink of a follower over the organizations, filled anew
// from the store at each start. It may be read while it is fed.
//
// It takes about a kilobyte an organization. A search compares every one of
// them in memory, in order of name, so that it knows how many there are:
// measured at 50,000 organizations (BenchmarkDirectory), a page without a text
// costs 0.2 ms and a text that nothing has, the longest way, 1.2 ms of one core;
// filling the directory at start takes 0.7 s.
type Directory struct {
	mu       sync.RWMutex
	position string
	byID     map[market.ID]*directoryEntry
	byName   []*directoryEntry // in order of name, then id
}

// directoryEntry is one organization; it is never changed, only replaced.
type directoryEntry struct {
	id       market.ID
	version  int64
	name     string
	text     string // what is searched: normal name, blank, code
	kind     string
	division string
	verified bool
	marks    []market.Mark // confirmed ones
}

// NewDirectory returns an empty directory.
func NewDirectory() *Directory {
	return &Directory{byID: make(map[market.ID]*directoryEntry)}
}

// Position returns the cursor up to which the directory holds everything;
// empty for a new one.
func (d *Directory) Position(context.Context) (string, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.position, nil
}

// Apply takes changed organizations and the cursor that follows them. One may
// come any number of times; an older version than the one held is ignored.
func (d *Directory) Apply(_ context.Context, orgs []*market.Organization, next string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, org := range orgs {
		d.put(org)
	}
	d.position = next
	return nil
}

func (d *Directory) put(org *market.Organization) {
	entry := &directoryEntry{
		id: org.ID, version: org.Version, name: org.Name, kind: org.Kind, division: org.Division, verified: org.Verified(),
		text: market.NormalTitle(org.Name) + " " + strings.ToLower(org.Code),
	}
	for _, mark := range org.Marks {
		if mark.Confirmed {
			entry.marks = append(entry.marks, mark)
		}
	}
	if old, known := d.byID[org.ID]; known {
		if old.version >= entry.version {
			return
		}
		at, _ := slices.BinarySearchFunc(d.byName, old, inNameOrder)
		d.byName = slices.Delete(d.byName, at, at+1)
	}
	d.byID[org.ID] = entry
	at, _ := slices.BinarySearchFunc(d.byName, entry, inNameOrder)
	d.byName = slices.Insert(d.byName, at, entry)
}

func inNameOrder(a, b *directoryEntry) int {
	return cmp.Or(strings.Compare(a.name, b.name), strings.Compare(string(a.id), string(b.id)))
}

// directoryQuery is what entries are compared with.
type directoryQuery struct {
	words    []string // normalised; all must be in the name or the code
	kind     string
	division string
	mark     string
	today    market.Date
	all      bool // also what the bureau has not checked
}

// find returns the ids of a page of entries after a place, whether there are
// more, and how many there are altogether.
func (d *Directory) find(q directoryQuery, after *directoryEntry, limit int) (ids []market.ID, last *directoryEntry, more bool, total int) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	for _, entry := range d.byName {
		if !q.takes(entry) {
			continue
		}
		total++
		switch {
		case after != nil && inNameOrder(entry, after) <= 0:
		case len(ids) < limit:
			ids, last = append(ids, entry.id), entry
		default:
			more = true
		}
	}
	return ids, last, more, total
}

func (q *directoryQuery) takes(e *directoryEntry) bool {
	if !e.verified && !q.all || q.kind != "" && e.kind != q.kind || !within(e.division, q.division) {
		return false
	}
	if q.mark != "" && !slices.ContainsFunc(e.marks, func(m market.Mark) bool { return m.Kind == q.mark && m.Holds(q.today) }) {
		return false
	}
	for _, word := range q.words {
		if !strings.Contains(e.text, word) {
			return false
		}
	}
	return true
}

// within reports whether a division is the one asked for, or lies in it:
// 500000 is all of Chongqing.
func within(division, asked string) bool {
	switch {
	case asked == "" || division == asked:
		return true
	case len(asked) == 6 && strings.HasSuffix(asked, "0000"):
		return strings.HasPrefix(division, asked[:2])
	}
	return false
}

// wordsOf splits a search text at white space and reduces each word to what
// names are compared by.
func wordsOf(text string) []string {
	var words []string
	for _, word := range strings.FieldsFunc(market.Fold(text), unicode.IsSpace) {
		if word = market.NormalTitle(word); word != "" {
			words = append(words, word)
		}
	}
	return words
}
