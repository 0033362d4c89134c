package web

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"strings"
	"testing"
)

// violations lists what in a rendered page would need an exception from the
// content security policy: inline style, inline script, on… attribute, or
// anything from another host.
func violations(t *testing.T, page string) []string {
	t.Helper()
	var list []string
	note := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	for _, element := range elements(t, page) {
		attrs := make(map[string]string)
		for _, a := range element.Attr {
			name := strings.ToLower(a.Name.Local)
			attrs[name] = a.Value
			if name == "style" || strings.HasPrefix(name, "on") || name == "srcdoc" {
				note("<%s> has attribute %s=%q", element.Name.Local, name, a.Value)
			}
			if (name == "href" || name == "src" || name == "action") && strings.HasPrefix(strings.ToLower(a.Value), "javascript:") {
				note("<%s> leads to script: %q", element.Name.Local, a.Value)
			}
		}
		switch name := strings.ToLower(element.Name.Local); {
		case name == "style", name == "base", name == "object", name == "iframe":
			note("page holds <%s>", name)
		case name == "script" && attrs["type"] != "application/json" && !strings.HasPrefix(attrs["src"], "/static/"):
			note("page holds inline script %v", attrs)
		case name == "link" && !strings.HasPrefix(attrs["href"], "/static/") && attrs["rel"] != "alternate": // which browsers do not fetch
			note("page links %q", attrs["href"])
		}
	}
	return list
}

// elements returns all start tags of a page in order.
func elements(t *testing.T, page string) []xml.StartElement {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(strings.ToValidUTF8(strings.ReplaceAll(page, "\x00", ""), "")))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	var found []xml.StartElement
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return found
		}
		if err != nil {
			t.Fatalf("page is not well-formed: %v", err)
		}
		if start, ok := token.(xml.StartElement); ok {
			found = append(found, start.Copy())
		}
	}
}

func tagCount(t *testing.T, page string) map[string]int {
	t.Helper()
	count := make(map[string]int)
	for _, element := range elements(t, page) {
		count[element.Name.Local]++
	}
	return count
}

// The same rule on the sources, for what no test happens to render.
func TestTemplatesNeedNoPolicyException(t *testing.T) {
	rules := []struct {
		name    string
		pattern *regexp.Regexp
	}{
		{"style attribute", regexp.MustCompile(`(?i)<[^>]*\sstyle\s*=`)},
		{"style element", regexp.MustCompile(`(?i)<style`)},
		{"event attribute", regexp.MustCompile(`(?i)<[^>]*\son[a-z]+\s*=`)},
		{"evaluated htmx attribute", regexp.MustCompile(`(?i)hx-(on|vars|vals=["']js:)`)},
		{"inline script", regexp.MustCompile(`(?i)<script(?:\s+(?:id="[^"]*"|type="text/javascript"|defer|async))*\s*>`)},
		{"script address", regexp.MustCompile(`(?i)javascript:`)},
		{"other host", regexp.MustCompile(`(?i)(src|href|action)="(https?:)?//`)},
		{"unescaped HTML", regexp.MustCompile(`(?i)safeHTML|htmlSafe`)},
	}
	err := fs.WalkDir(files, "templates", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		source, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		for _, rule := range rules {
			if found := rule.pattern.Find(source); found != nil {
				t.Errorf("%s: %s: %s", name, rule.name, found)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestRulesOfPolicyCatch(t *testing.T) {
	tests := []struct{ name, page string }{
		{"style", `<p style="color:red">x</p>`},
		{"event", `<p onclick="x()">x</p>`},
		{"inline script", `<script>x()</script>`},
		{"foreign script", `<script src="//other/x.js"></script>`},
		{"style element", `<style>p{}</style>`},
		{"script link", `<a href="javascript:x()">x</a>`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if len(violations(t, tt.page)) == 0 {
				t.Errorf("%s passed", tt.page)
			}
		})
	}
}
