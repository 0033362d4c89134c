package market

// Bounds of a search.
const (
	MaxQuery     = 2_000 // characters read of a search text; the rest is ignored
	MaxPageSize  = 100
	MaxSelection = 50 // codes selected in one facet
)

// SearchSort is the order of hits.
type SearchSort string

// The orders.
const (
	SortRelevance SearchSort = ""       // best first; newest first when there is no text
	SortNewest    SearchSort = "newest" // by first publication
	SortPriceUp   SearchSort = "price"  // lowest price first, negotiable last
	SortPriceDown SearchSort = "price_desc"
)

// SearchSorts is the code list of orders.
var SearchSorts = CodeList{{"", "相关度"}, {"newest", "最新发布"}, {"price", "价格从低到高"}, {"price_desc", "价格从高到低"}}

// SearchQuery asks for published listings. Codes within one slice are
// alternatives; the slices all must hold.
type SearchQuery struct {
	Text       string
	Kind       ListingKind // empty = both
	Fields     []string
	Industries []string
	Stages     []string
	Modes      []string
	Owner      ID
	PriceMin   Fen // overlap of the listing's price or budget range, 0 = no bound
	PriceMax   Fen // 0 = no bound; a negotiable price passes no bound
	Sort       SearchSort
	Cursor     string
	Limit      int // 1–MaxPageSize, 0 = 20
}

// Hit names one listing found.
type Hit struct {
	ID    ID
	Kind  ListingKind
	Score float64
}

// FacetCount is one value of a facet and how many listings have it.
type FacetCount struct {
	Code  string `json:"code"`
	Count int    `json:"count"`
}

// SearchResult is one page of hits. Facet counts keep every filter but the
// facet's own, so that a choice never hides its alternatives.
type SearchResult struct {
	Hits   []Hit
	Facets map[string][]FacetCount // by field, industry, stage, mode, kind; largest first
	Total  int
	Cursor string // of the next page, empty at the end
}

// Candidate is a listing whose text is near a given one.
type Candidate struct {
	ID    ID
	Score float64 // of the index; only its order means something
}

// Kinds of suggestion besides those of listings.
const (
	SuggestTerm         = "term"
	SuggestOrganization = "organization"
	SuggestTitle        = "title" // of a listing; a Suggestion says of which kind
)

// Suggestion completes what is being typed into a search box.
type Suggestion struct {
	Kind  string `json:"kind"`  // term, organization, achievement or demand
	Text  string `json:"text"`  // to search for
	ID    ID     `json:"id"`    // of the organization or listing; empty for a term
	Marks []Span `json:"marks"` // what of Text was typed, in characters or by sound
}
