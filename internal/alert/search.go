package alert

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"jishi/internal/market"
	"jishi/internal/store"
)

// Wish is what somebody wants of a saved search.
type Wish struct {
	Name  string       // 1–market.MaxWord characters
	Query string       // as in the address of the search page
	Alert market.Alert // code of market.Alerts
}

// Save keeps a search for the actor. A key makes it once, however often it is
// sent, an empty one anew each time. Conflict when the actor has
// market.MaxSavedSearches, Invalid when the search is none.
func (s *Service) Save(ctx context.Context, by market.Actor, w Wish, key string) (*market.SavedSearch, error) {
	if err := self(by, market.ActSaveSearch); err != nil {
		return nil, err
	}
	id := s.newID()
	if key != "" {
		id = market.KeyedID(by.User, "search/"+key)
	}
	saved := &market.SavedSearch{Meta: market.Meta{ID: id}, User: by.User, State: market.SearchKept}
	if err := s.fill(saved, w); err != nil {
		return nil, err
	}
	if key != "" {
		if old, err := s.stores.Searches.Get(ctx, id); err == nil {
			return again(old, saved)
		}
	}
	if err := s.room(ctx, by.User); err != nil {
		return nil, err
	}
	saved.History = []market.Event{market.NextEvent(nil, by, s.now(), market.ActSaveSearch, "", market.SearchKept, "")}
	err := s.stores.Searches.Insert(ctx, saved)
	if key != "" && store.IsTaken(err) {
		old, err := s.stores.Searches.Get(ctx, id)
		if err != nil {
			return nil, err
		}
		return again(old, saved)
	}
	return saved, err
}

// again answers for a key in use: with what it made, unless that was something
// else and was not touched since.
func again(old, asked *market.SavedSearch) (*market.SavedSearch, error) {
	same := old.Name == asked.Name && old.Query == asked.Query && old.Alert == asked.Alert
	if old.Version == 1 && !same {
		return nil, market.KeyReused()
	}
	return old, nil
}

// fill puts a wish into a saved search.
func (s *Service) fill(saved *market.SavedSearch, w Wish) error {
	saved.Name, saved.Query, saved.Alert = market.Fold(w.Name), w.Query, w.Alert
	if err := saved.Check(); err != nil { // of the query as it came: reading leaves out what it does not know
		return err
	}
	var err error
	if saved.Query, _, err = s.parts.Read(w.Query); err != nil {
		return queryProblem(err)
	}
	return saved.Check()
}

// queryProblem names the field that a query is in; what is wrong within it
// stays as the reasons.
func queryProblem(err error) error {
	if !market.Is(err, market.Invalid) {
		return err
	}
	e := market.Wrap(market.Invalid, err, "bad_query", "这个搜索条件有误，请在搜索页改正后再保存。")
	e.Fields = []market.FieldError{{Field: "query", Reason: "搜索条件有误，请在搜索页改正后再保存"}}
	return e
}

// room returns Conflict when a person has as many saved searches as they may.
// Two at the same moment may be one more.
func (s *Service) room(ctx context.Context, user market.ID) error {
	page, err := s.stores.Searches.Find(ctx, store.Query{
		Equal: []store.Equal{{Field: "user", Value: string(user)}, {Field: "state", Value: market.SearchKept}}, Sort: store.FieldCreated, Limit: market.MaxSavedSearches,
	})
	if err == nil && len(page.Items) >= market.MaxSavedSearches {
		return market.E(market.Conflict, "too_many_searches", "最多保存 50 个搜索，请先删除不用的。")
	}
	return err
}

// Show returns one of the actor's saved searches; NotFound for another's.
func (s *Service) Show(ctx context.Context, by market.Actor, id market.ID) (*market.SavedSearch, error) {
	if err := self(by, market.ActSelf); err != nil {
		return nil, err
	}
	saved, err := s.stores.Searches.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if saved.User != by.User {
		return nil, missing()
	}
	return saved, nil
}

// Mine returns one page of the actor's saved searches, newest first: those in
// use, or those deleted. limit is 1–market.MaxPageSize, 0 = 20.
func (s *Service) Mine(ctx context.Context, by market.Actor, deleted bool, after string, most int) (store.Page[market.SavedSearch], error) {
	if err := self(by, market.ActSelf); err != nil {
		return store.Page[market.SavedSearch]{}, err
	}
	state := market.SearchKept
	if deleted {
		state = market.SearchDeleted
	}
	return s.stores.Searches.Find(ctx, store.Query{
		Equal: []store.Equal{{Field: "user", Value: string(by.User)}, {Field: "state", Value: state}}, Sort: store.FieldCreated, Desc: true, After: after, Limit: limit(most),
	})
}

// Change replaces name, query and alert of one of the actor's saved searches.
// version is the one they read, 0 for whatever is stored; else Stale. Conflict
// when it is deleted.
func (s *Service) Change(ctx context.Context, by market.Actor, id market.ID, version int64, w Wish) (*market.SavedSearch, error) {
	return s.write(ctx, by, id, version, market.ActReviseSearch, func(saved *market.SavedSearch) error {
		if saved.State == market.SearchDeleted {
			return market.E(market.Conflict, "search_deleted", "这个搜索已经删除，请先恢复再修改。")
		}
		return s.fill(saved, w)
	})
}

// Drop deletes one of the actor's saved searches; Restore brings it back.
// Deleting twice is harmless.
func (s *Service) Drop(ctx context.Context, by market.Actor, id market.ID, version int64) (*market.SavedSearch, error) {
	return s.write(ctx, by, id, version, market.ActDropSearch, func(saved *market.SavedSearch) error {
		saved.State = market.SearchDeleted
		return nil
	})
}

// Restore brings a deleted saved search of the actor's back. Restoring twice is
// harmless; Conflict when there is no room.
func (s *Service) Restore(ctx context.Context, by market.Actor, id market.ID, version int64) (*market.SavedSearch, error) {
	return s.write(ctx, by, id, version, market.ActRestoreSearch, func(saved *market.SavedSearch) error {
		if saved.State == market.SearchKept {
			return nil
		}
		saved.State = market.SearchKept
		return s.room(ctx, saved.User)
	})
}

// Seen notes that the actor looks at the results of a saved search now and
// returns it. It is no event.
func (s *Service) Seen(ctx context.Context, by market.Actor, id market.ID) (*market.SavedSearch, error) {
	saved, err := s.Show(ctx, by, id)
	if err != nil {
		return nil, err
	}
	saved.SeenAt = clock(s.now)
	err = s.stores.Searches.Update(ctx, saved)
	if market.Is(err, market.Stale) {
		return saved, nil // changed at this moment: seen or not is worth no second try
	}
	return saved, err
}

// write does one change to a saved search and its history. What changes
// nothing leaves no event.
func (s *Service) write(ctx context.Context, by market.Actor, id market.ID, version int64, action market.Action, do func(*market.SavedSearch) error) (*market.SavedSearch, error) {
	if err := self(by, market.ActSaveSearch); err != nil {
		return nil, err
	}
	saved, err := s.Show(ctx, by, id)
	if err != nil {
		return nil, err
	}
	if version != 0 && version != saved.Version {
		return nil, market.E(market.Stale, "stale_version", "这个搜索刚在别处改过，请核对最新内容后再保存。")
	}
	before, was := digest(saved), saved.State
	if err := do(saved); err != nil {
		return nil, err
	}
	if digest(saved) == before {
		return saved, nil
	}
	saved.History = append(saved.History, market.NextEvent(saved.History, by, s.now(), action, was, saved.State, ""))
	return saved, s.stores.Searches.Update(ctx, saved)
}

// digest tells whether anything a person decides of a saved search changed.
func digest(saved *market.SavedSearch) string {
	sum := sha256.Sum256([]byte(saved.Name + "\x00" + saved.Query + "\x00" + string(saved.Alert) + "\x00" + saved.State))
	return hex.EncodeToString(sum[:])
}
