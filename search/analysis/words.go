package analysis

import (
	"bufio"
	"bytes"
	"compress/gzip"
	_ "embed" // the dictionary
	"fmt"
	"io"
	"math"
	"strconv"
	"sync"
	"unicode/utf8"
)

//go:embed jieba/dict.txt.gz
var jieba []byte

// The dictionary as it is laid out in memory.
const (
	maxWord     = 6              // characters of the longest word
	slots       = 1 << 20        // for 480,000 words and beginnings of words: 8 MiB
	unknownCost = 18.0           // of a character that no word is: rarer than all that are
	beginning   = math.MaxUint32 // cost of what only begins a word
)

// dictionary is a hash table with open addressing: the upper half of a slot is
// the rest of the hash, the lower half the cost of the word, −ln of its
// probability, as float bits. Of 4 billion other strings one passes for a word.
type dictionary struct{ table []uint64 }

// lexicon reads the dictionary at first use: 0.1 s.
var lexicon = sync.OnceValue(func() *dictionary {
	d, err := readDictionary(jieba)
	if err != nil {
		panic("analysis: the embedded dictionary is broken: " + err.Error())
	}
	return d
})

// Warm reads the dictionary of words, for those who would not have the first
// text wait for it.
func Warm() { lexicon() }

func readDictionary(packed []byte) (*dictionary, error) {
	unpacked, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(bufio.NewReaderSize(unpacked, 1<<16))
	if err != nil {
		return nil, err
	}
	total := 0.0
	words := func(each func(word []byte, count float64)) error {
		for rest := text; len(rest) > 0; {
			line, next, _ := bytes.Cut(rest, []byte{'\n'})
			word, number, _ := bytes.Cut(line, []byte{' '})
			n, err := strconv.Atoi(string(number))
			if err != nil || len(word) == 0 {
				return fmt.Errorf("line %q", line)
			}
			each(word, float64(max(n, 1)))
			rest = next
		}
		return nil
	}
	if err := words(func(_ []byte, n float64) { total += n }); err != nil {
		return nil, err
	}
	d := &dictionary{table: make([]uint64, slots)}
	err = words(func(word []byte, n float64) { d.add(word, float32(math.Log(total/n))) })
	return d, err
}

// add puts in a word and what begins it, so that looking up longer and longer
// stretches can stop early.
func (d *dictionary) add(word []byte, cost float32) {
	h := hashStart
	for i := 0; i < len(word); {
		r, size := utf8.DecodeRune(word[i:])
		h = hashNext(h, r)
		i += size
		at, known := d.find(h)
		switch {
		case i == len(word):
			d.table[at] = h>>32<<32 | uint64(math.Float32bits(cost))
		case !known:
			d.table[at] = h>>32<<32 | beginning
		}
	}
}

const hashStart uint64 = 14695981039346656037

// hashNext carries a hash on by a character; its upper bits depend on all.
func hashNext(h uint64, r rune) uint64 {
	h = (h ^ uint64(r)) * 0x9E3779B97F4A7C15
	return h ^ h>>29
}

// find returns the slot of a hash, and whether it is taken.
func (d *dictionary) find(h uint64) (int, bool) {
	for at := int(h*0xBF58476D1CE4E5B9>>44) & (slots - 1); ; at = (at + 1) & (slots - 1) {
		if d.table[at] == 0 {
			return at, false
		}
		if d.table[at]>>32 == h>>32 {
			return at, true
		}
	}
}

// cutting is the best way to cut the beginnings of a run.
type cutting struct {
	cost []float64 // of the first characters
	last []uint8   // how many of them the last word has
	end  []int     // bytes up to each character
}

var cuttings = sync.Pool{New: func() any { return new(cutting) }}

// segmentWords cuts a run of ideographs where the product of the words'
// probabilities is greatest. Its time is linear in the length of the run.
func segmentWords(run string, yield func(string)) {
	c := cuttings.Get().(*cutting)
	defer cuttings.Put(c)
	n := c.reset(run)
	dictionary := lexicon()
	for from := range n {
		c.extend(dictionary, run, from, n)
	}
	ends := c.end[:0:0]
	for at := n; at > 0; at -= int(c.last[at]) {
		ends = append(ends, c.end[at])
	}
	start := 0
	for i := len(ends) - 1; i >= 0; i-- {
		yield(run[start:ends[i]])
		start = ends[i]
	}
}

// reset makes room for a run and returns its characters.
func (c *cutting) reset(run string) int {
	c.cost, c.last, c.end = append(c.cost[:0], 0), append(c.last[:0], 0), append(c.end[:0], 0)
	for end := 0; end < len(run); {
		_, size := utf8.DecodeRuneInString(run[end:])
		end += size
		c.cost, c.last, c.end = append(c.cost, math.Inf(1)), append(c.last, 0), append(c.end, end)
	}
	return len(c.cost) - 1
}

// extend tries the words that begin at a character.
func (c *cutting) extend(d *dictionary, run string, from, n int) {
	h := hashStart
	for length := 1; length <= maxWord && from+length <= n; length++ {
		r, _ := utf8.DecodeRuneInString(run[c.end[from+length-1]:])
		h = hashNext(h, r)
		at, known := d.find(h)
		bits := uint32(d.table[at])
		cost := unknownCost
		if known && bits != beginning {
			cost = float64(math.Float32frombits(bits))
		} else if length > 1 {
			cost = math.Inf(1)
		}
		if to := from + length; c.cost[from]+cost < c.cost[to] {
			c.cost[to], c.last[to] = c.cost[from]+cost, uint8(length)
		}
		if !known {
			return
		}
	}
}
