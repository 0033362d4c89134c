package radar

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"jishi/internal/market"
)

const (
	// alike is the cosine of two demands' weighted words, or of a demand and a
	// group, from which they are of one topic.
	alike = 0.14
	// heaviest is how many words of a group others are compared with.
	heaviest = 80
	// named is how many terms a gap is told by.
	named = 6
)

// vector is words with their weights, of length one.
type vector map[string]float64

// group is demands of one topic.
type group struct {
	members []int // of the unmet demands, in their order
	sum     vector
	top     vector // the heaviest words of sum, of length one
	renewed int    // how many members it had when top was made
}

// gaps groups unmet demands: by industry chain first, then by topic. The way is
// leader clustering: each demand joins the nearest group or begins one, in the
// order of ids; then each moves once to the group that is now nearest, and
// groups that have come to be of one topic become one. The same demands give
// the same groups. n demands in g groups cost n·g lookups of heaviest words:
// 10,000 demands a second or two.
func gaps(all []unmet) []market.Gap {
	slices.SortFunc(all, func(a, b unmet) int { return cmp.Compare(a.ID, b.ID) })
	vectors := weigh(all)
	byChain := map[string][]int{}
	for i, one := range all {
		byChain[one.chain] = append(byChain[one.chain], i)
	}
	found := []market.Gap{}
	for _, chain := range slices.Sorted(maps.Keys(byChain)) {
		for _, g := range topics(byChain[chain], vectors) {
			found = append(found, gapOf(chain, g, all, vectors))
		}
	}
	slices.SortStableFunc(found, func(a, b market.Gap) int { return cmp.Compare(len(b.Demands), len(a.Demands)) })
	return found
}

// weigh gives every demand its words weighted by how few demands have them.
func weigh(all []unmet) []vector {
	in := map[string]int{}
	counts := make([]map[string]int, len(all))
	for i, one := range all {
		counts[i] = map[string]int{}
		for _, word := range one.words {
			counts[i][word]++
		}
		for _, word := range one.keywords { // chosen by hand to say what it is about
			counts[i][word] += 2
		}
		for word := range counts[i] {
			in[word]++
		}
	}
	vectors := make([]vector, len(all))
	for i, words := range counts {
		vectors[i] = vector{}
		for word, n := range words {
			vectors[i][word] = math.Sqrt(float64(n)) * math.Log(1+float64(len(all))/float64(in[word]))
		}
		vectors[i].unit()
	}
	return vectors
}

// unit brings a vector to length one; one of nothing stays as it is.
func (v vector) unit() {
	sum := 0.0
	for _, word := range slices.Sorted(maps.Keys(v)) { // in one order, so that sums are the same each time
		sum += v[word] * v[word]
	}
	if sum == 0 {
		return
	}
	for word := range v {
		v[word] /= math.Sqrt(sum)
	}
}

// topics groups the demands of one chain.
func topics(members []int, vectors []vector) []*group {
	var groups []*group
	for _, i := range members {
		if at := nearest(groups, vectors[i]); at >= 0 {
			groups[at].join(i, vectors[i])
		} else {
			g := &group{sum: vector{}}
			g.join(i, vectors[i])
			groups = append(groups, g)
		}
	}
	groups = settle(groups, members, vectors)
	return unite(groups, vectors)
}

// settle lets every demand go once to the group that is nearest by now.
func settle(groups []*group, members []int, vectors []vector) []*group {
	moved := make([]*group, len(groups))
	for i := range moved {
		moved[i] = &group{sum: vector{}}
	}
	for _, i := range members {
		at := nearest(groups, vectors[i])
		if at < 0 {
			moved, at = append(moved, &group{sum: vector{}}), len(moved)
		}
		moved[at].add(i, vectors[i])
	}
	moved = slices.DeleteFunc(moved, func(g *group) bool { return len(g.members) == 0 })
	for _, g := range moved {
		g.renew()
	}
	return moved
}

// unite makes one of groups of one topic, the nearest first member deciding.
func unite(groups []*group, vectors []vector) []*group {
	var united []*group
	for _, g := range groups {
		at := nearest(united, g.top)
		if at < 0 {
			united = append(united, g)
			continue
		}
		for _, i := range g.members {
			united[at].add(i, vectors[i])
		}
		united[at].renew()
	}
	for _, g := range united {
		slices.Sort(g.members)
	}
	return united
}

// nearest is the group most alike a vector, the first of equal ones; −1 when
// none is of its topic.
func nearest(groups []*group, v vector) int {
	best, at := alike, -1
	for i, g := range groups {
		if c := cosine(g.top, v); c >= best && (at < 0 || c > best) {
			best, at = c, i
		}
	}
	return at
}

func cosine(a, b vector) float64 {
	if len(b) < len(a) {
		a, b = b, a
	}
	sum := 0.0
	for word, weight := range a {
		sum += weight * b[word]
	}
	return math.Round(sum*1e9) / 1e9 // the order of adding shows in the last digits only
}

// join adds a demand to the group, which may come to stand for something else:
// at first with each, later with every quarter more.
func (g *group) join(i int, v vector) {
	g.add(i, v)
	if n := len(g.members); n <= 4 || n >= g.renewed+g.renewed/4 {
		g.renew()
	}
}

// add adds a demand to the group.
func (g *group) add(i int, v vector) {
	g.members = append(g.members, i)
	for word, weight := range v {
		g.sum[word] += weight
	}
}

// renew says anew what the group stands for.
func (g *group) renew() {
	g.renewed = len(g.members)
	words := g.heaviest(heaviest)
	g.top = make(vector, len(words))
	for _, word := range words {
		g.top[word] = g.sum[word]
	}
	g.top.unit()
}

// heaviest returns the n heaviest words of the group.
func (g *group) heaviest(n int) []string {
	words := slices.Collect(maps.Keys(g.sum))
	slices.SortFunc(words, func(a, b string) int { return cmp.Or(cmp.Compare(g.sum[b], g.sum[a]), cmp.Compare(a, b)) })
	return words[:min(n, len(words))]
}

// gapOf tells a group by its terms: words that several of its demands have, for
// a group of one its keywords.
func gapOf(chain string, g *group, all []unmet, vectors []vector) market.Gap {
	gap := market.Gap{Chain: chain, Terms: []string{}}
	for _, i := range g.members {
		gap.Demands = append(gap.Demands, all[i].UnmetDemand)
	}
	for _, word := range g.heaviest(heaviest) {
		in := 0
		for _, i := range g.members {
			if vectors[i][word] > 0 {
				in++
			}
		}
		if in >= 2 && len(gap.Terms) < named && len([]rune(word)) > 1 {
			gap.Terms = append(gap.Terms, word)
		}
	}
	for _, word := range all[g.members[0]].keywords {
		if len(gap.Terms) < named && len(g.members) == 1 && !slices.Contains(gap.Terms, word) {
			gap.Terms = append(gap.Terms, word)
		}
	}
	return gap
}
