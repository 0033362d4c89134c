package mongodb

import (
	"context"
	"errors"
	"io"
	"os"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/gridfs"
	"go.mongodb.org/mongo-driver/mongo/options"

	"jishi/internal/store"
)

const (
	blobBucket = "blobs"          // collections blobs.files and blobs.chunks
	blobName   = "filename"       // field of blobs.files that holds the hash
	blobLimit  = 60 * time.Second // bounds reading or writing one content
)

// Blobs is the contents of files in GridFS. The hash is the unique name of a
// file, not its id: pieces that a dying process left behind must not stand in
// the way of the next try. Such pieces belong to no file and are never read.
type Blobs struct{ database *mongo.Database }

var _ store.Blobs = (*Blobs)(nil)

// Blobs opens the contents that the database keeps, making their indexes if
// they are missing.
func (e *Engine) Blobs(ctx context.Context) (*Blobs, error) {
	ctx, cancel := context.WithTimeout(ctx, indexLimit)
	defer cancel()
	unique := mongo.IndexModel{Keys: bson.D{{Key: blobName, Value: 1}}, Options: options.Index().SetName("hash_1").SetUnique(true)}
	if _, err := e.database.Collection(blobBucket+".files").Indexes().CreateOne(ctx, unique); err != nil {
		return nil, failure(ctx, err)
	}
	return &Blobs{e.database}, nil
}

// bucket returns GridFS with deadlines of its own: a bucket's are shared by
// all who use it.
func (b *Blobs) bucket(ctx context.Context) (*gridfs.Bucket, error) {
	bucket, err := gridfs.NewBucket(b.database, options.GridFSBucket().SetName(blobBucket))
	if err != nil {
		return nil, failure(ctx, err)
	}
	until, _ := ctx.Deadline()
	return bucket, failure(ctx, errors.Join(bucket.SetReadDeadline(until), bucket.SetWriteDeadline(until)))
}

// Put implements store.Blobs. The file that names the pieces is written last.
func (b *Blobs) Put(ctx context.Context, hash string, size int64, content io.Reader) error {
	if err := store.CheckHash(hash); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, blobLimit)
	defer cancel()
	bucket, err := b.bucket(ctx)
	if err != nil {
		return err
	}
	if err := b.mend(ctx, bucket, hash); err != nil {
		return err
	}
	stream, err := bucket.OpenUploadStream(hash)
	if err != nil {
		return failure(ctx, err)
	}
	if err = store.CopyBlob(ctx, stream, content, hash, size); err == nil {
		err = stream.Close()
	}
	if err == nil {
		return nil
	}
	dropped := b.drop(ctx, stream.FileID)
	if mongo.IsDuplicateKeyError(err) { // somebody else put it meanwhile
		return dropped
	}
	return failure(ctx, err)
}

// drop removes the pieces of a file that is not to be, also when ctx has ended.
func (b *Blobs) drop(ctx context.Context, file any) error {
	ctx, cancel := bounded(context.WithoutCancel(ctx))
	defer cancel()
	_, err := b.database.Collection(blobBucket+".chunks").DeleteMany(ctx, bson.D{{Key: "files_id", Value: file}})
	return failure(ctx, err)
}

// mend takes a damaged content away, so that it can be put anew.
func (b *Blobs) mend(ctx context.Context, bucket *gridfs.Bucket, hash string) error {
	var file struct {
		ID any `bson:"_id"`
	}
	err := bucket.GetFilesCollection().FindOne(ctx, bson.D{{Key: blobName, Value: hash}}).Decode(&file)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return nil
	}
	if err != nil {
		return failure(ctx, err)
	}
	content, err := b.Open(ctx, hash)
	if err == nil {
		return content.Close()
	}
	if !store.IsDamaged(err) {
		return err
	}
	if err := bucket.DeleteContext(ctx, file.ID); err != nil && !errors.Is(err, gridfs.ErrFileNotFound) {
		return failure(ctx, err)
	}
	return nil
}

// Open implements store.Blobs. The content is checked on its way to a
// temporary file, which ends with the process or when it is closed.
func (b *Blobs) Open(ctx context.Context, hash string) (io.ReadCloser, error) {
	if err := store.CheckHash(hash); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, blobLimit)
	defer cancel()
	bucket, err := b.bucket(ctx)
	if err != nil {
		return nil, err
	}
	stream, err := bucket.OpenDownloadStreamByName(hash)
	if errors.Is(err, gridfs.ErrFileNotFound) {
		return nil, store.NoBlob(hash)
	}
	if err != nil {
		return nil, failure(ctx, err)
	}
	defer stream.Close()
	return spool(ctx, stream, hash)
}

// spool copies a content to a temporary file that has no name any more.
func spool(ctx context.Context, stream *gridfs.DownloadStream, hash string) (io.ReadCloser, error) {
	temp, err := os.CreateTemp("", "jishi-blob-")
	if err != nil {
		return nil, err
	}
	if err = os.Remove(temp.Name()); err == nil {
		err = store.CopyBlob(ctx, temp, stream, hash, stream.GetFile().Length)
	}
	if err == nil {
		_, err = temp.Seek(0, io.SeekStart)
	}
	if err == nil {
		return temp, nil
	}
	temp.Close()
	if errors.Is(err, store.ErrContent) || errors.Is(err, gridfs.ErrWrongIndex) || errors.Is(err, gridfs.ErrWrongSize) {
		return nil, store.BlobDamaged(hash, err)
	}
	return nil, failure(ctx, err)
}
