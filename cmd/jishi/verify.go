package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"jishi/internal/audit"
	"jishi/internal/market"
)

// verifyCommand recomputes the trail.
func verifyCommand() *cli.Command {
	return &cli.Command{
		Name: "verify", Usage: "核对审计记录：重算整条链和链头，并与各单据的历史逐条比对；服务运行时也可以做",
		Flags: append(storeFlags(),
			&cli.StringSliceFlag{Name: "head", Usage: "以前核对时另行抄存的链头（编号:校验值），一并核对；可写多次"},
			&cli.BoolFlag{Name: "quiet", Usage: "不显示进度"},
		),
		ArgValidator: takes(0, 0), Action: verify,
	}
}

// errBroken is that the trail is not whole; what is broken was printed.
var errBroken = errors.New("审计记录不完整，见上面第一处问题。请保留现场，不要再改动数据库")

func verify(ctx context.Context, c *cli.Command) error {
	cfg := readConfig(c)
	if err := cfg.mustExist(); err != nil {
		return err
	}
	anchors, err := anchorsOf(cfg, c.StringSlice("head"))
	if err != nil {
		return err
	}
	h, err := openHouse(ctx, cfg)
	if err != nil {
		return err
	}
	defer h.close()
	started := time.Now()
	v := h.verify(h.nouns(logger()), func() ([]audit.Anchor, error) { return anchors, nil })
	check, err := v.Verify(ctx, market.System, progressTo(c.Bool("quiet")))
	if err != nil {
		return err
	}
	return told(check, time.Since(started))
}

// anchorsOf is the heads kept in the data folder and those given.
func anchorsOf(cfg config, given []string) ([]audit.Anchor, error) {
	anchors, err := readAnchors(cfg.anchorFile())
	if err != nil {
		return nil, failed("读取 "+cfg.anchorFile(), err)
	}
	for _, text := range given {
		anchor, err := audit.ParseAnchor(text)
		if err != nil {
			return nil, err
		}
		anchors = append(anchors, anchor)
	}
	return anchors, nil
}

// progressTo tells on standard error how far it is, every second.
func progressTo(quiet bool) func(done, total int64) {
	if quiet {
		return nil
	}
	last := time.Now()
	return func(done, total int64) {
		if time.Since(last) > time.Second {
			last = time.Now()
			fmt.Fprintf(os.Stderr, "已核对 %d / %d 条\n", done, total)
		}
	}
}

// told prints what a verification found; the error is that something is broken.
func told(check *audit.Check, took time.Duration) error {
	r := check.Report
	var b strings.Builder
	fmt.Fprintf(&b, "已核对 %d 条审计记录，用时 %.1f 秒\n", r.Lines, took.Seconds())
	if r.Wiped > 0 {
		fmt.Fprintf(&b, "其中 %d 条内容到期清除，链完整\n", r.Wiped)
	}
	if r.Left > 0 {
		fmt.Fprintf(&b, "其中 %d 条由已停用的密钥签名，由其后的记录证明\n", r.Left)
	}
	if r.Waiting > 0 {
		fmt.Fprintf(&b, "单据历史中有 %d 步在核对时还没有抄入\n", r.Waiting)
	}
	if r.Broken != nil {
		fmt.Fprintf(&b, "第一处问题：%s\n", r.Broken)
		fmt.Print(b.String())
		return errBroken
	}
	fmt.Fprintf(&b, "与单据历史比对 %d 步，两边一致\n链头 %s（请抄存在别处，以后用 --head 核对）\n审计记录完整\n", r.Events, r.Head)
	fmt.Print(b.String())
	return nil
}
