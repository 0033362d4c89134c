package file_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"jishi/internal/file"
	"jishi/internal/market"
)

const boundary = "B0undary"

const formType = "multipart/form-data; boundary=" + boundary

// body joins parts (header and content) into a form.
func body(parts ...string) []byte {
	var b strings.Builder
	for _, part := range parts {
		b.WriteString("--" + boundary + "\r\n" + part + "\r\n")
	}
	return []byte(b.String() + "--" + boundary + "--\r\n")
}

const field = "Content-Disposition: form-data; name=\"kind\"\r\n\r\npdf"

func upload(name, content string) string {
	return "Content-Disposition: form-data; name=\"file\"; filename=\"" + name + "\"\r\nContent-Type: text/html\r\n\r\n" + content
}

type taken struct{ field, name, content string }

// read reads a form and what it brings.
func read(contentType string, body []byte) (values url.Values, files []taken, err error) {
	values, err = file.ReadForm(contentType, body, func(field, name string, content io.Reader) error {
		got, err := io.ReadAll(content)
		files = append(files, taken{field, name, string(got)})
		return err
	})
	return values, files, err
}

func TestReadForm(t *testing.T) {
	for _, tt := range []struct {
		name   string
		body   []byte
		values url.Values
		files  []taken
	}{
		{"nothing", body(), url.Values{}, nil},
		{"a value", body(field), url.Values{"kind": {"pdf"}}, nil},
		{"values of one name", body(field, field), url.Values{"kind": {"pdf", "pdf"}}, nil},
		{"a file and a value after it", body(upload("甲.pdf", "x\r\ny"), field), url.Values{"kind": {"pdf"}}, []taken{{"file", "甲.pdf", "x\r\ny"}}},
		{"two files", body(upload("a", "1"), upload("b", "")), url.Values{}, []taken{{"file", "a", "1"}, {"file", "b", ""}}},
		{"nothing chosen", body(upload("", "")), url.Values{}, nil},
		{"name in another writing", body("Content-Disposition: form-data; name=file; filename*=UTF-8''%E7%94%B2.pdf\r\n\r\nx"), url.Values{}, []taken{{"file", "甲.pdf", "x"}}},
		{"encodings are not undone", body("Content-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=41"), url.Values{"a": {"=41"}}, nil},
		{"something behind", append(body(field), "tail"...), url.Values{"kind": {"pdf"}}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			values, files, err := read(formType, tt.body)
			if err != nil || !reflect.DeepEqual(values, tt.values) || !reflect.DeepEqual(files, tt.files) {
				t.Errorf("%v, %v, %v, want %v, %v", values, files, err, tt.values, tt.files)
			}
		})
	}
}

func TestReadFormRefuses(t *testing.T) {
	whole := body(field, upload("a.pdf", strings.Repeat("x", 500)))
	many := make([]string, 2001)
	for i := range many {
		many[i] = field
	}
	tests := []struct {
		name, kind string
		body       []byte
	}{
		{"no type", "", whole},
		{"json", "application/json", whole},
		{"fields only", "application/x-www-form-urlencoded", whole},
		{"mixed", "multipart/mixed; boundary=" + boundary, whole},
		{"no boundary", "multipart/form-data", whole},
		{"other boundary", "multipart/form-data; boundary=x", whole},
		{"nothing", formType, nil},
		{"part without header", formType, body("x")},
		{"part without name", formType, body("Content-Disposition: form-data\r\n\r\nx")},
		{"part that is no form data", formType, body("Content-Disposition: attachment; name=a\r\n\r\nx")},
		{"part with a broken header", formType, body("Content-Disposition: form-data; name=\"a\r\n\r\nx")},
		{"file without a name", formType, body(upload("", "x"))},
		{"value too long", formType, body("Content-Disposition: form-data; name=a\r\n\r\n" + strings.Repeat("x", 256<<10+1))},
		{"too many parts", formType, body(many...)},
		{"header too long", formType, body("X: " + strings.Repeat("x", 11<<20) + "\r\n" + field)},
	}
	for cut := 1; cut < len(whole)-4; cut += 7 {
		tests = append(tests, struct {
			name, kind string
			body       []byte
		}{fmt.Sprint("cut at ", cut), formType, whole[:cut]})
	}
	for _, tt := range tests {
		_, _, err := read(tt.kind, tt.body)
		var known *market.Error
		if !errors.As(err, &known) || known.Code != file.CodeBadForm || known.Kind != market.Invalid {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

// TestReadFormPasses hands through what the taker says, and reads on behind a
// file that was not read to its end.
func TestReadFormPasses(t *testing.T) {
	stop := errors.New("enough")
	_, err := file.ReadForm(formType, body(upload("a", "x"), field), func(string, string, io.Reader) error { return stop })
	if !errors.Is(err, stop) {
		t.Errorf("ReadForm = %v, want %v", err, stop)
	}
	values, err := file.ReadForm(formType, body(upload("a", strings.Repeat("x", 1<<20)), field), func(_, _ string, content io.Reader) error {
		_, err := iotest.OneByteReader(content).Read(make([]byte, 10))
		return err
	})
	if err != nil || values.Get("kind") != "pdf" {
		t.Errorf("ReadForm = %v, %v", values, err)
	}
}

// FuzzMultipart reads any bytes as a form: it never panics, refuses with one
// code only, holds its bounds, and agrees with the standard reader on what it
// accepts.
func FuzzMultipart(f *testing.F) {
	f.Add(formType, body(field, upload("a.pdf", "%PDF-1.7")))
	f.Add(formType, body(upload("", ""))[:40])
	f.Add(`multipart/form-data; boundary="`+boundary+`"`, body("Content-Disposition: form-data; name=a\r\n\r\n"))
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		values, files, err := read(contentType, body)
		if err != nil {
			var known *market.Error
			if !errors.As(err, &known) || known.Code != file.CodeBadForm {
				t.Fatalf("refused as %v", err)
			}
			return
		}
		total := 0
		for name, list := range values {
			for _, value := range list {
				total += len(name) + len(value)
			}
		}
		for _, one := range files {
			if one.name == "" || one.field == "" {
				t.Fatalf("a file without name or field: %q", one)
			}
			total += len(one.content)
		}
		if total > len(body) {
			t.Fatalf("%d bytes came out of %d", total, len(body))
		}
		if contentType != formType {
			return
		}
		form, err := multipart.NewReader(bytes.NewReader(body), boundary).ReadForm(1 << 20)
		if err != nil {
			return
		}
		defer form.RemoveAll()
		kept := 0
		for _, list := range form.File {
			kept += len(list)
		}
		if kept != len(files) {
			t.Fatalf("the standard reader finds %d files, this one %d", kept, len(files))
		}
	})
}
