// Package vault encrypts single fields of documents, so that whoever gets hold
// of the store alone reads none of them.
package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"jishi/internal/market"
)

// KeySize is the length of a key in bytes: AES-256.
const KeySize = 32

// Vault seals fields under its current key and opens those sealed under any
// key it has. Safe for concurrent use.
//
// The cipher is AES-GCM with a random nonce of 96 bits: good for 2³² fields
// under one key (NIST SP 800-38D section 8.3), far more than there will be.
type Vault struct {
	current string // id of the key that seals
	keys    map[string]cipher.AEAD
}

// New returns a vault. Fields sealed under one of previous still open, so that
// keys can be changed without stopping; Reseal moves them to current.
func New(current []byte, previous ...[]byte) (*Vault, error) {
	v := &Vault{current: KeyID(current), keys: make(map[string]cipher.AEAD)}
	for _, key := range append([][]byte{current}, previous...) {
		if len(key) != KeySize {
			return nil, fmt.Errorf("field key has %d bytes, needs %d", len(key), KeySize)
		}
		block, err := aes.NewCipher(key)
		if err != nil {
			return nil, err
		}
		if v.keys[KeyID(key)], err = cipher.NewGCM(block); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// KeyID names a key without telling it: the first 8 hex digits of its SHA-256.
func KeyID(key []byte) string {
	sum := sha256.Sum256(key)
	return hex.EncodeToString(sum[:4])
}

// Seal encrypts a text for the place about.
func (v *Vault) Seal(plain, about string) (market.Sealed, error) {
	if plain == "" {
		return market.Sealed{}, nil
	}
	aead := v.keys[v.current]
	nonce := make([]byte, aead.NonceSize())
	rand.Read(nonce) // never fails
	return market.Sealed{Key: v.current, Data: aead.Seal(nonce, nonce, []byte(plain), []byte(about))}, nil
}

// Open returns the text that was sealed for about, "" for the zero Sealed.
// Internal when its key is not known, when it was changed, or when it belongs
// to another place.
func (v *Vault) Open(sealed market.Sealed, about string) (string, error) {
	if sealed.Empty() {
		return "", nil
	}
	aead, known := v.keys[sealed.Key]
	if !known {
		return "", failed(fmt.Errorf("field %s is sealed under key %q, which is not configured", about, sealed.Key))
	}
	if len(sealed.Data) < aead.NonceSize() {
		return "", failed(errors.New("sealed field is too short"))
	}
	plain, err := aead.Open(nil, sealed.Data[:aead.NonceSize()], sealed.Data[aead.NonceSize():], []byte(about))
	if err != nil {
		return "", failed(fmt.Errorf("field %s: %w", about, err))
	}
	return string(plain), nil
}

// Reseal moves a field to the current key. It reports whether it had to.
func (v *Vault) Reseal(sealed *market.Sealed, about string) (bool, error) {
	if sealed.Empty() || sealed.Key == v.current {
		return false, nil
	}
	plain, err := v.Open(*sealed, about)
	if err != nil {
		return false, err
	}
	*sealed, err = v.Seal(plain, about)
	return err == nil, err
}

func failed(cause error) error {
	return market.Wrap(market.Internal, cause, "sealed_field", "加密内容无法读取，请联系管理员。")
}
