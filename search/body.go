package search

import (
	"encoding/binary"
	"unicode/utf8"

	"jishi/search/analysis"
)

// A body is the text of a listing as the second stage reads it: cut and folded
// already, two bytes an ideograph. The title comes first, once.
//
//	0x00          end of a run of ideographs
//	0x01 … 0x1a   word of another script: so many bytes follow
//	0x1b          the same, longer: uvarint, then the bytes
//	0x1c, 0x1d    an ideograph of the rare blocks in UTF-8; 0x1d = ends a word
//	0x1e          end of the title
//	0x20 … 0xff   first of two bytes: 0x2000 + 2·(ideograph − U+3000) + (1 = ends a word)
const (
	bodyGap      = 0x00
	bodyMaxShort = 0x1a
	bodyLong     = 0x1b
	bodyRare     = 0x1c
	bodyRareLast = 0x1d
	bodyTitleEnd = 0x1e
	bodyHan      = 0x20

	firstHan = 0x3000
	lastHan  = firstHan + (0xffff-bodyHan<<8)/2
)

func encodeBody(title, rest []analysis.Run) []byte {
	var body []byte
	for _, run := range title {
		body = appendRun(body, run)
	}
	body = append(body, bodyTitleEnd)
	for _, run := range rest {
		body = appendRun(body, run)
	}
	return body
}

func appendRun(body []byte, run analysis.Run) []byte {
	if !run.Han {
		if n := len(run.Text); n <= bodyMaxShort {
			body = append(body, byte(n))
		} else {
			body = binary.AppendUvarint(append(body, bodyLong), uint64(n))
		}
		return append(body, run.Text...)
	}
	run.Words(func(word string) {
		for i, r := range word {
			body = appendHan(body, r, i+utf8.RuneLen(r) == len(word))
		}
	})
	return append(body, bodyGap)
}

func appendHan(body []byte, r rune, last bool) []byte {
	if r < firstHan || r > lastHan {
		if last {
			return utf8.AppendRune(append(body, bodyRareLast), r)
		}
		return utf8.AppendRune(append(body, bodyRare), r)
	}
	code := bodyHan<<8 + uint16(2*(r-firstHan))
	if last {
		code++
	}
	return binary.BigEndian.AppendUint16(body, code)
}

// bodyReader takes a body apart.
type bodyReader struct {
	rest []byte

	kind byte   // bodyGap, bodyTitleEnd, bodyLong for a word, bodyHan for an ideograph
	char rune   // of bodyHan
	last bool   // of bodyHan: ends a word
	word []byte // of bodyLong
}

// next reads on; false at the end, also of a body that is broken.
func (b *bodyReader) next() bool {
	if len(b.rest) == 0 {
		return false
	}
	switch lead := b.rest[0]; {
	case lead >= bodyHan:
		if len(b.rest) < 2 {
			return false
		}
		code := rune(binary.BigEndian.Uint16(b.rest)) - bodyHan<<8
		b.kind, b.char, b.last, b.rest = bodyHan, firstHan+code/2, code%2 == 1, b.rest[2:]
	case lead == bodyGap || lead == bodyTitleEnd:
		b.kind, b.rest = lead, b.rest[1:]
	case lead == bodyRare || lead == bodyRareLast:
		r, size := utf8.DecodeRune(b.rest[1:])
		b.kind, b.char, b.last, b.rest = bodyHan, r, lead == bodyRareLast, b.rest[1+size:]
	default:
		n, skip := uint64(lead), 1
		if lead == bodyLong {
			var size int
			n, size = binary.Uvarint(b.rest[1:])
			skip += max(size, 0)
		}
		if n > uint64(len(b.rest)-skip) {
			return false
		}
		b.kind, b.word, b.rest = bodyLong, b.rest[skip:skip+int(n)], b.rest[skip+int(n):]
	}
	return true
}
