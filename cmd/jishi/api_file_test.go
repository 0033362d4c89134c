package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"jishi/internal/market"
	"jishi/internal/store"
)

// TestAPIFiles uploads files over HTTP and reads them back.
func TestAPIFiles(t *testing.T) {
	w := startAPI(t)
	t.Run("there and back", func(t *testing.T) { w.in(t).fileThereAndBack() })
	t.Run("who may read", func(t *testing.T) { w.in(t).fileReaders() })
	t.Run("refused", func(t *testing.T) { w.in(t).fileRefused() })
	t.Run("list", func(t *testing.T) { w.in(t).fileList() })
	t.Run("largest", func(t *testing.T) { w.in(t).fileLargest() })
}

type storedFile struct {
	ID, Name, Type, Hash, Owner, User string
	Size                              int64
}

// filePart is one part of an upload.
type filePart struct {
	field, name string
	content     []byte
}

func multipartOf(t *testing.T, parts ...filePart) (body []byte, kind string) {
	t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for _, p := range parts {
		w, err := form.CreateFormFile(p.field, p.name)
		if p.name == "" {
			w, err = form.CreateFormField(p.field)
		}
		if err == nil {
			_, err = w.Write(p.content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), form.FormDataContentType()
}

func (w *apiWorld) uploadFile(as string, parts ...filePart) answer {
	w.Helper()
	body, kind := multipartOf(w.T, parts...)
	req := w.request(as, "POST", "/files", body, "Content-Type", kind)
	got := w.send(req)
	if err := w.conforms(req, got, false); err != nil {
		w.Fatalf("%s does not conform: %v\n%s", got.request, err, got.body)
	}
	return got
}

// somePDF is a document that differs with note.
func somePDF(note string) []byte {
	return []byte("%PDF-1.7\n% " + note + "\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n")
}

func (w *apiWorld) fileThereAndBack() {
	content := somePDF("there and back")
	a := w.uploadFile(university, filePart{"file", `../../营业执照（"正本"）.pdf`, content}).want(201)
	var f storedFile
	a.read(&f)
	sum := sha256.Sum256(content)
	if f.Name != "营业执照（_正本_）.pdf" || f.Type != "pdf" || f.Size != int64(len(content)) || f.Hash != hex.EncodeToString(sum[:]) {
		w.Errorf("file %+v", f)
	}
	if a.header.Get("Location") != "/api/v1/files/"+f.ID {
		w.Errorf("Location %q", a.header.Get("Location"))
	}
	got := w.ask(university, "GET", "/files/"+f.ID+"/content", nil).want(200)
	if !bytes.Equal(got.body, content) {
		w.Errorf("got %d other bytes back", len(got.body))
	}
	for name, want := range map[string]string{
		"Content-Type": "application/pdf", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
		"ETag": `"` + f.Hash + `"`, "Content-Length": fmt.Sprint(len(content)),
		"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
		"Content-Disposition":     `attachment; filename="jishi.pdf"; filename*=UTF-8''%E8%90%A5%E4%B8%9A%E6%89%A7%E7%85%A7%EF%BC%88_%E6%AD%A3%E6%9C%AC_%EF%BC%89.pdf`,
	} {
		if got.header.Get(name) != want {
			w.Errorf("%s: %q, want %q", name, got.header.Get(name), want)
		}
	}
	head := w.send(w.request(university, "HEAD", "/files/"+f.ID+"/content", nil))
	if head.status != 200 || len(head.body) > 0 || head.header.Get("Content-Length") != fmt.Sprint(len(content)) || head.header.Get("ETag") != got.header.Get("ETag") {
		w.Errorf("HEAD: %d, %d bytes, %v", head.status, len(head.body), head.header)
	}
	history := w.fileHistory(f.ID)
	if len(history) != 1 || history[0].Action != market.ActUpload || history[0].Request == "" {
		w.Errorf("history %+v", history)
	}
}

func (w *apiWorld) fileHistory(id string) []market.Event {
	w.Helper()
	f, err := w.h.docs.files.files.Get(w.Context(), market.ID(id))
	w.must(err)
	return f.History
}

func (w *apiWorld) fileReaders() {
	var f storedFile
	w.uploadFile(university, filePart{"file", "a.pdf", somePDF("who may read")}).want(201).read(&f)
	for as, want := range map[string]int{university: 200, bureau: 200, enterprise: 404, broker: 404, visitor: 401} {
		for _, path := range []string{"/files/" + f.ID, "/files/" + f.ID + "/content"} {
			if a := w.ask(as, "GET", path, nil); a.status != want {
				w.Errorf("%s as %s: %d %s, want %d", path, as, a.status, a.body, want)
			}
		}
	}
	for _, id := range []string{"none", "..%2f..%2fetc%2fpasswd", strings.Repeat("a", 65)} {
		w.ask(bureau, "GET", "/files/"+id+"/content", nil).want(404)
	}
	if a := w.uploadFile(visitor, filePart{"file", "a.pdf", somePDF("visitor")}); a.status != 401 {
		w.Errorf("a visitor's upload: %d", a.status)
	}
}

func (w *apiWorld) fileRefused() {
	before := w.countFiles()
	good := filePart{"file", "a.pdf", somePDF("refused")}
	body, kind := multipartOf(w.T, good)
	boundary := kind[strings.Index(kind, "boundary=")+9:]
	for _, tt := range []struct {
		name, kind string
		body       []byte
		want       int
	}{
		{"no form", "application/json", []byte(`{}`), 400},
		{"no boundary", "multipart/form-data", body, 400},
		{"another boundary", "multipart/form-data; boundary=x", body, 400},
		{"broken off in the file", kind, body[:len(body)/2], 400},
		{"broken off before the end", kind, body[:len(body)-len(boundary)-4], 400},
		{"nothing", kind, nil, 400},
		{"a text", "text/plain", good.content, 400},
	} {
		req := w.request(university, "POST", "/files", tt.body, "Content-Type", tt.kind)
		if a := w.send(req); a.status != tt.want {
			w.Errorf("%s: %d %s, want %d", tt.name, a.status, a.body, tt.want)
		}
	}
	for _, tt := range []struct {
		name  string
		parts []filePart
		want  int
	}{
		{"no file", []filePart{{"name", "", []byte("x")}}, 422},
		{"wrong part", []filePart{{"datei", "a.pdf", good.content}}, 422},
		{"two files", []filePart{good, good}, 422},
		{"a good one and a bad one", []filePart{good, {"file", "b.exe", []byte("MZ")}}, 422},
		{"another type", []filePart{{"file", "a.png", good.content}}, 422},
		{"too large", []filePart{{"file", "a.pdf", bytes.Repeat([]byte{'%'}, market.MaxFile+1)}}, 413},
	} {
		if a := w.uploadFile(university, tt.parts...); a.status != tt.want {
			w.Errorf("%s: %d %s, want %d", tt.name, a.status, a.body, tt.want)
		}
	}
	if after := w.countFiles(); after != before {
		w.Errorf("%d files of what was refused", after-before)
	}
}

func (w *apiWorld) countFiles() int {
	w.Helper()
	page, err := w.h.docs.files.files.Find(w.Context(), store.Query{Limit: store.MaxLimit})
	w.must(err)
	return len(page.Items)
}

func (w *apiWorld) fileList() {
	var f storedFile
	w.uploadFile(enterprise, filePart{"file", "一.pdf", somePDF("one")}).want(201)
	w.uploadFile(enterprise, filePart{"file", "二.pdf", somePDF("two")}).want(201).read(&f)
	var list struct {
		Items  []storedFile
		Cursor string
	}
	w.ask(enterprise, "GET", "/files?limit=1", nil).want(200).read(&list)
	if len(list.Items) != 1 || list.Items[0].ID != f.ID || list.Cursor == "" {
		w.Fatalf("first page %+v", list)
	}
	w.ask(enterprise, "GET", "/files?limit=1&cursor="+list.Cursor, nil).want(200).read(&list)
	if len(list.Items) != 1 || list.Items[0].Name != "一.pdf" {
		w.Errorf("second page %+v", list)
	}
	w.ask(broker, "GET", "/files", nil).want(200).read(&list)
	if len(list.Items) != 0 {
		w.Errorf("a broker sees %+v", list.Items)
	}
	w.ask(visitor, "GET", "/files", nil).want(401)
}

// fileLargest uploads an image of nearly the largest size.
func (w *apiWorld) fileLargest() {
	var b bytes.Buffer
	noise := image.NewGray(image.Rect(0, 0, 4570, 4570))
	for i := range noise.Pix {
		noise.Pix[i] = byte(i*i*7 + i>>8*13)
	}
	w.must((&png.Encoder{CompressionLevel: png.NoCompression}).Encode(&b, noise))
	if b.Len() > market.MaxFile || b.Len() < market.MaxFile*9/10 {
		w.Fatalf("made %d bytes", b.Len())
	}
	var f storedFile
	w.uploadFile(bureau, filePart{"file", "大图.png", b.Bytes()}).want(201).read(&f)
	res, err := http.NewRequestWithContext(w.Context(), "GET", w.base+"/api/v1/files/"+f.ID+"/content", nil)
	w.must(err)
	res.Header.Set("Authorization", "Bearer "+w.tokens[bureau])
	got, err := w.client.Do(res)
	w.must(err)
	defer got.Body.Close()
	if n, err := io.Copy(io.Discard, got.Body); err != nil || n != int64(b.Len()) {
		w.Errorf("got %d bytes back, %v, want %d", n, err, b.Len())
	}
}
