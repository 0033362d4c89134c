package search

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jishi/search/analysis"
)

// drawText draws a text of what titles and summaries hold, and of what breaks.
func drawText(t *rapid.T, label string) string {
	char := rapid.SampledFrom([]rune("镁合金压铸轻量化制备方法的的的，。 AZ91d5.ｶﾞㇰ한국\u0301\u200b𠮷𠮷\n"))
	return rapid.OneOf(rapid.StringOf(char), rapid.String()).Draw(t, label)
}

// readBody puts a body together again: its words parted by spaces, its runs by
// bars, its title by two.
func readBody(body []byte) string {
	var b strings.Builder
	for reader := (bodyReader{rest: body}); reader.next(); {
		switch reader.kind {
		case bodyTitleEnd:
			b.WriteString("‖")
		case bodyGap:
			b.WriteByte('|')
		case bodyLong:
			b.Write(reader.word)
			b.WriteByte('|')
		default:
			b.WriteRune(reader.char)
			if reader.last {
				b.WriteByte(' ')
			}
		}
	}
	return b.String()
}

func spelled(runs []analysis.Run) string {
	var b strings.Builder
	for _, run := range runs {
		if !run.Han {
			b.WriteString(run.Text + "|")
			continue
		}
		run.Words(func(word string) { b.WriteString(word + " ") })
		b.WriteByte('|')
	}
	return b.String()
}

func TestBodyComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		title, rest := analysis.Runs(drawText(t, "title")), analysis.Runs(drawText(t, "rest"))
		if got, want := readBody(encodeBody(title, rest)), spelled(title)+"‖"+spelled(rest); got != want {
			t.Fatalf("body %q, want %q", got, want)
		}
	})
}

func TestBodyOfALongWord(t *testing.T) {
	long := strings.Repeat("x", 1000)
	if got := readBody(encodeBody(nil, analysis.Runs(long+" 镁"))); got != "‖"+long+"|镁 |" {
		t.Errorf("body %q", got)
	}
}

// FuzzBody reads bodies that are broken: it ends, and reads nothing beyond.
func FuzzBody(f *testing.F) {
	f.Add(encodeBody(analysis.Runs("镁合金"), analysis.Runs("AZ91D 𠮷")))
	f.Add([]byte{bodyLong, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1})
	f.Add([]byte{0x1f, 0x20})
	f.Fuzz(func(t *testing.T, body []byte) {
		left := len(body) + 1
		for reader := (bodyReader{rest: slices.Clone(body)}); reader.next(); {
			if len(reader.rest) >= left {
				t.Fatalf("%x: %d bytes left after %d", body, len(reader.rest), left)
			}
			left = len(reader.rest)
		}
	})
}
