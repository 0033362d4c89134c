package main

import (
	"context"
	"path/filepath"
	"time"

	"jishi/internal/file"
	"jishi/internal/market"
	"jishi/internal/store"
	"jishi/internal/store/disk"
	"jishi/internal/store/mongodb"
)

// fileDocs is what is known of uploaded files.
type fileDocs struct {
	files store.Collection[market.File]
	uses  store.Collection[market.FileUse]
}

// openFiles opens the files: their contents are in the database where that is
// MongoDB, which every replica reaches, else in the data folder.
func openFiles(ctx context.Context, engine store.Engine, docs fileDocs, c config) (*file.Service, error) {
	blobs, err := openBlobs(ctx, engine, c)
	if err != nil {
		return nil, err
	}
	return file.New(file.Stores{Files: docs.files, Uses: docs.uses, Blobs: blobs}, int64(c.FileQuota)<<20, time.Now, newID), nil
}

func openBlobs(ctx context.Context, engine store.Engine, c config) (store.Blobs, error) {
	if database, ok := engine.(*mongodb.Engine); ok {
		return database.Blobs(ctx)
	}
	return disk.Open(filepath.Join(c.Data, "blobs"))
}
