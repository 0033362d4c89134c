package file

import (
	"context"
	"io"

	"jishi/internal/market"
	"jishi/internal/store"
)

// MaxList is the most files one page of a list has.
const MaxList = 100

// mayRead reports whether an actor may read a file for themselves: members
// with a role in the organization it belongs to, who uploaded it while they
// had none anywhere, officers and admins. Nobody else does.
func mayRead(by market.Actor, f *market.File) bool {
	owner := f.Owner
	if owner == "" && f.User == by.User {
		owner = by.Org
	}
	return market.May(by, market.ActReadFile, owner)
}

// Show returns what is known of a file. NotFound also for those who may not
// read it: whether there is one is not for them to know.
func (s *Service) Show(ctx context.Context, by market.Actor, id market.ID) (*market.File, error) {
	if err := market.Admit(by, market.ActReadFile); err != nil {
		return nil, err
	}
	f, err := s.get(ctx, id)
	if err != nil {
		return nil, err
	}
	if !mayRead(by, f) {
		return nil, noFile()
	}
	return f, nil
}

// Open returns a file that by may read and its content, whole and unchanged.
// The caller closes it; ctx may end before.
func (s *Service) Open(ctx context.Context, by market.Actor, id market.ID) (*market.File, io.ReadCloser, error) {
	f, err := s.Show(ctx, by, id)
	if err != nil {
		return nil, nil, err
	}
	content, err := s.blobs.Open(ctx, f.Hash)
	return f, content, err
}

// List returns a page of the files of the actor's organization, newest first.
func (s *Service) List(ctx context.Context, by market.Actor, after string, limit int) (store.Page[market.File], error) {
	if err := market.Permit(by, market.ActReadFile, by.Org); err != nil {
		return store.Page[market.File]{}, err
	}
	own := []store.Equal{{Field: "owner", Value: by.Org}}
	return s.files.Find(ctx, store.Query{Equal: own, Sort: store.FieldCreated, Desc: true, After: after, Limit: min(max(limit, 1), MaxList)})
}

func (s *Service) get(ctx context.Context, id market.ID) (*market.File, error) {
	if !id.WellFormed() {
		return nil, noFile()
	}
	f, err := s.files.Get(ctx, id)
	if market.Is(err, market.NotFound) {
		return nil, noFile()
	}
	return f, err
}

func noFile() error {
	return market.E(market.NotFound, "not_found", "没有找到这个文件，或您无权查看。")
}
