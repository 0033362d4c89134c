package vault

import (
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jishi/internal/market"
)

var (
	oldKey = bytes.Repeat([]byte{1}, KeySize)
	newKey = bytes.Repeat([]byte{2}, KeySize)
)

func vaultOf(t *testing.T, current []byte, previous ...[]byte) *Vault {
	t.Helper()
	v, err := New(current, previous...)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestSealOpens(t *testing.T) {
	v := vaultOf(t, newKey)
	rapid.Check(t, func(t *rapid.T) {
		plain, about := rapid.String().Draw(t, "plain"), rapid.String().Draw(t, "about")
		sealed, err := v.Seal(plain, about)
		if err != nil {
			t.Fatal(err)
		}
		if len(plain) > 3 && bytes.Contains(sealed.Data, []byte(plain)) {
			t.Fatal("the text can be read in the sealed field")
		}
		if got, err := v.Open(sealed, about); err != nil || got != plain {
			t.Fatalf("Open = %q, %v, want %q", got, err, plain)
		}
		if sealed.Empty() {
			return
		}
		at := rapid.IntRange(0, len(sealed.Data)-1).Draw(t, "at")
		sealed.Data[at] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		if _, err := v.Open(sealed, about); !market.Is(err, market.Internal) {
			t.Fatalf("a changed field opened: %v", err)
		}
	})
}

func TestOpenRefuses(t *testing.T) {
	v := vaultOf(t, newKey)
	sealed, err := v.Seal("500101199001011234", "contract/1/party")
	if err != nil {
		t.Fatal(err)
	}
	short := market.Sealed{Key: sealed.Key, Data: sealed.Data[:8]}
	for _, tt := range []struct {
		name   string
		vault  *Vault
		sealed market.Sealed
		about  string
		says   string
	}{
		{"another place", v, sealed, "contract/2/party", "authentication failed"},
		{"another key", vaultOf(t, oldKey), sealed, "contract/1/party", "not configured"},
		{"cut off", v, short, "contract/1/party", "too short"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.vault.Open(tt.sealed, tt.about)
			if got != "" || !market.Is(err, market.Internal) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("Open = %q, %v, want an error saying %q", got, err, tt.says)
			}
		})
	}
}

func TestSealTwiceDiffers(t *testing.T) {
	v := vaultOf(t, newKey)
	a, _ := v.Seal("同一内容", "x")
	b, _ := v.Seal("同一内容", "x")
	if bytes.Equal(a.Data, b.Data) {
		t.Error("the same text was sealed alike twice: readers can tell that it is the same")
	}
}

func TestReseal(t *testing.T) {
	before, both, after := vaultOf(t, oldKey), vaultOf(t, newKey, oldKey), vaultOf(t, newKey)
	sealed, err := before.Seal("secret", "user/1/factor")
	if err != nil {
		t.Fatal(err)
	}
	if moved, err := both.Reseal(&sealed, "user/1/factor"); err != nil || !moved {
		t.Fatalf("Reseal = %v, %v", moved, err)
	}
	if got, err := after.Open(sealed, "user/1/factor"); err != nil || got != "secret" {
		t.Errorf("after the change of keys: %q, %v", got, err)
	}
	if moved, err := both.Reseal(&sealed, "user/1/factor"); err != nil || moved {
		t.Errorf("Reseal again = %v, %v, want nothing to do", moved, err)
	}
	var none market.Sealed
	if moved, err := both.Reseal(&none, "x"); err != nil || moved || !none.Empty() {
		t.Errorf("Reseal of nothing = %v, %v", moved, err)
	}
}

func TestNewRefusesShortKeys(t *testing.T) {
	if _, err := New(newKey[:31]); err == nil {
		t.Error("a key of 31 bytes was taken")
	}
	if _, err := New(newKey, oldKey[:16]); err == nil {
		t.Error("a previous key of 16 bytes was taken")
	}
}
