package main

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// minSecret is the least length of a token key in bytes, RFC 8725 section 3.5
// for HMAC-SHA-256.
const minSecret = 32

// readSecret returns the token key: from the file configured, else from the
// data folder, where one is made at the first start. The file is readable by
// its owner only; a short key is refused.
func readSecret(c config) ([]byte, error) {
	path := c.Secret
	if path == "" {
		path = filepath.Join(c.Data, "secret.key")
		if err := makeSecret(path); err != nil {
			return nil, err
		}
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("读取密钥文件: %w", err)
	}
	key := []byte(strings.TrimSpace(string(raw)))
	if len(key) < minSecret {
		return nil, fmt.Errorf("密钥太短：文件 %s 只有 %d 字节，至少要 %d 字节", path, len(key), minSecret)
	}
	return key, nil
}

func makeSecret(path string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("生成密钥文件: %w", err)
	}
	key := make([]byte, minSecret)
	if _, err := rand.Read(key); err != nil {
		return errors.Join(err, file.Close())
	}
	_, err = file.WriteString(hex.EncodeToString(key) + "\n")
	return errors.Join(err, file.Sync(), file.Close())
}
