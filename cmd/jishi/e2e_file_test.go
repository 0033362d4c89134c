//go:build e2e

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// Somebody uploads two files at once, one of them not what it says it is, sees
// why it was refused, and uploads another whose page they are led to.
func TestE2EFiles(t *testing.T) {
	axe, err := os.ReadFile("../../web/testdata/vendor/axe-core@4.14.1/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	good, bad := filepath.Join(dir, "营业执照.pdf"), filepath.Join(dir, "程序.pdf")
	for path, content := range map[string][]byte{good: somePDF("browser"), bad: []byte("MZ\x90\x00")} {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	browser, base := startBrowser(t), startDemo(t)
	for _, width := range widths {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			b := newTab(t, browser, base, "files", width)
			b.signIn("enterprise@demo")
			b.open("/files")
			b.do(chromedp.SetUploadFiles(chromedp.CSS(`[name=file]`), []string{good, bad}))
			b.clickIn(`main form[action="/files"]`, "上传")
			b.wants("其余 1 个文件已上传。", "程序.pdf：文件内容不是", "营业执照.pdf")
			b.checkAccess(string(axe))
			b.picture("files-refused")
			b.do(chromedp.SetUploadFiles(chromedp.CSS(`[name=file]`), []string{good}))
			b.clickIn(`main form[action="/files"]`, "上传")
			b.wants("文件已上传。", "SHA-256", "下载")
			b.checkAccess(string(axe))
			b.picture("file")
		})
	}
}
