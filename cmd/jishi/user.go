package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/urfave/cli/v3"

	"jishi/internal/account"
	"jishi/internal/market"
)

// userCommand manages users from the machine the store is on.
func userCommand() *cli.Command {
	return &cli.Command{
		Name: "user", Usage: "管理用户",
		Commands: []*cli.Command{{
			Name: "add", Usage: "新增用户；口令从环境变量 JISHI_PASSWORD 读取，不出现在命令行中",
			ArgsUsage: "登录名",
			Flags: append(storeFlags(),
				&cli.StringFlag{Name: "name", Usage: "姓名", Required: true},
				&cli.StringFlag{Name: "org", Usage: "单位名称或统一社会信用代码；没有则新建", Required: true},
				&cli.StringFlag{Name: "org-kind", Usage: "新建单位的类型", Value: "other"},
				&cli.StringFlag{Name: "roles", Usage: "角色，逗号分隔：supplier,demander,broker,officer,admin", Required: true},
			),
			Action: addUser,
		}},
	}
}

func addUser(ctx context.Context, c *cli.Command) error {
	login, password := c.Args().First(), os.Getenv("JISHI_PASSWORD")
	if login == "" || password == "" {
		return fmt.Errorf("用法：JISHI_PASSWORD=… jishi user add 登录名 --name … --org … --roles …")
	}
	h, err := openHouse(ctx, readConfig(c))
	if err != nil {
		return err
	}
	defer h.close()
	org, err := h.organization(ctx, c.String("org"), c.String("org-kind"))
	if err != nil {
		return err
	}
	var roles []market.Role
	for _, role := range strings.Split(c.String("roles"), ",") {
		roles = append(roles, market.Role(strings.TrimSpace(role)))
	}
	user, err := h.accounts.CreateUser(ctx, market.System, account.NewUser{
		Login: login, Name: c.String("name"), Org: org.ID, Roles: roles, Password: password,
	})
	if err != nil {
		return err
	}
	fmt.Printf("已新增用户 %s（%s，%s）\n", user.Login, user.Name, org.Name)
	return nil
}

// organization returns the organization of a name or credit code, adding it
// when it is not there.
func (h *house) organization(ctx context.Context, name, kind string) (*market.Organization, error) {
	code, err := market.ParseCreditCode(name)
	if err != nil {
		code = ""
	}
	found, err := h.accounts.LookUpOrganization(ctx, market.System, code, name)
	if !market.Is(err, market.NotFound) {
		return found, err
	}
	return h.accounts.CreateOrganization(ctx, market.System, &market.Organization{Name: name, Kind: kind, Code: code})
}
