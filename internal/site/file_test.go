package site

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/web"
)

const smallPDF = "%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n"

// sendFiles posts a form with files, each a pair of name and content, in one
// field, and other fields as pairs.
func (w *world) sendFiles(as, path, field string, files [][2]string, pairs ...string) *answer {
	w.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i := 0; i+1 < len(pairs); i += 2 {
		must(w.t, form.WriteField(pairs[i], pairs[i+1]))
	}
	for _, f := range files {
		part, err := form.CreateFormFile(field, f[0])
		must(w.t, err)
		_, err = part.Write([]byte(f[1]))
		must(w.t, err)
	}
	must(w.t, form.Close())
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	return w.send(as, r)
}

// Upload one file, see it, save it; others find nothing.
func TestFilePages(t *testing.T) {
	w := newWorld(t)
	w.get("university", "/files").is(200).shows("还没有文件", "已用空间", "单位文件").sound()
	href := w.sendFiles("university", "/files", "file", [][2]string{{"../营业执照.pdf", smallPDF}}).leads("/files/")
	w.get("university", href).is(200).shows("营业执照.pdf", "PDF", "SHA-256", "测试university").sound()
	w.get("university", "/files").is(200).shows("营业执照.pdf", "4 KB / 1 GB").sound()
	saved := w.get("university", href+"/content").is(200)
	if got := saved.header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment;") || !strings.Contains(got, "%E8%90%A5") {
		t.Errorf("Content-Disposition %q", got)
	}
	if saved.body != smallPDF || saved.header.Get("Content-Type") != "application/pdf" || !strings.Contains(saved.header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("%q as %v", saved.body, saved.header)
	}
	w.get("officer", href).is(200)
	w.get("rival", href).is(404)
	w.get("rival", href+"/content").is(404)
	w.get("", href).leads("/sign-in")
	w.get("rival", "/files").is(200).hides("营业执照.pdf")
	w.sendFiles("", "/files", "file", [][2]string{{"a.pdf", smallPDF}}).is(401)
}

// Several at once: the good ones are kept, of the others it says why.
func TestFileUploads(t *testing.T) {
	w := newWorld(t)
	w.sendFiles("university", "/files", "file", [][2]string{{"一.pdf", smallPDF}, {"二.pdf", smallPDF}}).leads("/files")
	page := w.sendFiles("university", "/files", "file", [][2]string{{"三.pdf", smallPDF}, {"宏.docx", "PK\x03\x04"}, {"四.exe", "MZ"}}).is(422)
	page.shows("三.pdf", "宏.docx：", "四.exe：不接受 .exe 文件", "其余 1 个文件已上传。").sound()
	if page.wrong("file") == "" {
		t.Error("nothing stands beside the field")
	}
	w.sendFiles("university", "/files", "file", nil).is(422).shows("请选择要上传的文件")
	eleven := make([][2]string, 11)
	for i := range eleven {
		eleven[i] = [2]string{"a.pdf", smallPDF}
	}
	w.sendFiles("university", "/files", "file", eleven).is(422).shows("最多 10 个文件")
	list, err := w.site.Files.List(t.Context(), w.users["university"], "", 100)
	if err != nil || len(list.Items) != 3 {
		t.Errorf("%d files, %v, want 3", len(list.Items), err)
	}
	r := httptest.NewRequest(http.MethodPost, "/files", strings.NewReader("--b\r\nContent-Disposition: form-data; name=file; filename=a.pdf\r\n\r\nx"))
	r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	w.send("university", r).is(422)
}

// A field of files keeps, takes away and adds, and shows what it has when the
// form comes back, without script.
func TestFileField(t *testing.T) {
	w := newWorld(t)
	var got []market.ID
	var shown web.Field
	w.app.Post("/test/files", func(c *fiber.Ctx) error {
		f, err := w.site.readFiles(c, 3, "evidence")
		if err != nil {
			return err
		}
		got = f.files("evidence")
		shown, err = w.site.fileField(c, f, web.Field{Name: "evidence", Label: "证明材料", MaxLength: 3})
		return err
	})
	one, two := [2]string{"一.pdf", smallPDF}, [2]string{"二.pdf", smallPDF}
	w.sendFiles("university", "/test/files", "evidence", [][2]string{one, two}).is(200)
	if len(got) != 2 || len(shown.Options) != 2 || shown.Options[0].Text != "一.pdf（51 字节）" || shown.Options[0].Value != string(got[0]) {
		t.Fatalf("got %v, shown %+v", got, shown.Options)
	}
	first, second := string(got[0]), string(got[1])
	w.sendFiles("university", "/test/files", "evidence", [][2]string{one}, "evidence", first, "evidence", second, "evidence.remove", first).is(200)
	if len(got) != 2 || got[0] != market.ID(second) || shown.Error != "" {
		t.Errorf("one out, one in: %v, %q", got, shown.Error)
	}
	w.sendFiles("university", "/test/files", "evidence", [][2]string{one, two}, "evidence", first, "evidence", second).is(200)
	if len(got) != 2 || shown.Error != "最多 3 个文件" {
		t.Errorf("too many: %v, %q", got, shown.Error)
	}
	w.sendFiles("university", "/test/files", "evidence", [][2]string{{"坏.pdf", "x"}}, "evidence", first).is(200)
	if len(got) != 1 || !strings.HasPrefix(shown.Error, "坏.pdf：") {
		t.Errorf("a bad one: %v, %q", got, shown.Error)
	}
	w.sendFiles("rival", "/test/files", "evidence", nil, "evidence", first).is(200)
	if len(shown.Options) != 0 {
		t.Errorf("a rival is shown %+v", shown.Options)
	}
	w.sendFiles("university", "/test/files", "other", [][2]string{one}).is(200)
	if len(got) != 0 {
		t.Errorf("a file of another field was kept: %v", got)
	}
	w.post("university", "/test/files", map[string][]string{"evidence": {first, ""}, "evidence.remove": {}}).is(200)
	if len(got) != 1 {
		t.Errorf("a form without files: %v", got)
	}
}
