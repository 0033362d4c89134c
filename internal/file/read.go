package file

import (
	"context"
	"io"
	"strconv"

	"jishi/internal/market"
	"jishi/internal/store"
)

// MaxList is the most files one page of a list has.
const MaxList = 100

// mayRead reports whether an actor may read a file for themselves: members
// with a role in the organization it belongs to, who uploaded it while they
// had none anywhere, officers and admins. Everybody else reads it, if at all,
// through a document that carries it, see Lend.
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

// Lend is Open without asking who reads. It is for whoever has decided that
// already by the document that carries the file, as a contract its
// attachments, and has found the id in that document: nothing is asked here.
func (s *Service) Lend(ctx context.Context, id market.ID) (*market.File, io.ReadCloser, error) {
	f, err := s.get(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	content, err := s.blobs.Open(ctx, f.Hash)
	return f, content, err
}

// Owned returns Invalid at field unless every id names a file that by may put
// into a document of their organization: one of its own, or one they uploaded
// while they had no place in any. The field is "file" when empty; with several
// ids the position follows the name, as evidence.0.
func (s *Service) Owned(ctx context.Context, by market.Actor, field string, ids ...market.ID) error {
	var p market.Problems
	for i, id := range ids {
		f, err := s.get(ctx, id)
		if err != nil && !market.Is(err, market.NotFound) {
			return err
		}
		at := field
		if at == "" {
			at = "file"
		}
		if len(ids) > 1 {
			at += "." + strconv.Itoa(i)
		}
		p.Check(err == nil && owns(by, f), at, "没有这个文件，请重新上传")
	}
	return p.Err()
}

func owns(by market.Actor, f *market.File) bool {
	if f.Owner == "" {
		return f.User == by.User
	}
	return by.ActsFor(f.Owner) && active(by)
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
