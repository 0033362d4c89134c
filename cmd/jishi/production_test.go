package main

import (
	"crypto/rand"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func randomKey() string {
	key := make([]byte, 32)
	rand.Read(key)
	return hex.EncodeToString(key)
}

// goodConfig is settings that are fit for the public.
func goodConfig(t *testing.T) config {
	t.Helper()
	return config{
		Data: filepath.Join(t.TempDir(), "data"), Listen: "0.0.0.0:8080", Metrics: "127.0.0.1:9090", Production: true,
		Secret: tempFile(t, "secret", []byte(randomKey()+"\n")), FieldKey: randomKey(),
		PublicURL: "https://jishi.example.cn", Proxies: "10.0.0.2",
		Mail: mailConfig{Server: "smtp://jishi@mail.example.cn", From: "noreply@example.cn", PasswordFile: tempFile(t, "password", []byte("geheim"))},
	}
}

func TestProductionAccepts(t *testing.T) {
	for name, change := range map[string]func(*config){
		"as it is":                   func(*config) {},
		"no mail server, no metrics": func(c *config) { c.Mail, c.Metrics = mailConfig{}, "" },
		"MongoDB with a user":        func(c *config) { c.Store = "mongodb://u:p@db.example.cn/jishi"; c.Data = "" },
		"MongoDB here":               func(c *config) { c.Store = "mongodb://127.0.0.1:27017,[::1]:27018,localhost/jishi" },
		"rates of one's own":         func(c *config) { c.Rates = "sign-in=60/min:120" },
		"metrics inside":             func(c *config) { c.Metrics = "10.1.2.3:9090" },
		"mail server here":           func(c *config) { c.Mail = mailConfig{Server: "smtp://127.0.0.1:25?tls=none", From: "a@b.cn"} },
		"a store of one's own":       func(c *config) { h := empty(t, c.Data); h.close() },
	} {
		t.Run(name, func(t *testing.T) {
			cfg := goodConfig(t)
			change(&cfg)
			var problems []string
			for _, check := range []func(config) []string{config.keyProblems, config.addressProblems, config.limitProblems, config.fileProblems, config.serverProblems} {
				problems = append(problems, check(cfg)...)
			}
			if len(problems) > 0 {
				t.Errorf("refused: %s", problems)
			}
			if _, embedded, _ := cfg.storePath(); embedded {
				if err := cfg.ready(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// empty opens a store without anything in it.
func empty(t *testing.T, data string) *house {
	t.Helper()
	h, err := openHouse(t.Context(), config{Data: data})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestProductionRefuses(t *testing.T) {
	secret := func(key string) func(*config) {
		return func(c *config) { c.Secret = tempFile(t, "secret", []byte(key)) }
	}
	tests := []struct {
		name   string
		change func(*config)
		word   string // of the one reason given
	}{
		{"no secret", func(c *config) { c.Secret = "" }, "JISHI_SECRET_FILE"},
		{"secret that is not there", func(c *config) { c.Secret += "x" }, "没有这个文件"},
		{"short secret", secret(randomKey()[:31]), "31 字节"},
		{"one byte over and over", secret(strings.Repeat("k", 64)), "重复"},
		{"NULs", secret(strings.Repeat("\x00", 32)), "重复"},
		{"a piece over and over", secret(strings.Repeat("Xy7#qLp2", 8)), "重复"},
		{"counted", secret("ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefg"), "令牌密钥"},
		{"counted in steps", secret("02468:<>@BDFHJLNPRTVXZ^`bdfhjlnprtvxz"), "连续"},
		{"copied from instructions", secret("please-change-me-before-you-go-live-4711"), "示例"},
		{"made up", secret("my-very-own-password-for-the-market-99"), "示例"},
		{"few letters", secret("abbabaabbaababbabaababbaabbabaabbabbab"), "变化太少"},
		{"secret others read", func(c *config) { os.Chmod(c.Secret, 0o644) }, "chmod"},
		{"previous secret that is weak", func(c *config) { c.SecretPrevious = tempFile(t, "old", []byte(strings.Repeat("k", 64))) }, "以前的令牌密钥是重复"},
		{"previous secret others read", func(c *config) {
			c.SecretPrevious = tempFile(t, "old", []byte(randomKey()))
			os.Chmod(c.SecretPrevious, 0o644)
		}, "以前的令牌密钥文件"},
		{"no field key", func(c *config) { c.FieldKey = "" }, "JISHI_FIELD_KEY"},
		{"field key that is none", func(c *config) { c.FieldKey = "abc" }, "64 位"},
		{"weak field key", func(c *config) { c.FieldKey = strings.Repeat("0", 64) }, "字段密钥（JISHI_FIELD_KEY）是重复"},
		{"previous field key", func(c *config) { c.FieldKeyPrevious = "abc" }, "JISHI_FIELD_KEY_PREVIOUS"},
		{"one key for both", func(c *config) { c.FieldKey = randomKey(); secret(c.FieldKey)(c) }, "相同"},
		{"no public address", func(c *config) { c.PublicURL = "" }, "JISHI_PUBLIC_URL"},
		{"public address without TLS", func(c *config) { c.PublicURL = "http://jishi.example.cn" }, "https://"},
		{"public address with a path", func(c *config) { c.PublicURL = "https://example.cn/jishi" }, "JISHI_PUBLIC_URL"},
		{"no proxy", func(c *config) { c.Proxies = "" }, "JISHI_PROXIES"},
		{"anybody is a proxy", func(c *config) { c.Proxies = "10.0.0.2, 0.0.0.0/0" }, "相信任何人"},
		{"no such proxy", func(c *config) { c.Proxies = "proxy" }, "JISHI_PROXIES"},
		{"metrics everywhere", func(c *config) { c.Metrics = ":9090" }, "JISHI_METRICS"},
		{"metrics on all addresses", func(c *config) { c.Metrics = "0.0.0.0:9090" }, "JISHI_METRICS"},
		{"metrics on a public address", func(c *config) { c.Metrics = "203.0.113.9:9090" }, "JISHI_METRICS"},
		{"no rates", func(c *config) { c.Rates = "off" }, "JISHI_RATE"},
		{"rates that are none", func(c *config) { c.Rates = "fast" }, "JISHI_RATE"},
		{"mail in the clear", func(c *config) { c.Mail = mailConfig{Server: "smtp://mail.example.cn?tls=none", From: "a@b.cn"} }, "tls=none"},
		{"mail password others read", func(c *config) { os.Chmod(c.Mail.PasswordFile, 0o604) }, "邮件密码文件"},
		{"mail from nobody", func(c *config) { c.Mail.From = "" }, "JISHI_MAIL_FROM"},
		{"data others read", func(c *config) { os.Mkdir(c.Data, 0o755) }, "数据目录"},
		{"MongoDB for anybody", func(c *config) {
			c.Store = "mongodb://db.example.cn:1/jishi?connectTimeoutMS=10&serverSelectionTimeoutMS=10"
		}, "不用登录"},
		{"store that is none", func(c *config) { c.Store = "mysql://u:s3cret@h/x" }, "JISHI_STORE"},
		{"demonstration data", func(c *config) {
			h := empty(t, c.Data)
			defer h.close()
			if _, err := h.markDemo(t.Context()); err != nil {
				t.Fatal(err)
			}
		}, "演示数据"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cfg := goodConfig(t)
			tt.change(&cfg)
			err := cfg.ready(t.Context())
			if err == nil || !strings.Contains(err.Error(), tt.word) || strings.Contains(err.Error(), "s3cret") {
				t.Fatalf("says %v, want %s", err, tt.word)
			}
			if strings.Contains(err.Error(), "\n  2. ") && tt.name != "MongoDB for anybody" { // that one is not there either
				t.Errorf("more than one reason: %v", err)
			}
		})
	}
	t.Logf("%d bad settings refused", len(tests))
}

// Everything that is wrong is told at once, and nothing is made or served.
func TestProductionTellsAll(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	weak := tempFile(t, "secret", []byte(strings.Repeat("k", 64)))
	r := jishi(t, []string{"JISHI_PRODUCTION=1", "JISHI_RATE=off"}, "serve", "--data", data, "--listen", "127.0.0.1:0", "--secret-file", weak, "--metrics", ":9")
	for _, word := range []string{"有 6 处要改", "令牌密钥是重复", "JISHI_FIELD_KEY", "JISHI_PUBLIC_URL", "JISHI_PROXIES", "JISHI_METRICS", "JISHI_RATE"} {
		if !strings.Contains(r.err, word) {
			t.Errorf("does not say %s: %s", word, r.err)
		}
	}
	if _, err := os.Stat(data); err == nil || r.code != 1 || r.out != "" {
		t.Errorf("exit code %d, printed %q, data folder %v", r.code, r.out, err)
	}
}

// A good start says nothing about its mode; another one does.
func TestProductionStarts(t *testing.T) {
	t.Parallel()
	cfg := goodConfig(t)
	settings := []string{"JISHI_PRODUCTION=1", "JISHI_FIELD_KEY=" + cfg.FieldKey, "JISHI_DATA=" + cfg.Data, "JISHI_SECRET_FILE=" + cfg.Secret,
		"JISHI_PUBLIC_URL=" + cfg.PublicURL, "JISHI_PROXIES=127.0.0.1", "JISHI_RATE=", "JISHI_LISTEN=127.0.0.1:0"}
	s := serveProcess(t, settings, "serve")
	s.ready()
	if s.stop(os.Interrupt); strings.Contains(s.out, notProduction) {
		t.Errorf("printed %s", s.out)
	}
	s = serveProcess(t, append(settings, "JISHI_PRODUCTION=0"), "serve")
	if s.stop(os.Interrupt); !strings.Contains(s.out, notProduction) {
		t.Errorf("printed %s", s.out)
	}
}

// Keys made as the instructions say are never taken for weak ones.
func TestRandomKeysAreStrong(t *testing.T) {
	for range 20_000 {
		raw := make([]byte, 32)
		rand.Read(raw)
		for _, key := range []string{string(raw), hex.EncodeToString(raw)} {
			if reason := weakness(key); reason != "" {
				t.Fatalf("%x %s", key, reason)
			}
		}
	}
}

// The example of settings is good once the keys are in it, with and without
// what it has commented out.
func TestExampleSettings(t *testing.T) {
	raw, err := os.ReadFile("../../deploy/jishi.env.example")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"as it is": string(raw), "with all of it": strings.ReplaceAll(string(raw), "\n#JISHI_", "\nJISHI_")} {
		t.Run(name, func(t *testing.T) {
			environment := map[string]string{}
			for line := range strings.Lines(text) {
				if setting, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok && strings.HasPrefix(setting, "JISHI_") {
					environment[setting] = value
				}
			}
			good := goodConfig(t)
			environment["JISHI_FIELD_KEY"], environment["JISHI_SECRET_FILE"] = good.FieldKey, good.Secret
			environment["JISHI_STORE"] = "" // nobody to ask
			if environment["JISHI_SMTP"] != "" {
				environment["JISHI_SMTP_PASSWORD_FILE"] = good.Mail.PasswordFile
			}
			cfg := settle(t, environment)
			if err := cfg.ready(t.Context()); err != nil || !cfg.Production {
				t.Error(err)
			}
		})
	}
}
