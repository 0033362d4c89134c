package main

import (
	"context"
	"path/filepath"
	"time"

	"jishi/internal/api"
	"jishi/internal/file"
	"jishi/internal/market"
	"jishi/internal/server"
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

// Bounds on requests that carry files, in bytes. A form has fields besides.
const (
	besideFile    = 256 << 10
	maxImportBody = 32 << 20
	maxFileBody   = market.MaxFile + besideFile
	maxSignUpBody = 5<<20 + besideFile // a visitor's: who they are is not known yet
)

// largeBodies is where requests carry files.
func largeBodies() []server.Large {
	return []server.Large{
		{Path: api.Prefix + "/imports", Max: maxImportBody}, {Path: "/imports", Max: maxImportBody},
		{Path: api.Prefix + "/files", Max: maxFileBody}, {Path: "/files", Max: maxFileBody}, {Path: "/organization/edit", Max: maxFileBody},
		{Path: "/organizations/:id/join", Max: maxFileBody}, {Path: "/account", Max: maxFileBody},
		{Path: "/sign-up", Max: maxSignUpBody, Anyone: true},
	}
}
