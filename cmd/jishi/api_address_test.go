package main

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// strange is values that no filter of ours takes.
var strange = []string{"nope", "-1", "%00", "%ff", "a%0d%0aSet-Cookie:%20a=b", "%7B%22$ne%22:null%7D", "'%20or%20'1'='1", strings.Repeat("a", 3_000), "%E9%95%81", "1e9", "../../etc/passwd"}

// numbers is values that no page size, year or amount is.
var numbers = []string{"0", "-1", "101", "1000000000", "99999999999999999999", "x", "1.5", "%00", "%ff", "0x10", "１０", "null", "[]"}

// refusing is which parameters refuse what is strange, by path or for all.
var refusing = map[string][]string{
	"/search":              {"kind", "field", "industry", "stage", "mode", "price_min", "price_max", "sort", "cursor"},
	"/achievements":        {"scope", "cursor"},
	"/demands":             {"scope", "cursor"},
	"/contracts":           {"scope", "from", "to", "month", "year", "cursor"},
	"/organizations":       {"kind", "cursor"},
	"/turnover":            {"from", "to", "by", "basis"},
	"/indicators":          {"year"},
	"/imports/{id}/report": {"format"},
}

// numeric is which of them are numbers.
var numeric = []string{"limit", "price_min", "price_max", "year"}

// queries asks every list with every parameter it has, wrongly.
func (s stage) queries() []attempt {
	var all []attempt
	for path, item := range s.w.document.Paths.Map() {
		for method, operation := range item.Operations() {
			if method != "GET" {
				continue
			}
			at := s.real(path)
			reads := s.w.send(s.w.request(bureau, method, at, nil)).status < 400
			for _, p := range operation.Parameters {
				if p.Value.In != "query" {
					continue
				}
				must := p.Value.Name == "limit" || slices.Contains(refusing[path], p.Value.Name)
				values := strange
				if slices.Contains(numeric, p.Value.Name) {
					values = slices.Concat(strange, numbers)
				}
				for _, value := range values {
					for _, as := range everybody {
						a := attempt{what: "query", as: as, method: method, path: at + "?" + p.Value.Name + "=" + value, mayPass: !must || harmless(p.Value.Name, value)}
						if must && !a.mayPass && as == bureau && reads && p.Value.Name != "cursor" {
							a.field = p.Value.Name
						}
						all = append(all, a)
					}
				}
			}
			all = append(all, s.oddQueries(at)...)
		}
	}
	return all
}

// harmless reports whether a strange value means something after all.
func harmless(name, value string) bool {
	return strings.HasPrefix(name, "price") && slices.Contains([]string{"0", "101", "1000000000"}, value)
}

// oddQueries are wrong whatever the parameters are.
func (s stage) oddQueries(path string) []attempt {
	var all []attempt
	for what, query := range map[string]string{
		"far page": "page=1000000000&offset=1000000000", "no name": "=1", "only signs": "&&&&==&", "broken escape": "%zz=%z", "many": strings.Repeat("a=1&", 2_000),
		"10,000 filters": strings.Repeat("field=01&", 10_000), "1,600 filters": strings.Repeat("field=01&", 1_600), "list in one": "field=" + strings.Repeat("01,", 4_000),
		"not UTF-8 in a name": "%ff=1", "a control in a name": "a%01=1", "brackets": "limit[$gt]=1", "twice": "limit=1&limit=2",
	} {
		for _, as := range []string{visitor, bureau} {
			all = append(all, attempt{what: what, as: as, method: "GET", path: path + "?" + query, mayPass: true})
			all = append(all, attempt{what: what, as: as, method: "HEAD", path: path + "?" + query, mayPass: true, unanswered: true})
		}
	}
	return all
}

// real is a path of the document with an id that is there.
func (s stage) real(path string) string {
	kind, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	id := s.ids[kind+" published"] + s.ids[map[bool]string{true: "contracts registered"}[kind == "contracts"]]
	path = strings.ReplaceAll(path, "{kind}", "achievements")
	if kind == "imports" {
		id = "none"
	}
	if kind == "files" {
		id = s.ids["files"]
	}
	if kind == "organizations" {
		id = string(s.organization)
	}
	return bracketed.ReplaceAllString(strings.ReplaceAll(path, "{id}", cmp.Or(id, "none")), "none")
}

// impossible is ids that no document has.
var impossible = []string{
	"x", "0", "-1", "%00", "%ff", "%2e%2e", "..%2f..%2fetc%2fpasswd", "'%20or%201=1", "%7B%22$gt%22:%22%22%7D", "%E9%95%81", "a%0d%0ab", "null", "undefined",
	"*", "a.b", "a;b", "%252e", "%20", strings.Repeat("a", 129), strings.Repeat("a", 130), strings.Repeat("a", 5_000), "01a2053c-3759-7c6d-9b32-11850f478c04",
}

// ids asks every action on one document for one that is not there.
func (s stage) wrongIDs() []attempt {
	var all []attempt
	for path, item := range s.w.document.Paths.Map() {
		if !strings.Contains(path, "{") {
			continue
		}
		for method := range item.Operations() {
			for _, id := range impossible {
				for _, as := range everybody {
					a := attempt{what: "id", as: as, method: method, statuses: []int{400, 401, 403, 404, 415, 422, 428}}
					a.path = bracketed.ReplaceAllLiteralString(path, id)
					if method != "GET" {
						a.body = `{"note":"说明"}`
					} else if as == bureau {
						a.statuses = []int{403, 404}
					}
					all = append(all, a)
				}
			}
		}
	}
	return all
}

// conditions sends writes that would be taken with an If-Match that is none.
func (s stage) conditions() []attempt {
	var all []attempt
	for _, wr := range s.writes {
		if !strings.Contains(s.pattern(wr.path), "{id}") {
			continue
		}
		for _, tag := range []string{`"0"`, `"-1"`, `"99"`, "1", `W/"1"`, `"1", "2"`, `"1" ` + strings.Repeat("a", 3_000), `""`, `"a"`, "null", `"1e0"`, `" 1"`, "\"\xff\"", `"+1"`, `"01"`} {
			a := attempt{what: "If-Match " + tag, as: wr.as, method: wr.method, path: wr.path, body: wr.base, header: []string{"If-Match", tag}, statuses: []int{412}}
			all = append(all, a)
		}
		if wr.method == http.MethodPut {
			all = append(all, attempt{what: "no If-Match", as: wr.as, method: wr.method, path: wr.path, body: wr.base, statuses: []int{428}})
		}
	}
	return all
}

// crossSite sends what another site's page can make a browser send: the cookie
// of somebody signed in, and where the request comes from.
func (s stage) crossSite() []attempt {
	form := url.Values{"login": {bureau}, "password": {demoPassword}}.Encode()
	req := s.w.request(visitor, "POST", "", form, "Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin")
	req.URL.Path = "/sign-in"
	cookie, _, _ := strings.Cut(s.w.send(req).header.Get("Set-Cookie"), ";")
	if !strings.Contains(cookie, "=") {
		s.w.Fatalf("signing in on the page gave no cookie")
	}
	var all []attempt
	for _, wr := range s.writes {
		for what, header := range map[string][]string{
			"cross-site": {"Sec-Fetch-Site", "cross-site"}, "same site": {"Sec-Fetch-Site", "same-site"}, "unknown site": {"Sec-Fetch-Site", "moon"},
			"foreign origin": {"Origin", "https://evil.example"}, "null origin": {"Origin", "null"}, "no word of where": {},
			"origin with our name in it": {"Origin", "https://" + s.w.address + ".evil.example"}, "both, at odds": {"Sec-Fetch-Site", "cross-site", "Origin", s.w.base},
		} {
			a := attempt{what: what, as: visitor, method: wr.method, path: wr.path, body: wr.base, statuses: []int{403}}
			a.header = append([]string{"Cookie", cookie}, header...)
			all = append(all, a)
			b := a
			b.what, b.header = what+" as a form", append([]string{"Content-Type", "text/plain"}, a.header...)
			all = append(all, b)
		}
	}
	for _, site := range []string{"cross-site", "same-site"} {
		all = append(all, attempt{what: "reads with a cookie from elsewhere", as: visitor, method: "GET", path: "/me", header: []string{"Cookie", cookie, "Sec-Fetch-Site", site}, statuses: []int{401}})
	}
	return all
}
