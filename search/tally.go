package search

import (
	"fmt"
	"hash/crc32"
	"strconv"

	"jishi/internal/market"
)

// Tally is how many listings there are, and a sum over all of them that does
// not depend on their order: two tallies are equal when both are of the same
// listings at the same versions.
type Tally struct {
	Count int
	Sum   uint64
}

// String is the sum as people compare it.
func (t Tally) String() string { return fmt.Sprintf("%016x", t.Sum) }

func (t *Tally) add(mark uint64) { t.Count, t.Sum = t.Count+1, t.Sum+mark }

func (t *Tally) remove(mark uint64) { t.Count, t.Sum = t.Count-1, t.Sum-mark }

// markOf is what one version of a listing adds to a sum. Sums of hashes that
// are not mixed well could cancel out.
func markOf(document string, version int64) uint64 {
	mark := hash(document + "\x1f" + strconv.FormatInt(version, 10))
	mark ^= mark >> 33
	mark *= 0xff51afd7ed558ccd
	mark ^= mark >> 33
	mark *= 0xc4ceb9fe1a85ec53
	return mark ^ mark>>33
}

// tally counts the documents of a view.
func (v *view) tally() Tally {
	var t Tally
	for i := range v.segments {
		s := &v.segments[i]
		for j := range s.rows {
			if !s.isDeleted(j) {
				t.add(s.rows[j].sum)
			}
		}
	}
	return t
}

// Census is the tally of what the store holds, with each listing's mark. It is
// not safe for concurrent use.
type Census struct {
	Tally
	marks map[uint64]uint64 // mark by hash of the document's id
}

// NewCensus returns an empty census.
func NewCensus() *Census { return &Census{marks: map[uint64]uint64{}} }

// Achievement counts an achievement if it is public.
func (c *Census) Achievement(a *market.Achievement) {
	if a.Public() {
		c.count(documentID(market.KindAchievement, a.ID), a.Version)
	}
}

// Demand counts a demand if it is public.
func (c *Census) Demand(d *market.Demand) {
	if d.Public() {
		c.count(documentID(market.KindDemand, d.ID), d.Version)
	}
}

func (c *Census) count(document string, version int64) {
	mark := markOf(document, version)
	c.add(mark)
	c.marks[hash(document)] = mark
}

// manifest is the tally of a generation as it is written with every batch, in
// one step with it, and the positions of its sinks. Its checksum shows when a
// disk has changed one of them.
type manifest struct {
	tally     Tally
	positions [2]string
}

var manifestKey = []byte("manifest")

func (m manifest) encode() []byte {
	text := fmt.Sprintf("%d %016x", m.tally.Count, m.tally.Sum)
	return fmt.Appendf(nil, "%s %08x", text, m.check(text))
}

func (m manifest) check(text string) uint32 {
	return crc32.ChecksumIEEE([]byte(text + "\x00" + m.positions[0] + "\x00" + m.positions[1]))
}

// setPosition notes the position of the sink with a key.
func (m *manifest) setPosition(key []byte, cursor string) {
	if string(key) == string(achievementsKey) {
		m.positions[0] = cursor
	} else {
		m.positions[1] = cursor
	}
}

// readManifest returns the manifest of a generation. A generation always has
// one; without, or with one that does not fit, it is damaged.
func (g *generation) readManifest() (m manifest, err error) {
	for i, key := range [][]byte{achievementsKey, demandsKey} {
		position, err := g.bleve.GetInternal(key)
		if err != nil {
			return m, err
		}
		m.positions[i] = string(position)
	}
	text, err := g.bleve.GetInternal(manifestKey)
	if err != nil {
		return m, err
	}
	var check uint32
	if _, err := fmt.Sscanf(string(text), "%d %x %x", &m.tally.Count, &m.tally.Sum, &check); err != nil || string(m.encode()) != string(text) {
		return m, fmt.Errorf("search: the manifest %q is not that of positions %q", text, m.positions)
	}
	return m, nil
}
