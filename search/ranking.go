package search

// Ranking holds the parameters by which texts are ranked. One ranking serves
// the search box and whole demands, in two stages. The first adds up, for all
// documents, the pairs of characters they share with the query, by bitmaps
// alone; the second reads the texts of the best of these, as the index keeps
// them cut, and weighs pairs, dictionary words and single characters by how
// often each occurs. Measured on real texts, the two give the order that the
// second stage gives over all documents, at a tenth of the time.
//
// A term weighs kind · idf^IDFPower · (its count in the query)^CountPower, and
// gives a document BM25's share of it: tf·(K1+1) / (tf + K1·(1−B+B·max(length/mean, Floor))).
//
// How much the length of a text counts depends on the query: a short one asks
// what a text is about, and of those that are about it the longer ones are not
// worse. On 16,199 real texts that is worth 0.2 points of nDCG@10 on keywords,
// but 9 among 100,000, where others repeat the same sentences more shortly.
type Ranking struct {
	K1, B                float64
	BShort               float64 // B of the shortest queries
	Long                 float64 // pairs from which on a query has all of B; between, it grows evenly
	Floor                float64 // a text counts as at least this share of the mean length
	IDFPower, CountPower float64
	Chars, Pairs, Words  float64 // weights of the kinds of term
	Title                float64 // how often the title counts, unless the text begins with it

	Common      float64 // pairs and words in more of the documents than this count nothing
	CommonChars float64 // the same for single characters
	Frequent    float64 // the same for pairs in the first stage
	Terms       int     // of the pairs, the heaviest are used in the first stage; at most 200
	Pool        int     // documents that come to the second stage
}

// DefaultRanking returns the ranking that is used: the settings that
// `jishi evaluate --sweep` picks on the development queries, but for one.
// Over 16,199 texts the sweep would take a BShort of 0.75 for 0.0006 more,
// 0.0004 less on the queries held out; over 100,000 (the same and recombined
// ones) the same development queries give keywords 0.953 at 0.3 and 0.930 at
// 0.75, papers 0.821 and 0.817.
func DefaultRanking() Ranking {
	return Ranking{
		K1: 2.5, B: 1, BShort: 0.3, Long: 30, Floor: 0.4, IDFPower: 2, CountPower: 0.3,
		Chars: 0.6, Pairs: 1, Words: 1, Title: 3,
		Common: 0.2, CommonChars: 0.2, Frequent: 0.05, Terms: 60, Pool: 500,
	}
}

// forLength returns the ranking for a query of so many different pairs.
func (r Ranking) forLength(pairs int) Ranking {
	r.B = r.BShort + (r.B-r.BShort)*min(1, float64(pairs)/r.Long)
	return r
}
