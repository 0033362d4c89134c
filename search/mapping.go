package search

import (
	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/lang/cjk"
	"github.com/blevesearch/bleve/v2/mapping"
	index "github.com/blevesearch/bleve_index_api"
)

// layout numbers the shape of what is indexed: mapping, text and row. A
// generation of another layout is not opened but filled anew, so raise it with
// every change of these.
const layout = 2

// The fields of an index document.
const (
	fieldText = "text" // searched, not stored
	fieldRow  = "row"  // stored, not searched
)

// entry is one listing as the index takes it.
type entry struct {
	Text string `json:"text"`
	Row  string `json:"row"`
}

func newMapping() *mapping.IndexMappingImpl {
	text := bleve.NewTextFieldMapping()
	text.Analyzer = cjk.AnalyzerName
	text.Store, text.DocValues, text.IncludeInAll, text.IncludeTermVectors = false, false, false, false

	row := bleve.NewTextFieldMapping()
	row.Index, row.DocValues, row.IncludeInAll, row.IncludeTermVectors = false, false, false, false

	doc := bleve.NewDocumentStaticMapping()
	doc.AddFieldMappingsAt(fieldText, text)
	doc.AddFieldMappingsAt(fieldRow, row)

	m := bleve.NewIndexMapping()
	m.DefaultMapping = doc
	m.DefaultAnalyzer = cjk.AnalyzerName
	// For bleve's own match query, which ours is measured against.
	m.ScoringModel = index.BM25Scoring
	return m
}
