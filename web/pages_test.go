package web

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"
)

var testNow = time.Date(2025, 6, 15, 2, 0, 0, 0, time.UTC)

func newPages(t testing.TB) *Pages {
	t.Helper()
	p, err := NewPages(newAssets(t), func() time.Time { return testNow })
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func render(t *testing.T, p *Pages, name string, data any) string {
	t.Helper()
	var b bytes.Buffer
	if err := p.Render(&b, name, data); err != nil {
		t.Fatal(err)
	}
	for _, v := range violations(t, b.String()) {
		t.Error(v)
	}
	return b.String()
}

func testBase() Base {
	return Base{
		Path: "/style?a=1&b=2", RequestID: "01JD8Z6K9Q", Query: "果胶", Description: "样式",
		Nav:  PrimaryNav("/contracts", NavAccess{Desk: true, Review: true}),
		User: User{SignedIn: true, Name: "王强", OrgName: "区科学技术局", Roles: "经办人"},
	}
}

// hostile texts: none may end up as markup, whatever field they are in.
var hostile = []string{
	`<script>alert(1)</script>`,
	`"><img src=x onerror=alert(1)>`,
	`' onfocus='alert(1)' autofocus='`,
	`</textarea></title></script><svg onload=alert(1)>`,
	"{{.Base}} ${7*7} \x00\u202e\ufeff`",
	strings.Repeat("长", 3000),
}

// poison puts text into every string of a value that is data; names of icons,
// tones, field types and ids are chosen by our code.
func poison(v reflect.Value, text string) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() && v.Elem().CanSet() {
			poison(v.Elem(), text)
		}
	case reflect.Slice:
		for i := range v.Len() {
			poison(v.Index(i), text)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			switch v.Type().Field(i).Name {
			case "Icon", "Tone", "Kind", "Type", "ID":
			default:
				poison(v.Field(i), text)
			}
		}
	case reflect.String:
		if v.CanSet() {
			v.SetString(text)
		}
	}
}

func TestStylePage(t *testing.T) {
	p := newPages(t)
	full := NewStylePage(testBase(), testNow)
	one := NewStylePage(testBase(), testNow)
	one.Bars, one.Rows, one.Badges, one.Terms, one.Steps, one.Fields = one.Bars[:1], one.Rows[:1], one.Badges[:1], one.Terms[:1], one.Steps[:1], one.Fields[:1]
	many := NewStylePage(testBase(), testNow)
	for range 6 {
		many.Rows = append(many.Rows, many.Rows...)
	}
	tests := []struct {
		name string
		page StylePage
		want []string
	}{
		{"zero", StylePage{}, []string{"没有符合条件的合同", "还没有记录", "登录"}},
		{"one", one, []string{"<mark>柚子</mark>皮<mark>果胶</mark>", "98 万元", `title="￥980,000.00"`, "王强"}},
		{"full", full, []string{"12.36 亿元", "目标 50 亿元", "24.7%", "演示数据", "退出登录", "有 2 处需要改正", `href="#f-budget"`, "还剩 9 天", "已超期 3 天", `aria-describedby="f-budget-hint f-budget-error"`}},
		{"many", many, []string{"竹纤维"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := render(t, p, "style", tt.page)
			for _, want := range tt.want {
				if !strings.Contains(got, want) {
					t.Errorf("page misses %q", want)
				}
			}
		})
	}
}

func TestHostileText(t *testing.T) {
	p := newPages(t)
	harmless := NewStylePage(testBase(), testNow)
	poison(reflect.ValueOf(&harmless).Elem(), "甲")
	calm := tagCount(t, render(t, p, "style", harmless))
	for i, text := range hostile {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			page := NewStylePage(testBase(), testNow)
			page.Chart.Options = map[string]any{text: []string{text}}
			poison(reflect.ValueOf(&page).Elem(), text)
			got := tagCount(t, render(t, p, "style", page))
			for _, tag := range []string{"script", "img", "svg", "textarea", "form", "title", "input"} {
				if got[tag] != calm[tag] {
					t.Errorf("%d <%s> elements, %d without hostile text", got[tag], tag, calm[tag])
				}
			}
		})
	}
}

// Every part a page may call is shown on the style page, so the tests above
// have run it.
func TestStylePageShowsEveryPart(t *testing.T) {
	set := newPages(t).byName["style"]
	sources := ""
	for _, part := range set.Templates() {
		if part.Tree != nil {
			sources += part.Tree.Root.String()
		}
	}
	for _, part := range set.Templates() {
		name := part.Name()
		if strings.HasSuffix(name, ".html") {
			continue
		}
		if !strings.Contains(sources, `{{template "`+name) {
			t.Errorf("part %q is not used by layout, another part or the style page", name)
		}
	}
}

func TestFieldKinds(t *testing.T) {
	p := newPages(t)
	for _, kind := range append(FieldTypes(), "", "nonsense") {
		for _, wrong := range []string{"", "写错了"} {
			t.Run(kind+wrong, func(t *testing.T) {
				f := Field{Name: "x", Label: "某项", Type: kind, Value: "值", Error: wrong, Hint: "怎么填", Required: true, Options: []Option{{Value: "a", Text: "甲", Selected: true}, {Value: "b", Text: "乙"}}}
				got := render(t, p, "style", StylePage{Fields: []Field{f}})
				for _, want := range []string{`id="f-x"`, `name="x"`, "某项", "必填", "怎么填", `id="f-x-hint"`, wrong} {
					if !strings.Contains(got, want) {
						t.Errorf("field misses %q", want)
					}
				}
				if strings.Contains(got, `id="f-x-error"`) != (wrong != "") {
					t.Error("error shown without need or missing")
				}
			})
		}
	}
}

func TestErrorPage(t *testing.T) {
	p := newPages(t)
	visitor := Base{Path: "/contracts/1?x=a&b", RequestID: "01JD8Z6K9Q"}
	tests := []struct {
		status  int
		base    Base
		message string
		want    []string
	}{
		{400, testBase(), "", []string{"请求有误"}},
		{401, visitor, "", []string{"请先登录", `href="/sign-in?next=%2Fcontracts%2F1%3Fx%3Da%26b"`}},
		{403, visitor, "", []string{"没有权限", "去登录"}},
		{403, testBase(), "", []string{"没有权限", "回到我的工作"}},
		{404, visitor, "", []string{"没有找到", "回到首页", `name="q"`}},
		{409, testBase(), "这份合同已经登记。", []string{"状态已变化", "这份合同已经登记。"}},
		{418, visitor, "", []string{"418", "请求有误"}},
		{422, testBase(), "", []string{"内容需要改正"}},
		{500, visitor, "", []string{"系统出错", "01JD8Z6K9Q"}},
		{507, visitor, "", []string{"507", "系统出错"}},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.status, tt.base.User.Name), func(t *testing.T) {
			got := render(t, p, "error", NewErrorPage(tt.base, tt.status, tt.message))
			for _, want := range tt.want {
				if !strings.Contains(got, want) {
					t.Errorf("page misses %q", want)
				}
			}
			if n := strings.Count(got, `role="search"`); n != 1 {
				t.Errorf("%d search boxes, want 1", n)
			}
		})
	}
}

func TestNothingIsWrittenOnError(t *testing.T) {
	p := newPages(t)
	tests := []struct {
		name, page string
		data       any
	}{
		{"unknown page", "nothing", StylePage{}},
		{"no Base", "style", struct{}{}},
		{"unknown icon", "style", StylePage{Badges: []Badge{{Icon: "no-such"}}}},
		{"nil", "style", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var b bytes.Buffer
			if err := p.Render(&b, tt.page, tt.data); err == nil || b.Len() != 0 {
				t.Errorf("Render = %v with %d bytes written, want an error and none", err, b.Len())
			}
		})
	}
}

func TestFragment(t *testing.T) {
	var b bytes.Buffer
	if err := newPages(t).Fragment(&b, "style", "badge", Badge{Text: "已登记", Tone: Good}); err != nil {
		t.Fatal(err)
	}
	if got := b.String(); !strings.HasPrefix(got, `<span class="jishi-badge jishi-badge-good">`) || strings.Contains(got, "<html") {
		t.Errorf("Fragment = %s", got)
	}
}

func TestParsePagesFailsFast(t *testing.T) {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	tests := []struct{ name, page, want string }{
		{"good", `{{define "main"}}{{.Base.Title}}{{end}}`, ""},
		{"syntax", `{{define "main"}}{{if}}{{end}}`, "page x"},
		{"no main", `hello`, `does not define "main"`},
		{"unknown function", `{{define "main"}}{{nothing}}{{end}}`, "not defined"},
		{"unknown part", `{{define "main"}}{{template "nothing" .}}{{end}}`, "nothing"},
		{"cannot be escaped", `{{define "main"}}<a href="{{if .A}}"{{end}}>x</a>{{end}}`, "different contexts"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := parsePages(fstest.MapFS{
				"templates/layout.html":     file(`<body>{{template "main" .}}</body>`),
				"templates/part/badge.html": file(`{{define "badge"}}{{end}}`),
				"templates/page/x.html":     file(tt.page),
			}, nil)
			if (err == nil) != (tt.want == "") || (err != nil && !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("parsePages = %v, want %q", err, tt.want)
			}
		})
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("gone") }

func TestRenderConcurrently(t *testing.T) {
	p := newPages(t)
	if err := p.Load(); err != nil {
		t.Fatal(err)
	}
	if err := p.Render(brokenWriter{}, "style", StylePage{}); err == nil {
		t.Error("a failed write was not reported")
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for _, name := range p.Names() {
				_ = p.Render(io.Discard, name, NewStylePage(testBase(), testNow))
			}
		})
	}
	wg.Wait()
}

func TestSelectGroups(t *testing.T) {
	f := Field{Name: "x", Label: "类型", Type: "select", Placeholder: "请选择", Options: []Option{
		{Value: "a", Text: "甲一", Group: "甲"}, {Value: "b", Text: "甲二", Group: "甲", Selected: true}, {Value: "c", Text: "乙一", Group: "乙"}, {Value: "d", Text: "无"},
	}}
	got := render(t, newPages(t), "style", StylePage{Fields: []Field{f}})
	count := tagCount(t, got)
	if count["optgroup"] != 2 || strings.Count(got, "</optgroup>") != 2 || count["option"] != 5 {
		t.Errorf("%d groups, %d options:\n%s", count["optgroup"], count["option"], got)
	}
	if !strings.Contains(got, `<optgroup label="乙">`) || !strings.Contains(got, `<option value="b" selected>`) {
		t.Errorf("page misses a group or what is selected:\n%s", got)
	}
}

func TestFieldPattern(t *testing.T) {
	tests := []struct {
		name  string
		field Field
		want  string
	}{
		{"pattern and keyboard", Field{Name: "n", Pattern: "[0-9]{14,16}", InputMode: "numeric"}, ` inputmode="numeric" pattern="[0-9]{14,16}"`},
		{"money", Field{Name: "n", Type: "money"}, ` inputmode="decimal"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := render(t, newPages(t), "style", StylePage{Fields: []Field{tt.field}}); !strings.Contains(got, tt.want) {
				t.Errorf("page misses %q", tt.want)
			}
		})
	}
}

// A telephone number is dialled; any other scheme that is not the web's or
// mail's is kept out of links.
func TestTermLinks(t *testing.T) {
	tests := []struct {
		name string
		term Term
		want string
	}{
		{"telephone", Term{Label: "电话", Value: "023-53220000", Tel: "023-53220000"}, `<a href="tel:023-53220000">023-53220000</a>`},
		{"mail", Term{Label: "邮箱", Value: "a@example.com", Href: "mailto:a@example.com"}, `<a href="mailto:a@example.com">`},
		{"hostile number", Term{Label: "电话", Value: "x", Tel: `"><script>`}, `<a href="tel:%22%3e%3cscript%3e">x</a>`},
		{"hostile address", Term{Label: "网址", Value: "x", Href: "javascript:x()"}, `<a href="#ZgotmplZ">x</a>`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := render(t, newPages(t), "style", StylePage{Terms: []Term{tt.term}}); !strings.Contains(got, tt.want) {
				t.Errorf("page misses %s", tt.want)
			}
		})
	}
}
