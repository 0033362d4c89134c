package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// mutations is how many requests TestAPIMutations sends; the environment's
// JISHI_TEST_REQUESTS asks for more.
const mutations = 2_000

// TestAPIMutations spoils good requests at random: never the program's
// failure, every answer as the document says, and nothing changes in the store
// but what an answer reported.
func TestAPIMutations(t *testing.T) {
	count := mutations
	if more, err := strconv.Atoi(os.Getenv("JISHI_TEST_REQUESTS")); err == nil {
		count = more
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	w := startAPI(t)
	m := mutator{stage: w.stage(), rand: rand.New(rand.NewPCG(seed, 0))}
	for path, item := range w.document.Paths.Map() {
		for method := range item.Operations() {
			if method == http.MethodGet {
				m.reads = append(m.reads, m.stage.real(path))
			}
		}
	}
	slices.Sort(m.reads)
	r := reports{known: w.versions(), count: map[int]int{}}
	queue := make(chan *http.Request)
	var wait sync.WaitGroup
	for range senders {
		wait.Go(func() {
			for req := range queue {
				r.check(w, req)
			}
		})
	}
	for range count {
		queue <- m.next()
	}
	close(queue)
	wait.Wait()
	r.compare(w)
	t.Logf("%d requests; answers by status: %v", count, r.count)
	if r.count[200] < count/50 || r.count[422] < count/50 || r.count[201] == 0 {
		t.Error("the mutations are too tame or too wild to show anything")
	}
}

// reports is what answers told of changes.
type reports struct {
	mu    sync.Mutex
	known map[string]int64
	count map[int]int
}

func (r *reports) check(w *apiWorld, req *http.Request) {
	body := ""
	if req.GetBody != nil {
		content, _ := req.GetBody()
		raw := make([]byte, 600)
		n, _ := content.Read(raw)
		body = string(raw[:n])
	}
	got := w.send(req)
	err := refusal(attempt{mayPass: true, method: req.Method}, got)
	if err == nil {
		err = w.conforms(req, got, false)
	}
	if err != nil {
		w.Errorf("%s %q: %v\n%d %.400s", got.request, body, err, got.status, got.body)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.count[got.status]++
	if req.Method == http.MethodGet || got.status >= 400 {
		return
	}
	var d doc
	if json.Unmarshal(got.body, &d) == nil && d.ID != "" {
		kind, _, _ := strings.Cut(strings.TrimPrefix(req.URL.Path, "/api/v1/"), "/")
		r.known[kind+"/"+d.ID] = max(r.known[kind+"/"+d.ID], d.Version)
	}
}

// compare holds the store against what was reported. Claims belong to
// submitting and imports go on by themselves.
func (r *reports) compare(w *apiWorld) {
	w.Helper()
	for id, version := range w.versions() {
		if strings.HasPrefix(id, "claims/") {
			continue
		}
		if known, ok := r.known[id]; !ok || known != version && !strings.HasPrefix(id, "imports/") {
			w.Errorf("%s is at version %d, no answer reported more than %d", id, version, known)
		}
	}
}

// mutator makes requests out of good ones.
type mutator struct {
	stage stage
	reads []string
	rand  *rand.Rand
}

func (m *mutator) next() *http.Request {
	as := everybody[m.rand.IntN(len(everybody))]
	if m.rand.IntN(3) == 0 {
		return m.stage.w.request(as, "GET", m.query(pick(m, m.reads)), nil, m.header()...)
	}
	if m.rand.IntN(30) == 0 {
		file := m.bytes([]byte(goodHeader + "m-1,随机的成果,简介,05,license,middle,示例大学,1\n"))
		return m.stage.w.request(as, "POST", "/imports?dry_run=true&kind=achievements", file)
	}
	wr := pick(m, m.stage.writes)
	for strings.HasPrefix(wr.path, "/sessions") && m.rand.IntN(20) > 0 { // each costs a password's hash
		wr = pick(m, m.stage.writes)
	}
	if m.rand.IntN(4) > 0 {
		as = wr.as
	}
	body, path := m.body(wr), wr.path
	if m.rand.IntN(10) == 0 {
		path = m.query(path)
	}
	header := m.header()
	if wr.method == http.MethodPut && len(header) == 0 {
		header = wr.headers(m.stage)
	}
	return m.stage.w.request(as, wr.method, path, body, header...)
}

func pick[T any](m *mutator, list []T) T { return list[m.rand.IntN(len(list))] }

// body is the good body with one to three things changed.
func (m *mutator) body(wr writing) string {
	body, others := wr.fresh(), []string{}
	schema := m.stage.schema(wr)
	for name := range schema.Properties {
		others = append(others, name)
	}
	slices.Sort(others)
	for range m.rand.IntN(3) {
		if len(others) > 0 {
			body[pick(m, others)] = m.value(3)
		}
	}
	if title, ok := body["title"].(string); ok && m.rand.IntN(2) == 0 {
		body["title"] = title + itoa(m.rand.IntN(1_000_000))
	}
	raw, err := json.Marshal(body)
	m.stage.w.must(err)
	if m.rand.IntN(4) == 0 {
		raw = m.bytes(raw)
	}
	return string(raw)
}

// value is anything JSON can say, more often what a field could hold.
func (m *mutator) value(depth int) any {
	texts := []string{"", "x", "05", "C", "license", "middle", "2026-02-30", "2026-01-01", "示例大学", "13812345678", "a@b.cn", "91500155DEM0001964", "ZL201710601862.3",
		"\u202e", "\U0001F600", strings.Repeat("长", 201), "<script>alert(1)</script>", "=1+1", "\x00", "ge", "invention", "fixed", "500155", " ", "\u200b", "e\u0301"}
	numbers := []any{0, 1, -1, 9, 10, 1.5, json.RawMessage("1e15"), 1_000_000_000_000_000, 1_000_000_000_000_001, json.RawMessage("9223372036854775808"), json.RawMessage("-0")}
	switch n := m.rand.IntN(10); {
	case n < 5:
		return pick(m, texts)
	case n < 7:
		return pick(m, numbers)
	case n == 7 || depth == 0:
		return pick(m, []any{nil, true, false})
	case n == 8:
		list := make([]any, m.rand.IntN(25))
		for i := range list {
			list[i] = m.value(depth - 1)
		}
		return list
	default:
		object := map[string]any{}
		for range m.rand.IntN(4) {
			object[pick(m, []string{"name", "org", "code", "field", "industry", "stage", "trl", "low_fen", "high_fen", "mode", "phone", "total_fen", "technology_fen", "signed", "kind", "number", "x"})] = m.value(depth - 1)
		}
		return object
	}
}

// bytes changes a few bytes.
func (m *mutator) bytes(raw []byte) []byte {
	raw = slices.Clone(raw)
	for range 1 + m.rand.IntN(4) {
		at := m.rand.IntN(len(raw))
		switch m.rand.IntN(4) {
		case 0:
			raw[at] = byte(m.rand.IntN(256))
		case 1:
			raw = slices.Insert(raw, at, byte(m.rand.IntN(256)))
		case 2:
			raw = slices.Delete(raw, at, min(at+1+m.rand.IntN(8), len(raw)))
		default:
			raw = slices.Insert(raw, at, raw[at:min(at+20, len(raw))]...)
		}
		if len(raw) == 0 {
			return []byte("{")
		}
	}
	return raw
}

// query adds parameters to a path.
func (m *mutator) query(path string) string {
	names := []string{"q", "kind", "field", "industry", "stage", "mode", "owner", "price_min", "price_max", "sort", "cursor", "limit", "scope", "side", "state",
		"from", "to", "month", "year", "type", "origin", "seller_division", "buyer_division", "by", "basis", "format", "x"}
	values := append([]string{"", "1", "05", "C", "license", "demand", "newest", "price", "own", "queue", "registered", "seller", "2025", "2025-03", "month,type",
		"paid", "xlsx", "500155", "XK", "%E9%95%81%E5%90%88%E9%87%91", "%2C%2C", "100", "BQAAAAA", "FAAAAAJpAAIAAAB4AAA"}, strange...)
	for i := range m.rand.IntN(4) {
		path += fmt.Sprintf("%c%s=%s", "?&"[min(i, 1)], pick(m, names), pick(m, values))
	}
	return path
}

// header is now and then one that says something else.
func (m *mutator) header() []string {
	if m.rand.IntN(6) > 0 {
		return nil
	}
	return pick(m, [][]string{
		{"If-Match", `"1"`}, {"If-Match", `"2"`}, {"If-Match", "*"}, {"If-Match", "x"}, {"Content-Type", "application/json; charset=gbk"}, {"Accept", "text/html"},
		{"Accept-Encoding", "gzip"}, {"Range", "bytes=0-1"}, {"If-None-Match", `"1"`}, {"Idempotency-Key", "k" + itoa(m.rand.IntN(5))}, {"X-HTTP-Method-Override", "DELETE"},
		{"X-Forwarded-For", "10.0.0.1"}, {"Origin", "https://evil.example"}, {"Sec-Fetch-Site", "cross-site"}, {"Cookie", "session=x"}, {"HX-Request", "true"},
		{"X-Request-ID", "<script>"}, {"Content-Language", strings.Repeat("a", 5_000)}, {"Authorization", "Basic YTpi"}, {"Host", "evil.example"},
	})
}
