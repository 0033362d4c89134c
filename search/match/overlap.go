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
// those that rank best on real texts (quality test of package search), where
// the coverage of 2,000 pairs was, at the quartiles and the 99th percentile:
//
//	unrelated pair             0     0     0     0.03
//	near, but another result   0.10  0.15  0.21  0.54
//	the demand's own result    0.26  0.44  0.66  1.40
//
// and much the same in a market of 100 listings, so the score means the same
// in a young market as in a full one.
const (
	maxTerms = 60   // the heaviest terms of the demand decide; all are shown
	keep     = 4    // common terms are left out while so many others remain
	common   = 2.30 // ln 10: a term in a tenth of all listings is no rarer
	k1, b    = 2, 0.9
	meanLen  = 250 // terms in a usual text; longer ones hold more words by chance
	noise    = 0.05
	full     = 0.60 // coverage from which a part gives all points
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

// overlap is what the texts of a demand and an achievement have in common.
type overlap struct {
	demand, achievement []field
	spoken              []string           // all texts of the demand
	shared              map[string]float64 // terms of the demand that the achievement holds, with their weights
	coverage            float64            // share of the demand's weight, 0 or more
}

func compare(d *market.Demand, a *market.Achievement, rarity Rarity) overlap {
	o := overlap{demand: demandFields(d), achievement: achievementFields(a), shared: map[string]float64{}}
	o.spoken = spoken(o.demand, d.Keywords)
	terms := analysis.Terms(AchievementText(a))
	held := make(map[string]int, len(terms))
	for _, term := range terms {
		held[term.Text]++
	}
	norm := k1 * (1 - b + b*float64(len(terms))/meanLen)
	all, found, n := 0.0, 0.0, 0.0
	for i, t := range weigh(strings.Join(o.spoken, "\n"), rarity) {
		tf := float64(held[t.text])
		if tf > 0 {
			o.shared[t.text] = t.weight
		}
		if i >= maxTerms {
			continue
		}
		all += t.weight
		if tf > 0 {
			n++
			found += t.weight * tf * (k1 + 1) / (tf + norm)
		}
	}
	if all > 0 {
		// One or two shared terms may be chance, however short the demand.
		o.coverage = found / all * (1 - math.Exp(-n/2))
	}
	return o
}

type weightedTerm struct {
	text           string
	rarity, weight float64
}

// weigh returns the terms that speak for a text, heaviest first. A term that
// no listing holds counts like the rarest there is.
func weigh(text string, rarity Rarity) []weightedTerm {
	count := map[string]int{}
	var terms []weightedTerm
	rarest := 0.0
	for _, term := range analysis.Terms(text) {
		if count[term.Text]++; count[term.Text] == 1 {
			r := rarity(term.Text)
			rarest = max(rarest, r)
			terms = append(terms, weightedTerm{text: term.Text, rarity: r})
		}
	}
	rare := 0
	for i := range terms {
		t := &terms[i]
		if t.rarity == 0 {
			t.rarity = rarest
		}
		if t.rarity >= common {
			rare++
		}
		t.weight = t.rarity * t.rarity * math.Sqrt(float64(count[t.text]))
	}
	if rare >= keep {
		terms = slices.DeleteFunc(terms, func(t weightedTerm) bool { return t.rarity < common })
	}
	slices.SortStableFunc(terms, func(a, b weightedTerm) int { return cmp.Compare(b.weight, a.weight) })
	return terms
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
		for _, span := range analysis.Merge(marks, analysis.Range{End: len(text)}) {
			sum := 0.0
			for _, m := range marks {
				if m.Start >= span.Start && m.End <= span.End {
					sum += m.Weight
				}
			}
			weight[text[span.Start:span.End]] = sum
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

// marks finds the shared terms in a text.
func (o overlap) marks(text string) []analysis.Mark {
	var marks []analysis.Mark
	for _, term := range analysis.Terms(text) {
		if w := o.shared[term.Text]; w > 0 {
			marks = append(marks, analysis.Mark{Term: term, Weight: w})
		}
	}
	return marks
}
