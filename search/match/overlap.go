package match

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"jishi/internal/market"
	"jishi/search/analysis"
)

// How the words of a demand are weighed against an achievement. The values are
// those that rank best on real texts: with them, 1,500 pairs of TestCalibration
// in package search got these text points of 50 (papers / patents), at the
// quartiles and the 90th percentile:
//
//	unrelated pair             0       0       0       0
//	near, but another result   5 / 5   8 / 7   12 / 11 17 / 16
//	the demand's own result    17 / 15 28 / 25 42 / 36 50 / 48
//
// There the index says how near two texts come; what follows up to noise is
// for those who have none, and for what is shown.
const (
	maxTerms = 60   // the heaviest terms of the demand decide; all are shown
	keep     = 4    // common terms are left out while so many others remain
	common   = 2.30 // ln 10: a term in a tenth of all listings is no rarer
	k1, b    = 2, 0.9
	meanLen  = 250 // terms in a usual text; longer ones hold more words by chance
	noise    = 0.052

	// Words of the demand that no achievement in the market holds count against
	// every one of them alike: that nothing offered speaks of them is worth
	// knowing. But they add at most half of what the others weigh, or a demand
	// in words of its own would fit nothing.
	unheardShare = 0.5

	full = 0.94 // coverage from which a part gives all points
)

// field is one public text of a listing.
type field struct {
	name string // JSON name
	text string
}

func demandFields(d *market.Demand) []field {
	return []field{{"title", d.Title}, {"summary", d.Summary}, {"conditions", d.Conditions}}
}

func achievementFields(a *market.Achievement) []field {
	return []field{{"title", a.Title}, {"summary", a.Summary}, {"benefit", a.Benefit}}
}

// DemandText is the text of a demand that achievements are compared with.
func DemandText(d *market.Demand) string {
	return strings.Join(spoken(demandFields(d), d.Keywords), "\n")
}

// AchievementText is the text of an achievement that demands are compared with.
func AchievementText(a *market.Achievement) string {
	return strings.Join(spoken(achievementFields(a), a.Keywords), "\n")
}

// spoken returns all texts that speak for a listing.
func spoken(fields []field, keywords []string) []string {
	var texts []string
	for _, f := range fields {
		texts = append(texts, f.text)
	}
	return append(texts, keywords...)
}

// asked is what the words of a demand weigh.
type asked struct {
	fields []cut
	spoken []cut          // all texts of the demand
	heavy  []weightedTerm // those that decide
	heard  map[string]float64
	all    float64 // what the heavy ones and those nobody offers weigh together
}

// offered is the words of an achievement.
type offered struct {
	fields []cut
	held   map[string]int // term → how often
	length int            // in terms
}

// cut is a public text and its terms.
type cut struct {
	field
	terms []analysis.Term
}

func cutAll(fields []field) []cut {
	all := make([]cut, len(fields))
	for i, f := range fields {
		all[i] = cut{f, analysis.Terms(f.text)}
	}
	return all
}

func ask(d *market.Demand, rarity Rarity) asked {
	q := asked{fields: cutAll(demandFields(d)), heard: map[string]float64{}}
	q.spoken = q.fields[:len(q.fields):len(q.fields)]
	for _, word := range d.Keywords {
		q.spoken = append(q.spoken, cut{field{"keywords", word}, analysis.Terms(word)})
	}
	heard, unheard := weigh(q.spoken, rarity)
	for i, t := range heard {
		q.heard[t.text] = t.weight
		if i < maxTerms {
			q.all += t.weight
		}
	}
	q.heavy = heard[:min(len(heard), maxTerms)]
	q.all += min(unheardShare*q.all, unheard)
	return q
}

func offer(a *market.Achievement) offered {
	x := offered{fields: cutAll(achievementFields(a)), held: map[string]int{}}
	count := func(terms []analysis.Term) {
		x.length += len(terms)
		for _, term := range terms {
			x.held[term.Text]++
		}
	}
	for _, f := range x.fields {
		count(f.terms)
	}
	for _, word := range a.Keywords {
		count(analysis.Terms(word))
	}
	return x
}

// overlap is what the texts of a demand and an achievement have in common.
type overlap struct {
	demand, achievement []cut
	spoken              []cut              // all texts of the demand
	shared              map[string]float64 // terms of the demand that the achievement holds, with their weights
	coverage            float64            // share of the demand's weight, 0 or more
}

func compare(q *asked, x *offered) overlap {
	o := overlap{demand: q.fields, achievement: x.fields, spoken: q.spoken, shared: map[string]float64{}}
	norm := k1 * (1 - b + b*float64(x.length)/meanLen)
	found, n := 0.0, 0.0
	for _, t := range q.heavy {
		if tf := float64(x.held[t.text]); tf > 0 {
			n++
			found += t.weight * tf * (k1 + 1) / (tf + norm)
		}
	}
	for text, weight := range q.heard {
		if x.held[text] > 0 {
			o.shared[text] = weight
		}
	}
	if q.all > 0 {
		// One or two shared terms may be chance, however short the demand.
		o.coverage = found / q.all * (1 - math.Exp(-n/2))
	}
	return o
}

type weightedTerm struct {
	text           string
	rarity, weight float64
}

// weigh returns the terms that speak for texts, heaviest first, and what the
// terms that no achievement holds weigh together.
func weigh(texts []cut, rarity Rarity) (terms []weightedTerm, unheard float64) {
	count := map[string]int{}
	for _, text := range texts {
		for _, term := range text.terms {
			if count[term.Text]++; count[term.Text] == 1 {
				terms = append(terms, weightedTerm{text: term.Text, rarity: rarity(term.Text)})
			}
		}
	}
	rarest, rare := 0.0, 0
	for i := range terms {
		t := &terms[i]
		rarest = max(rarest, t.rarity)
		if t.rarity >= common {
			rare++
		}
		t.weight = t.rarity * t.rarity * math.Sqrt(float64(count[t.text]))
	}
	known := terms[:0:0]
	for _, t := range terms {
		switch {
		case t.rarity == 0:
			unheard += rarest * rarest * math.Sqrt(float64(count[t.text]))
		case rare < keep || t.rarity >= common:
			known = append(known, t)
		}
	}
	slices.SortStableFunc(known, func(a, b weightedTerm) int { return cmp.Compare(b.weight, a.weight) })
	return known, unheard
}

// points is 0 up to the coverage that chance gives, and all from full coverage on.
func (o overlap) points(max int) int {
	share := (o.coverage - noise) / (full - noise)
	return int(math.Round(float64(max) * min(1, math.Max(0, share))))
}

func (o overlap) reason() string {
	if len(o.shared) == 0 {
		return "两段文字没有共同的关键词"
	}
	percent := int(math.Round(100 * min(1, o.coverage)))
	return fmt.Sprintf("共有%s等，覆盖需求要点约 %d%%", strings.Join(o.phrases(), "、"), percent)
}

// phrases returns up to three stretches of the demand that the achievement
// shares, heaviest first, in quotation marks.
func (o overlap) phrases() []string {
	weight := map[string]float64{}
	for _, text := range o.spoken {
		marks := o.marks(text)
		for _, span := range analysis.Merge(marks, analysis.Range{End: len(text.text)}) {
			sum := 0.0
			for _, m := range marks {
				if m.Start >= span.Start && m.End <= span.End {
					sum += m.Weight
				}
			}
			weight[text.text[span.Start:span.End]] = sum
		}
	}
	phrases := slices.SortedFunc(maps.Keys(weight), func(x, y string) int {
		return cmp.Or(cmp.Compare(weight[y], weight[x]), cmp.Compare(x, y))
	})
	phrases = phrases[:min(len(phrases), 3)]
	for i, phrase := range phrases {
		phrases[i] = "“" + market.Clip(phrase, 20) + "”"
	}
	return phrases
}

// marks finds the shared terms in a text, but not numbers and units: that both
// say 40 or mg/L shows nothing, and the requirements compare what they measure.
func (o overlap) marks(text cut) []analysis.Mark {
	var marks []analysis.Mark
	for _, term := range text.terms {
		if w := o.shared[term.Text]; w > 0 && !numeral(term.Text) && !unitAt(text.text, term) {
			marks = append(marks, analysis.Mark{Term: term, Weight: w})
		}
	}
	return marks
}

// numeral reports whether a term is a number, in digits or in Chinese.
func numeral(term string) bool {
	return strings.Trim(term, "0123456789.%零一二三四五六七八九十百千万亿两") == ""
}

// unitAt reports whether a term of a few Latin letters stands behind a number
// or a stroke: mg and L of 40 mg/L.
func unitAt(text string, term analysis.Term) bool {
	if len(term.Text) > 3 || strings.Trim(term.Text, "abcdefghijklmnopqrstuvwxyz") != "" {
		return false
	}
	before := strings.TrimRight(text[:term.Start], " \u00a0\u3000")
	return before != "" && strings.ContainsAny(before[len(before)-1:], "0123456789/")
}
