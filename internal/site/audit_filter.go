package site

import (
	"cmp"
	"context"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/audit"
	"jishi/internal/market"
	"jishi/web"
)

// auditKeys is every key of a filter's address, with its label.
var auditKeys = []struct{ key, label string }{
	{"user", "用户"}, {"org", "单位"}, {"action", "操作"}, {"kind", "对象类别"}, {"subject", "对象编号"}, {"result", "结果"}, {"from", "自"}, {"to", "至"},
}

// auditFilter says which part of the trail is shown. Its address is all there is.
type auditFilter struct {
	values url.Values // of known keys, without empty ones, as typed
	filter audit.Filter
}

// readAuditFilter reads a filter from the address.
func readAuditFilter(c *fiber.Ctx) auditFilter {
	f := auditFilter{values: url.Values{}}
	for _, one := range auditKeys {
		if value := strings.ToValidUTF8(strings.TrimSpace(c.Query(one.key)), "\uFFFD"); value != "" {
			f.values.Set(one.key, value)
		}
	}
	v := f.values.Get
	f.filter = audit.Filter{
		Action: market.Action(v("action")), Kind: v("kind"), Subject: market.ID(v("subject")), Result: v("result"),
		From: market.Date(v("from")), To: market.Date(v("to")), After: c.Query("cursor"), Limit: auditPerPage,
	}
	return f
}

// resolve finds who is meant: people type a login, or an organization's name
// or credit code; links carry ids.
func (f *auditFilter) resolve(ctx context.Context, names audit.Names) (err error) {
	if text := f.values.Get("user"); text != "" {
		if f.filter.User, err = names.User(ctx, text); err != nil {
			return err
		}
	}
	if text := f.values.Get("org"); text != "" {
		f.filter.Org, err = names.Org(ctx, text)
	}
	return err
}

// href returns the address of the filter with keys set or, where the value is
// "", taken away; pairs are key, value.
func (f auditFilter) href(pairs ...string) string {
	values := url.Values{}
	for key, list := range f.values {
		values[key] = list
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Del(pairs[i])
		if pairs[i+1] != "" {
			values.Set(pairs[i], pairs[i+1])
		}
	}
	if len(values) == 0 {
		return "/audit"
	}
	return "/audit?" + values.Encode()
}

// chips is the filters in force, each with the way to drop it.
func (f auditFilter) chips(named audit.Named) []chip {
	var chips []chip
	for _, one := range auditKeys {
		value := f.values.Get(one.key)
		if value == "" {
			continue
		}
		switch one.key {
		case "user":
			value = cmp.Or(named.Users[f.filter.User], value)
		case "org":
			value = cmp.Or(named.Orgs[f.filter.Org], value)
		case "action":
			value = market.ActionName(f.filter.Action)
		case "kind":
			value = market.SubjectKinds.Name(value)
		case "result":
			value = results.Name(value)
		}
		chips = append(chips, chip{Text: one.label + "：" + market.Clip(cmp.Or(value, f.values.Get(one.key)), 30), Href: f.href(one.key, "")})
	}
	return chips
}

func (f auditFilter) words() string {
	if len(f.values) == 0 {
		return "全部记录，最新的在最前面。"
	}
	return "符合条件的记录，最新的在最前面。"
}

// fields is the filter as a form.
func (f auditFilter) fields(refused *form) []web.Field {
	fields := []web.Field{
		{Name: "from", Label: "日期自", Type: "date", Placeholder: "2026-03-01"},
		{Name: "to", Label: "日期至", Type: "date", Placeholder: "2026-03-31"},
		{Name: "user", Label: "用户", Placeholder: "登录名", MaxLength: 100},
		{Name: "org", Label: "单位", Placeholder: "全称或统一社会信用代码", MaxLength: market.MaxTitle},
		{Name: "action", Label: "操作", Type: "select", Placeholder: "不限", Options: optionsWith(market.AuditedActions(), f.values.Get("action"))},
		{Name: "result", Label: "结果", Type: "select", Placeholder: "不限", Options: optionsWith(results, f.values.Get("result"))},
		{Name: "kind", Label: "对象类别", Type: "select", Placeholder: "不限", Options: options(market.SubjectKinds)},
		{Name: "subject", Label: "对象编号", Placeholder: "单据地址中的编号", MaxLength: 64},
	}
	refused.values = f.values
	for i := range fields {
		fields[i] = refused.fill(fields[i])
	}
	return fields
}

// optionsWith is the choices of a list, and the chosen one where the list lacks it.
func optionsWith(list market.CodeList, chosen string) []web.Option {
	choices := options(list)
	if chosen != "" && !list.Has(chosen) {
		choices = append(choices, web.Option{Value: chosen, Text: market.Clip(chosen, 30)})
	}
	return choices
}
