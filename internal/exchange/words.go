package exchange

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Several values share one cell, divided by a separator. A separator that
// belongs to a value is written with a backslash before it, and so is a
// backslash that would otherwise be read so; without that, what is exported
// could not be read back.
const (
	wordSeparators   = "、；;，,\n" // between words
	recordSeparators = "；;\n"    // between criteria, rights, parties: their texts hold commas
	fieldSeparators  = "|｜"      // between the fields of a record written out in full
	escapable        = wordSeparators + fieldSeparators + `\`
)

// span is a part of a text, in bytes.
type span struct{ from, to int }

// pieces returns the parts of text between separators, without those that are blank.
func pieces(text string) []span { return cut(text, wordSeparators) }

// cut divides text at the separators that no backslash precedes, trims the
// parts and leaves out blank ones. Backslashes stay in the parts.
func cut(text, separators string) []span {
	var parts []span
	from := 0
	add := func(to int) {
		part := text[from:to]
		start := from + len(part) - len(strings.TrimLeftFunc(part, unicode.IsSpace))
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, span{start, start + len(part)})
		}
	}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == '\\' && i+size < len(text) {
			next, nextSize := utf8.DecodeRuneInString(text[i+size:])
			if strings.ContainsRune(escapable, next) {
				i += size + nextSize
				continue
			}
		}
		if strings.ContainsRune(separators, r) {
			add(i)
			from = i + size
		}
		i += size
	}
	add(len(text))
	return parts
}

// splitWords reads the words of a cell.
func splitWords(text string) []string {
	var words []string
	for _, p := range cut(text, wordSeparators) {
		words = append(words, unescape(text[p.from:p.to]))
	}
	return words
}

// joinWords writes words so that splitWords gives them back.
func joinWords(words []string) string {
	escaped := make([]string, len(words))
	for i, w := range words {
		escaped[i] = escape(w)
	}
	return strings.Join(escaped, "；")
}

// splitFields reads the fields of a record written out in full, a|b|c, blank
// ones included.
func splitFields(record string) []string {
	var fields []string
	var b strings.Builder
	for i := 0; i < len(record); {
		r, size := utf8.DecodeRuneInString(record[i:])
		switch {
		case r == '\\' && i+size < len(record):
			b.WriteString(record[i : i+size])
			_, size2 := utf8.DecodeRuneInString(record[i+size:])
			b.WriteString(record[i+size : i+size+size2])
			size += size2
		case strings.ContainsRune(fieldSeparators, r):
			fields = append(fields, unescape(strings.TrimSpace(b.String())))
			b.Reset()
		default:
			b.WriteString(record[i : i+size])
		}
		i += size
	}
	return append(fields, unescape(strings.TrimSpace(b.String())))
}

// joinFields writes a record in full so that splitFields gives its fields back.
func joinFields(fields ...string) string {
	escaped := make([]string, len(fields))
	for i, f := range fields {
		escaped[i] = escape(f)
	}
	return strings.Join(escaped, "|")
}

func escape(s string) string {
	if !strings.ContainsAny(s, escapable) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if strings.ContainsRune(escapable, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == '\\' && i+size < len(s) {
			next, nextSize := utf8.DecodeRuneInString(s[i+size:])
			if strings.ContainsRune(escapable, next) {
				b.WriteString(s[i+size : i+size+nextSize])
				i += size + nextSize
				continue
			}
		}
		b.WriteString(s[i : i+size])
		i += size
	}
	return b.String()
}
