package main

import (
	"cmp"
	"errors"
	"net"
	"os"
	"strings"

	"github.com/urfave/cli/v3"

	"jishi/internal/mail"
)

// mailConfig is how mails leave the platform.
type mailConfig struct {
	Server       string // smtp://user@host:587 or smtps://…; empty = admins pass mails on
	From         string // address mails are from
	PasswordFile string // file holding the password of the mail server
	Password     string // the password itself; from the environment only: flags show in the list of processes
	DigestAt     string // when notices not read are mailed each day, HH:MM in Asia/Shanghai
}

func mailFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "smtp", Usage: "邮件服务器：smtp://用户@主机:587（STARTTLS）或 smtps://用户@主机:465；不设则由管理员在“邮件”页转交", Sources: cli.EnvVars("JISHI_SMTP")},
		&cli.StringFlag{Name: "smtp-password-file", Usage: "邮件服务器密码文件；也可用环境变量 JISHI_SMTP_PASSWORD", Sources: cli.EnvVars("JISHI_SMTP_PASSWORD_FILE")},
		&cli.StringFlag{Name: "mail-from", Usage: "发件人，如 技市 <noreply@example.cn>", Sources: cli.EnvVars("JISHI_MAIL_FROM")},
		&cli.StringFlag{Name: "digest-at", Value: defaultDigestAt, Usage: "每天寄出提醒汇总邮件的时刻（北京时间），如 08:00", Sources: cli.EnvVars("JISHI_DIGEST_AT"), Validator: checkDigestAt},
	}
}

func readMailConfig(c *cli.Command) mailConfig {
	return mailConfig{Server: c.String("smtp"), From: c.String("mail-from"),
		PasswordFile: c.String("smtp-password-file"), Password: os.Getenv("JISHI_SMTP_PASSWORD"), DigestAt: cmp.Or(c.String("digest-at"), defaultDigestAt)}
}

// courier returns the way to the mail server, nil when there is none.
func (c mailConfig) courier() (*mail.SMTP, error) {
	if c.Server == "" {
		return nil, nil
	}
	password := c.Password
	if c.PasswordFile != "" {
		if password != "" {
			return nil, errors.New("邮件密码给了两次：JISHI_SMTP_PASSWORD 与 --smtp-password-file 只留一个")
		}
		raw, err := os.ReadFile(c.PasswordFile)
		if err != nil {
			return nil, failed("读取邮件密码文件 "+c.PasswordFile, err)
		}
		password = strings.TrimRight(string(raw), "\r\n")
	}
	return mail.NewSMTP(c.Server, password, c.From)
}

// base returns the address that links in mails begin with: the public one,
// else where we listen.
func (c config) base() string {
	if c.PublicURL != "" {
		return strings.TrimRight(c.PublicURL, "/")
	}
	host, port, err := net.SplitHostPort(c.Listen)
	if ip := net.ParseIP(host); err == nil && (host == "" || ip != nil && ip.IsUnspecified()) {
		return "http://" + net.JoinHostPort("localhost", port)
	}
	return "http://" + c.Listen
}
