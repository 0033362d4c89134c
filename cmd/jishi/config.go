package main

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v3"

	"jishi/internal/audit"
	"jishi/internal/privacy"
	"jishi/internal/server"
)

// config is every setting of a running Jishi. Each is a flag and an
// environment variable JISHI_…; the flag wins, and an empty one counts as not set.
type config struct {
	Data      string // folder of the embedded store, the index and the secret
	Store     string // sqlite:PATH or mongodb://…; empty = sqlite in Data
	Listen    string // address of pages and API
	Metrics   string // address of /metrics, empty = off
	Secret    string // file holding the token key; empty = made in Data
	Sessions  sessionConfig
	PublicURL string // address people use, https:// turns secure cookies on
	Proxies   string // reverse proxies whose X-Forwarded-For is believed: addresses or prefixes, comma-separated
	Rates     string // how often one client may ask, see server.ParseRates; empty = the usual rates
	FileQuota int    // MiB of files that each organization may keep
	AuditKeep int    // months that audit entries are kept, see audit.CheckKeep; 0 = audit.DefaultKeep
	Reveals   int    // how often a day one user may have masked contacts shown; 0 = privacy.DailyReveals
	Mail      mailConfig

	Production bool // refuse to start with settings that are not fit for the public

	SecretPrevious   string // files of token keys that were used before and are still good, comma-separated
	FieldKey         string // key of encrypted fields, 64 hex digits; empty = kept in Data. From the environment only: flags show in the list of processes
	FieldKeyPrevious string // keys that fields may still be sealed under, comma-separated
}

// What flags are when nobody sets them.
const (
	defaultData   = "jishi-data"
	defaultListen = "127.0.0.1:8080"

	defaultFileQuota = 1024
)

// Flags shared by the subcommands that open the store.
func storeFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "data", Value: defaultData, Usage: "数据目录（内置数据库、索引、密钥）", Sources: cli.EnvVars("JISHI_DATA")},
		&cli.IntFlag{Name: "file-quota", Value: defaultFileQuota, Usage: "每个单位可存文件的总量，MiB", Sources: cli.EnvVars("JISHI_FILE_QUOTA")},
		&cli.StringFlag{Name: "store", Usage: "数据库：sqlite:PATH 或 mongodb://…，默认在数据目录中", Sources: cli.EnvVars("JISHI_STORE")},
		secretFlag(), previousFlag(),
		&cli.IntFlag{Name: "audit-keep", Value: audit.DefaultKeep, Usage: "审计记录保存的月数，至少 6", Sources: cli.EnvVars("JISHI_AUDIT_KEEP"), Validator: audit.CheckKeep},
	}
}

// secretFlag is of every subcommand that opens the store: audit entries are
// sealed with a key made from the secret.
func secretFlag() cli.Flag {
	return &cli.StringFlag{Name: "secret-file", Usage: "令牌和审计签名的密钥文件（至少 32 字节），默认在数据目录中生成", Sources: cli.EnvVars("JISHI_SECRET_FILE")}
}

// previousFlag goes with secretFlag: whoever writes into the trail after the
// secret was changed must know the one it was sealed with before.
func previousFlag() cli.Flag {
	return &cli.StringFlag{Name: "secret-previous-files", Usage: "更换密钥后仍认可的旧密钥文件，逗号分隔", Sources: cli.EnvVars("JISHI_SECRET_PREVIOUS_FILES")}
}

// Flags of the subcommands that serve.
func serveFlags() []cli.Flag {
	return append([]cli.Flag{
		&cli.StringFlag{Name: "listen", Value: defaultListen, Usage: "网页与接口的监听地址", Sources: cli.EnvVars("JISHI_LISTEN")},
		&cli.StringFlag{Name: "metrics", Usage: "Prometheus 指标的监听地址，不设则不开", Sources: cli.EnvVars("JISHI_METRICS")},
		&cli.StringFlag{Name: "public-url", Usage: "对外网址；以 https:// 开头时只发安全 Cookie", Sources: cli.EnvVars("JISHI_PUBLIC_URL")},
		&cli.StringFlag{Name: "proxies", Usage: "反向代理的地址或网段，逗号分隔；只相信它们转来的来访者地址", Sources: cli.EnvVars("JISHI_PROXIES")},
		&cli.StringFlag{Name: "rate", Usage: "每位访问者的频率上限，如 read=100/s:600,write=20/s:100,sign-in=10/min:20,upload=30/min,export=20/min；off 不限", Sources: cli.EnvVars("JISHI_RATE")},
		&cli.IntFlag{Name: "reveals", Value: privacy.DailyReveals, Usage: "每人每天可查看完整联系方式和身份证号的次数", Sources: cli.EnvVars("JISHI_REVEALS")},
	}, append(sessionFlags(), mailFlags()...)...)
}

// readConfig takes the settings a subcommand has flags for.
func readConfig(c *cli.Command) config {
	return config{
		Data: cmp.Or(c.String("data"), defaultData), Store: c.String("store"), FileQuota: c.Int("file-quota"), AuditKeep: c.Int("audit-keep"), Reveals: c.Int("reveals"),
		FieldKey: os.Getenv("JISHI_FIELD_KEY"), FieldKeyPrevious: os.Getenv("JISHI_FIELD_KEY_PREVIOUS"),
		Listen: cmp.Or(c.String("listen"), defaultListen), Metrics: c.String("metrics"),
		Secret: c.String("secret-file"), SecretPrevious: c.String("secret-previous-files"), Sessions: readSessionConfig(c), PublicURL: c.String("public-url"), Proxies: c.String("proxies"), Rates: c.String("rate"), Mail: readMailConfig(c), Production: c.Bool("production"),
	}
}

// storePath returns the SQLite file to open; ok is false for MongoDB.
func (c config) storePath() (path string, ok bool, err error) {
	path, embedded := strings.CutPrefix(c.Store, "sqlite:")
	switch {
	case c.Store == "":
		return filepath.Join(c.Data, "jishi.db"), true, nil
	case embedded && path != "":
		return path, true, nil
	case strings.HasPrefix(c.Store, "mongodb://"), strings.HasPrefix(c.Store, "mongodb+srv://"):
		return "", false, nil
	default: // not quoted: a mistyped address may hold a password
		return "", false, errors.New("JISHI_STORE（--store）应为 sqlite:文件路径 或 mongodb://主机:端口/库名")
	}
}

// mustExist refuses to go on where no store was made yet, for subcommands
// that only make sense on one: a mistyped folder must not pass for an empty market.
func (c config) mustExist() error {
	path, embedded, err := c.storePath()
	if err != nil || !embedded {
		return err
	}
	if _, err := os.Stat(path); err != nil {
		return failed("打开数据库 "+path+"（用 --data 或 --store 指明在哪里）", err)
	}
	return nil
}

// secure reports whether people come by https.
func (c config) secure() (bool, error) {
	secure := strings.HasPrefix(c.PublicURL, "https://")
	if !secure && c.PublicURL != "" && !strings.HasPrefix(c.PublicURL, "http://") {
		return false, errors.New("JISHI_PUBLIC_URL（--public-url）应以 https:// 或 http:// 开头")
	}
	return secure, nil
}

// proxies returns the networks of the reverse proxies.
func (c config) proxies() ([]netip.Prefix, error) {
	var all []netip.Prefix
	for text := range strings.SplitSeq(c.Proxies, ",") {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		prefix, err := netip.ParsePrefix(text)
		if address, single := netip.ParseAddr(text); single == nil {
			prefix, err = netip.PrefixFrom(address, address.BitLen()), nil
		}
		if err != nil {
			return nil, errors.New("JISHI_PROXIES（--proxies）应为地址或网段，如 10.0.0.0/8，而不是 " + text)
		}
		all = append(all, prefix)
	}
	return all, nil
}

// rates returns how often one client may ask.
func (c config) rates() (server.Rates, error) {
	rates, err := server.ParseRates(c.Rates)
	if err != nil {
		return rates, fmt.Errorf("JISHI_RATE（--rate）有误：%w", err)
	}
	return rates, nil
}

// listeners are where a server takes requests.
type listeners struct {
	pages   net.Listener
	metrics net.Listener // nil = off
}

// listen takes the addresses of the settings, before any work is done that an
// occupied one would undo.
func (c config) listen() (l listeners, err error) {
	if l.pages, err = net.Listen("tcp", c.Listen); err != nil {
		return l, failed("监听 "+c.Listen, err)
	}
	if c.Metrics == "" {
		return l, nil
	}
	if l.metrics, err = net.Listen("tcp", c.Metrics); err != nil {
		return l, errors.Join(failed("监听 "+c.Metrics+"（--metrics）", err), l.pages.Close())
	}
	return l, nil
}

// close gives the addresses back. Closing twice is harmless.
func (l listeners) close() {
	l.pages.Close()
	if l.metrics != nil {
		l.metrics.Close()
	}
}

// logger writes JSON lines to standard error.
func logger() *slog.Logger { return slog.New(slog.NewJSONHandler(os.Stderr, nil)) }
