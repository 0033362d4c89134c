package store

import (
	"slices"
	"strings"
)

// Names of the fields that the store keeps itself.
const (
	FieldID      = "_id"
	FieldVersion = "version"
	FieldCreated = "created_at"
	FieldChanged = "changed_at"
)

// Spec declares a collection.
type Spec struct {
	Name    string   // lower case letters and underscores
	Unique  []string // field paths; scalar, always present, never changed by an update
	Indexes []Index  // what Find can be asked
}

// Index lists field paths in order; dots reach into sub-documents. A query
// with equality on all fields but the last, sorted by or ranging over the
// last, is served, and so is equality on all of them in id order. The fields
// are scalar and always present.
type Index []string

// Fields returns every field path that the spec's keys and indexes use, each
// once, without the fields the store keeps itself.
func (s Spec) Fields() []string {
	var fields []string
	add := func(path string) {
		if !own(path) && !slices.Contains(fields, path) {
			fields = append(fields, path)
		}
	}
	for _, path := range s.Unique {
		add(path)
	}
	for _, index := range s.Indexes {
		for _, path := range index {
			add(path)
		}
	}
	return fields
}

func own(path string) bool {
	return path == FieldID || path == FieldVersion || path == FieldCreated || path == FieldChanged
}

// serves reports whether an index answers a query with equality on fields and
// order by sort; an empty sort means by id.
func (s Spec) serves(equal []string, sort string) bool {
	if len(equal) == 0 && (sort == "" || sort == FieldID || sort == FieldChanged) {
		return true
	}
	for _, path := range s.Unique {
		if len(equal) == 1 && equal[0] == path && sort == "" {
			return true
		}
	}
	for _, index := range s.Indexes {
		head, tail := []string(index), ""
		if sort != "" {
			head, tail = head[:len(head)-1], head[len(head)-1]
		}
		if tail == sort && sameSet(head, equal) {
			return true
		}
	}
	return false
}

func sameSet(a, b []string) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return strings.Join(a, "\x00") == strings.Join(b, "\x00")
}
