package market

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
)

// ID names one document. It is a random UUIDv7 in text form, or a
// deterministic name where an effect must not happen twice. Ids are not
// secrets, but cannot be guessed.
type ID string

// maxID bounds an id that comes from outside, in bytes: two ids of 64 joined by
// a dot name a pair.
const maxID = 129

// WellFormed reports whether an id that comes from outside can be one of ours:
// 1–129 ASCII letters, digits, dots, hyphens and underscores.
func (id ID) WellFormed() bool {
	return id != "" && len(id) <= maxID && !strings.ContainsFunc(string(id), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_' && r != '.'
	})
}

// KeyedID returns the id of what a user makes under a key they chose, so that
// making it again under the same key meets what is there.
func KeyedID(user ID, key string) ID {
	sum := sha256.Sum256([]byte(string(user) + "/" + key))
	return ID("key-" + hex.EncodeToString(sum[:16]))
}

// KeyReused is the error of making something else under a key in use.
func KeyReused() error {
	return &Error{Kind: Invalid, Code: "key_reused", Message: "这个提交标识已用于另一份内容，请换一个再提交。",
		Fields: []FieldError{{Field: "idempotency_key", Reason: "已用于另一份内容"}}}
}

// Meta is the part of a document that the store keeps. It is embedded in every
// stored type; use cases read it and never set Version or ChangedAt.
type Meta struct {
	ID        ID        `bson:"-" json:"id"`
	Version   int64     `bson:"-" json:"version"`    // 1 after insert, +1 with each update
	CreatedAt time.Time `bson:"-" json:"created_at"` // UTC, milliseconds
	ChangedAt time.Time `bson:"-" json:"changed_at"` // UTC, milliseconds; set by the store
}

// Head returns the document's Meta, so that the store can fill it.
func (m *Meta) Head() *Meta { return m }

// Event is one action that happened to a document. Events are kept inside
// their document, so that state and history change in one write.
type Event struct {
	Seq    int       `bson:"seq" json:"seq"`   // 1, 2, 3 … without gaps
	At     time.Time `bson:"at" json:"at"`     // UTC, milliseconds
	By     ID        `bson:"by" json:"by"`     // user; empty for the system itself
	Org    ID        `bson:"org" json:"-"`     // organization the user acted for
	ByName string    `bson:"-" json:"by_name"` // of By, put in where a history is shown; never stored, so that erasing a user erases it
	Action Action    `bson:"action" json:"action"`
	From   string    `bson:"from" json:"from"` // state before, empty for the first event
	To     string    `bson:"to" json:"to"`     // state after
	Note   string    `bson:"note" json:"note"` // reason given, may be empty

	Request string `bson:"request" json:"-"` // id of the request, for the audit trail
	Address string `bson:"address" json:"-"` // IP address it came from, for the audit trail
}

// NextEvent makes the event that follows history. Its time is cut to the
// milliseconds that the store keeps, so that an answer reads as it is stored.
func NextEvent(history []Event, by Actor, at time.Time, a Action, from, to, note string) Event {
	return Event{
		Seq: len(history) + 1, At: at.UTC().Truncate(time.Millisecond), By: by.User, Org: by.Org,
		Action: a, From: from, To: to, Note: note, Request: by.Request.ID, Address: by.Request.Address,
	}
}
