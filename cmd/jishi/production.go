package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"net/url"
	"os"
	"strings"

	"github.com/urfave/cli/v3"

	"jishi/internal/store"
)

func productionFlag() cli.Flag {
	return &cli.BoolFlag{Name: "production", Usage: "生产模式：设置不够安全时拒绝启动，并一次说明全部原因", Sources: cli.EnvVars("JISHI_PRODUCTION")}
}

// notProduction is what a start in any other mode says.
const notProduction = "未启用生产模式（--production）：可以试用，不要对外开放。"

// ready returns an error that names everything that keeps these settings from
// being opened to the public, nil when nothing does. It makes no file.
func (c config) ready(ctx context.Context) error {
	var wrong []string
	for _, check := range []func(config) []string{
		config.keyProblems, config.addressProblems, config.limitProblems, config.fileProblems, config.serverProblems,
	} {
		wrong = append(wrong, check(c)...)
	}
	demo, err := c.holdsDemo(ctx)
	switch {
	case err != nil:
		wrong = append(wrong, sentence(err))
	case demo:
		wrong = append(wrong, "数据库里是演示数据，登录账号和口令人人皆知：请换一个数据目录或数据库（--data、--store）")
	}
	if len(wrong) == 0 {
		return nil
	}
	text := fmt.Sprintf("生产模式不能启动，有 %d 处要改：", len(wrong))
	for i, one := range wrong {
		text += fmt.Sprintf("\n  %d. %s", i+1, one)
	}
	return errors.New(text)
}

// keyProblems looks at the secrets.
func (c config) keyProblems() (wrong []string) {
	var secret string
	if c.Secret == "" {
		wrong = append(wrong, "没有令牌密钥：请用 JISHI_SECRET_FILE（--secret-file）指定密钥文件，可用 openssl rand -hex 32 生成")
	} else if keys, err := readSecrets(c); err != nil {
		wrong = append(wrong, sentence(err))
	} else {
		secret = string(keys[0])
		for i, key := range keys {
			if reason := weakness(string(key)); reason != "" {
				wrong = append(wrong, []string{"令牌密钥", "以前的令牌密钥"}[min(i, 1)]+reason+"：请用 openssl rand -hex 32 重新生成")
			}
		}
	}
	_, unusable := openVault(config{FieldKey: c.FieldKey, FieldKeyPrevious: c.FieldKeyPrevious, Data: os.DevNull})
	switch {
	case c.FieldKey == "":
		wrong = append(wrong, "没有字段密钥：请设 JISHI_FIELD_KEY，可用 openssl rand -hex 32 生成；与数据放在一起的密钥保护不了数据")
	case unusable != nil:
		wrong = append(wrong, sentence(unusable))
	case weakness(c.FieldKey) != "":
		wrong = append(wrong, "字段密钥（JISHI_FIELD_KEY）"+weakness(c.FieldKey)+"：请用 openssl rand -hex 32 重新生成")
	case c.FieldKey == secret:
		wrong = append(wrong, "字段密钥与令牌密钥相同：请各用各的")
	}
	return wrong
}

// addressProblems looks at where people come from and what others can reach.
func (c config) addressProblems() (wrong []string) {
	if public, err := url.Parse(c.PublicURL); err != nil || public.Scheme != "https" || public.Hostname() == "" || public.User != nil || strings.Trim(public.Path, "/") != "" || public.RawQuery != "" {
		wrong = append(wrong, "对外网址 JISHI_PUBLIC_URL（--public-url）应是 https:// 加主机名，如 https://jishi.example.cn")
	}
	proxies, err := c.proxies()
	if err != nil {
		wrong = append(wrong, err.Error())
	} else if len(proxies) == 0 {
		wrong = append(wrong, "没有说明反向代理：https 由它负责，请把它的地址写进 JISHI_PROXIES（--proxies），否则分不清来访者")
	}
	for _, p := range proxies {
		if p.Bits() == 0 {
			wrong = append(wrong, "JISHI_PROXIES（--proxies）中的 "+p.String()+" 相信任何人：请只写反向代理自己的地址")
		}
	}
	if c.Metrics != "" && !inside(c.Metrics) {
		wrong = append(wrong, "指标地址 JISHI_METRICS（--metrics）对外开放：请用 127.0.0.1 或内网地址")
	}
	return wrong
}

// limitProblems looks at the rates.
func (c config) limitProblems() []string {
	rates, err := c.rates()
	switch {
	case err != nil:
		return []string{err.Error()}
	case rates.Off():
		return []string{"频率上限被关掉了：请去掉 JISHI_RATE=off（--rate）"}
	}
	return nil
}

// fileProblems looks for what anybody on the machine can read.
func (c config) fileProblems() (wrong []string) {
	files := []struct{ what, path string }{{"令牌密钥文件", c.Secret}, {"邮件密码文件", c.Mail.PasswordFile}, {"数据目录", c.Data}}
	for path := range strings.SplitSeq(c.SecretPrevious, ",") {
		files = append(files, struct{ what, path string }{"以前的令牌密钥文件", strings.TrimSpace(path)})
	}
	for _, f := range files {
		if info, err := os.Stat(f.path); err == nil && info.Mode().Perm()&0o007 != 0 {
			wrong = append(wrong, fmt.Sprintf("%s %s 别的用户也能读写（权限 %03o）：请 chmod o-rwx", f.what, f.path, info.Mode().Perm()))
		}
	}
	return wrong
}

// serverProblems looks at the way to the database and to the mail server.
func (c config) serverProblems() (wrong []string) {
	if courier, err := c.Mail.courier(); err != nil {
		wrong = append(wrong, sentence(err))
	} else if courier != nil && courier.Open() {
		wrong = append(wrong, "邮件不加密就发到别的机器：请去掉 JISHI_SMTP（--smtp）里的 tls=none")
	}
	if _, embedded, err := c.storePath(); err != nil {
		wrong = append(wrong, err.Error())
	} else if !embedded && openDatabase(c.Store) {
		wrong = append(wrong, "数据库在别的机器上却不用登录：请在 JISHI_STORE（--store）里写上用户，并让数据库要求登录")
	}
	return wrong
}

// openDatabase reports whether a MongoDB elsewhere is used without a user.
func openDatabase(address string) bool {
	_, rest, _ := strings.Cut(address, "://")
	hosts, _, _ := strings.Cut(rest, "/")
	if strings.Contains(hosts, "@") {
		return false
	}
	for host := range strings.SplitSeq(hosts, ",") {
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		}
		if ip, err := netip.ParseAddr(strings.Trim(host, "[]")); host != "localhost" && (err != nil || !ip.IsLoopback()) {
			return true
		}
	}
	return false
}

// inside reports whether an address to listen at can be reached from this
// machine or its own network only.
func inside(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && (ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast())
}

// holdsDemo reports whether the store of the settings holds demonstration
// data. One that is not there yet holds none.
func (c config) holdsDemo(ctx context.Context) (bool, error) {
	path, embedded, err := c.storePath()
	if err != nil {
		return false, nil // said already
	}
	if _, err := os.Stat(path); embedded && errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	engine, err := openEngine(ctx, c)
	if err != nil {
		return false, err
	}
	defer engine.Close()
	h := &house{engine: engine}
	if h.docs.signals, err = store.Open[operatorSignal](ctx, engine, signalSpec); err != nil {
		return false, err
	}
	return h.isDemo(ctx)
}
