package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"jishi/internal/market"
)

func hashOf(content string) string {
	sum := sha256.Sum256([]byte(content))
	return hex.EncodeToString(sum[:])
}

// Drivers make file names of hashes: nothing else may pass for one.
func TestCheckHash(t *testing.T) {
	good := hashOf("x")
	for _, hash := range []string{"", good[:62], good + "00", strings.ToUpper(good), "../" + good[3:], good[:63] + "g", " " + good[1:]} {
		if err := CheckHash(hash); !market.Is(err, market.Internal) {
			t.Errorf("CheckHash(%q) = %v", hash, err)
		}
	}
	if err := CheckHash(good); err != nil {
		t.Error(err)
	}
}

func TestCopyBlob(t *testing.T) {
	ended, end := context.WithCancel(t.Context())
	end()
	for _, tt := range []struct {
		name, content, hash string
		size                int64
		ctx                 context.Context
		want                error
	}{
		{"whole", "content", hashOf("content"), 7, t.Context(), nil},
		{"empty", "", hashOf(""), 0, t.Context(), nil},
		{"another content", "cOntent", hashOf("content"), 7, t.Context(), ErrContent},
		{"cut off", "conten", hashOf("content"), 7, t.Context(), ErrContent},
		{"longer than said", "content and more", hashOf("content"), 7, t.Context(), ErrContent},
		{"another size", "content", hashOf("content"), 8, t.Context(), ErrContent},
		{"nobody waits any more", "content", hashOf("content"), 7, ended, context.Canceled},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got bytes.Buffer
			err := CopyBlob(tt.ctx, &got, strings.NewReader(tt.content), tt.hash, tt.size)
			if !errors.Is(err, tt.want) || tt.want == nil && got.String() != tt.content {
				t.Errorf("CopyBlob = %v with %q, want %v", err, got.String(), tt.want)
			}
			if int64(got.Len()) > tt.size+1 {
				t.Errorf("%d bytes were taken of a content of %d", got.Len(), tt.size)
			}
		})
	}
}

func TestBlobErrors(t *testing.T) {
	damaged, none := BlobDamaged("h", ErrContent), NoBlob("h")
	if !IsDamaged(damaged) || !market.Is(damaged, market.Internal) || !errors.Is(damaged, ErrContent) {
		t.Errorf("damaged: %v", damaged)
	}
	if IsDamaged(none) || IsDamaged(nil) || !market.Is(none, market.NotFound) {
		t.Errorf("none: %v", none)
	}
}

// A name is free until somebody needs it, and again when nobody does any more.
func TestHolder(t *testing.T) {
	claims := claimed{"name": "a"}
	alive := func(yes bool) func(context.Context, market.ID) (bool, error) {
		return func(context.Context, market.ID) (bool, error) { return yes, nil }
	}
	for _, tt := range []struct {
		name  string
		alive bool
		want  market.ID
	}{{"name", true, "a"}, {"name", false, ""}, {"other", true, ""}} {
		if got, err := Holder(t.Context(), claims, tt.name, alive(tt.alive)); err != nil || got != tt.want {
			t.Errorf("Holder(%s) = %q, %v, want %q", tt.name, got, err, tt.want)
		}
	}
}

// claimed is claims that are only read: name to holder.
type claimed map[string]market.ID

func (c claimed) Get(_ context.Context, id market.ID) (*market.Claim, error) {
	holder, ok := c[string(id)]
	if !ok {
		return nil, market.E(market.NotFound, "not_found", "没有")
	}
	return &market.Claim{Meta: market.Meta{ID: id}, Holder: holder}, nil
}

func (claimed) GetMany(context.Context, []market.ID) ([]*market.Claim, error) { return nil, nil }
func (claimed) Find(context.Context, Query) (Page[market.Claim], error) {
	return Page[market.Claim]{}, nil
}
func (claimed) Changes(context.Context, string, int) ([]*market.Claim, string, error) {
	return nil, "", nil
}
func (claimed) Insert(context.Context, *market.Claim) error { return nil }
func (claimed) Update(context.Context, *market.Claim) error { return nil }
