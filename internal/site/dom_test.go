package site

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// answer is what came back, its page parsed.
type answer struct {
	t      *testing.T
	asked  string
	status int
	header http.Header
	body   string
	page   *html.Node
}

func newAnswer(t *testing.T, asked string, response *http.Response, body string) *answer {
	t.Helper()
	a := &answer{t: t, asked: asked, status: response.StatusCode, header: response.Header, body: body}
	if strings.HasPrefix(response.Header.Get("Content-Type"), "text/html") && body != "" {
		var err error
		a.page, err = html.Parse(strings.NewReader(body))
		must(t, err)
		a.sound()
	}
	return a
}

// is fails the test unless the answer has a status.
func (a *answer) is(status int) *answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("%s = %d, want %d\n%s", a.asked, a.status, status, a.text("main"))
	}
	return a
}

// leads fails the test unless the answer sends the browser to an address that
// starts with prefix; it returns that address.
func (a *answer) leads(prefix string) string {
	a.t.Helper()
	a.is(http.StatusSeeOther)
	to := a.header.Get("Location")
	if !strings.HasPrefix(to, prefix) {
		a.t.Fatalf("%s leads to %s, want %s…", a.asked, to, prefix)
	}
	return to
}

// shows fails the test unless the page's main part says each text.
func (a *answer) shows(texts ...string) *answer {
	a.t.Helper()
	main := a.text("main")
	for _, text := range texts {
		if !strings.Contains(main, text) {
			a.t.Errorf("%s does not show %q:\n%s", a.asked, text, main)
		}
	}
	return a
}

// hides fails the test if the page says any of the texts anywhere.
func (a *answer) hides(texts ...string) *answer {
	a.t.Helper()
	for _, text := range texts {
		if strings.Contains(a.body, text) {
			a.t.Errorf("%s shows %q", a.asked, text)
		}
	}
	return a
}

// all returns the elements that one simple selector matches: a tag, .class,
// #id, [attr] or [attr=value], or several of these run together.
func (a *answer) all(selector string) []*html.Node { return find(a.page, selector) }

func find(root *html.Node, selector string) []*html.Node {
	var found []*html.Node
	if root == nil {
		return nil
	}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && matches(n, selector) {
			found = append(found, n)
		}
	}
	return found
}

// matches works off the parts of a selector from the left.
func matches(n *html.Node, selector string) bool {
	for selector != "" {
		end := strings.IndexAny(selector[1:], ".#[") + 1
		if selector[0] == '[' {
			end = strings.IndexByte(selector, ']') + 1
		}
		part := selector
		if end > 0 {
			part = selector[:end]
		}
		selector = selector[len(part):]
		name, value, exact := strings.Cut(strings.Trim(part, "[]"), "=")
		ok := false
		switch part[0] {
		case '.':
			ok = slices.Contains(strings.Fields(attr(n, "class")), strings.TrimPrefix(part, "."))
		case '#':
			ok = attr(n, "id") == strings.TrimPrefix(part, "#")
		case '[':
			ok = has(n, name) && (!exact || attr(n, name) == value)
		default:
			ok = n.Data == part
		}
		if !ok {
			return false
		}
	}
	return true
}

// one returns the only element a selector matches.
func (a *answer) one(selector string) *html.Node {
	a.t.Helper()
	found := a.all(selector)
	if len(found) != 1 {
		a.t.Fatalf("%s has %d of %s, want one\n%s", a.asked, len(found), selector, a.text("main"))
	}
	return found[0]
}

// text returns the words inside all elements a selector matches.
func (a *answer) text(selector string) string {
	var words []string
	for _, n := range a.all(selector) {
		words = append(words, inner(n))
	}
	return strings.Join(words, "\n")
}

// inner returns the words inside a node with single spaces between them.
func inner(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
			if d.NextSibling == nil && !slices.Contains([]string{"mark", "strong", "a", "span"}, d.Parent.Data) {
				b.WriteString(" ")
			}
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// value returns what the input of a name holds.
func (a *answer) value(name string) string {
	a.t.Helper()
	n := a.one("[name=" + name + "]")
	switch n.Data {
	case "textarea":
		return strings.TrimPrefix(rawText(n), "\n")
	case "select":
		for _, option := range find(n, "option[selected]") {
			return attr(option, "value")
		}
		return ""
	}
	return attr(n, "value")
}

// wrong returns the error that stands beside the input of a name.
func (a *answer) wrong(name string) string {
	for _, n := range a.all("p.jishi-error") {
		if attr(n, "id") == "f-"+name+"-error" {
			return inner(n)
		}
	}
	return ""
}

func rawText(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

// sound checks what holds for every page: one h1, a label for each input,
// no id twice, no inline style or script.
func (a *answer) sound() {
	a.t.Helper()
	if n := len(a.all("h1")); n != 1 {
		a.t.Errorf("%s has %d h1", a.asked, n)
	}
	ids := make(map[string]int)
	labelled := make(map[string]bool)
	for n := range a.page.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if id := attr(n, "id"); id != "" {
			if ids[id]++; ids[id] == 2 {
				a.t.Errorf("%s has id %s twice", a.asked, id)
			}
		}
		if n.Data == "label" {
			labelled[attr(n, "for")] = true
		}
		for _, at := range n.Attr {
			if at.Key == "style" || strings.HasPrefix(at.Key, "on") {
				a.t.Errorf("%s: <%s> has %s=%q", a.asked, n.Data, at.Key, at.Val)
			}
		}
		if n.Data == "style" || n.Data == "script" && attr(n, "src") == "" && attr(n, "type") != "application/json" {
			a.t.Errorf("%s holds inline %s", a.asked, n.Data)
		}
	}
	for _, tag := range []string{"input", "select", "textarea"} {
		for _, n := range a.all(tag) {
			kind := attr(n, "type")
			if kind != "hidden" && kind != "submit" && !labelled[attr(n, "id")] && attr(n, "aria-label") == "" {
				a.t.Errorf("%s: <%s name=%s> has no label", a.asked, tag, attr(n, "name"))
			}
		}
	}
}
