package main

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"strings"
	"syscall"
	"testing"

	"jishi/internal/market"
)

// TestCommandLine types what people type wrong, and asks for help.
func TestCommandLine(t *testing.T) {
	commands := []string{"demo", "serve", "import", "export", "reindex", "user"}
	for _, tt := range []struct {
		line  string
		help  []string // printed, in Chinese, and the exit code is 0
		wrong []string // said in a sentence, and the exit code is 1
	}{
		{"", commands, nil},
		{"--help", commands, nil},
		{"-h", commands, nil},
		{"help", commands, nil},
		{"help import", []string{"jishi import", "--dry-run", "--report", "JISHI_IMPORT_ORG"}, nil},
		{"import --help", []string{"jishi import", "--dry-run"}, nil},
		{"help user add", []string{"jishi user add", "JISHI_PASSWORD", "--org-kind", "bureau", "必填"}, nil},
		{"user", []string{"jishi user", "add"}, nil},
		{"user --help", []string{"jishi user", "add"}, nil},
		{"serve --help", []string{"JISHI_DATA", "JISHI_STORE", "JISHI_LISTEN", "JISHI_METRICS", "JISHI_SECRET_FILE", "JISHI_PUBLIC_URL", "JISHI_PROXIES", "默认 127.0.0.1:8080", "默认 jishi-data"}, nil},
		{"sell", nil, []string{"sell", "jishi help"}},
		{"help sell", nil, []string{"sell", "jishi help"}},
		{"user remove", nil, []string{"remove", "jishi help"}},
		{"--wrong", nil, []string{"-wrong", "jishi --help"}},
		{"serve --wrong", nil, []string{"-wrong", "jishi serve --help"}},
		{"serve --listen", nil, []string{"--listen", "缺少值"}},
		{"serve now", nil, []string{"用法", "jishi serve"}},
		{"demo now", nil, []string{"用法", "jishi demo"}},
		{"reindex now", nil, []string{"用法", "jishi reindex"}},
		{"import", nil, []string{"用法", "achievements|demands|organizations|contracts"}},
		{"import achievements", nil, []string{"用法"}},
		{"import patents x.csv", nil, []string{"用法", "achievements|"}},
		{"import achievements x.csv y.csv", nil, []string{"用法"}},
		{"import achievements --dry-run=perhaps x.csv", nil, []string{"perhaps"}},
		{"export", nil, []string{"用法"}},
		{"export patents", nil, []string{"用法"}},
		{"export demands x.json", nil, []string{"用法", ".xlsx"}},
		{"user add", nil, []string{"用法", "登录名"}},
		{"user add a@b c@d --name x --org y --roles officer", nil, []string{"用法", "登录名"}},
		{"user add a@b", nil, []string{"--name --org --roles"}},
		{"user add a@b --name x --roles officer", nil, []string{"--org"}},
	} {
		t.Run(tt.line, func(t *testing.T) {
			var out bytes.Buffer
			c := root()
			c.Writer = &out
			err := c.Run(context.Background(), append([]string{"jishi"}, strings.Fields(tt.line)...))
			said := out.String()
			if err != nil {
				said = sentence(err)
			}
			if (err != nil) != (tt.wrong != nil) {
				t.Fatalf("error %v, printed %q", err, said)
			}
			for _, word := range append(tt.help, tt.wrong...) {
				if !strings.Contains(said, word) {
					t.Errorf("%q does not say %q", said, word)
				}
			}
			for _, foreign := range []string{"USAGE", "OPTIONS", "show help", "default", "Incorrect", "Required"} {
				if strings.Contains(said, foreign) {
					t.Errorf("%q is not Chinese", said)
				}
			}
		})
	}
	t.Run("exit code", func(t *testing.T) {
		jishi(t, nil, "sell").says(t, "sell")
		jishi(t, nil, "help").works(t)
	})
}

func TestSentence(t *testing.T) {
	full := &market.Error{Kind: market.Invalid, Code: "bad", Message: "有错。", Fields: []market.FieldError{{Field: "name", Reason: "必填"}}}
	for _, tt := range []struct {
		name string
		err  error
		want string
	}{
		{"ours", market.E(market.NotFound, "none", "没有。"), "没有。"},
		{"with a cause", market.Wrap(market.Unavailable, syscall.EISDIR, "io", "读不出来。"), "读不出来。（这是一个目录）"},
		{"with a cause of its own words", market.Wrap(market.Unavailable, errors.New("broken pipe 7"), "io", "读不出来。"), "读不出来。（broken pipe 7）"},
		{"with fields", full, "有错。 name：必填"},
		{"ours, wrapped", failed("写文件 x", full), "有错。 name：必填"},
		{"the machine's", failed("打开文件 x", &fs.PathError{Op: "open", Path: "x", Err: fs.ErrNotExist}), "打开文件 x：没有这个文件或目录"},
		{"no permission", failed("打开文件 x", syscall.EACCES), "打开文件 x：没有权限"},
		{"stopped", failed("等待", context.Canceled), "等待：已中止"},
		{"another", errors.New("不知道"), "不知道"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := sentence(tt.err); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
	if !errors.Is(failed("x", fs.ErrExist), fs.ErrExist) {
		t.Error("the cause is lost")
	}
}
