package main

import (
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/valyala/fasthttp"
)

// TestReadsChangeNothing asks every address there is to read as everybody, of
// records in every state, and compares the whole store.
func TestReadsChangeNothing(t *testing.T) {
	m, asked, start := startMatrix(t), 0, time.Now()
	var addresses []string
	made := map[string][]record{}
	for prefix, kind := range recordKinds {
		for _, state := range kind.states {
			made[prefix] = append(made[prefix], kind.make(m, state, ownOrg, ""))
		}
	}
	for _, w := range m.ways() {
		if w.method != http.MethodGet {
			continue
		}
		kind, prefix := kindOf(w.path)
		if kind == nil {
			addresses = append(addresses, record{}.address(w.base+w.path))
			continue
		}
		for _, r := range made[prefix] {
			addresses = append(addresses, r.address(w.base+w.path))
		}
	}
	before := wholeStore(t, m.data)
	for _, address := range addresses {
		for seat := range m.seats {
			for _, method := range []string{"GET", "HEAD"} {
				asked++
				if got := m.send(seat, method, address, "", 0); got.status >= 500 {
					t.Errorf("%s %s as %s: %d", method, address, seat, got.status)
				}
			}
		}
	}
	sameStore(t, m.data, before)
	t.Logf("%d addresses, %d requests in %v", len(addresses), asked, time.Since(start).Round(time.Millisecond))
}

// fromElsewhere is what says, or does not say, that a page of ours sent a
// request: none of it may pass.
var fromElsewhere = map[string][]string{
	"cross-site": {"Sec-Fetch-Site", "cross-site"}, "same site": {"Sec-Fetch-Site", "same-site"}, "unknown site": {"Sec-Fetch-Site", "moon"},
	"foreign origin": {"Origin", "https://evil.example"}, "null origin": {"Origin", "null"}, "no word of where": {},
	"our name in it": {"Origin", "https://127.0.0.1.evil.example"}, "a port of ours": {"Origin", "http://127.0.0.1:81"}, "no address": {"Origin", "::"},
	"both, at odds": {"Sec-Fetch-Site", "cross-site", "Origin", "http://127.0.0.1"}, "a referrer": {"Referer", "http://127.0.0.1/desk"},
	"a form of an API": {"Content-Type", "application/json"}, "a token it is not": {"X-CSRF-Token", "x"},
}

// TestCrossSite sends to every address that changes something what another
// site's page can make a browser send, with the cookie of everybody.
func TestCrossSite(t *testing.T) {
	m, sent := startMatrix(t), 0
	records := m.oneOfEach()
	before := wholeStore(t, m.data)
	for _, w := range m.ways() {
		if w.method == http.MethodGet {
			continue
		}
		_, prefix := kindOf(w.path)
		address := records[prefix].address(w.base + w.path)
		for seat := range m.seats {
			if seat == "visitor" {
				continue // has no cookie to misuse
			}
			for what, header := range fromElsewhere {
				sent++
				got := m.raw(seat, w.method, address, "note=x&version=1", append([]string{"Content-Type", "application/x-www-form-urlencoded"}, header...))
				if got.status != http.StatusForbidden {
					t.Errorf("%s as %s, %s: %d", w, seat, what, got.status)
				}
			}
		}
	}
	sameStore(t, m.data, before)
	t.Logf("%d requests", sent)
}

// oneOfEach makes a record of each kind that belongs to somebody else.
func (m *matrixWorld) oneOfEach() map[string]record {
	all := map[string]record{}
	for prefix, kind := range recordKinds {
		all[prefix] = kind.make(m, kind.states[0], otherOrg, "")
	}
	return all
}

// vile is bodies of forms that no page makes.
func vile() map[string]string {
	good := "version=1&note=x&title=x&name=x&login=x%40y.cn&password=x&then=next&key=k&number=1"
	return map[string]string{
		"nothing": "", "only signs": "&&&===&", "broken escapes": "note=%&title=%zz&version=%1", "NUL": good + "&note=a%00b&title=%00&name=%00", "not UTF-8": good + "&note=%ff%fe&title=%c3%28&name=%ff",
		"overlong UTF-8": good + "&note=%c0%af%c0%ae&name=%e0%80%af", "line breaks": good + "&note=a%0d%0aSet-Cookie:%20a=b&next=%2fdesk%0d%0aX:%20y&then=%0d%0aLocation:%20x",
		"direction": good + "&note=%e2%80%ae&title=%e2%80%ae&name=%e2%80%8b", "half a surrogate": good + "&note=%ed%a0%80", "a thousand notes": good + strings.Repeat("&note=x&roles=admin", 1_000),
		"100,000 fields": strings.Repeat("a=1&", 100_000), "a long note": "version=1&note=" + strings.Repeat("a", 1_000_000), "a long name": strings.Repeat("a", 500_000) + "=1",
		"a huge version": strings.Replace(good, "version=1", "version=99999999999999999999999", 1), "a negative version": strings.Replace(good, "version=1", "version=-1", 1),
		"a script":    "version=1&note=%3Cscript%3Ealert(1)%3C%2Fscript%3E&title=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E&name=%3Cscript%3Ealert(1)%3C%2Fscript%3E&login=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E",
		"an operator": "note[$ne]=x&version[$gt]=0&login[$ne]=x&password[$ne]=x", "JSON": `{"note":"x","state":"published","owner":"x"}`, "deep JSON": strings.Repeat("[", 100_000),
		"away": good + "&next=https%3A%2F%2Fevil.example&next=%2F%2Fevil.example&then=https://evil.example", "a template": good + "&note={{.}}%24%7B7*7%7D&title={{template+%22x%22}}",
		"XML":         `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>`,
		"many parts":  "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../../etc/passwd\"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.4\r\n<script>alert(1)</script>\r\n--x--\r\n",
		"half a part": "--x\r\nContent-Disposition: form-data; name=\"file\"", "parts in parts": strings.Repeat("--x\r\nContent-Type: multipart/form-data; boundary=x\r\n\r\n", 5_000),
		"all that is ours to set": good + "&state=published&owner=" + string(ownOrg) + "&org=" + string(ownOrg) + "&roles=admin&role=admin&verified=true&submitter=x&id=x&_id=x&price=1&memberships=x&epoch=9&disabled=false&import_key=x&history=x&registration.number=1",
	}
}

var formKinds = []string{"application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json", "text/plain", "", "multipart/form-data; boundary=" + strings.Repeat("x", 200), "application/x-www-form-urlencoded; charset=utf-7"}

// TestHostileForms sends them to every page that takes one, as everybody: the
// program never fails, tells nothing of itself, shows no script as one, and
// what belongs to others stays as it is.
func TestHostileForms(t *testing.T) {
	m, sent, start := startMatrix(t), 0, time.Now()
	records := m.oneOfEach()
	bodies := vile()
	before := wholeStore(t, m.data)
	for _, w := range m.ways() {
		if w.method == http.MethodGet || w.base != "" {
			continue
		}
		_, prefix := kindOf(w.path)
		r := records[prefix]
		address := r.address(w.path)
		for _, seat := range []string{"visitor", "applicant", "due", "unverified", "suspended", "supplier", "broker", "manager"} {
			if granted(m.seats[seat], w.needs, false, r.state) || prefix == "" && granted(m.seats[seat], w.needs, true, "") {
				continue // what one's own doing may be, is for the tests of forms
			}
			for what, body := range bodies {
				for _, kind := range formKinds[:1+sent%len(formKinds)] {
					sent++
					m.harmless(w.String()+" as "+seat+", "+what+" as "+kind, m.raw(seat, w.method, address, body, []string{"Content-Type", kind, "Sec-Fetch-Site", "same-origin"}))
				}
			}
		}
	}
	sameStore(t, m.data, before)
	t.Logf("%d requests in %v", sent, time.Since(start).Round(time.Millisecond))
}

// TestHostileAddresses asks every page and action with ids that are none, with
// parameters that nobody meant, and with headers that other servers listen to.
func TestHostileAddresses(t *testing.T) {
	m, sent, start := startMatrix(t), 0, time.Now()
	records := m.oneOfEach()
	tricks := [][]string{
		{"X-HTTP-Method-Override", "DELETE"}, {"X-Original-URL", "/desk"}, {"X-Rewrite-URL", "/desk"}, {"X-Forwarded-Host", "evil.example"}, {"X-Forwarded-For", "127.0.0.1, ::1"},
		{"X-Forwarded-Proto", "https"}, {"Host", "evil.example"}, {"HX-Request", "true"}, {"Accept", "application/json"}, {"Accept-Language", strings.Repeat("zh,", 2_000)}, {"Range", "bytes=0-1,2-3"},
		{"If-None-Match", "*"}, {"Cookie", "jishi=visitor; jishi=admin; jishi=" + strings.Repeat("a", 4_000)}, {"Cookie", "flash=%3Cscript%3Ealert(1)%3C%2Fscript%3E"}, {"Referer", "javascript:alert(1)"},
		{"X-User", "admin"}, {"X-Remote-User", "admin"}, {"Authorization", "Basic YWRtaW46YWRtaW4="}, {"Authorization", "Bearer null"}, {"Content-Length", "5"}, {"Expect", "100-continue"}, {"Upgrade", "websocket"},
	}
	before, ways := wholeStore(t, m.data), m.ways()
	for n, w := range ways {
		kind, prefix := kindOf(w.path)
		address := records[prefix].address(w.base + w.path)
		site := []string{"Sec-Fetch-Site", "same-origin"}
		for _, seat := range []string{"visitor", "applicant"} {
			if w.method != http.MethodGet && granted(m.seats[seat], w.needs, kind == nil, records[prefix].state) {
				continue // what they may do
			}
			for _, header := range tricks {
				sent++
				m.harmless(w.String()+" with "+header[0], m.raw(seat, w.method, address, "", append(slices.Clone(site), header...)))
			}
			for _, id := range impossible {
				odd := w.base + w.path
				for name := range records[prefix].params {
					odd = strings.ReplaceAll(odd, name, id)
				}
				sent++
				m.harmless(w.String()+" of "+id, m.raw(seat, w.method, record{}.address(odd), "", site))
			}
			for i, value := range strange {
				name := []string{"q", "cursor", "tab", "kind", "next", "after", "page", "from", "state", "limit", "token", "ticket", "file", "month", "by", "action", "format"}[(n+i)%17]
				sent++
				m.harmless(w.String()+"?"+name+"="+value, m.raw(seat, w.method, address+"?"+name+"="+value+"&"+name+"=%22%3E%3Cscript%3Ealert(1)%3C/script%3E", "", site))
			}
			for _, method := range []string{"PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"} {
				sent++
				if !slices.ContainsFunc(ways, func(o way) bool { return o.method == method && o.base == w.base && o.path == w.path }) {
					m.harmless(method+" "+address, m.raw(seat, method, address, "", site))
				}
			}
		}
	}
	sameStore(t, m.data, before)
	t.Logf("%d requests in %v", sent, time.Since(start).Round(time.Millisecond))
}

// harmless fails unless an answer is one that anybody may see.
func (m *matrixWorld) harmless(what string, got answered) {
	m.Helper()
	switch {
	case got.status >= 500:
		m.Errorf("%.300s: %d %.300s", what, got.status, got.body)
	case strings.Contains(got.body, "<script>alert(1)"):
		m.Errorf("%.300s: shows a script", what)
	case got.location != "" && !strings.HasPrefix(got.location, "/") || strings.HasPrefix(got.location, "//") || strings.ContainsAny(got.location, "\r\n\\"):
		m.Errorf("%.300s: leads to %q", what, got.location)
	case got.header("Content-Security-Policy") == "" || got.header("X-Content-Type-Options") != "nosniff":
		m.Errorf("%.300s: %d without the headers every answer has", what, got.status)
	}
	for _, word := range tattle {
		if strings.Contains(got.body, word) {
			m.Errorf("%.300s: the answer says %q", what, word)
		}
	}
}

// raw sends a request from a seat with exactly the headers given.
func (m *matrixWorld) raw(seat, method, path, body string, header []string) answered {
	var ctx fasthttp.RequestCtx
	req := &fasthttp.Request{}
	req.Header.SetMethod(method)
	req.SetRequestURI(path)
	req.Header.SetHost("127.0.0.1")
	if seat != "visitor" {
		req.Header.Set("Cookie", "jishi="+url.PathEscape(seat))
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	req.SetBodyString(body)
	ctx.Init(req, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1}, nil)
	m.handle(&ctx)
	return answerOf(&ctx)
}
