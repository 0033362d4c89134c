package file_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"jishi/internal/file"
	"jishi/internal/market"
	"jishi/internal/store"
)

// TestReaders holds who reads what: by themselves only who the table says.
func TestReaders(t *testing.T) {
	w := newWorld(t, 0)
	files := map[string]*market.File{
		"of the organization": w.upload(member, "a.pdf", pdf()),
		"of an applicant":     w.upload(applicant, "b.pdf", pdf()),
		"of a newcomer":       w.upload(newcomer, "c.pdf", pdf()),
	}
	if f := files["of an applicant"]; f.Owner != "" {
		t.Errorf("an applicant's file belongs to %s", f.Owner)
	}
	accepted := applicant
	accepted.Roles = []market.Role{market.RoleSupplier}
	for _, tt := range []struct {
		who  string
		by   market.Actor
		kind map[string]market.Kind // how they are refused; absent = they read it
	}{
		{"uploader", member, map[string]market.Kind{"of an applicant": market.NotFound, "of a newcomer": market.NotFound}},
		{"colleague", colleague, map[string]market.Kind{"of an applicant": market.NotFound, "of a newcomer": market.NotFound}},
		{"officer", officer, nil},
		{"stranger", stranger, map[string]market.Kind{"of the organization": market.NotFound, "of an applicant": market.NotFound, "of a newcomer": market.NotFound}},
		{"applicant", applicant, map[string]market.Kind{"of the organization": market.Denied, "of an applicant": market.Denied, "of a newcomer": market.Denied}},
		{"applicant once accepted", accepted, map[string]market.Kind{"of a newcomer": market.NotFound}},
		{"newcomer", newcomer, map[string]market.Kind{"of the organization": market.NotFound, "of an applicant": market.NotFound}},
		{"who has something due", due, map[string]market.Kind{"of the organization": market.Denied, "of an applicant": market.Denied, "of a newcomer": market.Denied}},
		{"visitor", visitor, map[string]market.Kind{"of the organization": market.Unauthenticated, "of an applicant": market.Unauthenticated, "of a newcomer": market.Unauthenticated}},
	} {
		for what, f := range files {
			_, content, err := w.files.Open(t.Context(), tt.by, f.ID)
			if err == nil {
				content.Close()
			}
			want, refused := tt.kind[what]
			if refused != (err != nil) || refused && !market.Is(err, want) {
				t.Errorf("%s, file %s: %v", tt.who, what, err)
			}
			if _, shown := w.files.Show(t.Context(), tt.by, f.ID); (shown == nil) != (err == nil) {
				t.Errorf("%s, file %s: Show = %v, Open = %v", tt.who, what, shown, err)
			}
		}
	}
	for _, id := range []market.ID{"none", "", "../etc", market.ID(strings.Repeat("a", 65))} {
		if _, err := w.files.Show(t.Context(), officer, id); !market.Is(err, market.NotFound) {
			t.Errorf("Show(%q) = %v", id, err)
		}
		if _, _, err := w.files.Open(t.Context(), officer, id); !market.Is(err, market.NotFound) {
			t.Errorf("Open(%q) = %v", id, err)
		}
	}
	if _, err := w.files.Add(t.Context(), visitor, "a.pdf", pdf()); !market.Is(err, market.Unauthenticated) {
		t.Errorf("a visitor's upload = %v", err)
	}
}

// TestList pages through an organization's files, newest first, and no others.
func TestList(t *testing.T) {
	w := newWorld(t, 0)
	w.upload(stranger, "x.pdf", pdf())
	w.upload(applicant, "y.pdf", pdf())
	var want []market.ID
	for range 5 {
		want = append([]market.ID{w.upload(member, "a.pdf", pdf()).ID}, want...)
	}
	var got []market.ID
	for after := ""; ; {
		page, err := w.files.List(t.Context(), colleague, after, 2)
		must(t, err)
		for _, f := range page.Items {
			got = append(got, f.ID)
		}
		if after = page.Next; after == "" {
			break
		}
	}
	if len(got) != len(want) || !slices.Equal(sorted(got), sorted(want)) {
		t.Errorf("listed %v, want %v", got, want)
	}
	if _, err := w.files.List(t.Context(), applicant, "", 10); !market.Is(err, market.Denied) {
		t.Errorf("an applicant's list = %v", err)
	}
}

func sorted(ids []market.ID) []market.ID {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return ids
}

// TestDamaged finds a content that was changed on the disk, and mends it when
// it is uploaded again.
func TestDamaged(t *testing.T) {
	w := newWorld(t, 0)
	f := w.upload(member, "a.pdf", pdf())
	path := filepath.Join(w.folder, f.Hash[:2], f.Hash[2:])
	must(t, os.WriteFile(path, bytes.Replace(pdf(), []byte("Catalog"), []byte("catalog"), 1), 0o600))
	if _, _, err := w.files.Open(t.Context(), member, f.ID); !store.IsDamaged(err) {
		t.Errorf("Open = %v, want damaged", err)
	}
	again := w.upload(stranger, "b.pdf", pdf())
	_, content, err := w.files.Open(t.Context(), member, f.ID)
	must(t, err)
	defer content.Close()
	if got, err := io.ReadAll(content); err != nil || !bytes.Equal(got, pdf()) || again.Hash != f.Hash || w.blobCount() != 1 {
		t.Errorf("mended: %d bytes, %v, %d contents", len(got), err, w.blobCount())
	}
	must(t, os.Remove(path))
	if _, _, err := w.files.Open(t.Context(), member, f.ID); !market.Is(err, market.NotFound) {
		t.Errorf("Open of a content that is gone = %v", err)
	}
}

// TestHeaders writes headers that say what a content is and nothing else,
// whatever the name.
func TestHeaders(t *testing.T) {
	for name, want := range map[string]string{
		"a.pdf":             `attachment; filename="jishi.pdf"; filename*=UTF-8''a.pdf`,
		"甲 (乙)'*;=,&.pdf":   `attachment; filename="jishi.pdf"; filename*=UTF-8''%E7%94%B2%20%28%E4%B9%99%29%27%2A%3B%3D%2C%26.pdf`,
		"100%.pdf":          `attachment; filename="jishi.pdf"; filename*=UTF-8''100%25.pdf`,
		"a\"\\\r\nX: y.pdf": `attachment; filename="jishi.pdf"; filename*=UTF-8''a%22%5C%0D%0AX%3A%20y.pdf`,
	} {
		got := map[string]string{}
		for _, h := range file.Headers(&market.File{Name: name, Type: "pdf", Hash: "ab"}) {
			got[h.Name] = h.Value
		}
		if got["Content-Disposition"] != want {
			t.Errorf("%q: %s, want %s", name, got["Content-Disposition"], want)
		}
		if got["Content-Type"] != "application/pdf" || got["ETag"] != `"ab"` || !strings.Contains(got["Content-Security-Policy"], "sandbox") {
			t.Errorf("%q: %v", name, got)
		}
	}
	for _, code := range market.FileTypes {
		if file.Headers(&market.File{Name: "a." + code.Code, Type: code.Code})[0].Value == "" {
			t.Errorf("type %s has no name in a header", code.Code)
		}
	}
}
