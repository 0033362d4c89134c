package search

import (
	"context"

	"jishi/internal/market"
)

// maxCandidateText bounds the characters read of a text that candidates are
// sought for: the longest summary and title there are, and some.
const maxCandidateText = market.MaxSummary + 2*market.MaxTitle

// Candidates returns the published listings of a kind whose texts are nearest
// to text, best first, at most limit (0 = 50, at most 1000). One shared term
// makes a candidate; whether it is a match is not decided here. Errors are
// those of Find.
func (ix *Index) Candidates(ctx context.Context, text string, kind market.ListingKind, limit int) ([]market.Candidate, error) {
	return ix.CandidatesBy(ctx, DefaultRanking(), text, kind, limit)
}

// CandidatesBy is Candidates by another ranking, for those who measure.
func (ix *Index) CandidatesBy(ctx context.Context, by Ranking, text string, kind market.ListingKind, limit int) ([]market.Candidate, error) {
	if limit <= 0 {
		limit = 50
	}
	limit = min(limit, 1000)
	text = head(text, maxCandidateText)
	var candidates []market.Candidate
	if text == "" {
		return candidates, nil
	}
	err := ix.read(ctx, func(v *view) error {
		s := scan{filter: newFilter(market.SearchQuery{Kind: kind}), ranking: by, sort: market.SortRelevance, loose: true, kind: kind,
			also: ix.Substitutes(text), top: top{limit: limit}}
		if err := s.run(ctx, v, text); err != nil {
			return err
		}
		var err error
		candidates, err = s.candidates(v)
		return err
	})
	return candidates, err
}

func (s *scan) candidates(v *view) ([]market.Candidate, error) {
	candidates := make([]market.Candidate, len(s.top.places))
	for i, p := range s.top.places {
		document, err := v.document(p.number)
		if err != nil {
			return nil, err
		}
		candidates[i] = market.Candidate{ID: listingID(document), Score: p.score()}
	}
	return candidates, nil
}

// Rarity returns for each term how much it tells: the logarithm of how few
// published listings hold it, 0 for a term that none of a kind holds. Errors
// are those of Find.
func (ix *Index) Rarity(ctx context.Context, kind market.ListingKind, terms []string) ([]float64, error) {
	rarity := make([]float64, len(terms))
	err := ix.read(ctx, func(v *view) error {
		p, err := v.postings(fieldText)
		if err != nil {
			return err
		}
		for i, term := range terms {
			if i%256 == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			df, err := p.count(term)
			if err != nil {
				return err
			}
			held, err := v.isHeldBy(p, weighted{text: term, df: df}, kind)
			if err != nil {
				return err
			}
			if held {
				rarity[i] = v.idf(df)
			}
		}
		return nil
	})
	return rarity, err
}
