package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/urfave/cli/v3"

	"jishi/internal/audit"
	"jishi/internal/privacy"
)

// settle reads the settings of a command line and an environment.
func settle(t *testing.T, environment map[string]string, args ...string) (got config) {
	t.Helper()
	for name, value := range environment {
		t.Setenv(name, value)
	}
	c := &cli.Command{
		Name: "jishi", Flags: append(append(storeFlags(), serveFlags()...), productionFlag()),
		Action: func(_ context.Context, c *cli.Command) error { got = readConfig(c); return nil },
	}
	if err := c.Run(t.Context(), append([]string{"jishi"}, args...)); err != nil {
		t.Fatal(err)
	}
	return got
}

func TestSettings(t *testing.T) {
	usual := config{Data: "jishi-data", Listen: "127.0.0.1:8080", FileQuota: defaultFileQuota, AuditKeep: audit.DefaultKeep, Reveals: privacy.DailyReveals, Mail: mailConfig{DigestAt: defaultDigestAt}}
	set, flag := usual, usual
	set.Data, set.Store, set.Listen, set.Metrics, set.Secret, set.PublicURL, set.Proxies, set.Rates, set.Production = "d", "s", "l", "m", "k", "u", "p", "r", true
	set.Mail = mailConfig{Server: "sm", From: "mf", PasswordFile: "pf", Password: "pw", DigestAt: "18:30"}
	flag.Data, flag.Listen = "d", "f"
	for _, tt := range []struct {
		name        string
		environment map[string]string
		args        []string
		want        config
	}{
		{"nothing set", nil, nil, usual},
		{"set but empty", map[string]string{
			"JISHI_DATA": "", "JISHI_STORE": "", "JISHI_LISTEN": "", "JISHI_METRICS": "", "JISHI_SECRET_FILE": "", "JISHI_PUBLIC_URL": "", "JISHI_PROXIES": "", "JISHI_RATE": "", "JISHI_PRODUCTION": "",
			"JISHI_SMTP": "", "JISHI_SMTP_PASSWORD": "", "JISHI_SMTP_PASSWORD_FILE": "", "JISHI_MAIL_FROM": "", "JISHI_DIGEST_AT": "",
		}, nil, usual},
		{"empty flags", nil, []string{"--listen=", "--data="}, usual},
		{"environment", map[string]string{
			"JISHI_DATA": "d", "JISHI_STORE": "s", "JISHI_LISTEN": "l", "JISHI_METRICS": "m", "JISHI_SECRET_FILE": "k", "JISHI_PUBLIC_URL": "u", "JISHI_PROXIES": "p", "JISHI_RATE": "r", "JISHI_PRODUCTION": "1",
			"JISHI_SMTP": "sm", "JISHI_SMTP_PASSWORD": "pw", "JISHI_SMTP_PASSWORD_FILE": "pf", "JISHI_MAIL_FROM": "mf", "JISHI_DIGEST_AT": "18:30",
		}, nil, set},
		{"the flag wins", map[string]string{"JISHI_LISTEN": "l", "JISHI_DATA": "d"}, []string{"--listen", "f"}, flag},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := settle(t, tt.environment, tt.args...); got != tt.want {
				t.Errorf("%+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestStorePath(t *testing.T) {
	for _, tt := range []struct {
		store, path string
		embedded    bool
		err         string
	}{
		{"", filepath.Join("d", "jishi.db"), true, ""},
		{"sqlite:/var/x.db", "/var/x.db", true, ""},
		{"sqlite:x.db", "x.db", true, ""},
		{"sqlite:", "", false, "JISHI_STORE"},
		{"mongodb://user:s3cret@h/market", "", false, ""},
		{"mongodb+srv://h/market", "", false, ""},
		{"mysql://user:s3cret@h/market", "", false, "JISHI_STORE"},
		{"x.db", "", false, "JISHI_STORE"},
	} {
		t.Run(tt.store, func(t *testing.T) {
			path, embedded, err := config{Data: "d", Store: tt.store}.storePath()
			if path != tt.path || embedded != tt.embedded || (err == nil) != (tt.err == "") {
				t.Fatalf("%q, %v, %v", path, embedded, err)
			}
			if err != nil && (!strings.Contains(err.Error(), tt.err) || strings.Contains(err.Error(), "s3cret")) {
				t.Errorf("says %v", err)
			}
		})
	}
}

func TestPublicURL(t *testing.T) {
	for _, tt := range []struct {
		url         string
		secure, bad bool
	}{
		{"", false, false}, {"http://market.example", false, false}, {"https://market.example", true, false},
		{"market.example", false, true}, {"ftp://market.example", false, true},
	} {
		if secure, err := (config{PublicURL: tt.url}).secure(); secure != tt.secure || (err != nil) != tt.bad {
			t.Errorf("%q: %v, %v", tt.url, secure, err)
		}
	}
}

func TestProxies(t *testing.T) {
	for _, tt := range []struct {
		text, want string
		bad        bool
	}{
		{"", "[]", false}, {" , ", "[]", false}, {"10.0.0.0/8, 127.0.0.1", "[10.0.0.0/8 127.0.0.1/32]", false},
		{"::1", "[::1/128]", false}, {"proxy.example", "[]", true}, {"10.0.0.0/99", "[]", true},
	} {
		got, err := config{Proxies: tt.text}.proxies()
		if fmt.Sprint(got) != tt.want || (err != nil) != tt.bad {
			t.Errorf("%q: %v, %v", tt.text, got, err)
		}
	}
}

func TestListen(t *testing.T) {
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	taken := busy.Addr().String()
	for _, tt := range []struct {
		name string
		c    config
		want []string
	}{
		{"pages", config{Listen: taken}, []string{taken, "已被占用"}},
		{"metrics", config{Listen: "127.0.0.1:0", Metrics: taken}, []string{taken, "已被占用", "--metrics"}},
		{"no address", config{Listen: "nonsense"}, []string{"nonsense"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := tt.c.listen()
			if err == nil {
				t.Fatal("taken")
			}
			for _, word := range tt.want {
				if !strings.Contains(sentence(err), word) {
					t.Errorf("%q does not say %q", sentence(err), word)
				}
			}
		})
	}
	at, err := config{Listen: "127.0.0.1:0", Metrics: "127.0.0.1:0"}.listen()
	if err != nil {
		t.Fatal(err)
	}
	at.close()
	at.close()
	if again, err := net.Listen("tcp", at.pages.Addr().String()); err != nil {
		t.Errorf("not given back: %v", err)
	} else {
		again.Close()
	}
}

func TestMustExist(t *testing.T) {
	data := t.TempDir()
	if err := (config{Data: data}).mustExist(); err == nil || !strings.Contains(err.Error(), data) {
		t.Errorf("no store: %v", err)
	}
	if err := os.WriteFile(filepath.Join(data, "jishi.db"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []config{{Data: data}, {Store: "mongodb://nowhere"}} {
		if err := c.mustExist(); err != nil {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
