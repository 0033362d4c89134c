package file_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"jishi/internal/file"
	"jishi/internal/market"
	"jishi/internal/store"
	"jishi/internal/store/disk"
	"jishi/internal/store/sqlite"
)

// world is the service on a real store and folder.
type world struct {
	*testing.T
	files   *file.Service
	docs    store.Collection[market.File]
	uses    store.Collection[market.FileUse]
	folder  string
	now     time.Time
	counter atomic.Int64
}

// newWorld opens a store of its own; quota 0 is the default.
func newWorld(t *testing.T, quota int64) *world {
	t.Helper()
	w := &world{T: t, folder: filepath.Join(t.TempDir(), "blobs"), now: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)}
	engine, err := sqlite.Open(filepath.Join(t.TempDir(), "store.db"), time.Now)
	must(t, err)
	t.Cleanup(func() { engine.Close() })
	w.docs, err = store.Open[market.File](t.Context(), engine, file.Spec)
	must(t, err)
	w.uses, err = store.Open[market.FileUse](t.Context(), engine, file.UseSpec)
	must(t, err)
	blobs, err := disk.Open(w.folder)
	must(t, err)
	w.files = file.New(file.Stores{Files: w.docs, Uses: w.uses, Blobs: blobs}, quota, func() time.Time { return w.now },
		func() market.ID { return market.ID(fmt.Sprint("file-", w.counter.Add(1))) })
	return w
}

// blobCount is how many contents the folder holds, whole or half written.
func (w *world) blobCount() int {
	w.Helper()
	found, err := filepath.Glob(filepath.Join(w.folder, "*", "*"))
	must(w.T, err)
	return len(found)
}

// docCount is how many files are known.
func (w *world) docCount() int {
	w.Helper()
	page, err := w.docs.Find(w.Context(), store.Query{Limit: store.MaxLimit})
	must(w.T, err)
	return len(page.Items)
}

func (w *world) upload(by market.Actor, name string, content []byte) *market.File {
	w.Helper()
	f, err := w.files.Upload(w.Context(), by, name, bytes.NewReader(content))
	if err != nil {
		w.Fatalf("Upload(%s) = %v", name, err)
	}
	return f
}

// People.
var (
	visitor   = market.Actor{}
	member    = market.Actor{User: "u-member", Org: "o-one", Name: "甲", Roles: []market.Role{market.RoleSupplier}}
	colleague = market.Actor{User: "u-colleague", Org: "o-one", Name: "乙", Roles: []market.Role{market.RoleManager}}
	applicant = market.Actor{User: "u-applicant", Org: "o-one", Name: "丙"}
	stranger  = market.Actor{User: "u-stranger", Org: "o-two", Name: "丁", Roles: []market.Role{market.RoleDemander, market.RoleBroker}}
	officer   = market.Actor{User: "u-officer", Org: "o-bureau", Name: "戊", Roles: []market.Role{market.RoleOfficer}}
	due       = market.Actor{User: "u-member", Org: "o-one", Name: "甲", Roles: []market.Role{market.RoleSupplier, market.RoleOfficer}, Due: market.DueFactor}
	newcomer  = market.Actor{User: "u-new", Org: "o-new", Name: "己", Roles: []market.Role{market.RoleManager}}
)
