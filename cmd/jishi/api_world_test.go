package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"jishi/internal/market"
	"jishi/internal/store"
)

// The people who ask in the API's tests. A visitor has no sign-in.
const (
	visitor    = "visitor"
	university = "university@demo"
	enterprise = "enterprise@demo"
	broker     = "broker@demo"
	bureau     = "bureau@demo"
)

var everybody = []string{visitor, university, enterprise, broker, bureau}

// apiWorld is the program serving its demonstration data, asked over HTTP.
// Every answer is held against the OpenAPI document it serves.
type apiWorld struct {
	*testing.T
	h        *house
	address  string // host:port
	base     string
	client   *http.Client
	document *openapi3.T
	router   routers.Router
	tokens   map[string]string
	asked    *atomic.Int64 // requests so far
	log      string        // file of the program's log
}

// startAPI serves a fresh demonstration store as `jishi demo` does.
func startAPI(t *testing.T) *apiWorld {
	t.Helper()
	w := &apiWorld{T: t, tokens: map[string]string{}, asked: new(atomic.Int64), log: filepath.Join(t.TempDir(), "log")}
	cfg := config{Data: t.TempDir(), Listen: "127.0.0.1:0"}
	h, err := openHouse(t.Context(), cfg)
	w.must(err)
	t.Cleanup(h.close)
	w.must(h.fillDemo(t.Context()))
	w.h = h
	w.serve(cfg)
	w.client = &http.Client{
		Timeout:       20 * time.Second,
		Transport:     &http.Transport{MaxIdleConnsPerHost: 8, DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	t.Cleanup(w.client.CloseIdleConnections)
	w.describe()
	for _, login := range everybody[1:] {
		var granted struct {
			Token string `json:"access_token"`
		}
		w.ask(visitor, "POST", "/sessions", map[string]string{"login": login, "password": demoPassword}).want(201).read(&granted)
		w.tokens[login] = granted.Token
	}
	w.eventually(5*time.Second, "ready", func() bool {
		res, err := w.client.Get(w.base + "/readyz")
		w.must(err)
		defer res.Body.Close()
		return res.StatusCode == 200
	})
	return w
}

// serve runs the program until the test ends, its log in a file.
func (w *apiWorld) serve(cfg config) {
	w.Helper()
	at, err := cfg.listen()
	w.must(err)
	w.address = at.pages.Addr().String()
	log, err := os.Create(w.log)
	w.must(err)
	stderr := os.Stderr
	os.Stderr = log // where logger writes
	ctx, stop := context.WithCancel(context.Background())
	ready, ended := make(chan struct{}), make(chan error, 1)
	go func() { ended <- w.h.serve(ctx, cfg, at, func() { close(ready) }) }()
	select {
	case <-ready:
		os.Stderr = stderr
	case err := <-ended:
		os.Stderr = stderr
		stop()
		w.Fatal(err)
	}
	w.base = "http://" + w.address
	w.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			w.Errorf("serve: %v", err)
		}
		log.Close()
	})
}

// describe reads the OpenAPI document that the program serves.
func (w *apiWorld) describe() {
	w.Helper()
	res, err := w.client.Get(w.base + "/api/openapi.json")
	w.must(err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	w.must(err)
	w.document, err = openapi3.NewLoader().LoadFromData(raw)
	w.must(err)
	w.router, err = gorillamux.NewRouter(w.document)
	w.must(err)
	const xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	openapi3filter.RegisterBodyDecoder(xlsx, openapi3filter.FileBodyDecoder)
	openapi3filter.RegisterBodyDecoder("text/csv", openapi3filter.FileBodyDecoder)
}

func (w *apiWorld) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// eventually waits until ok, and fails when that takes longer than limit.
func (w *apiWorld) eventually(limit time.Duration, what string, ok func() bool) time.Duration {
	w.Helper()
	for start := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		if ok() {
			return time.Since(start)
		}
		if time.Since(start) > limit {
			w.Fatalf("not %s within %v", what, limit)
		}
	}
}

// answer is what came back.
type answer struct {
	w       *apiWorld
	request string // for messages
	status  int
	header  http.Header
	body    []byte
}

// ask sends a request as somebody and holds request and answer against the
// document. body is JSON text, bytes of a file, a value to be encoded, or nil.
func (w *apiWorld) ask(as, method, path string, body any, header ...string) answer {
	w.Helper()
	req := w.request(as, method, path, body, header...)
	got := w.send(req)
	if err := w.conforms(req, got, true); err != nil {
		w.Fatalf("%s as %s does not conform: %v\n%s", got.request, as, err, got.body)
	}
	return got
}

func (w *apiWorld) request(as, method, path string, body any, header ...string) *http.Request {
	w.Helper()
	var content io.Reader = http.NoBody
	kind := "application/json"
	switch body := body.(type) {
	case nil:
	case string:
		content = strings.NewReader(body)
	case []byte:
		content, kind = bytes.NewReader(body), "application/octet-stream"
	default:
		raw, err := json.Marshal(body)
		w.must(err)
		content = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(w.Context(), method, w.base+"/api/v1"+path, content)
	w.must(err)
	if body != nil {
		req.Header.Set("Content-Type", kind)
	}
	if token := w.tokens[as]; token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	return req
}

func (w *apiWorld) send(req *http.Request) answer {
	w.Helper()
	w.asked.Add(1)
	res, err := w.client.Do(req)
	w.must(err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	w.must(err)
	return answer{w, req.Method + " " + req.URL.RequestURI(), res.StatusCode, res.Header, body}
}

// conforms holds an answer, and the request when it was meant well, against
// the document.
func (w *apiWorld) conforms(req *http.Request, got answer, wellMeant bool) error {
	route, params, err := w.router.FindRoute(req)
	if err != nil {
		return fmt.Errorf("route: %w", err)
	}
	options := &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true}
	in := &openapi3filter.RequestValidationInput{Request: req, PathParams: params, Route: route, Options: options}
	if wellMeant && got.status < 400 {
		if req.GetBody != nil {
			req.Body, err = req.GetBody()
			w.must(err)
		}
		if err := openapi3filter.ValidateRequest(w.Context(), in); err != nil {
			return fmt.Errorf("request: %w", err)
		}
	}
	out := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: in, Status: got.status, Header: got.header, Options: options,
	}
	if err := openapi3filter.ValidateResponse(w.Context(), out.SetBodyBytes(got.body)); err != nil {
		return fmt.Errorf("answer %d: %w", got.status, err)
	}
	return nil
}

// want fails unless the answer has a status and, when it is refused, a problem
// of that code in full.
func (a answer) want(status int, code ...string) answer {
	a.w.Helper()
	if a.status != status {
		a.w.Fatalf("%s: %d, want %d\n%s", a.request, a.status, status, a.body)
	}
	if len(code) > 0 {
		if p := a.problem(); p.Code != code[0] {
			a.w.Fatalf("%s: code %q, want %q\n%s", a.request, p.Code, code[0], a.body)
		}
	}
	return a
}

func (a answer) read(into any) answer {
	a.w.Helper()
	if err := json.Unmarshal(a.body, into); err != nil {
		a.w.Fatalf("%s: %v\n%s", a.request, err, a.body)
	}
	return a
}

// problem is the error in an answer.
type problem struct {
	Status    int
	Code      string
	Detail    string
	Fields    []market.FieldError
	RequestID string `json:"request_id"`
}

func (a answer) problem() problem {
	a.w.Helper()
	p, err := problemOf(a)
	if err != nil {
		a.w.Fatalf("%s: %d: %v\n%s", a.request, a.status, err, a.body)
	}
	return p
}

// problemOf reads the problem in an answer and checks what every one must have.
func problemOf(a answer) (p problem, err error) {
	if err = json.Unmarshal(a.body, &p); err != nil {
		return p, err
	}
	if kind := a.header.Get("Content-Type"); kind != "application/problem+json" || p.Status != a.status ||
		p.Code == "" || !strings.HasSuffix(p.Detail, "。") || p.RequestID == "" || p.Fields == nil {
		err = fmt.Errorf("%s is no whole problem: %+v", kind, p)
	}
	return p, err
}

// versions is the state of the whole store: the version of every document, by
// collection and id.
func (w *apiWorld) versions() map[string]int64 {
	w.Helper()
	all, d := map[string]int64{}, &w.h.docs
	w.must(addVersions(w.Context(), all, "achievements", d.achievements))
	w.must(addVersions(w.Context(), all, "demands", d.demands))
	w.must(addVersions(w.Context(), all, "contracts", d.contracts))
	w.must(addVersions(w.Context(), all, "organizations", d.orgs))
	w.must(addVersions(w.Context(), all, "users", d.users))
	w.must(addVersions(w.Context(), all, "sessions", d.sessions))
	w.must(addVersions(w.Context(), all, "targets", d.targets))
	w.must(addVersions(w.Context(), all, "indicators", d.indicators))
	w.must(addVersions(w.Context(), all, "imports", d.imports))
	w.must(addVersions(w.Context(), all, "claims", store.Collection[market.Claim](w.h.claims)))
	return all
}

func addVersions[T any, P interface {
	*T
	store.Document
}](ctx context.Context, all map[string]int64, name string, docs store.Collection[T]) error {
	for doc, err := range every[T](ctx, docs) {
		if err != nil {
			return err
		}
		head := P(doc).Head()
		all[name+"/"+string(head.ID)] = head.Version
	}
	return nil
}
