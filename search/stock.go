package search

import (
	"context"

	"github.com/blevesearch/bleve/v2"

	"jishi/internal/market"
	"jishi/search/analysis"
)

// StockCandidates returns the listings of both kinds that bleve's own match
// query with BM25 scoring ranks first on the same postings, at most limit. It
// is what Candidates is measured against and answers nobody's search. Errors
// are those of Find.
func (ix *Index) StockCandidates(ctx context.Context, text string, limit int) ([]market.Candidate, error) {
	g, err := ix.use()
	if err != nil {
		return nil, err
	}
	defer g.users.Done()
	query := bleve.NewMatchQuery(analysis.Fold(head(text, maxCandidateText)))
	query.SetField(fieldText)
	result, err := g.bleve.SearchInContext(ctx, bleve.NewSearchRequestOptions(query, limit, 0, false))
	if err != nil {
		return nil, searchError(err)
	}
	candidates := make([]market.Candidate, len(result.Hits))
	for i, hit := range result.Hits {
		candidates[i] = market.Candidate{ID: listingID(hit.ID), Score: hit.Score}
	}
	return candidates, nil
}
