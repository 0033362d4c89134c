package account

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"jishi/internal/market"
)

// mailID is the id of a mail about one thing, so that telling it again sends
// nothing twice.
func mailID(about ...string) market.ID {
	sum := sha256.Sum256([]byte(strings.Join(about, "/")))
	return market.ID("mail-" + hex.EncodeToString(sum[:16]))
}

// mailable reports whether a login is an address that mails reach.
func mailable(login string) bool {
	return (&market.Mail{To: login, Subject: "-", Text: "-"}).Check() == nil
}

// tellTaken writes to the owner of an address that somebody signed up with
// it, once a day at most.
func (s *Organizations) tellTaken(ctx context.Context, user *market.User) error {
	if !mailable(user.Login) {
		return nil
	}
	return s.parts.Mail.Send(ctx, &market.Mail{
		Meta: market.Meta{ID: mailID("taken", string(user.ID), string(market.DateOf(s.now())))}, To: user.Login, Subject: "有人用您的邮箱注册",
		Text: "您好：\n\n有人用这个邮箱在技市（科技成果转移转化平台）注册单位，而这个邮箱已经有账号，所以没有再开立账号。\n\n" +
			"如果是您：请直接登录，登录后可以再注册一个单位；忘记密码可以在登录页找回。\n" + s.parts.Address + "/sign-in" +
			"\n\n如果不是您，不用理会这封邮件，您的账号没有任何变化。\n",
	})
}

// outcomeMails is what managers are told about each action of the bureau.
var outcomeMails = map[market.Action]struct{ subject, text, next string }{
	market.ActVerifyOrganization:  {"单位核验已通过", "已通过科技局核验，现在可以发布成果和需求、提交合同登记、查看联系方式。", "去我的工作"},
	market.ActReturnOrganization:  {"单位资料需要补正", "资料需要补正，请按科技局的意见修改后保存，会自动重新送核。", "去补正"},
	market.ActRejectOrganization:  {"单位核验未通过", "没有通过科技局核验。", "看单位资料"},
	market.ActSuspendOrganization: {"单位已停用", "已被科技局停用，停用期间不能发布、提交和查看联系方式。", "看单位资料"},
	market.ActRestoreOrganization: {"单位已恢复", "已由科技局恢复使用。", "看单位资料"},
}

// tellOutcome writes to an organization's managers what its last event was.
func (s *Organizations) tellOutcome(ctx context.Context, org *market.Organization) error {
	last := org.History[len(org.History)-1]
	words, told := outcomeMails[last.Action]
	if !told {
		return nil
	}
	managers, err := s.people.holders(ctx, market.RoleManager, org.ID)
	if err != nil {
		return err
	}
	text := "您好：\n\n“" + org.Name + "”" + words.text + "\n"
	if last.Note != "" {
		text += "\n科技局的意见：\n" + last.Note + "\n"
	}
	text += "\n" + words.next + "：\n" + s.parts.Address + "/organization" + "\n"
	for _, user := range managers {
		if !mailable(user.Login) {
			continue
		}
		err := s.parts.Mail.Send(ctx, &market.Mail{
			Meta: market.Meta{ID: mailID("organization", string(org.ID), strconv.Itoa(last.Seq), string(user.ID))},
			To:   user.Login, Subject: words.subject, Text: text,
		})
		if err != nil {
			return err
		}
	}
	return nil
}
