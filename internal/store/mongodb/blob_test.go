package mongodb

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"testing"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
	"go.mongodb.org/mongo-driver/mongo"

	"jishi/internal/market"
	"jishi/internal/store/storetest"
)

func openBlobs(t *testing.T, uri string) *Blobs {
	t.Helper()
	blobs, err := openEngine(t, uri).Blobs(t.Context())
	if err != nil {
		t.Fatalf("Blobs = %v", err)
	}
	return blobs
}

func TestBlobConformance(t *testing.T) {
	blobs := openBlobs(t, server(t))
	storetest.RunBlobs(t, storetest.BlobStore{Blobs: blobs, Damage: damageIn(blobs.database)}, 3<<20)
	checkPieces(t, blobs.database)
}

// damageIn changes a piece, takes the last one away, says another length.
func damageIn(database *mongo.Database) func(t *testing.T, hash string, kind int) bool {
	files, chunks := database.Collection("blobs.files"), database.Collection("blobs.chunks")
	return func(t *testing.T, hash string, kind int) bool {
		var file struct {
			ID     any   `bson:"_id"`
			Length int64 `bson:"length"`
		}
		must(t, files.FindOne(t.Context(), bson.M{"filename": hash}).Decode(&file))
		first, last := bson.M{"files_id": file.ID, "n": 1}, bson.M{"files_id": file.ID, "n": 2}
		var err error
		switch kind {
		case 0:
			_, err = chunks.UpdateOne(t.Context(), first, bson.M{"$set": bson.M{"data": make([]byte, 255<<10)}})
		case 1:
			_, err = chunks.DeleteOne(t.Context(), last)
		case 2:
			_, err = files.UpdateOne(t.Context(), bson.M{"_id": file.ID}, bson.M{"$set": bson.M{"length": file.Length - 1}})
		default:
			return false
		}
		must(t, err)
		return true
	}
}

// TestPiecesLeftBehind: what a process had written of a content when it died is
// never read, and does not stand in the way.
func TestPiecesLeftBehind(t *testing.T) {
	blobs := openBlobs(t, server(t))
	content := []byte("all of it")
	sum := sha256.Sum256(content)
	hash := hex.EncodeToString(sum[:])
	piece := bson.M{"files_id": primitive.NewObjectID(), "n": 0, "data": content[:4]}
	_, err := blobs.database.Collection("blobs.chunks").InsertOne(t.Context(), piece)
	must(t, err)
	if _, err := blobs.Open(t.Context(), hash); !market.Is(err, market.NotFound) {
		t.Fatalf("Open of pieces = %v, want NotFound", err)
	}
	must(t, blobs.Put(t.Context(), hash, int64(len(content)), bytes.NewReader(content)))
	stored, err := blobs.Open(t.Context(), hash)
	must(t, err)
	defer stored.Close()
	if got, err := io.ReadAll(stored); err != nil || !bytes.Equal(got, content) {
		t.Errorf("read %q, %v", got, err)
	}
}

// checkPieces holds every piece to belong to a file: refused contents leave none.
func checkPieces(t *testing.T, database *mongo.Database) {
	t.Helper()
	files, err := database.Collection("blobs.files").Distinct(t.Context(), "_id", bson.M{})
	must(t, err)
	chunks := database.Collection("blobs.chunks")
	named, err := chunks.CountDocuments(t.Context(), bson.M{"files_id": bson.M{"$in": files}})
	must(t, err)
	if all, err := chunks.CountDocuments(t.Context(), bson.M{}); err != nil || all != named || named == 0 {
		t.Errorf("%d pieces, %v, of which %d belong to a file", all, err, named)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
