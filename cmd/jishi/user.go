package main

import (
	"context"
	"errors"
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
		Name: "user", Usage: "管理用户", Action: explain,
		Commands: []*cli.Command{{
			Name: "add", Usage: "新增用户；口令从环境变量 JISHI_PASSWORD 读取，不出现在命令行中",
			ArgsUsage: "登录名", ArgValidator: takes(1, 1),
			Flags: append(storeFlags(),
				&cli.StringFlag{Name: "name", Usage: "姓名", Required: true},
				&cli.StringFlag{Name: "org", Usage: "单位名称或统一社会信用代码", Required: true},
				&cli.StringFlag{Name: "org-kind", Usage: "还没有这个单位时，按此类型新建：" + codes(market.OrganizationKinds)},
				&cli.StringFlag{Name: "roles", Usage: "角色，逗号分隔：" + codes(market.Roles), Required: true},
			),
			Action: addUser,
		}, clearFactorCommand()},
	}
}

// codes lists the codes of a code list.
func codes(list market.CodeList) string {
	var all []string
	for _, c := range list {
		all = append(all, c.Code)
	}
	return strings.Join(all, ",")
}

func addUser(ctx context.Context, c *cli.Command) error {
	n := account.NewUser{Login: c.Args().First(), Name: c.String("name"), Password: os.Getenv("JISHI_PASSWORD")}
	if n.Password == "" {
		return errors.New("请把口令放在环境变量 JISHI_PASSWORD 中，命令行里的口令别人看得见")
	}
	for _, role := range strings.Split(c.String("roles"), ",") {
		n.Roles = append(n.Roles, market.Role(strings.TrimSpace(role)))
	}
	h, err := openHouse(ctx, readConfig(c))
	if err != nil {
		return err
	}
	defer h.close()
	org, err := h.employer(ctx, n, c.String("org"), c.String("org-kind"))
	if err != nil {
		return err
	}
	n.Org = org.ID
	user, err := h.people.CreateUser(ctx, market.System, n)
	if err != nil {
		return err
	}
	fmt.Printf("已新增用户 %s（%s，%s）\n", user.Login, user.Name, org.Name)
	return nil
}

// employer returns the organization of a new user by name or credit code. One
// that is not there is added when a kind is given and all else of the user is right.
func (h *house) employer(ctx context.Context, n account.NewUser, name, kind string) (*market.Organization, error) {
	found, err := h.lookUp(ctx, name)
	if !market.Is(err, market.NotFound) {
		return found, err
	}
	if _, bad := market.ParseCreditCode(name); bad == nil || kind == "" {
		return nil, fmt.Errorf("没有登记过单位 %s。请核对；要新建，请给出单位名称并加 --org-kind，类型有 %s", name, codes(market.OrganizationKinds))
	}
	if err := h.people.CheckNewUser(n); err != nil {
		return nil, err
	}
	return h.organizations.CreateOrganization(ctx, market.System, &market.Organization{Name: name, Kind: kind})
}
