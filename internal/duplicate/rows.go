package duplicate

import (
	"context"
	"slices"
	"sync"

	"jishi/internal/market"
)

// Rows compares the rows of one file with what is listed and with each other.
// It serves one import and is safe for concurrent use.
type Rows struct {
	service *Service
	mu      sync.Mutex
	shelves map[market.ListingKind]*rowShelf
}

// rowShelf is what is known of the rows of one kind so far.
type rowShelf struct {
	texts   Texts
	numbers *numbers
	rows    map[market.ID]row
}

type row struct {
	number int
	listed
}

// Rows returns what compares the rows of a new import.
func (s *Service) Rows() *Rows {
	return &Rows{service: s, shelves: make(map[market.ListingKind]*rowShelf)}
}

// Achievement says what an imported achievement may be the same as.
func (r *Rows) Achievement(ctx context.Context, by market.Actor, number int, doc *market.Achievement) ([]market.RowTwin, error) {
	return r.like(ctx, by, market.KindAchievement, row{number, ofAchievement(doc)})
}

// Demand says what an imported demand may be the same as.
func (r *Rows) Demand(ctx context.Context, by market.Actor, number int, doc *market.Demand) ([]market.RowTwin, error) {
	return r.like(ctx, by, market.KindDemand, row{number, ofDemand(doc)})
}

func (r *Rows) like(ctx context.Context, by market.Actor, kind market.ListingKind, one row) ([]market.RowTwin, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	on, ok := r.shelves[kind]
	if !ok {
		on = &rowShelf{texts: r.service.newTexts(), numbers: newNumbers(), rows: make(map[market.ID]row)}
		r.shelves[kind] = on
	}
	twins := r.earlier(on, one)
	listedTwins, err := r.service.twins(ctx, r.service.shelves[kind], one.listed)
	if err != nil {
		return nil, err
	}
	for _, t := range listedTwins {
		if _, inFile := on.rows[t.id]; inFile || !readable(by, t.listed) {
			continue
		}
		twins = append(twins, market.RowTwin{Row: one.number, Title: market.Clip(one.Title, 100), Other: t.id, OtherTitle: t.Title, Similarity: t.similarity, Numbers: t.both})
	}
	on.texts.Put(one.id, one.text())
	on.numbers.put(one.id, one.numbers)
	on.rows[one.id] = one
	return twins, nil
}

// earlier is the rows before that one may be the same as.
func (r *Rows) earlier(on *rowShelf, one row) []market.RowTwin {
	ids := append(on.numbers.of(one.numbers, told), on.texts.Near(one.text(), brought)...)
	slices.Sort(ids)
	var twins []market.RowTwin
	for _, id := range slices.Compact(ids) {
		before := on.rows[id]
		if t := r.service.compare(one.listed, before.listed); id != one.id && t.possible() {
			twins = append(twins, market.RowTwin{Row: one.number, Title: market.Clip(one.Title, 100), OtherRow: before.number, OtherTitle: before.Title, Similarity: t.similarity, Numbers: t.both})
		}
	}
	return twins
}
