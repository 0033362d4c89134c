package site

import (
	"context"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/account"
	"jishi/internal/market"
	"jishi/web"
)

// certificatePages is the bureau's check of brokers' certificates, and the
// directory of those it confirmed.
type certificatePages struct{ *Site }

func (p certificatePages) routes() []route {
	return []route{
		{"GET", "/brokers", p.brokers, market.ActPublic},
		{"GET", "/certificates/:id", p.show, market.ActConfirmCertificate},
		{"POST", "/certificates/:id/confirm", p.decide(true), market.ActConfirmCertificate},
		{"POST", "/certificates/:id/refuse", p.decide(false), market.ActRefuseCertificate},
	}
}

func certificateHref(user market.ID) string { return "/certificates/" + url.PathEscape(string(user)) }

// queue reads the certificates that wait, for the review queue.
func (p certificatePages) queue(ctx context.Context, by market.Actor) ([]waiting, error) {
	if market.Admit(by, market.ActConfirmCertificate) != nil {
		return nil, nil
	}
	users, err := p.People.WaitingCertificates(ctx, by, queueLength)
	if err != nil {
		return nil, err
	}
	rows := make([]waiting, len(users))
	for i, u := range users {
		rows[i] = waiting{
			ID: u.ID, Kind: "经纪人证书", Title: u.Name + "的技术经纪人证书", Href: certificateHref(u.ID), Since: u.ChangedAt,
			Mine: !account.MayConfirm(by, u),
		}
	}
	return rows, nil
}

// certificatePage is the data of page "certificate".
type certificatePage struct {
	Base    web.Base
	Name    string
	Facts   []web.Term
	State   web.Badge
	Confirm *web.Press   // nil when it is decided
	Refuse  *web.Confirm // likewise
}

// show answers with one certificate and the decision about it.
func (p certificatePages) show(c *fiber.Ctx) error {
	return p.page(c, fiber.StatusOK, false, &form{values: url.Values{}})
}

func (p certificatePages) page(c *fiber.Ctx, status int, refused bool, f *form) error {
	u, err := p.People.Certificate(c.UserContext(), actor(c), id(c))
	if err != nil {
		return err
	}
	cert := u.Certificate
	page := certificatePage{Base: p.base(c, "技术经纪人证书", "/review"), Name: u.Name, State: *certificateBadge(cert, market.DateOf(p.Now()))}
	page.Base.Crumbs = crumbs("技术经纪人证书", web.Crumb{Href: "/review", Text: "审核"})
	page.Facts = stated(
		web.Term{Label: "级别", Value: market.BrokerLevels.Name(cert.Level)}, web.Term{Label: "证书编号", Value: cert.Number},
		web.Term{Label: "发证单位", Value: cert.Issuer}, web.Term{Label: "有效期至", Value: untilText(cert.Until)})
	if cert.Evidence != "" {
		page.Facts = append(page.Facts, web.Term{Label: "证书扫描件", Value: "下载", Href: fileHref(cert.Evidence)})
	} else {
		page.Facts = append(page.Facts, web.Term{Label: "证书扫描件"})
	}
	if cert.Waits() {
		hidden := []web.Hidden{{Name: "version", Value: number(u.Version)}}
		page.Confirm = &web.Press{Text: "确认证书", Icon: "check", Primary: true, Action: certificateHref(u.ID) + "/confirm", Hidden: hidden}
		page.Refuse = &web.Confirm{
			Text: "不予确认", Icon: "x", Action: certificateHref(u.ID) + "/refuse", Button: "确认不予确认", Tone: web.Bad, Open: refused, Hidden: hidden,
			Ask: "对方会收到邮件，内有您写的理由，改正后可以再提交。", Fields: []web.Field{reasonField(f, refused)},
		}
	}
	return p.render(c, status, "certificate", page)
}

func untilText(until market.Date) string {
	if until == "" {
		return "长期"
	}
	return string(until)
}

// decide confirms a certificate, or refuses it, and goes on to what waits next.
func (p certificatePages) decide(confirm bool) fiber.Handler {
	return func(c *fiber.Ctx) error {
		f, err := readForm(c)
		if err != nil {
			return err
		}
		_, err = p.People.DecideCertificate(c.UserContext(), actor(c), id(c), f.version(), confirm, f.text("note"))
		switch {
		case f.refuse(err):
			return p.page(c, fiber.StatusUnprocessableEntity, true, f)
		case market.Is(err, market.Conflict), market.Is(err, market.Stale):
			return done(c, certificateHref(id(c)), web.Bad, sentence(err))
		case market.Is(err, market.Unavailable):
			return done(c, "/review", web.Wait, sentence(err))
		case err != nil:
			return err
		}
		next, err := p.nextReview(c, id(c))
		if err != nil {
			return err
		}
		return done(c, next, web.Good, "已办理，并用邮件告知对方。")
	}
}

// maxBrokers bounds the directory of brokers.
const maxBrokers = 500

// brokersPage is the data of page "brokers".
type brokersPage struct {
	Base web.Base
	Rows []web.Broker
	Full bool // there may be more
}

// brokers answers with the directory of brokers.
func (p certificatePages) brokers(c *fiber.Ctx) error {
	rows, err := p.brokerRows(c.UserContext(), "")
	if err != nil {
		return err
	}
	page := brokersPage{Base: p.base(c, "技术经纪人", ""), Rows: rows, Full: len(rows) == maxBrokers}
	page.Base.Crumbs = crumbs("技术经纪人")
	page.Base.Description = "证书经科技局确认、本人同意公开的技术经纪人。"
	return p.render(c, fiber.StatusOK, "brokers", page)
}

// brokerRows is the public brokers of an organization or, with "", of all.
func (s *Site) brokerRows(ctx context.Context, org market.ID) ([]web.Broker, error) {
	found, err := s.People.PublicBrokers(ctx, org, maxBrokers)
	if err != nil {
		return nil, err
	}
	rows := make([]web.Broker, len(found))
	for i, one := range found {
		rows[i] = web.Broker{
			Name: one.Name, Level: market.BrokerLevels.Name(one.Level), Number: one.Number, Until: untilText(one.Until),
			State: web.Badge{Text: "有效", Tone: web.Good},
		}
		if one.Expired {
			rows[i].State = web.Badge{Text: "已过有效期", Tone: web.Bad}
		}
		for _, place := range one.Orgs {
			rows[i].Orgs = append(rows[i].Orgs, web.Crumb{Href: organizationHref(place.Org), Text: place.Name})
		}
	}
	return rows, nil
}
