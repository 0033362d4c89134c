package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFieldKeys(t *testing.T) {
	one, two := strings.Repeat("1f", 32), strings.Repeat("2e", 32)
	for _, tt := range []struct {
		name, current, previous, wrong string
	}{
		{"from the environment", one, "", ""},
		{"changed", two, one, ""},
		{"two before", two, " " + one + ", " + strings.Repeat("3d", 32), ""},
		{"no hex", strings.Repeat("zz", 32), "", "JISHI_FIELD_KEY："},
		{"short", one[:62], "", "64 位"},
		{"previous short", one, "abcd", "JISHI_FIELD_KEY_PREVIOUS"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := openVault(config{Data: t.TempDir(), FieldKey: tt.current, FieldKeyPrevious: tt.previous})
			if tt.wrong == "" && err != nil {
				t.Fatal(err)
			}
			if tt.wrong != "" && (err == nil || !strings.Contains(err.Error(), tt.wrong)) {
				t.Fatalf("got %v, want a word about %s", err, tt.wrong)
			}
			if err != nil && strings.Contains(err.Error(), tt.current) {
				t.Error("the error tells the key")
			}
		})
	}
}

// Without a setting the key stays with the data: what was sealed opens after a restart.
func TestFieldKeyIsKept(t *testing.T) {
	c := config{Data: t.TempDir()}
	first, err := openVault(c)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := first.Seal("内容", "here")
	if err != nil {
		t.Fatal(err)
	}
	second, err := openVault(c)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := second.Open(sealed, "here"); err != nil || got != "内容" {
		t.Errorf("Open = %q, %v", got, err)
	}
	info, err := os.Stat(filepath.Join(c.Data, "field.key"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("field.key: %v, %v", info, err)
	}
}
