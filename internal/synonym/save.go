package synonym

import (
	"context"
	"strconv"

	"jishi/internal/market"
)

// Add puts a group of Words and Note into the table. Invalid when it breaks a
// rule of market.Synonym.Check or a word of it is in another group already:
// the groups would have to be one.
func (b *Book) Add(ctx context.Context, by market.Actor, s *market.Synonym) (*market.Synonym, error) {
	if err := market.Permit(by, market.ActAddSynonym); err != nil {
		return nil, err
	}
	made := &market.Synonym{Meta: market.Meta{ID: b.newID()}, Words: s.Words, Note: s.Note}
	made.Tidy()
	if err := made.Check(); err != nil {
		return nil, err
	}
	held, err := b.held(ctx)
	if err != nil {
		return nil, err
	}
	if err := held.free(made); err != nil {
		return nil, err
	}
	return made, b.insert(ctx, by, made, "")
}

func (b *Book) insert(ctx context.Context, by market.Actor, s *market.Synonym, note string) error {
	s.State = market.SynonymUsed
	s.History = []market.Event{market.NextEvent(nil, by, b.now(), market.ActAddSynonym, "", string(market.SynonymUsed), note)}
	return b.docs.Insert(ctx, s)
}

// Revise gives a group the Words and Note of s. version is the one that was
// read, 0 for whatever is stored; Stale when the group changed since.
func (b *Book) Revise(ctx context.Context, by market.Actor, id market.ID, version int64, s *market.Synonym) (*market.Synonym, error) {
	return b.move(ctx, by, id, version, market.ActReviseSynonym, func(doc *market.Synonym) {
		doc.Words, doc.Note = s.Words, s.Note
	})
}

// Remove takes a group out of searches; Restore puts it back. version as for Revise.
func (b *Book) Remove(ctx context.Context, by market.Actor, id market.ID, version int64) (*market.Synonym, error) {
	return b.move(ctx, by, id, version, market.ActRemoveSynonym, nil)
}

// Restore puts a removed group back. Invalid when one of its words is in
// another group by now.
func (b *Book) Restore(ctx context.Context, by market.Actor, id market.ID, version int64) (*market.Synonym, error) {
	return b.move(ctx, by, id, version, market.ActRestoreSynonym, nil)
}

func (b *Book) move(ctx context.Context, by market.Actor, id market.ID, version int64, action market.Action, change func(*market.Synonym)) (*market.Synonym, error) {
	if err := market.Permit(by, action); err != nil {
		return nil, err
	}
	doc, err := b.docs.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if version != 0 && version != doc.Version {
		return nil, market.E(market.Stale, "stale_version", "这组同义词刚刚被别人改过，请看过最新的内容再改。")
	}
	move, err := market.SynonymMoves.Next(doc.State, action, "", func(s market.SynonymState) string { return market.SynonymStates.Name(string(s)) })
	if err != nil {
		return nil, err
	}
	if change != nil {
		change(doc)
		doc.Tidy()
	}
	if move.To == market.SynonymUsed {
		if err := b.fits(ctx, doc); err != nil {
			return nil, err
		}
	}
	doc.History = append(doc.History, market.NextEvent(doc.History, by, b.now(), action, string(move.From), string(move.To), ""))
	doc.State = move.To
	return doc, b.docs.Update(ctx, doc)
}

// fits returns Invalid when a group cannot be in use as it is.
func (b *Book) fits(ctx context.Context, s *market.Synonym) error {
	if err := s.Check(); err != nil {
		return err
	}
	held, err := b.held(ctx)
	if err != nil {
		return err
	}
	return held.free(s)
}

// held is which group has a word, by market.SynonymKey.
type held struct {
	by     map[string]*market.Synonym
	groups int
}

func (b *Book) held(ctx context.Context) (held, error) {
	h := held{by: map[string]*market.Synonym{}}
	all, err := b.all(ctx, market.SynonymUsed)
	for _, s := range all {
		h.add(s)
	}
	return h, err
}

func (h *held) add(s *market.Synonym) {
	h.groups++
	for _, word := range s.Words {
		h.by[market.SynonymKey(word)] = s
	}
}

// free returns Invalid when the table is full or another group has a word of s.
func (h *held) free(s *market.Synonym) error {
	var p market.Problems
	p.Check(h.groups < market.MaxSynonyms, "words", "同义词最多 "+strconv.Itoa(market.MaxSynonyms)+" 组，请先删去不用的")
	for _, word := range s.Words {
		if other := h.by[market.SynonymKey(word)]; other != nil && other.ID != s.ID {
			p.Add("words", "“"+market.Clip(word, 20)+"”已经在“"+other.Words[0]+"”那一组，请把两组合成一组")
			break
		}
	}
	return p.Err()
}
