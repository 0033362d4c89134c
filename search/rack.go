package search

import (
	"bytes"
	"slices"
	"sort"
)

// rack is texts to complete what is typed with. Each stands in three long
// buffers, one after the other between line ends, so that looking through all
// of them is three passes over memory: as it is folded, by the first letters
// of its sounds, and by its sounds.
//
// A text of 20 characters takes about 60 + 20 + 60 bytes in the buffers, 60 as
// it is shown and 60 around it: 10⁵ titles 27 MB.
type rack struct {
	most  int // live texts; the oldest go first. 0 = no bound
	items []completion
	slot  map[uint64]uint32 // by key
	dead  int

	folded, initials, sounds buffer
	syllables                []uint64 // a bit for each byte of sounds that begins one
}

// completion is one text of a rack.
type completion struct {
	key    uint64
	text   string // as shown
	id     string // of what it is the name of; empty for a term
	weight int    // how many use it; 0 = gone
	terms  []uint64
}

// buffer is texts between line ends; starts[i] is where text i begins.
type buffer struct {
	bytes  []byte
	starts []uint32
}

func newRack(most int) *rack {
	s := &rack{most: most}
	s.clear()
	return s
}

func (s *rack) clear() {
	s.items, s.slot, s.dead = nil, map[uint64]uint32{}, 0
	s.folded, s.initials, s.sounds, s.syllables = newBuffer(), newBuffer(), newBuffer(), nil
}

func newBuffer() buffer { return buffer{bytes: []byte{'\n'}} }

func (b *buffer) add(text ...string) {
	b.starts = append(b.starts, uint32(len(b.bytes)))
	for _, one := range text {
		b.bytes = append(b.bytes, one...)
	}
	b.bytes = append(b.bytes, '\n')
}

// at returns the text of a slot.
func (b *buffer) at(slot int) []byte {
	end := len(b.bytes)
	if slot+1 < len(b.starts) {
		end = int(b.starts[slot+1])
	}
	return b.bytes[b.starts[slot] : end-1]
}

// of returns the slot of the text that a place in the buffer lies in.
func (b *buffer) of(place int) int {
	return sort.Search(len(b.starts), func(i int) bool { return int(b.starts[i]) > place }) - 1
}

// live is how many texts there are.
func (s *rack) live() int { return len(s.items) - s.dead }

// put adds a text or replaces the one of its key.
func (s *rack) put(c completion) {
	s.drop(c.key)
	s.slot[c.key] = uint32(len(s.items))
	s.items = append(s.items, c)
	folded := foldLower(c.text)
	spelt := spell(folded)
	s.folded.add(folded)
	s.markSyllables(spelt)
	s.sounds.add(spelt...)
	for i, sound := range spelt {
		spelt[i] = sound[:min(len(sound), 1)]
	}
	s.initials.add(spelt...)
	if s.most > 0 && s.live() > s.most+s.most/10 {
		s.compact(s.most)
	}
}

// markSyllables notes where the syllables of the next text begin.
func (s *rack) markSyllables(spelt []string) {
	at := len(s.sounds.bytes)
	for _, sound := range spelt {
		for sound != "" && at/64 >= len(s.syllables) {
			s.syllables = append(s.syllables, 0)
		}
		if sound != "" {
			s.syllables[at/64] |= 1 << (at % 64)
		}
		at += len(sound)
	}
}

// beginsSyllable reports whether a syllable begins at a place in sounds.
func (s *rack) beginsSyllable(place int) bool {
	return place/64 < len(s.syllables) && s.syllables[place/64]&(1<<(place%64)) != 0
}

// drop takes the text of a key away.
func (s *rack) drop(key uint64) {
	slot, ok := s.slot[key]
	if !ok {
		return
	}
	delete(s.slot, key)
	s.items[slot] = completion{}
	s.dead++
	if s.dead > 1000 && s.dead > len(s.items)/4 {
		s.compact(len(s.items))
	}
}

// get returns the text of a key, nil when there is none.
func (s *rack) get(key uint64) *completion {
	if slot, ok := s.slot[key]; ok {
		return &s.items[slot]
	}
	return nil
}

// compact lays the buffers anew with the newest texts, at most so many.
func (s *rack) compact(most int) {
	kept := slices.DeleteFunc(s.items, func(c completion) bool { return c.weight == 0 })
	if len(kept) > most {
		kept = kept[len(kept)-most:]
	}
	kept = slices.Clone(kept)
	bound := s.most
	s.clear()
	s.most = 0
	for _, c := range kept {
		s.put(c)
	}
	s.most = bound
}

// beginning shows the texts that begin with a prefix to visit until it returns
// false.
func (b *buffer) beginning(prefix string, visit func(place int) bool) {
	for _, start := range b.starts {
		if rest := b.bytes[start:]; len(rest) > len(prefix) && string(rest[:len(prefix)]) == prefix && !visit(int(start)) {
			return
		}
	}
}

// scan shows the places of a needle to visit. Where visit takes one it goes on
// with the next text, else with the next place; it ends when visit says so.
func (b *buffer) scan(needle string, visit func(place int) (taken, more bool)) {
	sought := []byte(needle)
	for from := 0; from < len(b.bytes); {
		i := bytes.Index(b.bytes[from:], sought)
		if i < 0 {
			return
		}
		from += i
		taken, more := visit(from)
		switch {
		case !more:
			return
		case taken:
			from += max(bytes.IndexByte(b.bytes[from:], '\n'), 1)
		default:
			from++
		}
	}
}

// locate returns the text a place in the buffer lies in, and where in it.
func (b *buffer) locate(place int) (slot, offset int) {
	slot = b.of(place)
	return slot, place - int(b.starts[slot])
}
