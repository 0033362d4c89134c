package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"time"
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

// signed is tokens that our own key signed, each with something else wrong
// with what it says. That the key is the right one, the good token shows when
// it is signed again.
func (w *apiWorld) signed(good string) map[string]string {
	w.Helper()
	raw, err := os.ReadFile(filepath.Join(w.data, "secret.key"))
	w.must(err)
	key := bytes.TrimSpace(raw)
	part := strings.Split(good, ".")
	head, err := base64.RawURLEncoding.DecodeString(part[0])
	w.must(err)
	body, err := base64.RawURLEncoding.DecodeString(part[1])
	w.must(err)
	sign := func(head, body string) string {
		text := base64.RawURLEncoding.EncodeToString([]byte(head)) + "." + base64.RawURLEncoding.EncodeToString([]byte(body))
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(text))
		return text + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
	}
	if sign(string(head), string(body)) != good {
		w.Fatal("this is not how tokens are signed")
	}
	now := time.Now().Unix()
	all := map[string]string{}
	for what, change := range map[string]func(claims map[string]any){
		"expired": func(c map[string]any) { c["iat"], c["nbf"], c["exp"] = now-2_000, now-2_000, now-1_000 }, "without end": func(c map[string]any) { delete(c, "exp") },
		"not yet good": func(c map[string]any) { c["nbf"] = now + 1_000 }, "issued tomorrow": func(c map[string]any) { c["iat"] = now + 86_400 }, "without time": func(c map[string]any) { delete(c, "iat") },
		"for somebody else": func(c map[string]any) { c["aud"] = "other" }, "for two": func(c map[string]any) { c["aud"] = []string{"other", "another"} }, "for nobody": func(c map[string]any) { delete(c, "aud") },
		"of another issuer": func(c map[string]any) { c["iss"] = "jishi.evil.example" }, "of no issuer": func(c map[string]any) { delete(c, "iss") },
		"of another user": func(c map[string]any) { c["sub"] = string(stranger) }, "of nobody": func(c map[string]any) { delete(c, "sub") }, "of a list": func(c map[string]any) { c["sub"] = []string{"a"} },
		"of another session": func(c map[string]any) { c["sid"] = string(stranger) }, "of no session": func(c map[string]any) { delete(c, "sid") }, "of a later epoch": func(c map[string]any) { c["epoch"] = 99 },
		"with a time of text": func(c map[string]any) { c["exp"] = "9999999999" }, "with a time before time": func(c map[string]any) { c["exp"] = -1 }, "with more than asked for": func(c map[string]any) { c["roles"] = []string{"admin"} },
	} {
		claims := map[string]any{}
		w.must(json.Unmarshal(body, &claims))
		change(claims)
		changed, err := json.Marshal(claims)
		w.must(err)
		all[what] = sign(string(head), string(changed))
	}
	for what, changed := range map[string]string{
		"of another type": strings.Replace(string(head), `"typ":"`, `"typ":"x`, 1), "without type": `{"alg":"HS256","kid":"1"}`, "of an unknown key": strings.Replace(string(head), `"kid":"`, `"kid":"9`, 1),
		"with a key of its own": strings.TrimSuffix(string(head), "}") + `,"jwk":{"kty":"oct","k":"AA"}}`, "with a key elsewhere": strings.TrimSuffix(string(head), "}") + `,"jku":"https://evil.example"}`,
		"with what must be understood": strings.TrimSuffix(string(head), "}") + `,"crit":["x"],"x":1}`, "of another algorithm": strings.Replace(string(head), "HS256", "HS512", 1), "of none": strings.Replace(string(head), "HS256", "none", 1),
	} {
		all[what] = sign(changed, string(body))
	}
	all["with a claim twice"] = sign(string(head), strings.Replace(string(body), "{", `{"sub":"`+string(stranger)+`",`, 1))
	return all
}

// tokens asks every action with each of them: a bad token is refused also
// where none is needed, so that a program notices.
func (s stage) tokens() []attempt {
	var all []attempt
	bad := forged(s.w.tokens[bureau])
	maps.Copy(bad, s.w.signed(s.w.tokens[bureau]))
	for path, item := range s.w.document.Paths.Map() {
		for method := range item.Operations() {
			for what, token := range bad {
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
