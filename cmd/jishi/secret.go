package main

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// minSecret is the least length of a token key in bytes, RFC 8725 section 3.5
// for HMAC-SHA-256.
const minSecret = 32

// readSecret returns the token key: from the file configured, else from the
// data folder, where one is made at the first start. That file is readable by
// its owner only.
func readSecret(c config) ([]byte, error) {
	path := c.Secret
	if path == "" {
		path = filepath.Join(c.Data, "secret.key")
		if err := makeSecret(path); err != nil {
			return nil, failed("生成密钥文件 "+path, err)
		}
	}
	return readKeyFile(path)
}

// readSecrets returns the token key and after it those it took the place of,
// which stay good so that nobody is signed out when it changes. One that is
// the present key, or named twice, counts once.
func readSecrets(c config) ([][]byte, error) {
	current, err := readSecret(c)
	if err != nil {
		return nil, err
	}
	secrets := [][]byte{current}
	for path := range strings.SplitSeq(c.SecretPrevious, ",") {
		if path = strings.TrimSpace(path); path == "" {
			continue
		}
		secret, err := readKeyFile(path)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(secrets, func(one []byte) bool { return bytes.Equal(one, secret) }) {
			secrets = append(secrets, secret)
		}
	}
	return secrets, nil
}

// readKeyFile reads one key. A short one is refused.
func readKeyFile(path string) ([]byte, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, failed("读取密钥文件 "+path, err)
	}
	key := []byte(strings.TrimRight(string(raw), "\r\n")) // editors end files with a line break
	if len(key) < minSecret {
		return nil, fmt.Errorf("密钥太短：文件 %s 只有 %d 字节，至少要 %d 字节；可用 openssl rand -hex 32 生成", path, len(key), minSecret)
	}
	return key, nil
}

func makeSecret(path string) error {
	key := make([]byte, minSecret)
	rand.Read(key) // never fails
	return writeOnce(path, []byte(hex.EncodeToString(key)+"\n"))
}

// writeOnce makes a file for its owner only, unless it is there. It appears
// with all its content or not at all, also when the program dies or another
// one does the same.
func writeOnce(path string, content []byte) error {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-") // 0600
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	_, err = file.Write(content)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if err = os.Link(file.Name(), path); errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}
