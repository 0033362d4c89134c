package duplicate

import (
	"context"
	"slices"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// Side is one listing of a pair as its reader may see it.
type Side struct {
	ID        market.ID           `json:"id"`
	Title     string              `json:"title"`
	Summary   string              `json:"summary"`
	Who       string              `json:"who"` // holder or demander; empty when withheld or not known
	Owner     market.ID           `json:"owner"`
	Numbers   []string            `json:"numbers"`
	State     market.ListingState `json:"state"`
	Published time.Time           `json:"published,omitzero"`
	Source    string              `json:"source"`
	External  string              `json:"external"` // the id it was imported under; empty when entered here or not the reader's business
	Demo      bool                `json:"demo"`
	Kind      market.ListingKind  `json:"kind"`
	History   []market.Event      `json:"-"` // empty when not the reader's business
}

// side shows a listing to a reader.
func side(by market.Actor, kind market.ListingKind, l listed) Side {
	s := Side{ID: l.id, Kind: kind, Title: l.Title, Summary: l.Summary, Who: l.who, Owner: l.Owner, Numbers: l.numbers,
		State: l.State, Published: l.Published, Source: l.Source, Demo: l.Demo}
	if s.Numbers == nil {
		s.Numbers = []string{}
	}
	if market.May(by, market.ActReadDetail, l.Owner) {
		s.History = l.History
		if l.ImportKey != string(l.id) {
			s.External = l.ImportKey
		}
		return s
	}
	if l.withheld {
		s.Who, s.Owner = "", ""
	}
	return s
}

// readable reports whether a reader may know of a listing. A merged one is
// known to whoever may know of it otherwise.
func readable(by market.Actor, l listed) bool {
	public := l.Public() || l.State == market.StateMerged && l.MergedFrom == market.StatePublished
	return public || market.May(by, market.ActReadDraft, l.Owner)
}

// Pair is two listings side by side.
type Pair struct {
	*market.Duplicate
	Left  Side            `json:"left"`
	Right Side            `json:"right"`
	May   []market.Action `json:"may"` // what the reader may do with it now

	stored *market.Duplicate // as it is, whatever the reader sees of it
}

// Show returns a pair to an officer, or to the owner of one of the two when
// the other is public or theirs as well. To everybody else it is NotFound: that
// there is such a pair says something about what is not public.
func (s *Service) Show(ctx context.Context, by market.Actor, id market.ID) (*Pair, error) {
	pair, err := s.pairs.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	return s.fill(ctx, by, pair)
}

func (s *Service) fill(ctx context.Context, by market.Actor, pair *market.Duplicate) (*Pair, error) {
	if err := market.Permit(by, market.ActReadDuplicate, pair.OwnerA, pair.OwnerB); err != nil {
		return nil, err
	}
	on, err := s.shelf(pair.Kind)
	if err != nil {
		return nil, err
	}
	both, err := on.docs.get(ctx, pair.A, pair.B)
	if err != nil {
		return nil, err
	}
	if len(both) != 2 || !readable(by, both[0]) || !readable(by, both[1]) {
		return nil, market.E(market.NotFound, "not_found", "没有找到这一对内容，可能已被移走。")
	}
	return &Pair{
		Duplicate: veiled(by, pair, both), Left: side(by, on.kind, both[0]), Right: side(by, on.kind, both[1]), May: actions(by, pair), stored: pair,
	}, nil
}

// veiled returns a copy of a pair for a reader: without the owner of a listing
// whose owner is withheld from them, and without who of another organization
// did what.
func veiled(by market.Actor, pair *market.Duplicate, both []listed) *market.Duplicate {
	seen := *pair
	seen.History = slices.Clone(pair.History)
	for _, one := range both {
		if market.May(by, market.ActReadDetail, one.Owner) {
			continue
		}
		for i := range seen.History {
			if e := &seen.History[i]; e.Org == one.Owner {
				e.By, e.ByName, e.Org = "", "", ""
			}
		}
		switch {
		case one.withheld && one.id == pair.A:
			seen.OwnerA = ""
		case one.withheld:
			seen.OwnerB = ""
		}
	}
	return &seen
}

// actions is what a reader may do with a pair in its present state.
func actions(by market.Actor, pair *market.Duplicate) []market.Action {
	may := []market.Action{}
	for _, action := range market.DuplicateMoves.Open(pair.State) {
		if permit(by, action, pair) == nil {
			may = append(may, action)
		}
	}
	return may
}

// permit decides an action on a pair. To merge, and to settle that they are not
// the same, one must be allowed to on both.
func permit(by market.Actor, action market.Action, pair *market.Duplicate) error {
	switch action {
	case market.ActMerge, market.ActUnmerge, market.ActDismiss:
		if err := market.Permit(by, action, pair.OwnerA); err != nil {
			return err
		}
		return market.Permit(by, action, pair.OwnerB)
	}
	return market.Permit(by, action, pair.OwnerA, pair.OwnerB)
}

// Queue returns a page of pairs in a state, longest known first, for officers.
// Pairs of which one was withdrawn since are left out, so a page may be short.
func (s *Service) Queue(ctx context.Context, by market.Actor, state market.DuplicateState, after string, limit int) (store.Page[Pair], error) {
	if err := market.Permit(by, market.ActReviewDuplicates); err != nil {
		return store.Page[Pair]{}, err
	}
	if !market.DuplicateStates.Has(string(state)) {
		return store.Page[Pair]{}, &market.Error{Kind: market.Invalid, Code: "invalid_fields", Message: "没有这种状态。", Fields: []market.FieldError{{Field: "state", Reason: "不在可选范围内"}}}
	}
	found, err := s.pairs.Find(ctx, store.Query{Equal: []store.Equal{{Field: "state", Value: string(state)}}, Sort: "found", After: after, Limit: limit})
	if err != nil {
		return store.Page[Pair]{}, err
	}
	page := store.Page[Pair]{Items: []*Pair{}, Next: found.Next}
	for _, pair := range found.Items {
		full, err := s.fill(ctx, by, pair)
		if err != nil {
			return store.Page[Pair]{}, err
		}
		if pair.State == market.DuplicateMerged || full.Left.stands() && full.Right.stands() {
			page.Items = append(page.Items, full)
		}
	}
	return page, nil
}

// stands reports whether a listing is still there to be compared.
func (s Side) stands() bool {
	return s.State != market.StateWithdrawn && s.State != market.StateRejected && s.State != market.StateMerged
}

// Judge says of a pair that it is not the same, with a reason: ActDispute by an
// owner, ActDismiss by an officer or the owner of both. version is the one the
// actor read, 0 for any. Said again by the same user it is done already.
func (s *Service) Judge(ctx context.Context, by market.Actor, id market.ID, version int64, action market.Action, note string) (*Pair, error) {
	shown, err := s.Show(ctx, by, id)
	if err != nil {
		return nil, err
	}
	pair := shown.stored
	if err := permit(by, action, pair); err != nil {
		return nil, err
	}
	if last := pair.History[len(pair.History)-1]; last.Action == action && last.By == by.User {
		return shown, nil
	}
	if err := fresh(pair, version); err != nil {
		return nil, err
	}
	move, err := market.DuplicateMoves.Next(pair.State, action, note, market.DuplicateState.Name)
	if err != nil {
		return nil, err
	}
	pair.History = append(pair.History, market.NextEvent(pair.History, by, s.now().UTC(), action, string(move.From), string(move.To), note))
	pair.State = move.To
	if err := s.pairs.Update(ctx, pair); err != nil {
		return nil, err
	}
	return s.fill(ctx, by, pair)
}

// fresh returns Stale when a pair is not as it was read.
func fresh(pair *market.Duplicate, version int64) error {
	if version == 0 || version == pair.Version {
		return nil
	}
	return market.E(market.Stale, "stale_version", "这一对内容刚刚有人处理过，请看最新情况再决定。")
}
