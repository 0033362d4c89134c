package signin

import (
	"crypto/rand"
	"encoding/base32"
	"net/url"

	"jishi/internal/market"
)

// issuerName is what authenticators show above the code.
const issuerName = "技市"

// newFactorSecret makes the secret of an authenticator: 160 bits, as RFC 4226
// section 4 recommends.
func newFactorSecret() string {
	secret := make([]byte, 20)
	rand.Read(secret) // never fails
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
}

// enrolment writes a secret as authenticators read it, the key URI format.
// SHA-1, six digits and 30 seconds are what all of them know; that SHA-1
// collides does not touch its use in a MAC.
func enrolment(u *market.User, secret string) Enrolment {
	label := url.PathEscape(issuerName) + ":" + url.PathEscape(u.Login)
	query := "secret=" + secret + "&issuer=" + url.QueryEscape(issuerName) + "&algorithm=SHA1&digits=6&period=30"
	return Enrolment{Secret: secret, URI: "otpauth://totp/" + label + "?" + query}
}

// invalid is the error of one value that is wrong.
func invalid(field, reason string) error {
	var p market.Problems
	p.Add(field, reason)
	return p.Err()
}
