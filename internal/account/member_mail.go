package account

import (
	"context"

	"jishi/internal/market"
)

// tell sends a user a message about what was done to their account. What it
// is about has been written by then, so a message that could not be kept is
// told to whoever did it. A login that is no address gets none.
func (s *People) tell(ctx context.Context, login, subject, text string) error {
	if (&market.Mail{To: login, Subject: "-", Text: "-"}).Check() != nil {
		return nil
	}
	err := s.parts.Mail.Send(ctx, &market.Mail{To: login, Subject: subject, Text: "您好：\n\n" + text + "\n"})
	if err != nil {
		return market.Wrap(market.Unavailable, err, "not_told", "已经办好，但通知邮件没有发出，请另行告知对方。")
	}
	return nil
}
