package audit

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"time"

	"jishi/internal/market"
)

func pick(r *rand.Rand, lines []*Line) (int, *Line) {
	i := r.IntN(len(lines))
	return i, lines[i]
}

// flip changes one byte of a copy.
func flip(r *rand.Rand, b []byte) []byte {
	b = bytes.Clone(b)
	b[r.IntN(len(b))] ^= byte(1 + r.IntN(255))
	return b
}

// change changes one field of one line, or several that belong together.
func change(r *rand.Rand, lines []*Line) ([]*Line, int64) {
	_, l := pick(r, lines)
	seq := l.Seq
	texts := []*string{&l.Body.Kind, &l.Body.From, &l.Body.To, &l.Body.Result, &l.Body.Detail, &l.Body.Address, &l.Body.Request, &l.Body.Source, &l.Source, &l.Key}
	switch n := r.IntN(22); {
	case n < len(texts):
		*texts[n] += "x"
	case n == 10:
		l.Body.User += "x"
	case n == 11:
		l.Body.Org = "elsewhere"
	case n == 12:
		l.Body.Action = market.ActErase
	case n == 13:
		l.Body.Subject += "x"
	case n == 14:
		l.Body.At = l.Body.At.Add(time.Millisecond)
	case n == 15:
		l.At = l.At.Add(-time.Hour)
		l.Body.At = l.At
	case n == 16:
		l.Salt = flip(r, l.Salt)
	case n == 17:
		l.Digest = flip(r, l.Digest)
	case n == 18:
		l.Hash = flip(r, l.Hash)
	case n == 19:
		l.Previous = flip(r, l.Previous)
	case n == 20:
		l.Seal = flip(r, l.Seal)
	default: // all of it that needs no key
		l.Body.Detail += "x"
		l.Digest = digest(l.Salt, l.Body)
		l.Hash = l.sum()
	}
	return lines, seq
}

func remove(r *rand.Rand, lines []*Line) ([]*Line, int64) {
	i, l := pick(r, lines)
	return slices.Delete(lines, i, i+1), l.Seq
}

// insert puts a line in: with the numbers behind it moved up, under an id of
// no number, or behind the last.
func insert(r *rand.Rand, lines []*Line) ([]*Line, int64) {
	i, l := pick(r, lines)
	forged := *l
	forged.Body.Detail, forged.Body.Source, forged.Source = "forged", "", ownMark+"forged"
	switch r.IntN(3) {
	case 0:
		forged.Digest = digest(forged.Salt, forged.Body)
		forged.Hash = forged.sum()
		for _, later := range lines[i:] {
			later.Seq++
			later.ID = lineID(later.Seq)
		}
		return slices.Insert(lines, i, &forged), forged.Seq
	case 1:
		forged.ID += "0"
		return slices.Insert(lines, i+1, &forged), l.Seq + 1
	default:
		last := lines[len(lines)-1]
		forged.Seq, forged.ID, forged.Previous = last.Seq+1, lineID(last.Seq+1), last.Hash
		forged.Digest = digest(forged.Salt, forged.Body)
		forged.Hash = forged.sum()
		return append(lines, &forged), forged.Seq
	}
}

// reorder swaps what two lines say, under the numbers they had or taking them along.
func reorder(r *rand.Rand, lines []*Line) ([]*Line, int64) {
	i := r.IntN(len(lines) - 1)
	j := i + 1 + r.IntN(len(lines)-i-1)
	a, b, first := lines[i], lines[j], lines[i].Seq
	if r.IntN(2) == 0 {
		a.Body, b.Body = b.Body, a.Body
		a.Source, b.Source = b.Source, a.Source
		return lines, first
	}
	a.ID, b.ID = b.ID, a.ID
	if r.IntN(2) == 0 {
		a.Seq, b.Seq = b.Seq, a.Seq
	}
	lines[i], lines[j] = b, a
	return lines, first
}

func truncate(r *rand.Rand, lines []*Line) ([]*Line, int64) {
	n := r.IntN(len(lines))
	return lines[:n], int64(n + 1)
}

// rewrite changes a line and makes everything behind it fit, but for the
// seals, of which it has no key.
func rewrite(r *rand.Rand, lines []*Line) ([]*Line, int64) {
	i, l := pick(r, lines)
	l.Body.Detail = "rewritten"
	for j := i; j < len(lines); j++ {
		one := lines[j]
		if j > 0 {
			one.Previous = lines[j-1].Hash
		}
		if r.IntN(3) == 0 {
			one.Seal = flip(r, one.Seal)
		}
		one.Digest = digest(one.Salt, one.Body)
		one.Hash = one.sum()
	}
	return lines, l.Seq
}

func wipeEarly(r *rand.Rand, lines []*Line) ([]*Line, int64) {
	_, l := pick(r, lines)
	l.Wiped, l.Salt, l.Body = true, nil, market.Entry{}
	return lines, l.Seq
}
