package search

import (
	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/lang/cjk"
	"github.com/blevesearch/bleve/v2/document"
	"github.com/blevesearch/bleve/v2/mapping"
	index "github.com/blevesearch/bleve_index_api"
)

// layout numbers the shape of what is indexed: fields, text, its folding and
// the row. A generation of another layout is not opened but filled anew, so
// raise it with every change of these.
const layout = 4

// The fields of an index document.
const (
	fieldText  = "text"  // terms of the cjk analyzer, with their counts; searched
	fieldWords = "words" // dictionary words of ideographs; which documents hold them
	fieldChars = "chars" // single ideographs; which documents hold them
	fieldRow   = "row"   // stored: see rowText
	fieldBody  = "body"  // stored: see encodeBody
)

// newMapping tells bleve's own match query, which ours is measured against,
// how to read a query. Documents come cut, see entry.document.
func newMapping() *mapping.IndexMappingImpl {
	text := bleve.NewTextFieldMapping()
	text.Analyzer = cjk.AnalyzerName
	text.Store, text.DocValues, text.IncludeInAll, text.IncludeTermVectors = false, false, false, false

	doc := bleve.NewDocumentStaticMapping()
	doc.AddFieldMappingsAt(fieldText, text)

	m := bleve.NewIndexMapping()
	m.DefaultMapping = doc
	m.DefaultAnalyzer = cjk.AnalyzerName
	m.ScoringModel = index.BM25Scoring
	return m
}

// termField is a field of an index document that is cut already: bleve's
// analyzers need eight times as long for the same terms.
type termField struct {
	name    string
	options index.FieldIndexingOptions
	terms   index.TokenFrequencies
	length  int // terms, repeated ones too
}

// counted makes a field that keeps how often it holds each term, with the
// length, for BM25.
func counted(name string) *termField {
	return &termField{name: name, options: index.IndexField, terms: index.TokenFrequencies{}}
}

// held makes a field that keeps only which terms it holds.
func held(name string) *termField {
	return &termField{name: name, options: index.IndexField | index.SkipFreqNorm, terms: index.TokenFrequencies{}}
}

func (f *termField) add(term string, count int) {
	f.length += count
	t := f.terms[term]
	if t == nil {
		t = &index.TokenFreq{Term: []byte(term)}
		f.terms[term] = t
	}
	if !f.options.SkipFreqNorm() {
		t.SetFrequency(t.Frequency() + count)
	}
}

func (f *termField) Name() string                                     { return f.name }
func (f *termField) ArrayPositions() []uint64                         { return nil }
func (f *termField) Options() index.FieldIndexingOptions              { return f.options }
func (f *termField) Analyze()                                         {}
func (f *termField) Value() []byte                                    { return nil }
func (f *termField) NumPlainTextBytes() uint64                        { return uint64(2 * f.length) }
func (f *termField) EncodedFieldType() byte                           { return 't' }
func (f *termField) AnalyzedLength() int                              { return f.length }
func (f *termField) AnalyzedTokenFrequencies() index.TokenFrequencies { return f.terms }

// Size is about what the field takes in memory until it is written.
func (f *termField) Size() int { return 64 + 96*len(f.terms) }

// stored makes a field that is only kept.
func stored(name string, value []byte) document.Field {
	return document.NewTextFieldWithIndexingOptions(name, nil, value, index.StoreField)
}
