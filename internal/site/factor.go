package site

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/internal/signin"
	"jishi/web"
)

// factorPages sets the reader's second factor up and takes it away.
type factorPages struct{ *Site }

func (p factorPages) routes() []route {
	return []route{
		{"GET", "/account/factor", p.show, market.ActSelf},
		{"POST", "/account/factor", p.start, market.ActSelf},
		{"POST", "/account/factor/confirm", p.confirm, market.ActSelf},
		{"POST", "/account/factor/remove", p.remove, market.ActSelf},
	}
}

// factorPage is the data of page "factor". Which part shows depends on how
// the factor stands: Codes once after it was confirmed, Scan while it waits
// for its first code, else the way to start or remove one.
type factorPage struct {
	Base     web.Base
	Tabs     web.Tabs
	State    signin.FactorState
	Codes    []string
	Scan     *scan
	Refused  string
	Fields   []web.Field // of the form that goes on
	Problems []web.Problem
	Remove   web.Confirm
}

// scan is what an authenticator is set up with.
type scan struct {
	picture
	URI    string
	Secret string // in groups of four, to be typed
}

// show answers with how the reader's second factor stands and what to do next.
func (p factorPages) show(c *fiber.Ctx) error {
	return p.page(c, fiber.StatusOK, &form{}, factorPage{})
}

// start makes a secret and shows it.
func (p factorPages) start(c *fiber.Ctx) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	_, err = p.Sessions.StartFactor(c.UserContext(), actor(c), f.values.Get("password"))
	if err == nil {
		return done(c, "/account/factor", "", "")
	}
	return p.refused(c, f, err, factorPage{})
}

// confirm puts the factor to use; the answer has the recovery codes, this once.
func (p factorPages) confirm(c *fiber.Ctx) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	codes, err := p.Sessions.ConfirmFactor(c.UserContext(), actor(c), f.values.Get("code"))
	if market.Is(err, market.NotFound) {
		return done(c, "/account/factor", web.Wait, sentence(err))
	}
	if err != nil {
		return p.refused(c, f, err, factorPage{})
	}
	return p.page(c, fiber.StatusOK, &form{}, factorPage{Codes: codes})
}

// remove takes the factor away, also one that was only started.
func (p factorPages) remove(c *fiber.Ctx) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	err = p.Sessions.RemoveFactor(c.UserContext(), actor(c), f.values.Get("password"), f.values.Get("code"))
	if err == nil {
		return done(c, "/account/factor", web.Good, "两步验证已停用。")
	}
	return p.refused(c, f, err, factorPage{Remove: web.Confirm{Open: true}})
}

// refused answers with the page again and what is wrong, where that can be mended.
func (p factorPages) refused(c *fiber.Ctx, f *form, err error, page factorPage) error {
	switch {
	case f.refuse(err):
		return p.page(c, fiber.StatusUnprocessableEntity, f, page)
	case market.Is(err, market.TooMany):
		page.Refused = sentence(err)
		return p.page(c, fiber.StatusTooManyRequests, f, page)
	}
	return err
}

func (p factorPages) page(c *fiber.Ctx, status int, f *form, page factorPage) error {
	var err error
	if page.State, err = p.Sessions.Factor(c.UserContext(), actor(c)); err != nil {
		return err
	}
	if page.Scan, err = p.scan(c, page.State); err != nil {
		return err
	}
	page.Base, page.Tabs = p.base(c, "两步验证", ""), accountTabsOf(c)
	page.Base.Crumbs = crumbs("两步验证")
	goOn, remove := f, &form{} // what was typed belongs to one of two forms
	if page.Remove.Open {
		goOn, remove = remove, f
	}
	inUse := !page.State.Since.IsZero()
	if inUse || page.State.Started {
		page.Remove = removal(remove, inUse, page.Remove.Open)
	}
	switch {
	case page.State.Started:
		page.Fields = []web.Field{goOn.fill(firstCode)}
	case !inUse:
		page.Fields = []web.Field{goOn.fill(ownPassword)}
	}
	page.Problems = f.summary(append(page.Fields, page.Remove.Fields...))
	return p.render(c, status, "factor", page)
}

var (
	ownPassword = web.Field{Name: "password", Label: "现在的密码", Type: "password", Required: true, MaxLength: 128, Autocomplete: "current-password"}
	firstCode   = web.Field{Name: "code", Label: "验证器显示的 6 位数字", Type: "text", Required: true, MaxLength: 8, InputMode: "numeric", Autocomplete: "one-time-code"}
)

// removal asks for what taking the factor away needs.
func removal(f *form, inUse, open bool) web.Confirm {
	if !inUse {
		return web.Confirm{
			Text: "放弃设置", Icon: "x", Ask: "已显示的密钥作废。以后可以重新开始。", Action: "/account/factor/remove",
			Button: "确认放弃", Open: open, Fields: []web.Field{f.fill(ownPassword)},
		}
	}
	return web.Confirm{
		Text: "停用两步验证", Icon: "trash", Tone: web.Bad, Action: "/account/factor/remove", Button: "确认停用", Open: open,
		Ask:    "停用后登录只需要密码，剩下的恢复码作废。换手机时，先停用，再用新手机重新启用。",
		Fields: []web.Field{f.fill(ownPassword), codeField(f)},
	}
}

// scan returns what the authenticator is set up with while that is shown.
func (p factorPages) scan(c *fiber.Ctx, state signin.FactorState) (*scan, error) {
	if !state.Started {
		return nil, nil
	}
	found, err := p.Sessions.Enrolment(c.UserContext(), actor(c))
	if err != nil {
		return nil, err
	}
	drawn, err := pictureOf(found.URI)
	if err != nil {
		return nil, err
	}
	return &scan{picture: drawn, URI: found.URI, Secret: inFours(found.Secret)}, nil
}

// inFours puts a blank after every fourth letter, to be read and typed.
func inFours(text string) string {
	var groups []string
	for len(text) > 4 {
		groups, text = append(groups, text[:4]), text[4:]
	}
	return strings.Join(append(groups, text), " ")
}
