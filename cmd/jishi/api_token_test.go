package main

import (
	"encoding/base64"
	"strings"
)

// forged is tokens that prove nothing; good is one that does.
func forged(good string) map[string]string {
	part := strings.Split(good, ".")
	enc := base64.RawURLEncoding.EncodeToString
	flip := func(s string) string {
		last := "A"
		if strings.HasPrefix(s, last) {
			last = "B"
		}
		return last + s[1:]
	}
	return map[string]string{
		"nothing": "", "a word": "x", "dots": "..", "many dots": strings.Repeat(".", 500), "two parts": part[0] + "." + part[1],
		"four parts": good + "." + part[2], "no signature": part[0] + "." + part[1] + ".", "another signature": part[0] + "." + part[1] + "." + flip(part[2]),
		"another payload": part[0] + "." + flip(part[1]) + "." + part[2], "alg none": enc([]byte(`{"alg":"none","typ":"at+jwt"}`)) + "." + part[1] + ".",
		"a key of its own": enc([]byte(`{"alg":"HS256","kid":"1","typ":"at+jwt","jwk":{"kty":"oct","k":"AA"}}`)) + "." + part[1] + "." + part[2],
		"another key id":   enc([]byte(`{"alg":"HS256","kid":"../../dev/null","typ":"at+jwt"}`)) + "." + part[1] + "." + part[2],
		"RS256":            enc([]byte(`{"alg":"RS256","kid":"1","typ":"at+jwt"}`)) + "." + part[1] + "." + part[2],
		"padded":           good + "=", "long": strings.Repeat("a", 10_000), "blank inside": part[0] + " ." + part[1] + "." + part[2], "an operator": `{"$ne":null}`,
		"twice": good + " " + good, "Chinese": "令牌",
	}
}

// tokens asks every action with each of them: a bad token is refused also
// where none is needed, so that a program notices.
func (s stage) tokens() []attempt {
	var all []attempt
	for path, item := range s.w.document.Paths.Map() {
		for method := range item.Operations() {
			for what, token := range forged(s.w.tokens[bureau]) {
				a := attempt{what: "token: " + what, as: visitor, method: method, path: s.real(path), header: []string{"Authorization", "Bearer " + token}, statuses: []int{401}}
				if method != "GET" {
					a.body = `{"note":"说明"}`
				}
				all = append(all, a)
			}
		}
	}
	return all
}

// contents sends bodies that would be taken as something they are not.
func (s stage) contents() []attempt {
	var all []attempt
	for _, wr := range s.writes {
		header := wr.headers(s)
		for _, kind := range []string{
			"", "text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json-patch+json",
			"application/jsonx", "json", "application/json application/json", "text/json", "*/*", ";", "application/vnd.api+json",
		} {
			all = append(all, attempt{what: "as " + kind, as: wr.as, method: wr.method, path: wr.path, body: wr.base, header: append([]string{"Content-Type", kind}, header...), statuses: []int{415}})
		}
		for _, encoding := range []string{"gzip", "br", "deflate", "zstd", "gzip, gzip", "x", "identity, gzip"} {
			all = append(all, attempt{what: "packed by " + encoding, as: wr.as, method: wr.method, path: wr.path, body: wr.base, header: append([]string{"Content-Encoding", encoding}, header...), statuses: []int{415}})
		}
		if wr.method == "POST" {
			for _, method := range []string{"PATCH", "TRACE", "PROPFIND"} {
				all = append(all, attempt{what: method, as: wr.as, method: method, path: wr.path, body: wr.base, unanswered: true,
					statuses: []int{404, 405}})
			}
		}
	}
	return all
}

// idempotencyKeys sends creations that would be taken under keys that are none.
func (s stage) idempotencyKeys() []attempt {
	var all []attempt
	for _, wr := range s.writes {
		if wr.path != "/achievements" && wr.path != "/demands" && wr.path != "/contracts" {
			continue
		}
		for what, key := range map[string]string{"long": strings.Repeat("k", 300), "Chinese": "键", "blank inside": "a b", "not UTF-8": "\xff\xfe"} {
			all = append(all, attempt{what: "key: " + what, as: wr.as, method: wr.method, path: wr.path, body: wr.base, header: []string{"Idempotency-Key", key}, field: "Idempotency-Key"})
		}
	}
	return all
}
