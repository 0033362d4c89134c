package main

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"jishi/internal/market"
)

// TestAPIReads asks what anyone may ask of the demonstration data.
func TestAPIReads(t *testing.T) {
	w := startAPI(t)
	t.Run("search", func(t *testing.T) { w.in(t).search() })
	t.Run("pages of a search", func(t *testing.T) { w.in(t).searchPages() })
	t.Run("matches of a demand", func(t *testing.T) { w.in(t).matches("demand", "achievement") })
	t.Run("matches of an achievement", func(t *testing.T) { w.in(t).matches("achievement", "demand") })
	t.Run("targets", func(t *testing.T) { w.in(t).targets() })
	t.Run("rows behind figures", func(t *testing.T) { w.in(t).drillDown() })
	t.Run("indicators", func(t *testing.T) { w.in(t).indicators() })
	t.Run("lists", func(t *testing.T) { w.in(t).lists() })
}

// in is the same world in a subtest.
func (w *apiWorld) in(t *testing.T) *apiWorld {
	sub := *w
	sub.T = t
	return &sub
}

type searchAnswer struct {
	Hits []struct {
		ID, Kind, Title, Summary string
		Demo                     bool
		Highlights               map[string][]market.Span
	}
	Facets map[string][]market.FacetCount
	Total  int
	Cursor string
}

func (w *apiWorld) find(query string) searchAnswer {
	w.Helper()
	var found searchAnswer
	w.ask(visitor, "GET", "/search?"+query, nil).want(200).read(&found)
	return found
}

func (w *apiWorld) search() {
	found := w.find("q=" + url.QueryEscape("镁合金"))
	if found.Total == 0 || len(found.Hits) == 0 || len(found.Facets["field"]) == 0 {
		w.Fatalf("%d hits of %d, facets %v", len(found.Hits), found.Total, found.Facets)
	}
	marked, kinds := 0, map[string]bool{}
	for _, hit := range found.Hits {
		kinds[hit.Kind] = true
		for field, text := range map[string]string{"title": hit.Title, "summary": hit.Summary} {
			for _, piece := range pieces(w, text, hit.Highlights[field]) {
				if marked++; !strings.Contains(piece, "镁合") && !strings.Contains(piece, "合金") {
					w.Errorf("%s of %s marks %q", field, hit.ID, piece)
				}
			}
		}
		if !hit.Demo {
			w.Errorf("%s is not marked as demonstration data", hit.ID)
		}
	}
	if marked == 0 || !kinds["achievement"] || !kinds["demand"] {
		w.Errorf("%d passages marked, kinds %v", marked, kinds)
	}
}

// pieces cuts the spans out of a text: ascending, apart, on character bounds.
func pieces(w *apiWorld, text string, spans []market.Span) []string {
	w.Helper()
	var all []string
	end := 0
	for _, s := range spans {
		if s.Start < end || s.End <= s.Start || s.End > len(text) {
			w.Fatalf("spans %v in %d bytes", spans, len(text))
		}
		piece := text[s.Start:s.End]
		if !utf8.ValidString(piece) {
			w.Errorf("span %v cuts a character of %q", s, text)
		}
		all, end = append(all, piece), s.End
	}
	return all
}

// searchPages walks over all listings and counts each once, as the lists do.
func (w *apiWorld) searchPages() {
	for _, kind := range []string{"achievement", "demand"} {
		var walked []string
		cursor := ""
		for range 50 {
			found := w.find("kind=" + kind + "&limit=7&sort=newest&cursor=" + url.QueryEscape(cursor))
			for _, hit := range found.Hits {
				walked = append(walked, hit.ID)
			}
			if cursor = found.Cursor; cursor == "" {
				break
			}
		}
		listed := w.walk("/"+kind+"s", 9)
		slices.Sort(walked)
		slices.Sort(listed)
		if !slices.Equal(walked, listed) || len(slices.Compact(walked)) < 40 {
			w.Errorf("%s: search walks over %d, the list has %d", kind, len(walked), len(listed))
		}
	}
}

// walk reads a list to its end and returns the ids in it.
func (w *apiWorld) walk(path string, limit int) []string {
	w.Helper()
	return w.walkAs(visitor, path, limit)
}

func (w *apiWorld) walkAs(as, path string, limit int) []string {
	w.Helper()
	var ids []string
	join, cursor := "?", ""
	if strings.Contains(path, "?") {
		join = "&"
	}
	for range 100 {
		var page struct {
			Items  []struct{ ID string }
			Cursor string
		}
		w.ask(as, "GET", path+join+"limit="+itoa(limit)+"&cursor="+url.QueryEscape(cursor), nil).want(200).read(&page)
		if len(page.Items) > limit {
			w.Fatalf("%s: %d items on a page of %d", path, len(page.Items), limit)
		}
		for _, item := range page.Items {
			ids = append(ids, item.ID)
		}
		if cursor = page.Cursor; cursor == "" {
			return ids
		}
	}
	w.Fatalf("%s has no end", path)
	return nil
}

func (w *apiWorld) matches(kind, other string) {
	found := w.find("kind=" + kind + "&q=" + url.QueryEscape("镁合金 挤压"))
	if len(found.Hits) == 0 {
		w.Fatal("nothing to match")
	}
	own := found.Hits[0].ID
	var got struct {
		Matches []struct {
			ID                  string
			Score               int
			Parts               []market.Part
			Evidence            market.Evidence
			Demand, Achievement map[string]any
		}
	}
	w.ask(visitor, "GET", "/"+kind+"s/"+own+"/matches", nil).want(200).read(&got)
	if len(got.Matches) == 0 {
		w.Fatalf("%s %s has no match", kind, found.Hits[0].Title)
	}
	mine := map[string]any{}
	w.ask(visitor, "GET", "/"+kind+"s/"+own, nil).want(200).read(&mine)
	last := 101
	for _, m := range got.Matches {
		theirs, demand, achievement := m.Achievement, mine, m.Achievement
		if other == "demand" {
			theirs, demand, achievement = m.Demand, m.Demand, mine
		}
		if m.ID != demand["id"].(string)+"."+achievement["id"].(string) || m.Score > last || m.Score < 1 {
			w.Errorf("match %s with score %d after %d", m.ID, m.Score, last)
		}
		last = m.Score
		w.parts(m.Score, m.Parts)
		w.passages(demand, m.Evidence.Demand)
		w.passages(achievement, m.Evidence.Achievement)
		for path, value := range leaves("", theirs) {
			if secret(path) && value != "" {
				w.Errorf("match %s shows %s = %q", m.ID, path, value)
			}
		}
	}
}

// partNames is what a score is made of.
var partNames = []string{"field", "freshness", "industry", "maturity", "mode", "price", "region", "requirements", "rights", "text"}

// parts are the named shares of a score.
func (w *apiWorld) parts(score int, parts []market.Part) {
	w.Helper()
	sum, most, names := 0, 0, []string{}
	for _, p := range parts {
		sum, most, names = sum+p.Points, most+p.Max, append(names, p.Name)
		if p.Points < 0 || p.Points > p.Max || p.Reason == "" {
			w.Errorf("part %+v", p)
		}
	}
	slices.Sort(names)
	if sum != score || most != 100 || !slices.Equal(names, partNames) {
		w.Errorf("score %d is the sum of %d of %d points in %v", score, sum, most, names)
	}
}

// passages are pieces of the document's own texts, with something marked.
func (w *apiWorld) passages(doc map[string]any, passages []market.Passage) {
	w.Helper()
	if len(passages) == 0 {
		w.Errorf("%v: no evidence", doc["title"])
	}
	for _, p := range passages {
		text, _ := doc[p.Field].(string)
		if p.Start < 0 || p.Start+len(p.Text) > len(text) || text[p.Start:p.Start+len(p.Text)] != p.Text {
			w.Errorf("%v: %q is not what stands at %d of %s", doc["title"], p.Text, p.Start, p.Field)
		}
		if len(pieces(w, p.Text, p.Spans)) == 0 {
			w.Errorf("%v: nothing is marked in %q", doc["title"], p.Text)
		}
	}
}

// lists are read by who may, to the end, whatever the page size.
func (w *apiWorld) lists() {
	for _, tt := range []struct {
		as, path string
		least    int
	}{
		{visitor, "/achievements", 40}, {visitor, "/demands", 60}, {visitor, "/organizations", 30}, {visitor, "/contracts", 25},
		{university, "/achievements?scope=own", 1}, {enterprise, "/demands?scope=own", 1}, {bureau, "/achievements?scope=queue", 0},
		{university, "/contracts?scope=own&side=seller", 1}, {enterprise, "/contracts?scope=own&side=buyer", 1},
		{bureau, "/contracts?scope=queue", 1}, {bureau, "/contracts?scope=queue&state=registered", 25},
		{visitor, "/organizations?kind=bureau", 1}, {broker, "/contracts?scope=own&side=broker", 1},
	} {
		small, large := w.walkAs(tt.as, tt.path, 3), w.walkAs(tt.as, tt.path, 100)
		slices.Sort(small)
		slices.Sort(large)
		if len(large) < tt.least || !slices.Equal(small, large) || len(slices.Compact(large)) != len(small) {
			w.Errorf("%s as %s: %d by threes, %d by hundreds, want at least %d", tt.path, tt.as, len(small), len(large), tt.least)
		}
	}
	for _, tt := range []struct {
		as, path string
		status   int
	}{
		{visitor, "/achievements?scope=own", 401}, {visitor, "/demands?scope=queue", 401}, {university, "/demands?scope=queue", 403},
		{visitor, "/contracts?scope=own", 401}, {visitor, "/contracts?scope=queue", 401}, {broker, "/contracts?scope=queue", 403},
		{visitor, "/achievements?scope=all", 422}, {visitor, "/contracts?scope=all", 422}, {visitor, "/me", 401},
		{university, "/contracts?scope=own&side=witness", 422}, {bureau, "/contracts?scope=queue&state=lost", 422},
	} {
		w.ask(tt.as, "GET", tt.path, nil).want(tt.status)
	}
}
