package site

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/account"
	"jishi/internal/market"
	"jishi/web"
)

// entrustPages hands demands to brokers and takes them back.
type entrustPages struct{ *Site }

func (p entrustPages) routes() []route {
	return []route{
		{"POST", "/demands/:id/entrust", p.entrust, market.ActEntrust},
		{"POST", "/demands/:id/recall", p.recall, market.ActRecall},
		{"POST", "/demands/:id/decline", p.decline, market.ActDecline},
	}
}

// entrustBox returns the box of a published demand, nil for who has nothing to
// do with it.
func (s *Site) entrustBox(c *fiber.Ctx, d *market.Demand) (*web.Entrust, error) {
	by, href := actor(c), "/demands/"+string(d.ID)
	owner := market.May(by, market.ActEntrust, d.Owner)
	if !owner && !market.May(by, market.ActDecline, d.Owner) {
		return nil, nil
	}
	holder, err := s.Entrusting.Holder(c.UserContext(), by, d.ID)
	if err != nil {
		return nil, err
	}
	version := []web.Hidden{{Name: "version", Value: number(d.Version)}}
	switch {
	case holder != "" && holder == by.User:
		return &web.Entrust{Title: "委托给您的需求", Text: "需求方把这项需求委托给您对接。请从下面的匹配结果和检索开始，联系供需双方。", Ask: []web.Confirm{{
			Text: "退回委托", Icon: "refresh", Ask: "退回后，需求方会收到提醒，可以改请别人。", Action: href + "/decline", Button: "确认退回", Hidden: version,
			Fields: []web.Field{{Name: "note", Form: "decline", Label: "退回原因", Type: "textarea", Rows: 2, MaxLength: market.MaxNote, Hint: "可不填；需求方看得到。"}},
		}}}, nil
	case !owner:
		return nil, nil
	}
	brokers, err := s.People.PublicBrokers(c.UserContext(), "", maxBrokers)
	if err != nil {
		return nil, err
	}
	if holder != "" {
		return &web.Entrust{Title: "已交给技术经纪人", Text: "已委托" + brokerName(brokers, holder) + "对接，对方已收到提醒。", Ask: []web.Confirm{{
			Text: "收回委托", Icon: "refresh", Ask: "收回后，对方会收到提醒；以后可以再委托。", Action: href + "/recall", Button: "确认收回", Hidden: version,
		}}}, nil
	}
	box := &web.Entrust{Title: "交给技术经纪人", Text: "请一位证书经科技局确认的技术经纪人替您找。对方只看得到公开的内容，随时可以收回。", Hidden: version}
	box.Pick = web.Field{Name: "broker", Label: "技术经纪人", Type: "select", Required: true, Options: []web.Option{{Text: "请选择"}}}
	for _, one := range brokers {
		if !one.Expired {
			box.Pick.Options = append(box.Pick.Options, web.Option{Value: string(one.User), Text: brokerText(one)})
		}
	}
	if len(box.Pick.Options) == 1 {
		box.Text = "名录里还没有技术经纪人，有了以后可以在这里委托。"
		return box, nil
	}
	box.Action = href + "/entrust"
	return box, nil
}

// brokerText names a broker as a choice: 李四（某转移中心，中级）.
func brokerText(b account.PublicBroker) string {
	about := []string{b.Orgs[0].Name}
	if level := market.BrokerLevels.Name(b.Level); level != "" {
		about = append(about, level)
	}
	return b.Name + "（" + strings.Join(about, "，") + "）"
}

func brokerName(all []account.PublicBroker, id market.ID) string {
	for _, one := range all {
		if one.User == id {
			return brokerText(one)
		}
	}
	return "一位技术经纪人（已不在名录中）"
}

func (p entrustPages) entrust(c *fiber.Ctx) error {
	return p.step(c, "已委托，对方会收到提醒。", func(f *form) (*market.Demand, error) {
		return p.Entrusting.Entrust(c.UserContext(), actor(c), id(c), f.version(), market.ID(f.text("broker")))
	})
}

func (p entrustPages) recall(c *fiber.Ctx) error {
	return p.step(c, "已收回委托。", func(f *form) (*market.Demand, error) {
		return p.Entrusting.Recall(c.UserContext(), actor(c), id(c), f.version())
	})
}

func (p entrustPages) decline(c *fiber.Ctx) error {
	return p.step(c, "已退回委托，需求方会收到提醒。", func(f *form) (*market.Demand, error) {
		return p.Entrusting.Decline(c.UserContext(), actor(c), id(c), f.version(), f.text("note"))
	})
}

// step carries out one step and goes back to the demand; what was not carried
// out is said there.
func (p entrustPages) step(c *fiber.Ctx, text string, do func(*form) (*market.Demand, error)) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	doc, err := do(f)
	if err == nil {
		return done(c, "/demands/"+string(doc.ID), web.Good, text)
	}
	status, known, err := p.declined(c, err)
	if known == nil {
		return err
	}
	doc, shown := p.Demands.Show(c.UserContext(), actor(c), id(c))
	if shown != nil {
		return err
	}
	return p.demandPages().page(c, status, doc, refusal{text: known.Message})
}
