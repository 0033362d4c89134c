package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/getkin/kin-openapi/openapi3filter"

	"jishi/internal/market"
)

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
