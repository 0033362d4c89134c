package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func TestReadSecret(t *testing.T) {
	long := strings.Repeat("k", minSecret)
	for _, tt := range []struct {
		name, content, key string
		words              []string
	}{
		{"just long enough", long, long, nil},
		{"line break at the end", long + "\r\n", long, nil},
		{"spaces are part of it", " " + long[2:] + " ", " " + long[2:] + " ", nil},
		{"too short", long[1:], "", []string{"密钥太短", "31"}},
		{"too short but for its line break", long[1:] + "\n", "", []string{"密钥太短", "31"}},
		{"empty", "", "", []string{"密钥太短"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := tempFile(t, "key", []byte(tt.content))
			key, err := readSecret(config{Secret: path})
			if string(key) != tt.key || (err == nil) != (tt.words == nil) {
				t.Fatalf("%q, %v", key, err)
			}
			for _, word := range append(tt.words, path) {
				if err != nil && !strings.Contains(err.Error(), word) {
					t.Errorf("%q does not say %q", err, word)
				}
			}
		})
	}
	t.Run("no such file", func(t *testing.T) {
		if _, err := readSecret(config{Secret: filepath.Join(t.TempDir(), "none")}); err == nil || !strings.Contains(sentence(err), "没有这个文件") {
			t.Errorf("says %v", err)
		}
	})
}

// The key of a data folder is made once, for its owner only, and stays.
func TestSecretIsMadeOnce(t *testing.T) {
	data := t.TempDir()
	keys := make([][]byte, 16)
	var wait sync.WaitGroup
	for i := range keys {
		wait.Go(func() {
			var err error
			if keys[i], err = readSecret(config{Data: data}); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	for _, key := range keys {
		if !bytes.Equal(key, keys[0]) || len(key) < minSecret {
			t.Errorf("keys %q and %q", key, keys[0])
		}
	}
	entries, err := os.ReadDir(data)
	if err != nil || len(entries) != 1 {
		t.Fatalf("%v, %v", entries, err)
	}
	if info, err := entries[0].Info(); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	other, err := readSecret(config{Data: t.TempDir()})
	if err != nil || bytes.Equal(other, keys[0]) {
		t.Errorf("another folder's key is the same, %v", err)
	}
}
