// Package file takes uploaded files in: looks at what they are, by content and
// not by name, keeps them for the organization they belong to, and gives them
// out to those who may read them.
package file

import (
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// Spec declares the collection of files.
var Spec = store.Spec{Name: "files", Indexes: []store.Index{
	{"owner", store.FieldCreated}, // an organization's, newest first
	{"user", store.FieldCreated},  // a user's
}}

// UseSpec declares the collection of used quotas.
var UseSpec = store.Spec{Name: "file_uses"}

// Stores is where files are kept.
type Stores struct {
	Files store.Collection[market.File]
	Uses  store.Collection[market.FileUse]
	Blobs store.Blobs
}

// DefaultQuota is how many bytes an organization may keep unless configured
// otherwise.
const DefaultQuota = 1 << 30

// lookers bounds how many contents are looked at side by side: looking at one
// takes up to 64 MiB and a processor.
const lookers = 3

// Service is the book of files. Safe for concurrent use.
type Service struct {
	files store.Collection[market.File]
	uses  store.Collection[market.FileUse]
	blobs store.Blobs
	quota int64
	slots chan struct{} // one for each content being looked at
	now   func() time.Time
	newID func() market.ID
}

// New returns the service. quota is how many bytes an organization may keep;
// 0 counts as DefaultQuota.
func New(stores Stores, quota int64, now func() time.Time, newID func() market.ID) *Service {
	if quota <= 0 {
		quota = DefaultQuota
	}
	return &Service{
		files: stores.Files, uses: stores.Uses, blobs: stores.Blobs, quota: quota,
		slots: make(chan struct{}, lookers), now: now, newID: newID,
	}
}

// refused is the error of a file that is not taken, beside the field it came in.
func refused(code, reason string) *market.Error {
	return &market.Error{Kind: market.Invalid, Code: code, Message: reason, Fields: []market.FieldError{{Field: "file", Reason: reason}}}
}
