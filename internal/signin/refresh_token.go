package signin

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"time"

	"jishi/internal/market"
)

const (
	// renewalInfo separates the keys of refresh tokens from those of access
	// tokens, which come from the same secret (RFC 5869 section 3.2).
	renewalInfo = "jishi refresh token 1"

	maxRenewal = 256 // bytes of a refresh token; ours have about 110
)

// renewal is what a refresh token says: which session it renews, and which of
// that session's tokens it is. Only the session's present generation is
// stored, so a stolen store renews nothing.
type renewal struct {
	session    market.ID
	generation int64
	ends       time.Time // of the session, whole seconds
}

// text returns what is signed: key, session, generation, end.
func (r renewal) text(key string) string {
	return strings.Join([]string{key, string(r.session), strconv.FormatInt(r.generation, 10), strconv.FormatInt(r.ends.Unix(), 10)}, ".")
}

// issueRenewal returns the refresh token that says r. The same r makes the
// same token under the same key.
func (t *Tokens) issueRenewal(r renewal) string {
	return sealRenewal(r.text(t.current.ID), t.renewing[t.current.ID])
}

func sealRenewal(text string, key []byte) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return text + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// parseRenewal returns what a refresh token says, or Unauthenticated. It takes
// none but those issueRenewal could have made, in their exact letters, for
// sessions whose time is not over.
func (t *Tokens) parseRenewal(token string) (renewal, error) {
	if len(token) > maxRenewal {
		return renewal{}, sessionOver(errors.New("refresh token is too long"))
	}
	parts := strings.Split(token, ".")
	if len(parts) != 5 {
		return renewal{}, sessionOver(errors.New("refresh token has not five parts"))
	}
	generation, err := strconv.ParseInt(parts[2], 10, 64)
	ends, err2 := strconv.ParseInt(parts[3], 10, 64)
	if err = errors.Join(err, err2); err != nil {
		return renewal{}, sessionOver(err)
	}
	r := renewal{session: market.ID(parts[1]), generation: generation, ends: time.Unix(ends, 0).UTC()}
	key, known := t.renewing[parts[0]]
	if !known || !hmac.Equal([]byte(token), []byte(sealRenewal(r.text(parts[0]), key))) {
		return renewal{}, sessionOver(errors.New("refresh token is not one of ours"))
	}
	if !t.now().Before(r.ends) {
		return renewal{}, sessionOver(errors.New("refresh token has expired"))
	}
	return r, nil
}
