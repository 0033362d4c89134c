package main

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v3"

	"jishi/internal/market"
)

// config is every setting of a running Jishi. Each is a flag and an
// environment variable JISHI_…; the flag wins.
type config struct {
	Data      string // folder of the embedded store, the index and the secret
	Store     string // sqlite:PATH or mongodb://…; empty = sqlite in Data
	Listen    string // address of pages and API
	Metrics   string // address of /metrics, empty = off
	Secret    string // file holding the token key; empty = made in Data
	PublicURL string // address people use, https:// turns secure cookies on
}

// Flags shared by the subcommands that open the store.
func storeFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "data", Value: "jishi-data", Usage: "数据目录（内置数据库、索引、密钥）", Sources: cli.EnvVars("JISHI_DATA")},
		&cli.StringFlag{Name: "store", Usage: "数据库：sqlite:PATH 或 mongodb://…，默认在数据目录中", Sources: cli.EnvVars("JISHI_STORE")},
	}
}

// Flags of the subcommands that serve.
func serveFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "listen", Value: "127.0.0.1:8080", Usage: "网页与接口的监听地址", Sources: cli.EnvVars("JISHI_LISTEN")},
		&cli.StringFlag{Name: "metrics", Usage: "Prometheus 指标的监听地址，空则不开", Sources: cli.EnvVars("JISHI_METRICS")},
		&cli.StringFlag{Name: "secret-file", Usage: "令牌密钥文件（至少 32 字节），默认在数据目录中生成", Sources: cli.EnvVars("JISHI_SECRET_FILE")},
		&cli.StringFlag{Name: "public-url", Usage: "对外网址；以 https:// 开头时只发安全 Cookie", Sources: cli.EnvVars("JISHI_PUBLIC_URL")},
	}
}

// readConfig takes the settings a subcommand has flags for.
func readConfig(c *cli.Command) config {
	return config{
		Data: c.String("data"), Store: c.String("store"), Listen: c.String("listen"), Metrics: c.String("metrics"),
		Secret: c.String("secret-file"), PublicURL: c.String("public-url"),
	}
}

// storePath returns the SQLite file to open; ok is false for MongoDB.
func (c config) storePath() (path string, ok bool, err error) {
	switch {
	case c.Store == "":
		return filepath.Join(c.Data, "jishi.db"), true, nil
	case strings.HasPrefix(c.Store, "sqlite:"):
		return strings.TrimPrefix(c.Store, "sqlite:"), true, nil
	case strings.HasPrefix(c.Store, "mongodb://"), strings.HasPrefix(c.Store, "mongodb+srv://"):
		return "", false, nil
	default:
		return "", false, fmt.Errorf("JISHI_STORE 应以 sqlite: 或 mongodb:// 开头，而不是 %q", market.Clip(c.Store, 12))
	}
}

// logger writes JSON lines to standard error.
func logger() *slog.Logger { return slog.New(slog.NewJSONHandler(os.Stderr, nil)) }

// sentence is what a person at the terminal reads of an error.
func sentence(err error) string {
	var e *market.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	text := e.Message
	for _, f := range e.Fields {
		text += " " + f.Field + "：" + f.Reason
	}
	if cause := errors.Unwrap(e); cause != nil {
		text += "（" + cause.Error() + "）"
	}
	return text
}
