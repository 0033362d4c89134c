package signin

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"jishi/internal/market"
)

// What our tokens say, and how long they last.
const (
	issuer    = "jishi"
	audience  = "jishi"
	tokenType = "at+jwt" // RFC 9068, so that no other kind of JWT passes

	// TokenLifetime is how long one token is good for.
	TokenLifetime = 15 * time.Minute
	leeway        = 10 * time.Second // of clocks between machines
	maxToken      = 2048             // bytes; ours have about 400
	minKey        = 32               // bytes; RFC 7518 section 3.2
)

// Key is a secret that signs tokens. ID tells keys apart and is no secret.
type Key struct {
	ID     string // letters, digits, - and _
	Secret []byte // at least 32 random bytes
}

// KeyOf returns the key of a secret under an id drawn from it: the id needs no
// configuration, is the same on every machine, and changes with the secret.
func KeyOf(secret []byte) Key {
	sum := sha256.Sum256(secret)
	return Key{ID: hex.EncodeToString(sum[:4]), Secret: secret}
}

// Claims is what a token says.
type Claims struct {
	User     market.ID
	Session  market.ID
	Epoch    int64     // of the user when the token was issued
	SignedIn time.Time // when the password was given
	Issued   time.Time
	Expires  time.Time
}

// wire is Claims as they stand in a token, times in seconds.
type wire struct {
	jwt.RegisteredClaims
	Session  string `json:"sid"`
	Epoch    int64  `json:"epoch"`
	SignedIn int64  `json:"auth_time"`
}

// Tokens issues and parses access and refresh tokens. Safe for concurrent use.
type Tokens struct {
	current  Key
	keys     map[string]Key    // by the encoded header that names them
	renewing map[string][]byte // what refresh tokens are signed with, by key id
	lifetime time.Duration     // of sessions
	parser   *jwt.Parser
	now      func() time.Time
}

// NewTokens returns tokens signed with current, of sessions that end lifetime
// after the password. Tokens signed with one of previous are still good, so
// that keys can be changed without signing anybody out. It refuses keys that
// are too short or share an id.
func NewTokens(current Key, previous []Key, lifetime time.Duration, now func() time.Time) (*Tokens, error) {
	t := &Tokens{current: current, keys: make(map[string]Key), renewing: make(map[string][]byte), lifetime: lifetime, now: now, parser: jwt.NewParser(
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithIssuer(issuer), jwt.WithAudience(audience),
		jwt.WithLeeway(leeway), jwt.WithStrictDecoding(), jwt.WithTimeFunc(now),
	)}
	for _, key := range append([]Key{current}, previous...) {
		if len(key.Secret) < minKey {
			return nil, fmt.Errorf("token key %q has %d bytes, needs at least %d", key.ID, len(key.Secret), minKey)
		}
		if key.ID == "" || strings.Trim(key.ID, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") != "" {
			return nil, fmt.Errorf("token key id %q: want letters, digits, - and _", key.ID)
		}
		header := header(key)
		if _, twice := t.keys[header]; twice {
			return nil, fmt.Errorf("token key id %q is there twice", key.ID)
		}
		t.keys[header] = key
		derived, err := hkdf.Key(sha256.New, key.Secret, nil, renewalInfo, sha256.Size)
		if err != nil {
			return nil, fmt.Errorf("derive from token key %q: %w", key.ID, err)
		}
		t.renewing[key.ID] = derived
	}
	return t, nil
}

// header returns the one encoded header that tokens signed with key have.
func header(key Key) string {
	return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256","kid":"` + key.ID + `","typ":"` + tokenType + `"}`))
}

// Issue returns a token for a session, good for TokenLifetime but not beyond
// the session's, and when it expires.
func (t *Tokens) Issue(c Claims) (string, time.Time, error) {
	now := t.now().Truncate(time.Second)
	expires := now.Add(TokenLifetime)
	if end := c.SignedIn.Add(t.lifetime); end.Before(expires) {
		expires = end
	}
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, wire{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: issuer, Subject: string(c.User), Audience: jwt.ClaimStrings{audience},
			IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(expires),
		},
		Session: string(c.Session), Epoch: c.Epoch, SignedIn: c.SignedIn.Unix(),
	})
	token.Header["typ"], token.Header["kid"] = tokenType, t.current.ID
	text, err := token.SignedString(t.current.Secret)
	if err != nil {
		return "", time.Time{}, market.Wrap(market.Internal, err, "sign_token", "登录失败，请稍后再试。")
	}
	return text, expires, nil
}

// Parse returns what an access token says, or Unauthenticated. It is the only
// place that reads them, and takes none but those Issue could have made: one
// algorithm, one header per key, claims in the one form they are written in
// (so none twice, none unknown), and no longer life than Issue gives.
func (t *Tokens) Parse(text string) (Claims, error) {
	if len(text) > maxToken || strings.ContainsAny(text, "\r\n") { // which base64 decoders skip
		return Claims{}, sessionOver(errors.New("token is too long or broken"))
	}
	head, rest, _ := strings.Cut(text, ".")
	key, known := t.keys[head]
	if !known {
		return Claims{}, sessionOver(errors.New("token header is not one of ours"))
	}
	var w wire
	_, err := t.parser.ParseWithClaims(text, &w, func(*jwt.Token) (any, error) { return key.Secret, nil })
	if errors.Is(err, jwt.ErrTokenExpired) {
		return Claims{}, market.Wrap(market.Unauthenticated, err, "token_expired", "登录已过期，请重新登录。")
	}
	if err != nil {
		return Claims{}, sessionOver(err)
	}
	payload, _, _ := strings.Cut(rest, ".")
	return t.claims(w, payload)
}

// claims turns verified claims into ours after the checks the library has not.
func (t *Tokens) claims(w wire, payload string) (Claims, error) {
	canonical, err := json.Marshal(w)
	if err != nil || base64.RawURLEncoding.EncodeToString(canonical) != payload {
		return Claims{}, sessionOver(errors.New("claims are not in the form they are issued in"))
	}
	if w.IssuedAt == nil || w.Subject == "" || w.Session == "" {
		return Claims{}, sessionOver(errors.New("a claim is missing"))
	}
	c := Claims{
		User: market.ID(w.Subject), Session: market.ID(w.Session), Epoch: w.Epoch,
		SignedIn: time.Unix(w.SignedIn, 0).UTC(), Issued: w.IssuedAt.UTC(), Expires: w.ExpiresAt.UTC(),
	}
	switch {
	case c.Expires.Sub(c.Issued) > TokenLifetime:
		return Claims{}, sessionOver(errors.New("token lives longer than it may"))
	case c.SignedIn.After(c.Issued.Add(leeway)), c.Expires.After(c.SignedIn.Add(t.lifetime)):
		return Claims{}, sessionOver(errors.New("token does not fit its sign-in"))
	}
	return c, nil
}
