// Package audit keeps the trail: who did what, when, on what, for whom and
// from where. Entries are only ever added, each bound to the one before, so
// that whoever changes the store directly is found (see Verify).
//
// # What is kept
//
// A Line is one entry in the chain. Its hash covers the hash before, its
// number, its time, its source and a digest of its body; a seal under a key
// from outside the store makes that no other can have been written. The digest
// is salted, so that a body whose time of keeping is over can be wiped without
// a trace while the chain still holds. The Head says how far the chain goes,
// also sealed, so that cutting off its end shows. It is made once, in a store
// that is new (see Begin): whoever removes the whole chain cannot have it begun
// anew. Whoever puts an old chain back with its own head is found only by a
// head kept outside the store, an Anchor.
//
// # What feeds it
//
// State changes are events inside their documents; a Sink per kind of document
// copies them, each under a source of its own, so that doing it twice is
// harmless. Reasons stay in the documents; the lines have digests of them. What
// changes no document (a sign-in, a reveal, an export, a
// refusal) is appended by whoever does it, through market.Trail.
package audit

import (
	"crypto/rand"
	"fmt"
	"strconv"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// LineSpec declares the chain. The id is the number, which is the only lock:
// of two that write the same number one is refused. Every filter has an index
// that ends in the time.
var LineSpec = store.Spec{Name: "audit", Unique: []string{"source"}, Indexes: []store.Index{
	{"at"}, {"body.user", "at"}, {"body.org", "at"}, {"body.action", "at"}, {"body.kind", "at"}, {"body.subject", "at"}, {"body.result", "at"},
	{"wiped", "at"}, // what is to be wiped
}}

// HeadSpec declares the collection that holds the one Head.
var HeadSpec = store.Spec{Name: "audit_heads"}

// PositionSpec declares the collection of how far each kind of document was copied.
var PositionSpec = store.Spec{Name: "audit_positions"}

// CheckSpec declares the collection of verifications.
var CheckSpec = store.Spec{Name: "audit_checks", Indexes: []store.Index{{"started"}}}

// Line is one entry in the chain.
type Line struct {
	market.Meta `bson:"-"`
	Seq         int64        `bson:"seq"`    // 1, 2, 3 … without gaps
	At          time.Time    `bson:"at"`     // of the entry; stays when the body is wiped
	Source      string       `bson:"source"` // unique: the event it repeats, "kind/subject/seq", else ownMark and a random text
	Salt        []byte       `bson:"salt"`   // 16 random bytes; nil once wiped
	Digest      []byte       `bson:"digest"` // of salt and body, see digest
	Previous    []byte       `bson:"previous"`
	Hash        []byte       `bson:"hash"` // see Line.sum
	Key         string       `bson:"key"`  // id of the key of Seal
	Seal        []byte       `bson:"seal"` // of Hash, under Key
	Wiped       bool         `bson:"wiped"`
	Body        market.Entry `bson:"body"` // zero once wiped
}

// Head is how far the chain goes: the last line when it was written.
type Head struct {
	market.Meta `bson:"-"`
	Seq         int64  `bson:"seq"` // 0 for a chain without lines
	Hash        []byte `bson:"hash"`
	Key         string `bson:"key"`
	Seal        []byte `bson:"seal"`
}

// Position is how far the documents of a kind, its id, were copied.
type Position struct {
	market.Meta `bson:"-"`
	Cursor      string `bson:"cursor"`
}

// headID is the id of the one Head.
const headID market.ID = "head"

// Stores is the collections of the trail.
type Stores struct {
	Lines     store.Collection[Line]
	Heads     store.Collection[Head]
	Positions store.Collection[Position]
	Checks    store.Collection[Check]
}

// lineID is the id of the line of a number. Ids sort as numbers do.
func lineID(seq int64) market.ID { return market.ID(fmt.Sprintf("%015d", seq)) }

// sourceOf is the Source of the line of an entry: the entry's own, else one
// that no other line has.
func sourceOf(e market.Entry) string {
	if e.Source != "" {
		return e.Source
	}
	return ownMark + rand.Text()
}

// ownMark begins the Source of lines that repeat no event.
const ownMark = "#"

// eventSource names an event of a document.
func eventSource(kind string, id market.ID, seq int) string {
	return kind + "/" + string(id) + "/" + strconv.Itoa(seq)
}
