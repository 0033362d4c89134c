package signin

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"jishi/internal/market"
)

var testRenewal = renewal{session: "0193a0b0-0000-7000-8000-000000000001", generation: 3, ends: start.Add(time.Hour)}

func TestRenewal(t *testing.T) {
	tokens := newTokens(t, start, testKey)
	text := tokens.issueRenewal(testRenewal)
	if got, err := tokens.parseRenewal(text); err != nil || got != testRenewal {
		t.Errorf("parse(issue(r)) = %+v, %v", got, err)
	}
	if again := tokens.issueRenewal(testRenewal); again != text {
		t.Error("the same renewal makes two tokens")
	}
	if _, err := newTokens(t, testRenewal.ends, testKey).parseRenewal(text); !market.Is(err, market.Unauthenticated) {
		t.Errorf("when the session's time is over: %v", err)
	}
	if len(text) > maxRenewal {
		t.Errorf("a token has %d bytes", len(text))
	}
}

// hostileRenewals is texts that prove nothing, made from one that does.
func hostileRenewals(t testing.TB) map[string]string {
	tokens := newTokens(t, start, testKey)
	good := tokens.issueRenewal(testRenewal)
	part := strings.Split(good, ".")
	join := func(parts ...string) string { return strings.Join(parts, ".") }
	signed := func(text string) string { return sealRenewal(text, tokens.renewing[testKey.ID]) }
	access := issue(t, tokens, testClaims)
	return map[string]string{
		"empty": "", "dots": "....", "many dots": strings.Repeat(".", 5000), "a word": "refresh", "huge": good + strings.Repeat("A", 1<<20),
		"an access token": access, "four parts": join(part[:4]...), "six parts": good + ".x", "no signature": join(part[:4]...) + ".",
		"signature cut": good[:len(good)-1], "signature with padding": good + "=", "loose bits": good[:len(good)-1] + nextBase64(good[len(good)-1]),
		"trailing newline": good + "\n", "leading space": " " + good, "with Bearer": "Bearer " + good,
		"another generation":             join(part[0], part[1], "4", part[3], part[4]),
		"another session":                join(part[0], "0193a0b0-0000-7000-8000-000000000002", part[2], part[3], part[4]),
		"a later end":                    join(part[0], part[1], part[2], "4102444800", part[4]),
		"unknown key":                    join("k9", part[1], part[2], part[3], part[4]),
		"key of a path":                  join("../../dev/null", part[1], part[2], part[3], part[4]),
		"no key":                         join("", part[1], part[2], part[3], part[4]),
		"signed with the secret itself":  sealRenewal(join(part[:4]...), testKey.Secret),
		"signed with nothing":            sealRenewal(join(part[:4]...), nil),
		"signed with another key":        sealRenewal(join(part[:4]...), bytes.Repeat([]byte{8}, 32)),
		"leading zero":                   signed(join(part[0], part[1], "03", part[3])),
		"plus sign":                      signed(join(part[0], part[1], "+3", part[3])),
		"hexadecimal":                    signed(join(part[0], part[1], "0x3", part[3])),
		"generation overflows":           signed(join(part[0], part[1], "9223372036854775808", part[3])),
		"generation is no number":        signed(join(part[0], part[1], "NaN", part[3])),
		"end overflows":                  signed(join(part[0], part[1], part[2], "99999999999999999999")),
		"ended":                          tokens.issueRenewal(renewal{testRenewal.session, 3, start}),
		"signature in the wrong letters": join(part[0], part[1], part[2], part[3], strings.ToUpper(part[4])),
		"signature in standard base64":   join(part[0], part[1], part[2], part[3], base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{0xfb}, 32))),
		"NUL inside":                     strings.Replace(good, ".", "\x00.", 1),
		"not UTF-8":                      "\xff\xfe" + good,
	}
}

func TestParseRefusesHostileRenewals(t *testing.T) {
	h := newHouse(t)
	hostile := hostileRenewals(t)
	if len(hostile) < 20 {
		t.Fatalf("%d hostile tokens only", len(hostile))
	}
	for name, text := range hostile {
		t.Run(name, func(t *testing.T) {
			if r, err := h.tokens.parseRenewal(text); !market.Is(err, market.Unauthenticated) || r != (renewal{}) {
				t.Errorf("got %+v, %v, want Unauthenticated", r, err)
			}
			if _, err := h.Refresh(t.Context(), text); !market.Is(err, market.Unauthenticated) {
				t.Errorf("refresh: %v, want Unauthenticated", err)
			}
		})
	}
	if got := h.trail.results(market.ActRefresh); len(got) != 0 {
		t.Errorf("forged tokens were taken for reuse: %v", got)
	}
}

// A genuine token of a session that is not there, or ahead of it, renews nothing.
func TestRenewalOfNoSession(t *testing.T) {
	h := newHouse(t)
	h.user(t, "wang@example.com")
	opened := h.open(t)
	for name, r := range map[string]renewal{
		"no such session": testRenewal, "ahead of its session": {opened.Actor.Session, 2, opened.Ends}, "far ahead": {opened.Actor.Session, 1 << 62, opened.Ends},
	} {
		_, err := h.Refresh(t.Context(), h.tokens.issueRenewal(r))
		if !market.Is(err, market.Unauthenticated) {
			t.Errorf("%s: %v, want Unauthenticated", name, err)
		}
	}
}

// FuzzRenewal looks for a refresh token that is neither refused nor one that
// issueRenewal made.
func FuzzRenewal(f *testing.F) {
	tokens := newTokens(f, start, testKey)
	f.Add(tokens.issueRenewal(testRenewal))
	for _, text := range hostileRenewals(f) {
		if len(text) < 4*maxRenewal {
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := tokens.parseRenewal(text)
		if err != nil {
			if !market.Is(err, market.Unauthenticated) {
				t.Errorf("parseRenewal(%q): %v, want Unauthenticated", text, err)
			}
			return
		}
		if again := tokens.issueRenewal(r); again != text {
			t.Errorf("parseRenewal accepts %q, issueRenewal writes %q", text, again)
		}
	})
}

// FuzzRenewalBody is FuzzRenewal behind a right signature.
func FuzzRenewalBody(f *testing.F) {
	tokens := newTokens(f, start, testKey)
	f.Add(testRenewal.text(testKey.ID))
	f.Add("k1..3.9999999999")
	f.Add("k1.s.-1.4102444800")
	f.Fuzz(func(t *testing.T, body string) {
		text := sealRenewal(body, tokens.renewing[testKey.ID])
		r, err := tokens.parseRenewal(text)
		if err == nil && (tokens.issueRenewal(r) != text || !r.ends.After(start)) {
			t.Errorf("accepted %q as %+v", text, r)
		}
	})
}
