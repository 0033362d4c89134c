package audit

import (
	"bytes"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strconv"

	"jishi/internal/market"
)

// What is hashed and sealed begins with what it is, so that nothing made for
// one purpose passes for another.
const (
	tagDigest = "jishi audit body 1"
	tagLine   = "jishi audit line 1"
	tagSeal   = "jishi audit line seal 1"
	tagHead   = "jishi audit head seal 1"
)

// saltSize is the length of salts in bytes: whoever has a digest and guesses
// the body, of few bits as it is, learns nothing.
const saltSize = 16

// Key is a key of seals.
type Key struct {
	id     string
	secret []byte
}

// NewKey derives the key of seals from a secret of the server. Its id is a
// fingerprint: the same secret gives the same id everywhere.
func NewKey(secret []byte) (Key, error) {
	if len(secret) < sha256.Size {
		return Key{}, fmt.Errorf("audit: a secret of %d bytes is too short", len(secret))
	}
	derived, err := hkdf.Key(sha256.New, secret, nil, "audit", sha256.Size)
	if err != nil {
		return Key{}, err
	}
	print := sha256.Sum256(append([]byte("jishi audit key id 1"), derived...))
	return Key{id: hex.EncodeToString(print[:6]), secret: derived}, nil
}

// Keys is the key that seals and those that did before, which still prove what
// they sealed.
type Keys struct {
	Now    Key
	Before []Key
}

// of returns the key of an id; ok is false when it is not known.
func (k Keys) of(id string) (key Key, ok bool) {
	for _, key := range append([]Key{k.Now}, k.Before...) {
		if key.id == id {
			return key, true
		}
	}
	return Key{}, false
}

func (k Key) mac(tag string, parts ...[]byte) []byte {
	mac := hmac.New(sha256.New, k.secret)
	mac.Write([]byte(tag))
	for _, part := range parts {
		mac.Write(part)
	}
	return mac.Sum(nil)
}

// sealHead seals a head.
func (k Keys) sealHead(h *Head) {
	h.Key, h.Seal = k.Now.id, k.Now.mac(tagHead, number(h.Seq), h.Hash)
}

// headGood reports whether a head is what one of our keys sealed.
func (k Keys) headGood(h *Head) bool {
	key, ok := k.of(h.Key)
	return ok && hmac.Equal(h.Seal, key.mac(tagHead, number(h.Seq), h.Hash))
}

// place is a line's number and hash: what the next one is bound to.
type place struct {
	seq  int64
	hash []byte
}

// genesis is the place before the first line.
var genesis = place{hash: make([]byte, sha256.Size)}

// newLine makes the line of an entry that follows a place.
func (k Keys) newLine(after place, e market.Entry) *Line {
	l := &Line{Seq: after.seq + 1, At: e.At, Salt: make([]byte, saltSize), Previous: after.hash, Body: e}
	rand.Read(l.Salt) // never fails
	l.ID = lineID(l.Seq)
	l.Source = sourceOf(e)
	l.Digest, l.Key = digest(l.Salt, e), k.Now.id
	l.Hash = l.sum()
	l.Seal = k.Now.mac(tagSeal, l.Hash)
	return l
}

// sum is the hash of a line: over the hash before, its number, its time, its
// source, the id of the key that seals it and the digest of its body.
func (l *Line) sum() []byte {
	var b bytes.Buffer
	b.WriteString(tagLine)
	for _, part := range [][]byte{l.Previous, number(l.Seq), number(l.At.UnixMilli()), []byte(l.Source), []byte(l.Key), l.Digest} {
		b.Write(number(int64(len(part))))
		b.Write(part)
	}
	sum := sha256.Sum256(b.Bytes())
	return sum[:]
}

// digest is the hash of a salt and an entry.
func digest(salt []byte, e market.Entry) []byte {
	h := sha256.New()
	h.Write([]byte(tagDigest))
	h.Write(number(int64(len(salt))))
	h.Write(salt)
	h.Write(canonical(e))
	return h.Sum(nil)
}

// canonical writes an entry as bytes, the same in every build and on every
// engine: name and value of each field that is not empty, in this order. A
// field that is added later therefore changes no entry without it.
func canonical(e market.Entry) []byte {
	var b []byte
	for _, field := range []struct{ name, value string }{
		{"at", strconv.FormatInt(e.At.UnixMilli(), 10)}, {"user", string(e.User)}, {"org", string(e.Org)}, {"action", string(e.Action)},
		{"kind", e.Kind}, {"subject", string(e.Subject)}, {"from", e.From}, {"to", e.To}, {"result", e.Result}, {"detail", e.Detail},
		{"address", e.Address}, {"request", e.Request}, {"source", e.Source}, {"note_sum", e.NoteSum},
	} {
		if field.value != "" {
			b = appendText(appendText(b, field.name), field.value)
		}
	}
	return b
}

func appendText(b []byte, text string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}

func number(n int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) }
