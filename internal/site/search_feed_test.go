package site

import (
	"encoding/xml"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// feedXML is what readers of feeds read.
type feedXML struct {
	Version string `xml:"version,attr"`
	Channel struct {
		Title       string `xml:"title"`
		Link        string `xml:"link"`
		Description string `xml:"description"`
		Items       []struct {
			Title   string `xml:"title"`
			Link    string `xml:"link"`
			GUID    string `xml:"guid"`
			PubDate string `xml:"pubDate"`
		} `xml:"item"`
	} `xml:"channel"`
}

func TestFeedOfASearch(t *testing.T) {
	w := shelf(t)
	link := w.get("", "/search?"+encode("q=镁&sort=price&kind=achievement")).is(200).one("link[rel=alternate]")
	if attr(link, "href") != "/search.rss?"+encode("q=镁&kind=achievement") {
		t.Errorf("the feed is at %s", attr(link, "href"))
	}
	feed := w.get("", attr(link, "href")).is(200)
	var read feedXML
	must(t, xml.Unmarshal([]byte(feed.body), &read))
	c := read.Channel
	if read.Version != "2.0" || !strings.Contains(c.Title, "镁") || c.Link == "" || c.Description == "" || len(c.Items) != 2 {
		t.Fatalf("%s", feed.body)
	}
	for _, item := range c.Items {
		at, err := time.Parse(time.RFC1123Z, item.PubDate)
		address, bad := url.Parse(item.Link)
		if err != nil || bad != nil || at.IsZero() || item.GUID != item.Link || !strings.HasPrefix(address.Path, "/achievements/") {
			t.Errorf("item %+v: %v, %v", item, err, bad)
		}
	}
	w.get("", "/search.rss?trl_min=x").is(422)
}

func TestFeedIsReadAgainOnlyWhenChanged(t *testing.T) {
	w := shelf(t)
	ask := func(headers map[string]string) (status int, tag, changed string) {
		t.Helper()
		request := httptest.NewRequest(http.MethodGet, "/search.rss?q="+url.QueryEscape("镁"), nil)
		for name, value := range headers {
			request.Header.Set(name, value)
		}
		got := w.send("", request)
		return got.status, got.header.Get("ETag"), got.header.Get("Last-Modified")
	}
	status, tag, changed := ask(nil)
	if status != 200 || tag == "" || changed == "" {
		t.Fatalf("%d, tag %q, changed %q", status, tag, changed)
	}
	for name, headers := range map[string]map[string]string{
		"by tag": {"If-None-Match": tag}, "by day": {"If-Modified-Since": changed}, "the tag decides": {"If-None-Match": tag, "If-Modified-Since": "Mon, 02 Jan 2006 15:04:05 GMT"},
	} {
		if status, _, _ := ask(headers); status != 304 {
			t.Errorf("%s: %d, want 304", name, status)
		}
	}
	for name, headers := range map[string]map[string]string{
		"another tag": {"If-None-Match": `"x"`, "If-Modified-Since": changed}, "older": {"If-Modified-Since": "Mon, 02 Jan 2006 15:04:05 GMT"}, "no day": {"If-Modified-Since": "gestern"},
	} {
		if status, _, _ := ask(headers); status != 200 {
			t.Errorf("%s: %d, want 200", name, status)
		}
	}
}
