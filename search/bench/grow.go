package bench

import (
	"math/rand/v2"
	"strings"
	"unicode"
	"unicode/utf8"

	"jishi/internal/market"
	"jishi/search/evaluate"
)

// smallGroup is the documents below which a discipline is too small to draw
// sentences from: all of its kind serve then.
const smallGroup = 20

// grower makes texts: each real document once, and then documents recombined
// of sentences of real ones of the same kind and discipline, as long as real
// ones are. So the documents that hold a term grow with the corpus, which is
// the worst case for time.
type grower struct {
	real   []evaluate.Document
	groups map[string][]int    // documents by kind and discipline
	pieces map[string][]string // sentences by the same
	titles bool
	random *rand.Rand
}

func newGrower(docs []evaluate.Document, titles bool, seed uint64) *grower {
	g := &grower{real: docs, titles: titles, groups: map[string][]int{}, pieces: map[string][]string{}, random: rand.New(rand.NewPCG(seed, 1))}
	for i, d := range docs {
		for _, group := range []string{d.Kind, d.Kind + "/" + d.Discipline} {
			g.groups[group] = append(g.groups[group], i)
			g.pieces[group] = append(g.pieces[group], sentences(d.Summary)...)
		}
	}
	return g
}

// group is what a document draws from.
func (g *grower) group(d evaluate.Document) string {
	narrow := d.Kind + "/" + d.Discipline
	if d.Discipline == "" || len(g.groups[narrow]) < smallGroup {
		return d.Kind
	}
	return narrow
}

// text makes the text of a number; call it for 0, 1, 2 … in order.
func (g *grower) text(number int) *Text {
	t := g.coded(number)
	if number < len(g.real) {
		d := g.real[number]
		t.Body = d.Summary
		if g.titles {
			t.Title = d.Title
		}
		return t
	}
	like := g.real[g.random.IntN(len(g.real))]
	group := g.group(like)
	t.Body = g.recombined(group, utf8.RuneCountInString(like.Summary))
	if g.titles {
		t.Title = g.title(group, t.Body)
	}
	return t
}

// title takes the title of a real document; where that is the head of its
// text, as with papers whose title is not known, it is the head of this one.
func (g *grower) title(group, body string) string {
	members := g.groups[group]
	of := g.real[members[g.random.IntN(len(members))]]
	if !strings.HasPrefix(of.Summary, of.Title) {
		return of.Title
	}
	runes := []rune(body)
	return string(runes[:min(len(runes), utf8.RuneCountInString(of.Title))])
}

// recombined draws sentences until there are about so many characters.
func (g *grower) recombined(group string, length int) string {
	var b strings.Builder
	pieces := g.pieces[group]
	for have := 0; have < length; {
		piece := pieces[g.random.IntN(len(pieces))]
		size := utf8.RuneCountInString(piece)
		if over := have + size - length; have > 0 && over > length-have { // nearer without it
			break
		}
		b.WriteString(piece)
		have += size
	}
	return b.String()
}

// coded makes a text with the codes that facets count, drawn by its number.
func (g *grower) coded(number int) *Text {
	random := rand.New(rand.NewPCG(uint64(number), 2))
	pick := func(list market.CodeList) string { return list[random.IntN(len(list))].Code }
	low := int64(random.IntN(200)) * 1_000_000
	return &Text{
		Number: number, Field: pick(market.Fields), Industry: pick(market.Industries), Stage: pick(market.Stages), Modes: []string{pick(market.Modes)},
		Low: low, High: 2 * low, Published: 1_600_000_000_000 + int64(random.IntN(150_000))*1_000_000,
	}
}

// sentences cuts a text behind the marks that end a sentence. A dot within a
// number ends none. Nothing is lost.
func sentences(text string) []string {
	var all []string
	from := 0
	for i, r := range text {
		end := i + utf8.RuneLen(r)
		if !strings.ContainsRune("。；;！？!?.", r) {
			continue
		}
		if next, _ := utf8.DecodeRuneInString(text[end:]); r == '.' && (unicode.IsDigit(next) || unicode.IsLower(next)) {
			continue
		}
		all = append(all, text[from:end])
		from = end
	}
	if from < len(text) {
		all = append(all, text[from:])
	}
	return all
}
