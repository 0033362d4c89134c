package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/urfave/cli/v3"
)

// root is the command line: one file per subcommand.
func root() *cli.Command {
	c := &cli.Command{
		Name:            "jishi",
		Usage:           "技市：科技成果与技术转移市场",
		HideHelpCommand: true, // ours speaks Chinese and fails on a name it does not know
		Commands: []*cli.Command{
			demoCommand(), serveCommand(), importCommand(), exportCommand(), reindexCommand(), rekeyCommand(), userCommand(), evaluateCommand(), benchCommand(), verifyCommand(), helpCommand(),
		},
		Action: explain,
	}
	_ = c.Walk(func(c *cli.Command) error { // the function never fails
		c.OnUsageError = misused
		return nil
	})
	return c
}

func helpCommand() *cli.Command {
	return &cli.Command{
		Name: "help", Aliases: []string{"h"}, Usage: "显示子命令的用法", ArgsUsage: "[子命令]",
		Action: func(ctx context.Context, c *cli.Command) error { return explainFrom(ctx, c.Root(), c.Args().Slice()) },
	}
}

// explain is the action of a command that only holds others.
func explain(ctx context.Context, c *cli.Command) error { return explainFrom(ctx, c, c.Args().Slice()) }

// explainFrom prints how to use the command that names lead to from c.
func explainFrom(ctx context.Context, c *cli.Command, names []string) error {
	parent := c
	for _, name := range names {
		parent = c
		if c = c.Command(name); c == nil {
			return fmt.Errorf("没有 %q 这个子命令。用 jishi help 查看有哪些", name)
		}
	}
	if c.Root() == c {
		return cli.ShowRootCommandHelp(c)
	}
	if parent == c {
		return cli.ShowSubcommandHelp(c)
	}
	return cli.ShowCommandHelp(ctx, parent, c.Name)
}

// takes lets a command run with so many arguments only: one too many is a
// mistyped option more often than not.
func takes(least, most int) cli.ArgValidatorFunc {
	return func(_ context.Context, c *cli.Command) error {
		if n := c.Args().Len(); n < least || n > most {
			return usage(c)
		}
		return nil
	}
}

// usage is the error of arguments that are not the command's.
func usage(c *cli.Command) error {
	return fmt.Errorf("用法：%s", strings.TrimSpace(c.FullName()+" [选项] "+c.ArgsUsage))
}

// misused says in Chinese what is wrong with the options given.
func misused(_ context.Context, c *cli.Command, err error, _ bool) error {
	text := err.Error()
	if name, ok := strings.CutPrefix(text, "flag provided but not defined: "); ok {
		text = "没有 " + name + " 这个选项"
	} else if name, ok := strings.CutPrefix(text, "flag needs an argument: "); ok {
		text = name + " 后面缺少值"
	} else if parts := strings.Split(text, `"`); len(parts) == 3 && strings.HasPrefix(text, "Required flag") {
		text = "缺少必填的选项 --" + strings.ReplaceAll(parts[1], ", ", " --")
	} else {
		text = "选项有误：" + text
	}
	return fmt.Errorf("%s。用 %s --help 查看用法", text, c.FullName())
}

// The library keeps its texts in package variables.
func init() {
	cli.HelpFlag = &cli.BoolFlag{Name: "help", Aliases: []string{"h"}, Usage: "显示用法", HideDefault: true, Local: true}
	cli.FlagStringer = describe
	cli.RootCommandHelpTemplate = helpText
	cli.CommandHelpTemplate = helpText
	cli.SubcommandHelpTemplate = helpText
}

const helpText = `{{.FullName}}：{{.Usage}}

用法：
   {{.FullName}}{{if .VisibleCommands}} 子命令{{end}}{{if .VisibleFlags}} [选项]{{end}}{{if .ArgsUsage}} {{.ArgsUsage}}{{end}}
{{- if .Description}}

{{.Description}}{{end}}
{{- if .VisibleCommands}}

子命令：{{range .VisibleCommands}}
   {{.Name}}{{"\t"}}{{.Usage}}{{end}}{{end}}
{{- if .VisibleFlags}}

选项：{{range .VisibleFlags}}
   {{.}}{{end}}{{end}}
`

// describe is the line of a flag in the help: how it is written, what it
// does, its default and its environment variable.
func describe(f cli.Flag) string {
	doc, ok := f.(cli.DocGenerationFlag)
	if !ok {
		return ""
	}
	line := "--" + f.Names()[0]
	if doc.TakesValue() {
		line += " 值"
	}
	line += "\t" + doc.GetUsage()
	if required, ok := f.(cli.RequiredFlag); ok && required.IsRequired() {
		line += "（必填）"
	}
	if value := strings.Trim(doc.GetValue(), `"`); doc.TakesValue() && value != "" && value != "0" && value != "0s" {
		line += "（默认 " + value + "）"
	}
	if names := doc.GetEnvVars(); len(names) > 0 {
		line += " [" + names[0] + "]"
	}
	return line
}
