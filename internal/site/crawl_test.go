package site

import (
	"net/url"
	"slices"
	"strings"
	"testing"
)

// crawlPages bounds the pages that one reader opens.
const crawlPages = 250

// Starting at the front door, no reader finds a dead link: not on any page,
// not to a place on a page, not to a file.
func TestNoDeadLinks(t *testing.T) {
	w := newWorld(t)
	w.registered(8)
	w.publish("university", "/achievements", magnesium())
	w.publish("enterprise", "/demands", housing())
	w.post("university", "/achievements", with(magnesium(), "title", "草稿里的成果", "rights.0.number", "")).leads("/achievements/")
	w.post("enterprise", "/demands", with(housing(), "title", "等着审核的需求", "then", "submit")).leads("/demands/")
	w.post("university", "/contracts", url.Values{"project": {"有缺项的合同"}, "then": {"draft"}}).leads("/contracts/")
	w.fileContract("university", rolling())
	back := w.fileContract("university", with(rolling(), "project", "退回的合同"))
	w.act("officer", back, "return", "请补正").leads(back)
	checked := w.upload("university", "a.csv", someContracts, "kind", "contracts", "dry_run", "yes").leads("/imports/")
	w.finished("university", checked)
	w.catchUp()
	readers := map[string][]string{"": {"/"}, "university": {"/", checked}, "enterprise": {"/"}, "broker": {"/"}, "newcomer": {"/"}, "officer": {"/", checked}}
	for as, start := range readers {
		t.Run("as "+as, func(t *testing.T) {
			c := &crawl{world: w, as: as, queue: start, known: make(map[string]bool), shapes: make(map[string]int)}
			c.run(t)
			if c.opened < 30 {
				t.Errorf("opened %d pages only", c.opened)
			}
		})
	}
}

// crawl is one reader following links.
type crawl struct {
	*world
	as     string
	queue  []string
	known  map[string]bool
	shapes map[string]int // pages opened of each kind of address
	opened int
}

func (c *crawl) run(t *testing.T) {
	for len(c.queue) > 0 && c.opened < crawlPages {
		path := c.queue[0]
		c.queue = c.queue[1:]
		if c.known[path] || !c.wanted(path) || strings.HasPrefix(path, "/api/") { // which package api answers
			continue
		}
		c.known[path] = true
		c.opened++
		page := c.get(c.as, path)
		switch {
		case page.status >= 400:
			t.Errorf("%s = %d", page.asked, page.status)
		case page.status >= 300:
			c.follow(t, page)
		case page.page != nil:
			c.collect(t, page)
		}
	}
}

// wanted bounds how many addresses that differ in their query only are opened.
func (c *crawl) wanted(path string) bool {
	u, err := url.Parse(path)
	if err != nil {
		return true // and fails
	}
	keys := make([]string, 0, len(u.Query()))
	for key := range u.Query() {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	shape := u.Path + "?" + strings.Join(keys, "&")
	c.shapes[shape]++
	return c.shapes[shape] <= 5
}

// follow goes on where a page sends the reader; only visitors are sent to sign in.
func (c *crawl) follow(t *testing.T, page *answer) {
	to := page.header.Get("Location")
	if strings.HasPrefix(to, "/sign-in") && c.as != "" {
		t.Errorf("%s asks somebody to sign in who has", page.asked)
	}
	c.queue = append(c.queue, to)
}

// collect queues the links of a page and checks those to places on it.
func (c *crawl) collect(t *testing.T, page *answer) {
	for _, link := range page.all("a[href]") {
		href := attr(link, "href")
		path, place, _ := strings.Cut(href, "#")
		switch {
		case strings.HasPrefix(href, "tel:") || strings.HasPrefix(href, "mailto:"):
		case path == "" && place != "" && len(page.all("#"+place)) == 0:
			t.Errorf("%s: no place #%s on the page", page.asked, place)
		case path == "":
		case !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//"):
			t.Errorf("%s leads to %q", page.asked, href)
		default:
			c.queue = append(c.queue, path)
		}
	}
	for _, form := range page.all("form[method=get]") {
		c.queue = append(c.queue, attr(form, "action"))
	}
}
