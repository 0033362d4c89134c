package main

import (
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"jishi/internal/vault"
)

// openVault returns the vault under the keys of the settings: JISHI_FIELD_KEY
// and, while fields are moved from one key to the next, those of
// JISHI_FIELD_KEY_PREVIOUS. Without a setting the key is kept in the data
// folder, where one is made at the first start.
func openVault(c config) (*vault.Vault, error) {
	current, err := fieldKey(c)
	if err != nil {
		return nil, err
	}
	var previous [][]byte
	for text := range strings.SplitSeq(c.FieldKeyPrevious, ",") {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		key, err := parseFieldKey(text)
		if err != nil {
			return nil, fmt.Errorf("JISHI_FIELD_KEY_PREVIOUS：%w", err)
		}
		previous = append(previous, key)
	}
	return vault.New(current, previous...)
}

func fieldKey(c config) ([]byte, error) {
	if c.FieldKey != "" {
		key, err := parseFieldKey(c.FieldKey)
		if err != nil {
			return nil, fmt.Errorf("JISHI_FIELD_KEY：%w", err)
		}
		return key, nil
	}
	path := filepath.Join(c.Data, "field.key")
	if err := makeSecret(path); err != nil {
		return nil, failed("生成字段密钥文件 "+path, err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, failed("读取字段密钥文件 "+path, err)
	}
	key, err := parseFieldKey(strings.TrimSpace(string(raw)))
	if err != nil {
		return nil, fmt.Errorf("字段密钥文件 %s：%w", path, err)
	}
	return key, nil
}

// parseFieldKey reads a key written as 64 hex digits. The text is in no error:
// it may be the key but for one digit.
func parseFieldKey(text string) ([]byte, error) {
	key, err := hex.DecodeString(text)
	if err != nil || len(key) != vault.KeySize {
		return nil, errors.New("字段密钥应为 64 位十六进制数，可用 openssl rand -hex 32 生成")
	}
	return key, nil
}
