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
	PriceMin   Fen  // overlap of the listing's price or budget range, 0 = no bound
	PriceMax   Fen  // 0 = no bound; a negotiable price passes no bound
	From, To   Date // first published on these days or between, either may be empty
	TRLMin     int  // 1–9, 0 = no bound; what was not assessed passes no bound
	TRLMax     int  // as TRLMin
	Sort       SearchSort
	Cursor     string // of SearchResult; CursorLast for the last page
	Limit      int    // 1–MaxPageSize, 0 = 20
}

// CursorLast is the cursor of the last page of every search.
const CursorLast = "last"

// CheckRanges notes what is wrong with the ranges of a query.
func (q *SearchQuery) CheckRanges(p *Problems) {
	p.Check(q.PriceMin >= 0 && q.PriceMax >= 0, "price_min", "金额不能为负")
	p.Check(q.PriceMax <= 0 || q.PriceMin <= q.PriceMax, "price_max", "上限不能低于下限")
	p.Check(q.TRLMin >= 0 && q.TRLMin <= MaxTRL, "trl_min", "成熟度是 1 至 9 级")
	p.Check(q.TRLMax >= 0 && q.TRLMax <= MaxTRL, "trl_max", "成熟度是 1 至 9 级")
	p.Check(q.TRLMax == 0 || q.TRLMin <= q.TRLMax, "trl_max", "上限不能低于下限")
	p.Check(q.From == "" || q.From.Valid(), "from", "不是日期，请写成 2026-03-31 的样子")
	p.Check(q.To == "" || q.To.Valid(), "to", "不是日期，请写成 2026-03-31 的样子")
	p.Check(q.To == "" || q.From <= q.To, "to", "不能早于开始的日期")
}

// MaxTRL is the highest technology readiness level of GB/T 22900.
const MaxTRL = 9

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
	First  int          // place of the first hit among all, from 1; 0 without hits
	Cursor string       // of the next page, empty at the end
	Before string       // of the page before, empty at the beginning
	Also   []Substitute // words that were looked for besides those of the text
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
