package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCourier(t *testing.T) {
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte("geheim\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	const server, from = "smtp://jishi@mail.test", "noreply@jishi.test"
	tests := []struct {
		name string
		cfg  mailConfig
		want string // word of the refusal
	}{
		{"none", mailConfig{}, ""},
		{"password", mailConfig{Server: server, From: from, Password: "geheim"}, ""},
		{"password file", mailConfig{Server: server, From: from, PasswordFile: file}, ""},
		{"both", mailConfig{Server: server, From: from, PasswordFile: file, Password: "geheim"}, "两次"},
		{"neither", mailConfig{Server: server, From: from}, "JISHI_SMTP_PASSWORD"},
		{"no such file", mailConfig{Server: server, From: from, PasswordFile: file + "x"}, "没有这个文件"},
		{"no sender", mailConfig{Server: server, Password: "geheim"}, "JISHI_MAIL_FROM"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			courier, err := tt.cfg.courier()
			if tt.want == "" && (err != nil || (courier == nil) != (tt.cfg.Server == "")) {
				t.Errorf("%v, %v", courier, err)
			}
			if tt.want != "" && (err == nil || !strings.Contains(sentence(err), tt.want) || strings.Contains(sentence(err), "geheim")) {
				t.Errorf("%v, want %s", err, tt.want)
			}
		})
	}
}

func TestBase(t *testing.T) {
	for _, tt := range []struct{ public, listen, want string }{
		{"https://jishi.test/", "127.0.0.1:1", "https://jishi.test"}, {"", "127.0.0.1:8080", "http://127.0.0.1:8080"},
		{"", ":8080", "http://localhost:8080"}, {"", "0.0.0.0:80", "http://localhost:80"}, {"", "[::]:80", "http://localhost:80"},
	} {
		if got := (config{PublicURL: tt.public, Listen: tt.listen}).base(); got != tt.want {
			t.Errorf("%+v: %s", tt, got)
		}
	}
}
