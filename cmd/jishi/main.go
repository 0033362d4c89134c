// Command jishi is 技市: a marketplace for sci-tech achievements and technology
// transfer. `jishi help` lists its subcommands.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/urfave/cli/v3"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := root().Run(ctx, os.Args)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "jishi:", sentence(err))
		os.Exit(1)
	}
}

// root is the command line: one file per subcommand.
func root() *cli.Command {
	return &cli.Command{
		Name:     "jishi",
		Usage:    "技市：科技成果与技术转移市场",
		Commands: []*cli.Command{demoCommand(), serveCommand(), importCommand(), exportCommand(), reindexCommand(), userCommand()},
	}
}
