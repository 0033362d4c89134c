package main

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v3"

	"jishi/internal/market"
)

// clearFactorCommand helps somebody who lost both their authenticator and the
// recovery codes, once it is sure who they are.
func clearFactorCommand() *cli.Command {
	return &cli.Command{
		Name: "clear-factor", Usage: "停用一个用户的两步验证并退出其全部登录；请先核实身份",
		ArgsUsage: "登录名", ArgValidator: takes(1, 1), Flags: storeFlags(), Action: clearFactor,
	}
}

func clearFactor(ctx context.Context, c *cli.Command) error {
	cfg := readConfig(c)
	if err := cfg.mustExist(); err != nil {
		return err
	}
	h, err := openHouse(ctx, cfg)
	if err != nil {
		return err
	}
	defer h.close()
	sessions, err := h.signIns(cfg)
	if err != nil {
		return err
	}
	if err := sessions.ClearFactor(ctx, market.System, c.Args().First()); err != nil {
		return err
	}
	fmt.Printf("已停用 %s 的两步验证\n", c.Args().First())
	return nil
}
