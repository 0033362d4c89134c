package signin

import (
	"context"
	"time"

	"jishi/internal/market"
)

// notice is a mail about something that happened to a user's sign-in.
type notice struct{ subject, text, next string }

// The notices. None holds a link that signs anybody in.
var (
	mailReuse = notice{
		"技市：一次登录已被系统结束",
		"您的一次登录凭据被使用了两次，可能已经泄露，系统已结束这次登录。",
		"如果不是您本人操作，请尽快修改密码，并在“登录会话”中检查其他登录。",
	}
	mailPasswordChanged = notice{
		"技市：密码已修改", "您的登录密码刚刚被修改，其他设备上的登录已全部退出。",
		"如果不是您本人操作，请立即用“找回密码”重设密码，并联系平台管理员。",
	}
	mailFactorRemoved = notice{
		"技市：两步验证已停用", "您的账号刚刚停用了两步验证，今后登录只需要密码。",
		"如果不是您本人操作，请立即修改密码、重新启用两步验证，并联系平台管理员。",
	}
)

// tell mails a notice to a user; session, where there is one, says from where.
// A login that is no mail address gets none.
func (s *Sessions) tell(ctx context.Context, u *market.User, n notice, session *market.Session) error {
	text := u.Name + "：\n\n" + n.text + "\n\n时间：" + s.now().In(market.Shanghai).Format("2006-01-02 15:04") + "（北京时间）\n"
	if address := market.RequestOf(ctx).Address; address != "" {
		text += "来自地址：" + address + "\n"
	}
	if session != nil {
		text += "登录开始于：" + session.CreatedAt.In(market.Shanghai).Format(time.DateTime) + "\n"
	}
	return s.mail(ctx, u, n.subject, text+"\n"+n.next+"\n"+s.Mail.Link("/sign-in")+"\n")
}

// mail hands over a mail to a user. Logins of the form name@place can be sent
// nothing, which is no failure.
func (s *Sessions) mail(ctx context.Context, u *market.User, subject, text string) error {
	err := s.Mail.Send(ctx, &market.Mail{To: u.Login, Subject: subject, Text: text})
	if market.Is(err, market.Invalid) {
		return nil
	}
	return err
}
