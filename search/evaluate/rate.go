// Package evaluate measures how well a system ranks documents for queries of
// which some relevant documents are known: it reads texts and queries from
// JSON lines, asks systems side by side, rates their answers and says by the
// bootstrap how far the figures can be trusted. It knows no index; what is
// measured is handed in as a function.
package evaluate

import "math"

// Depth is how many documents of an answer are looked at.
const Depth = 10

// Scores rate one answer, each 0 to 1, 1 being best.
type Scores struct {
	MRR    float64 // one over the rank of the first relevant document
	Recall float64 // share of the known relevant documents that are there
	NDCG   float64 // gain of all relevant ones, less the later they come, as a share of the best there could be
}

// Rate scores the first Depth documents of a ranking, best first, against the
// ids known to be relevant, of which there must be one at least. Relevance is
// yes or no; an id named twice counts once on either side.
func Rate(ranked, relevant []string) Scores {
	wanted := make(map[string]bool, len(relevant))
	for _, id := range relevant {
		wanted[id] = true
	}
	total := len(wanted)
	var s Scores
	found, gain, best := 0, 0.0, 0.0
	for rank := range min(total, Depth) {
		best += discount(rank)
	}
	for rank, id := range ranked[:min(len(ranked), Depth)] {
		if !wanted[id] {
			continue
		}
		delete(wanted, id)
		if found++; found == 1 {
			s.MRR = 1 / float64(rank+1)
		}
		gain += discount(rank)
	}
	s.Recall, s.NDCG = float64(found)/float64(total), gain/best
	return s
}

// discount is what a relevant document gains at a rank counted from 0.
func discount(rank int) float64 { return 1 / math.Log2(float64(rank)+2) }
