package minhash

import (
	"cmp"
	"slices"
	"sync"
)

// Index finds the texts whose signature is near a given one. It keeps the
// signatures in memory, about half a kilobyte a text, and is safe for
// concurrent use.
type Index struct {
	mu    sync.RWMutex
	sigs  []Signature
	keys  []string // by row; "" where a text was dropped
	byKey map[string]uint32
	dead  int
	heads [Bands][]uint32 // by hash of the band: the newest row with it, plus one
	next  [Bands][]uint32 // by row: the row before it in the same place, plus one
}

// Bounds of the index.
const (
	leastPlaces = 1 << 10 // of each band
	// maxChain is how many texts one band may bring up. What very many texts
	// have in common, a form filled with the same words, finds none of them.
	maxChain = 20_000
)

// NewIndex returns an empty index.
func NewIndex() *Index {
	x := &Index{byKey: make(map[string]uint32)}
	x.place(leastPlaces)
	return x
}

// Near is one text of an index and about how similar it is to another.
type Near struct {
	Key      string
	Estimate float64
}

// Len returns how many texts the index has.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.byKey)
}

// Put adds the text of a key, instead of what it had before.
func (x *Index) Put(key string, sig Signature) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if row, ok := x.byKey[key]; ok {
		if x.sigs[row] == sig {
			return
		}
		x.bury(row)
	}
	if len(x.sigs) >= len(x.heads[0]) {
		x.grow()
	}
	row := uint32(len(x.sigs))
	x.sigs, x.keys = append(x.sigs, sig), append(x.keys, key)
	x.byKey[key] = row
	x.link(row)
}

// Drop takes the text of a key out.
func (x *Index) Drop(key string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if row, ok := x.byKey[key]; ok {
		delete(x.byKey, key)
		x.bury(row)
	}
}

// Find returns the texts estimated to be at least that similar to a signature,
// nearest first and of equal ones by key, at most limit.
func (x *Index) Find(sig Signature, least float64, limit int) []Near {
	x.mu.RLock()
	defer x.mu.RUnlock()
	var near []Near
	for _, row := range x.candidates(&sig) {
		if estimate := Estimate(&sig, &x.sigs[row]); estimate >= least {
			near = append(near, Near{x.keys[row], estimate})
		}
	}
	slices.SortFunc(near, func(a, b Near) int {
		return cmp.Or(cmp.Compare(b.Estimate, a.Estimate), cmp.Compare(a.Key, b.Key))
	})
	return near[:min(len(near), limit)]
}

// candidates is the live rows that share a band with a signature, each once.
func (x *Index) candidates(sig *Signature) []uint32 {
	var rows []uint32
	for band := range Bands {
		key := sig.band(band)
		row := x.heads[band][x.slot(key)]
		for range maxChain {
			if row == 0 {
				break
			}
			if x.keys[row-1] != "" && x.sigs[row-1].band(band) == key {
				rows = append(rows, row-1)
			}
			row = x.next[band][row-1]
		}
	}
	slices.Sort(rows)
	return slices.Compact(rows)
}

func (x *Index) slot(key uint32) int {
	return int(mix(uint64(key)) & uint64(len(x.heads[0])-1))
}

// link adds a row to the places of its bands.
func (x *Index) link(row uint32) {
	for band := range Bands {
		slot := x.slot(x.sigs[row].band(band))
		x.next[band] = append(x.next[band], x.heads[band][slot])
		x.heads[band][slot] = row + 1
	}
}

// bury marks a row as of no text.
func (x *Index) bury(row uint32) {
	x.keys[row] = ""
	x.dead++
}

// grow makes room: twice the places, or as many as there are when at least half
// of the rows are dead.
func (x *Index) grow() {
	places := len(x.heads[0])
	if x.dead < len(x.sigs)/2 {
		places *= 2
	}
	live := 0
	for row, key := range x.keys {
		if key != "" {
			x.sigs[live], x.keys[live] = x.sigs[row], key
			x.byKey[key] = uint32(live)
			live++
		}
	}
	clear(x.keys[live:])
	x.sigs, x.keys, x.dead = x.sigs[:live], x.keys[:live], 0
	x.place(places)
	for row := range x.sigs {
		x.link(uint32(row))
	}
}

// place makes empty places for rows.
func (x *Index) place(n int) {
	for band := range Bands {
		x.heads[band] = make([]uint32, n)
		x.next[band] = make([]uint32, 0, n)
	}
}
