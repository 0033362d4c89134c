package file

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"slices"

	"jishi/internal/market"
)

// Upload takes a file in and returns what is known of it. Whoever is signed in
// may. It belongs to the organization the actor has a role in; a file of an
// actor who has none, as one who applies for membership, belongs to the user
// alone. Somebody who is signing up has no account yet: the use case that made
// their ids passes them as the actor, with Org and a role when they found an
// organization and without Org when they apply to one.
//
// Errors are Invalid with one of the codes bad_file_name, bad_file_type and
// bad_file_content, the message saying what is wrong; TooLarge over
// market.MaxFile; Conflict when the quota is used up.
func (s *Service) Upload(ctx context.Context, by market.Actor, name string, content io.Reader) (*market.File, error) {
	d, err := s.Receive(ctx, by, name, content)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	return s.Keep(ctx, by, d)
}

// Draft is a file that came whole and may be kept. Whoever received it closes it.
type Draft struct {
	Name string // cleaned
	Type string // code of market.FileTypes
	received
}

// Receive is the first half of Upload: it says what would be taken and keeps
// nothing, for forms that are stored whole or not at all.
func (s *Service) Receive(ctx context.Context, by market.Actor, name string, content io.Reader) (*Draft, error) {
	if err := market.Permit(by, market.ActUpload); err != nil {
		return nil, err
	}
	return s.draft(ctx, name, content)
}

func (s *Service) draft(ctx context.Context, name string, content io.Reader) (*Draft, error) {
	name, ext, err := cleanName(name)
	if err != nil {
		return nil, err
	}
	got, err := receive(ctx, content)
	if err != nil {
		return nil, err
	}
	kind, err := s.look(ctx, got, ext)
	if err != nil {
		got.Close()
		return nil, err
	}
	return &Draft{Name: name, Type: kind, received: *got}, nil
}

// Keep is the second half of Upload.
func (s *Service) Keep(ctx context.Context, by market.Actor, d *Draft) (*market.File, error) {
	if err := market.Permit(by, market.ActUpload); err != nil {
		return nil, err
	}
	return s.keep(ctx, by, &market.File{Meta: market.Meta{ID: s.newID()}, Hash: d.hash, Size: d.size, Type: d.Type, Name: d.Name}, d.temp)
}

// Add is Upload of what is in memory.
func (s *Service) Add(ctx context.Context, by market.Actor, name string, content []byte) (*market.File, error) {
	return s.Upload(ctx, by, name, bytes.NewReader(content))
}

// Check returns what Upload would say against a content, and keeps nothing.
func (s *Service) Check(ctx context.Context, name string, content []byte) error {
	d, err := s.draft(ctx, name, bytes.NewReader(content))
	if err != nil {
		return err
	}
	return d.Close()
}

// active reports whether the actor has a role in the organization they act
// for. Who only applied for membership has none, nor has who must do something
// else first.
func active(by market.Actor) bool { return by.Org != "" && slices.ContainsFunc(by.Roles, by.Has) }

// received is a content that came whole. It lies in a temporary file that has
// no name any more and goes with the process.
type received struct {
	temp *os.File
	size int64
	hash string
}

// Close lets go of the content.
func (r *received) Close() error { return r.temp.Close() }

// receive reads a content, TooLarge over market.MaxFile.
func receive(ctx context.Context, content io.Reader) (_ *received, err error) {
	temp, err := os.CreateTemp("", "jishi-upload-") // mode 0600
	if err != nil {
		return nil, market.Wrap(market.Unavailable, err, "no_space", "暂时不能接收文件，请稍后再试。")
	}
	got := &received{temp: temp}
	defer func() {
		if err != nil {
			got.Close()
		}
	}()
	if err := os.Remove(temp.Name()); err != nil {
		return nil, err
	}
	sum := sha256.New()
	got.size, err = io.Copy(io.MultiWriter(temp, sum), io.LimitReader(untilDone{ctx, content}, market.MaxFile+1))
	var known *market.Error
	switch {
	case errors.As(err, &known), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return nil, err
	case err != nil:
		return nil, market.Wrap(market.Unavailable, err, "upload_broken", "文件没有传完，请重新上传。")
	case got.size > market.MaxFile:
		return nil, market.E(market.TooLarge, "file_too_large", "文件超过 20 MB，请压缩或拆分后再上传。")
	}
	got.hash = hex.EncodeToString(sum.Sum(nil))
	return got, nil
}

// look finds the type of a content, waiting for its turn.
func (s *Service) look(ctx context.Context, got *received, ext string) (string, error) {
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
	case <-ctx.Done():
		return "", market.Wrap(market.Unavailable, ctx.Err(), "busy", "上传的人太多，请稍后再试。")
	}
	return inspect(ctx, got.temp, got.size, ext)
}

// keep stores a file: content first, so that a file that is known can be read.
func (s *Service) keep(ctx context.Context, by market.Actor, f *market.File, temp io.ReadSeeker) (*market.File, error) {
	f.User = by.User
	if active(by) {
		f.Owner = by.Org
	}
	f.History = []market.Event{market.NextEvent(nil, by, s.now(), market.ActUpload, "", "", f.Type)}
	payer := cmp.Or(f.Owner, f.User)
	if err := s.reserve(ctx, payer, f); err != nil {
		return nil, err
	}
	_, err := temp.Seek(0, io.SeekStart)
	if err == nil {
		err = s.blobs.Put(ctx, f.Hash, f.Size, temp)
	}
	if err == nil {
		err = s.files.Insert(ctx, f)
	}
	_ = s.settle(ctx, payer, f.ID) // else the next upload does it
	if err != nil {
		return nil, err
	}
	return f, nil
}

// untilDone is r until ctx ends.
type untilDone struct {
	ctx context.Context
	r   io.Reader
}

func (u untilDone) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.r.Read(p)
}
