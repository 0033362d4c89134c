package mongodb

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"jishi/internal/market"
	"jishi/internal/store"
)

// indexLimit bounds the making of indexes, which reads every document.
const indexLimit = 10 * time.Minute

var collectionName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// index is one index of a collection, ascending on all its paths: MongoDB
// reads it backwards as well. Paths go into sub-documents and, by number, into
// lists ("sellers.0.org"), where they reach one scalar.
type index struct {
	unique bool
	paths  []string
}

// name is the name that MongoDB itself would give.
func (i index) name() string { return strings.Join(i.paths, "_1_") + "_1" }

func (i index) model() mongo.IndexModel {
	keys := make(bson.D, len(i.paths))
	for n, path := range i.paths {
		keys[n] = bson.E{Key: path, Value: 1}
	}
	o := options.Index().SetName(i.name())
	if i.unique {
		o.SetUnique(true)
	}
	return mongo.IndexModel{Keys: keys, Options: o}
}

// indexes returns the indexes that spec needs besides MongoDB's own on _id.
// Each but the keys ends in the id, which is the order of documents that are
// otherwise equal.
func indexes(spec store.Spec) []index {
	all := []index{{paths: []string{store.FieldChanged, store.FieldID}}}
	for _, path := range spec.Unique {
		all = append(all, index{unique: true, paths: []string{path}})
	}
	for _, paths := range spec.Indexes {
		paths := slices.Clone([]string(paths))
		if !slices.Contains(paths, store.FieldID) {
			paths = append(paths, store.FieldID)
		}
		i := index{paths: paths}
		if !slices.ContainsFunc(all, func(other index) bool { return other.name() == i.name() }) {
			all = append(all, i)
		}
	}
	return all
}

// openTable makes the indexes of spec's collection, and with them the
// collection, where they are missing.
func (e *Engine) openTable(ctx context.Context, spec store.Spec) (*table, error) {
	if !collectionName.MatchString(spec.Name) {
		return nil, market.Wrap(market.Internal, fmt.Errorf("collection name %q", spec.Name), "bad_spec", "集合名称有误。")
	}
	t := &table{engine: e, spec: spec, docs: e.database.Collection(spec.Name)}
	present, err := t.presentIndexes(ctx)
	if err != nil {
		return nil, err
	}
	if err := t.dropKeys(ctx, present); err != nil {
		return nil, err
	}
	return t, t.createIndexes(ctx, present)
}

// presentIndexes returns the indexes that the collection has; none when it does
// not exist.
func (t *table) presentIndexes(ctx context.Context) ([]index, error) {
	ctx, cancel := bounded(ctx)
	defer cancel()
	specifications, err := t.docs.Indexes().ListSpecifications(ctx)
	if err != nil {
		return nil, failure(ctx, err)
	}
	var all []index
	for _, s := range specifications {
		i, err := readIndex(s)
		if err != nil {
			return nil, failure(ctx, err)
		}
		if i.name() == s.Name { // not ours otherwise
			all = append(all, i)
		}
	}
	return all, nil
}

func readIndex(s *mongo.IndexSpecification) (index, error) {
	i := index{unique: s.Unique != nil && *s.Unique}
	elements, err := s.KeysDocument.Elements()
	for _, element := range elements {
		i.paths = append(i.paths, element.Key())
	}
	return i, err
}

// dropKeys drops unique keys that the spec no longer declares: they would go on
// refusing documents. Other indexes do no harm and stay.
func (t *table) dropKeys(ctx context.Context, present []index) error {
	ctx, cancel := bounded(ctx)
	defer cancel()
	for _, i := range present {
		if !i.unique || len(i.paths) == 1 && slices.Contains(t.spec.Unique, i.paths[0]) {
			continue
		}
		if _, err := t.docs.Indexes().DropOne(ctx, i.name()); err != nil {
			return failure(ctx, err)
		}
	}
	return nil
}

func (t *table) createIndexes(ctx context.Context, present []index) error {
	var missing []mongo.IndexModel
	for _, i := range indexes(t.spec) {
		if !slices.ContainsFunc(present, func(p index) bool { return p.unique == i.unique && slices.Equal(p.paths, i.paths) }) {
			missing = append(missing, i.model())
		}
	}
	if len(missing) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, indexLimit)
	defer cancel()
	_, err := t.docs.Indexes().CreateMany(ctx, missing)
	if mongo.IsDuplicateKeyError(err) {
		return market.Wrap(market.Conflict, err, "key_has_duplicates", "已有记录的唯一编号重复，无法升级数据库。")
	}
	return failure(ctx, err)
}
