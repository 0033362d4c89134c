package signin

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash"
	"strings"
	"testing"
	"time"

	"jishi/internal/market"
)

var testClaims = Claims{User: "u1", Session: "s1", Epoch: 3, SignedIn: start.Add(-time.Hour)}

func newTokens(t testing.TB, at time.Time, current Key, previous ...Key) *Tokens {
	t.Helper()
	tokens, err := NewTokens(current, previous, DefaultLimits.Absolute, func() time.Time { return at })
	if err != nil {
		t.Fatal(err)
	}
	return tokens
}

func issue(t testing.TB, tokens *Tokens, c Claims) string {
	t.Helper()
	text, _, err := tokens.Issue(c)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestTokens(t *testing.T) {
	tokens := newTokens(t, start, testKey)
	text, expires, err := tokens.Issue(testClaims)
	if err != nil {
		t.Fatal(err)
	}
	got, err := tokens.Parse(text)
	want := testClaims
	want.Issued, want.Expires = start, start.Add(TokenLifetime)
	if err != nil || got != want || expires != want.Expires {
		t.Errorf("Parse(Issue(c)) = %+v, %v, want %+v", got, err, want)
	}
	if _, err := newTokens(t, start.Add(TokenLifetime+leeway-time.Second), testKey).Parse(text); err != nil {
		t.Errorf("within the leeway: %v", err)
	}
	_, err = newTokens(t, start.Add(TokenLifetime+leeway+time.Second), testKey).Parse(text)
	if e, ok := err.(*market.Error); !ok || e.Code != "token_expired" {
		t.Errorf("after it expired: %v", err)
	}
}

// Near the end of a session a token is no longer good than the session.
func TestTokensEndWithSession(t *testing.T) {
	c := testClaims
	c.SignedIn = start.Add(-DefaultLimits.Absolute + 4*time.Minute)
	_, expires, err := newTokens(t, start, testKey).Issue(c)
	if err != nil || expires != start.Add(4*time.Minute) {
		t.Errorf("expires %v, %v, want after four minutes", expires, err)
	}
}

func TestTokensRotate(t *testing.T) {
	next := Key{ID: "k2", Secret: bytes.Repeat([]byte{9}, 32)}
	old := issue(t, newTokens(t, start, testKey), testClaims)
	both := newTokens(t, start, next, testKey)
	if _, err := both.Parse(old); err != nil {
		t.Errorf("token of the previous key: %v", err)
	}
	fresh := issue(t, both, testClaims)
	if _, err := newTokens(t, start, testKey).Parse(fresh); err == nil {
		t.Error("a token of the new key passes where only the old one is known")
	}
	if _, err := newTokens(t, start, next).Parse(old); err == nil {
		t.Error("a token of a key that was taken out still passes")
	}
}

func TestNewTokensRefuses(t *testing.T) {
	tests := []struct {
		name     string
		current  Key
		previous []Key
	}{
		{"no key", Key{ID: "k"}, nil},
		{"short key", Key{ID: "k", Secret: make([]byte, 31)}, nil},
		{"no id", Key{Secret: testKey.Secret}, nil},
		{"id that breaks out of the header", Key{ID: `k","alg":"none`, Secret: testKey.Secret}, nil},
		{"short previous key", testKey, []Key{{ID: "k0", Secret: []byte("x")}}},
		{"two keys of one id", testKey, []Key{{ID: "k1", Secret: bytes.Repeat([]byte{1}, 32)}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := NewTokens(tt.current, tt.previous, time.Hour, time.Now); err == nil {
				t.Error("accepted")
			}
		})
	}
}

// forged builds a token by hand.
func forged(header, payload string, key []byte, alg func() hash.Hash) string {
	enc := base64.RawURLEncoding
	text := enc.EncodeToString([]byte(header)) + "." + enc.EncodeToString([]byte(payload))
	mac := hmac.New(alg, key)
	mac.Write([]byte(text))
	return text + "." + enc.EncodeToString(mac.Sum(nil))
}

const goodHeader = `{"alg":"HS256","kid":"k1","typ":"at+jwt"}`

func goodPayload() string {
	return fmt.Sprintf(`{"iss":"jishi","sub":"u1","aud":["jishi"],"exp":%d,"iat":%d,"sid":"s1","epoch":3,"auth_time":%d}`,
		start.Add(TokenLifetime).Unix(), start.Unix(), start.Add(-time.Hour).Unix())
}

// signed is a token with our key over a payload in which old became new.
func signed(old, new string) string {
	return forged(goodHeader, strings.Replace(goodPayload(), old, new, 1), testKey.Secret, sha256.New)
}

func withHeader(header string) string {
	return forged(header, goodPayload(), testKey.Secret, sha256.New)
}

func hostileTokens() map[string]string {
	good := forged(goodHeader, goodPayload(), testKey.Secret, sha256.New)
	parts := strings.Split(good, ".")
	unix := func(d time.Duration) string { return fmt.Sprint(start.Add(d).Unix()) }
	exp, iat, auth := `"exp":`+unix(TokenLifetime), `"iat":`+unix(0), `"auth_time":`+unix(-time.Hour)
	return map[string]string{
		"empty":                        "",
		"one dot":                      ".",
		"dots":                         "..",
		"a thousand dots":              strings.Repeat(".", 1000),
		"two parts":                    parts[0] + "." + parts[1],
		"four parts":                   good + "." + parts[2],
		"no signature":                 parts[0] + "." + parts[1] + ".",
		"signature cut":                good[:len(good)-2],
		"signature with padding":       good + "=",
		"signature with loose bits":    good[:len(good)-1] + nextBase64(good[len(good)-1]),
		"trailing newline":             good + "\n",
		"leading space":                " " + good,
		"with Bearer":                  "Bearer " + good,
		"huge":                         good + strings.Repeat("A", 1<<20),
		"not base64":                   "%%%." + parts[1] + "." + parts[2],
		"alg none":                     base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"at+jwt","kid":"k1"}`)) + "." + parts[1] + ".",
		"alg none, signed":             withHeader(`{"alg":"none","kid":"k1","typ":"at+jwt"}`),
		"alg hs256":                    withHeader(`{"alg":"hs256","kid":"k1","typ":"at+jwt"}`),
		"alg HS512":                    forged(`{"alg":"HS512","kid":"k1","typ":"at+jwt"}`, goodPayload(), testKey.Secret, sha512.New),
		"alg HS512 under our header":   forged(goodHeader, goodPayload(), testKey.Secret, sha512.New),
		"alg twice":                    withHeader(`{"alg":"HS256","alg":"none","kid":"k1","typ":"at+jwt"}`),
		"wrong typ":                    withHeader(`{"alg":"HS256","kid":"k1","typ":"JWT"}`),
		"no typ":                       withHeader(`{"alg":"HS256","kid":"k1"}`),
		"unknown kid":                  withHeader(`{"alg":"HS256","kid":"k9","typ":"at+jwt"}`),
		"kid of a path":                withHeader(`{"alg":"HS256","kid":"../../dev/null","typ":"at+jwt"}`),
		"no kid":                       withHeader(`{"alg":"HS256","typ":"at+jwt"}`),
		"jwk in the header":            withHeader(`{"alg":"HS256","jwk":{"kty":"oct","k":"AAAA"},"kid":"k1","typ":"at+jwt"}`),
		"jku in the header":            withHeader(`{"alg":"HS256","jku":"https://example.com","kid":"k1","typ":"at+jwt"}`),
		"crit in the header":           withHeader(`{"alg":"HS256","crit":["b64"],"b64":false,"kid":"k1","typ":"at+jwt"}`),
		"header with spaces":           withHeader(`{"alg": "HS256", "kid": "k1", "typ": "at+jwt"}`),
		"header no object":             withHeader(`[]`),
		"wrong key":                    forged(goodHeader, goodPayload(), bytes.Repeat([]byte{8}, 32), sha256.New),
		"empty key":                    forged(goodHeader, goodPayload(), nil, sha256.New),
		"key id as key":                forged(goodHeader, goodPayload(), []byte("k1"), sha256.New),
		"expired":                      signed(exp, `"exp":`+unix(-time.Minute)),
		"expires too late":             signed(exp, `"exp":`+unix(TokenLifetime+time.Second)),
		"expires in a million years":   signed(exp, `"exp":31556889864403199`),
		"exp overflows":                signed(exp, `"exp":1e400`),
		"exp as text":                  signed(exp, `"exp":"`+unix(TokenLifetime)+`"`),
		"exp null":                     signed(exp, `"exp":null`),
		"no exp":                       signed(exp+",", ""),
		"iat in the future":            signed(iat, `"iat":`+unix(time.Minute)),
		"no iat":                       signed(iat+",", ""),
		"nbf in the future":            signed(iat, `"nbf":`+unix(time.Minute)+","+iat),
		"signed in after issue":        signed(auth, `"auth_time":`+unix(time.Minute)),
		"signed in too long ago":       signed(auth, `"auth_time":`+unix(-DefaultLimits.Absolute)),
		"wrong issuer":                 signed(`"iss":"jishi"`, `"iss":"other"`),
		"no issuer":                    signed(`"iss":"jishi",`, ""),
		"wrong audience":               signed(`["jishi"]`, `["other"]`),
		"audience besides ours":        signed(`["jishi"]`, `["jishi","other"]`) + "x",
		"no audience":                  signed(`"aud":["jishi"],`, ""),
		"no subject":                   signed(`"sub":"u1",`, ""),
		"no session":                   signed(`"sid":"s1"`, `"sid":""`),
		"subject twice":                signed(`"sub":"u1"`, `"sub":"u2","sub":"u1"`),
		"epoch twice":                  signed(`"epoch":3`, `"epoch":2,"epoch":3`),
		"subject in other letters too": signed(`"sub":"u1"`, `"Sub":"u2","sub":"u1"`),
		"unknown claim":                signed(`"epoch":3`, `"epoch":3,"role":"admin"`),
		"epoch as fraction":            signed(`"epoch":3`, `"epoch":3.5`),
		"payload no object":            forged(goodHeader, `null`, testKey.Secret, sha256.New),
		"payload with trailing data":   forged(goodHeader, goodPayload()+`{}`, testKey.Secret, sha256.New),
		"payload deep":                 forged(goodHeader, strings.Repeat("[", 900), testKey.Secret, sha256.New),
	}
}

// nextBase64 returns a letter that decodes to the same bytes in lenient decoders.
func nextBase64(c byte) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return string(letters[strings.IndexByte(letters, c)^1])
}

func TestParseRefusesHostileTokens(t *testing.T) {
	tokens := newTokens(t, start, testKey)
	if _, err := tokens.Parse(forged(goodHeader, goodPayload(), testKey.Secret, sha256.New)); err != nil {
		t.Fatalf("the token that the hostile ones are made from is refused: %v", err)
	}
	for name, text := range hostileTokens() {
		t.Run(name, func(t *testing.T) {
			c, err := tokens.Parse(text)
			if !market.Is(err, market.Unauthenticated) || c != (Claims{}) {
				t.Errorf("got %+v, %v, want Unauthenticated", c, err)
			}
		})
	}
}

// FuzzParse looks for a token that is neither refused nor one that Issue made.
func FuzzParse(f *testing.F) {
	tokens := newTokens(f, start, testKey)
	f.Add(issue(f, tokens, testClaims))
	for _, text := range hostileTokens() {
		if len(text) < 4*maxToken {
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := tokens.Parse(text)
		if err != nil {
			if !market.Is(err, market.Unauthenticated) {
				t.Errorf("Parse(%q): %v, want Unauthenticated", text, err)
			}
			return
		}
		if again := issue(t, newTokens(t, c.Issued, testKey), c); again != text {
			t.Errorf("Parse accepts %q, Issue writes %q", text, again)
		}
	})
}

// FuzzPayload is FuzzParse behind a right signature.
func FuzzPayload(f *testing.F) {
	tokens := newTokens(f, start, testKey)
	f.Add(goodPayload())
	for _, text := range hostileTokens() {
		if parts := strings.Split(text, "."); len(parts) == 3 {
			if payload, err := base64.RawURLEncoding.DecodeString(parts[1]); err == nil && json.Valid(payload) {
				f.Add(string(payload))
			}
		}
	}
	f.Fuzz(func(t *testing.T, payload string) {
		c, err := tokens.Parse(forged(goodHeader, payload, testKey.Secret, sha256.New))
		if err != nil {
			return
		}
		if c.User == "" || c.Expires.Sub(c.Issued) > TokenLifetime || c.Expires.Before(start.Add(-leeway)) || c.Issued.After(start.Add(leeway)) {
			t.Errorf("accepted %q as %+v", payload, c)
		}
	})
}
