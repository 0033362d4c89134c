package main

import (
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
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
	data     string        // folder of the store
}

// startAPI serves a demonstration of its own as `jishi demo` does, with
// settings that change may alter.
func startAPI(t *testing.T, change ...func(*config)) *apiWorld {
	t.Helper()
	w := &apiWorld{T: t, tokens: map[string]string{}, asked: new(atomic.Int64), log: filepath.Join(t.TempDir(), "log")}
	cfg := config{Data: demoData(t), Listen: "127.0.0.1:0", Rates: wideRates}
	for _, alter := range change {
		alter(&cfg)
	}
	w.data = cfg.Data
	h, err := openHouse(t.Context(), cfg)
	w.must(err)
	t.Cleanup(h.close)
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
