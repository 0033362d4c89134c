package mongodb

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"go.mongodb.org/mongo-driver/bson"

	"jishi/internal/market"
	"jishi/internal/store"
)

// maxDocument is MongoDB's bound on a document.
const maxDocument = 16 << 20

// ownFields are the fields that the store adds to a body.
var ownFields = []string{store.FieldID, store.FieldVersion, store.FieldCreated, store.FieldChanged}

// head is what the store adds to a body, in the order it is stored.
type head struct {
	ID        string    `bson:"_id"`
	Version   int64     `bson:"version"`
	CreatedAt time.Time `bson:"created_at"`
	ChangedAt time.Time `bson:"changed_at"`
}

// encode joins a head and a body to one document, after checking that the body
// is one that the indexes of t can hold.
func (t *table) encode(h head, body bson.Raw) (bson.Raw, error) {
	if !utf8.ValidString(h.ID) || strings.ContainsRune(h.ID, 0) {
		return nil, market.E(market.Invalid, "bad_id", "编号含有不能使用的字符。")
	}
	if err := checkNames(body); err != nil {
		return nil, badBody(err)
	}
	if err := t.checkFields(body); err != nil {
		return nil, err
	}
	doc, err := bson.Marshal(h)
	if err != nil {
		return nil, badBody(err)
	}
	// A BSON document is its length in 4 bytes, its elements and a zero byte.
	doc = append(doc[:len(doc)-1], body[4:]...)
	binary.LittleEndian.PutUint32(doc, uint32(len(doc)))
	if len(doc) > maxDocument {
		return nil, tooLarge(fmt.Errorf("document of %d bytes", len(doc)))
	}
	return doc, nil
}

func badBody(cause error) error {
	return market.Wrap(market.Internal, cause, "bad_body", "保存失败，请联系管理员。")
}

// checkNames refuses a body that has a field of the store's own.
func checkNames(body bson.Raw) error {
	elements, err := body.Elements()
	if err != nil {
		return err
	}
	for _, element := range elements {
		if slices.Contains(ownFields, element.Key()) {
			return fmt.Errorf("field %s belongs to the store", element.Key())
		}
	}
	return nil
}

// checkFields refuses a body in which an indexed field is not a scalar or a
// unique one is missing: indexes of lists have another order, and servers do
// not agree on whether two missing keys collide.
func (t *table) checkFields(body bson.Raw) error {
	for i, path := range t.spec.Fields() {
		value, err := store.Record{Body: body}.Value(path)
		if err != nil {
			value.Type = bson.TypeNull
		}
		switch value.Type {
		case bson.TypeString, bson.TypeInt32, bson.TypeInt64, bson.TypeDouble, bson.TypeBoolean, bson.TypeDateTime:
		case bson.TypeNull:
			if i < len(t.spec.Unique) { // keys come first in Spec.Fields
				return market.E(market.Internal, "no_key", "记录缺少必有的编号，请联系管理员。")
			}
		default:
			return market.Wrap(market.Internal, fmt.Errorf("field %s is a %s", path, value.Type), "bad_field", "记录的索引内容有误，请联系管理员。")
		}
	}
	return nil
}

// decode parts a stored document into head and body. The record shares no
// memory with doc.
func decode(doc bson.Raw) (store.Record, error) {
	var h head
	if err := bson.Unmarshal(doc, &h); err != nil {
		return store.Record{}, badDocument(err)
	}
	elements, err := doc.Elements()
	if err != nil {
		return store.Record{}, badDocument(err)
	}
	body := make(bson.Raw, 4, len(doc))
	found := 0
	for _, element := range elements {
		if slices.Contains(ownFields, element.Key()) {
			found++
			continue
		}
		body = append(body, element...)
	}
	if found != len(ownFields) {
		return store.Record{}, badDocument(errors.New("a field of the store is missing"))
	}
	body = append(body, 0)
	binary.LittleEndian.PutUint32(body, uint32(len(body)))
	meta := market.Meta{ID: market.ID(h.ID), Version: h.Version, CreatedAt: h.CreatedAt.UTC(), ChangedAt: h.ChangedAt.UTC()}
	return store.Record{Meta: meta, Body: body}, nil
}

func badDocument(cause error) error {
	return market.Wrap(market.Internal, cause, "bad_document", "读取失败，请联系管理员。")
}
