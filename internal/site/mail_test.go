package site

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"time"

	"jishi/internal/mail"
	"jishi/internal/market"
)

// postOffice puts an outbox behind the pages, and an admin in front of them.
func (w *world) postOffice(sends bool) (*mail.Outbox, *trail) {
	w.t.Helper()
	seen := &trail{}
	outbox := mail.New(mail.Config{
		Mails: open[market.Mail](w.t, w.engine, mail.Spec), Sealer: sealer(w.t), Base: "https://jishi.test",
		Now: w.clock, NewID: w.newID, Log: slog.New(slog.DiscardHandler),
	})
	w.site.Mails = mail.NewDesk(outbox, seen, sends)
	w.users["postmaster"] = market.Actor{User: "postmaster", Org: "bureau", Name: "测试管理员", Roles: []market.Role{market.RoleAdmin}, Verified: true}
	return outbox, seen
}

// A mail that nobody sends is opened, passed on and gone, and that it was read
// is on record.
func TestMailPages(t *testing.T) {
	w := newWorld(t)
	outbox, seen := w.postOffice(false)
	w.get("postmaster", "/admin/mails").is(200).shows("没有待发送的邮件", "JISHI_SMTP")
	m := &market.Mail{To: "zhang.san@example.cn", Subject: "邀请您加入<b>示例大学</b>", Text: "请打开 " + outbox.Link("/invitations/canary-secret") + "\n</textarea><script>"}
	must(t, outbox.Send(t.Context(), m))
	href := mailHref(m.ID)

	w.get("postmaster", "/admin/mails").is(200).shows("z***@example.cn", "邀请您加入<b>示例大学</b>", "等待转交").hides("zhang.san", "canary")
	w.get("postmaster", href).is(200).shows("z***@example.cn", "打开内容", "已转交").hides("zhang.san", "canary")
	if len(seen.entries) > 0 {
		t.Fatalf("looking at the list is on record: %v", seen.entries)
	}
	opened := w.post("postmaster", href+"/open", nil).is(200).shows("zhang.san@example.cn")
	if text := opened.text("textarea"); text != strings.Join(strings.Fields(m.Text), " ") {
		t.Errorf("opened reads %q", text)
	}
	if len(seen.entries) != 1 || seen.entries[0].Subject != m.ID || seen.entries[0].Address != "192.0.2.1" {
		t.Errorf("entries %+v", seen.entries)
	}
	w.post("postmaster", href+"/hand", url.Values{"version": {"7"}}).is(409).shows("重新打开")
	w.post("postmaster", href+"/hand", url.Values{"version": {"1"}}).leads("/admin/mails")
	w.get("postmaster", "/admin/mails?state=handed").is(200).shows("z***@example.cn", "已转交")
	w.get("postmaster", href).is(200).shows("内容和完整地址已清除").hides("打开内容", "zhang.san")
	w.post("postmaster", href+"/open", nil).is(409).shows("内容已清除").hides("canary")
}

func TestMailPagesAreForAdmins(t *testing.T) {
	w := newWorld(t)
	outbox, seen := w.postOffice(false)
	m := &market.Mail{To: "a@b.cn", Subject: "通知", Text: "canary"}
	must(t, outbox.Send(t.Context(), m))
	w.get("", "/admin/mails").leads("/sign-in")
	for _, as := range []string{"university", "officer"} {
		w.get(as, "/admin/mails").is(403)
		w.get(as, mailHref(m.ID)).is(403)
		w.post(as, mailHref(m.ID)+"/open", nil).is(403).hides("canary")
		w.post(as, mailHref(m.ID)+"/hand", url.Values{"version": {"1"}}).is(403)
	}
	w.get("postmaster", "/admin/mails/none").is(404)
	w.get("postmaster", "/admin/mails?state=lost").is(422)
	if len(seen.entries) > 0 {
		t.Errorf("entries %v", seen.entries)
	}
}

// away is a mail server that does not answer.
type away struct{}

func (away) Deliver(context.Context, *market.Mail) error { return errors.New("connection refused") }

// Where mails go out by themselves, those that do are left alone; those that
// do not are shown for what they are.
func TestMailPagesWhileSending(t *testing.T) {
	w := newWorld(t)
	outbox, _ := w.postOffice(true)
	m := &market.Mail{To: "a@b.cn", Subject: "通知", Text: "canary"}
	must(t, outbox.Send(t.Context(), m))
	href := mailHref(m.ID)
	w.get("postmaster", "/admin/mails").is(200).shows("待发送", "自动发送")
	w.get("postmaster", href).is(200).shows("正在自动发送").hides("打开内容")
	w.post("postmaster", href+"/open", nil).is(409).shows("正在发送").hides("canary")
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { outbox.Run(ctx, away{}); close(ended) }()
	for range 500 {
		if stored, err := outbox.Mails.Get(t.Context(), m.ID); err == nil && stored.Failure != "" {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	stop()
	<-ended
	w.get("postmaster", "/admin/mails").is(200).shows("没有发出，会再试")
	w.get("postmaster", href).is(200).shows("connection refused", "下次试发", "打开内容")
	w.now = w.now.Add(market.MailStuckAfter + time.Hour)
	w.get("postmaster", "/admin/mails").is(200).shows("滞留超过 3 天")
	w.post("postmaster", href+"/open", nil).is(200).shows("canary")
}
