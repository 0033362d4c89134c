package api

import (
	"github.com/gofiber/fiber/v2"

	"jishi/internal/alert"
	"jishi/internal/market"
)

// noticeActions are the actions on notices.
type noticeActions struct{ *API }

func (a noticeActions) routes() []Route {
	return []Route{
		{"GET", "/notices", a.listNotices, market.ActSelf},
		{"GET", "/notices/unread", a.countUnread, market.ActSelf},
		{"POST", "/notices/read-all", a.readAllNotices, market.ActSelf},
		{"POST", "/notices/:id/read", a.readNotice, market.ActSelf},
		{"GET", "/alert-setting", a.showAlertSetting, market.ActSelf},
		{"PUT", "/alert-setting", a.putAlertSetting, market.ActSetAlerts},
	}
}

// listNotices answers one page of the caller's notices, newest first.
func (a noticeActions) listNotices(c *fiber.Ctx) error {
	limit, err := queryInt(c, "limit", 20, market.MaxPageSize)
	if err != nil {
		return err
	}
	unread, err := queryBool(c, "unread")
	if err != nil {
		return err
	}
	found, err := a.Alerts.Notices().List(c.UserContext(), actor(c), alert.Filter{Unread: unread, After: c.Query("cursor"), Limit: limit})
	if err != nil {
		return err
	}
	return c.JSON(pageOf(found.Items, found.Next))
}

// countUnread answers how many of the caller's notices are unread.
func (a noticeActions) countUnread(c *fiber.Ctx) error {
	n := a.Alerts.Notices().Unread(c.UserContext(), actor(c))
	return c.JSON(fiber.Map{"unread": n, "more": n >= alert.MostUnread})
}

func (a noticeActions) readAllNotices(c *fiber.Ctx) error {
	if err := decodeOptional(c, &struct{}{}); err != nil {
		return err
	}
	n, err := a.Alerts.Notices().ReadAll(c.UserContext(), actor(c))
	if err != nil {
		return err
	}
	return c.JSON(fiber.Map{"read": n})
}

func (a noticeActions) readNotice(c *fiber.Ctx) error {
	if err := decodeOptional(c, &struct{}{}); err != nil {
		return err
	}
	notice, err := a.Alerts.Notices().Read(c.UserContext(), actor(c), id(c))
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, notice.Meta, notice)
}

// showAlertSetting answers how the caller wants to be told. Version 0 is the
// one of who never changed it.
func (a noticeActions) showAlertSetting(c *fiber.Ctx) error {
	setting, err := a.Alerts.Setting(c.UserContext(), actor(c))
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, setting.Meta, settingOf(setting))
}

// alertSetting is the body of PUT /alert-setting, and its answer.
type alertSetting struct {
	Standing market.Alert `json:"standing"`
	Mail     bool         `json:"mail"`
}

func settingOf(s *market.AlertSetting) alertSetting {
	return alertSetting{Standing: s.Standing, Mail: s.Mail}
}

func (a noticeActions) putAlertSetting(c *fiber.Ctx) error {
	var in alertSetting
	if err := decode(c, &in); err != nil {
		return err
	}
	version, err := settingMatch(c)
	if err != nil {
		return err
	}
	setting, err := a.Alerts.Set(c.UserContext(), actor(c), version, in.Standing, in.Mail)
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, setting.Meta, settingOf(setting))
}

// settingMatch is ifMatch for a document that is there from the beginning, with version 0.
func settingMatch(c *fiber.Ctx) (int64, error) {
	if c.Get(fiber.HeaderIfMatch) == entityTag(0) {
		return 0, nil
	}
	return ifMatch(c)
}
