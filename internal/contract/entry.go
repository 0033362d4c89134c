package contract

import (
	"reflect"
	"slices"
	"strings"

	"jishi/internal/market"
)

// field is one thing that the parties write in a contract.
type field struct {
	path  string // JSON name
	label string // as on the form
	value func(*market.Contract) any
}

var fields = []field{
	{"project", "项目名称", func(c *market.Contract) any { return c.Project }},
	{"type", "合同类型", func(c *market.Contract) any { return market.ContractTypes.Name(c.Type) }},
	{"sub_type", "合同小类", func(c *market.Contract) any { return market.SubTypes[c.Type].Name(c.SubType) }},
	{"sellers", "卖方", func(c *market.Contract) any { return sealed(c.Sellers) }},
	{"buyers", "买方", func(c *market.Contract) any { return sealed(c.Buyers) }},
	{"amounts.total", "合同成交额", func(c *market.Contract) any { return c.Amounts.Total }},
	{"amounts.technology", "技术交易额", func(c *market.Contract) any { return c.Amounts.Technology }},
	{"amounts.paid", "到账额", func(c *market.Contract) any { return c.Amounts.Paid }},
	{"amounts.deducted", "扣除项目", func(c *market.Contract) any { return c.Amounts.Deducted }},
	{"term.signed", "签订日期", func(c *market.Contract) any { return string(c.Term.Signed) }},
	{"term.from", "开始日期", func(c *market.Contract) any { return string(c.Term.From) }},
	{"term.to", "结束日期", func(c *market.Contract) any { return string(c.Term.To) }},
	{"class.field", "技术领域", func(c *market.Contract) any { return market.Fields.Name(c.Class.Field) }},
	{"class.industry", "行业", func(c *market.Contract) any { return market.Industries.Name(c.Class.Industry) }},
	{"class.ip", "知识产权", func(c *market.Contract) any { return market.IPKinds.Name(c.Class.IP) }},
	{"class.plan", "计划来源", func(c *market.Contract) any { return market.PlanSources.Name(c.Class.Plan) }},
	{"class.objective", "社会经济目标", func(c *market.Contract) any { return market.Objectives.Name(c.Class.Objective) }},
	{"payment", "支付方式", func(c *market.Contract) any { return market.PaymentModes.Name(c.Payment) }},
	{"origin", "来源", func(c *market.Contract) any { return c.Origin }},
}

// sealed is parties as they are stored, without identity cards as typed.
func sealed(parties []market.Party) []market.Party {
	stored := slices.Clone(parties)
	for i := range stored {
		stored[i].Card = ""
	}
	return stored
}

// problem says that the field reads otherwise in stored, and how.
func (f field) problem(stored *market.Contract, reason string) market.FieldError {
	reason = f.label + reason
	if text := shown(f.value(stored)); text != "" {
		reason += "，现为“" + market.Clip(text, 60) + "”"
	}
	return market.FieldError{Field: f.path, Reason: reason}
}

// shown writes a value for people; empty for what has no short form.
func shown(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case market.Fen:
		return v.Yuan()
	case []market.Party:
		names := make([]string, len(v))
		for i, p := range v {
			names[i] = p.Name
		}
		return strings.Join(names, "、")
	}
	return ""
}

// differing returns the fields in which two filled contracts differ.
func differing(a, b *market.Contract) []field {
	var diff []field
	for _, f := range fields {
		if !reflect.DeepEqual(f.value(a), f.value(b)) {
			diff = append(diff, f)
		}
	}
	return diff
}

// fill takes over from entry what parties write. Everything else — owner,
// state, registration, history — is the platform's and never comes from
// outside. A side without a party gets an empty row to be filled, so that the
// indexed fields are always there.
func fill(c, entry *market.Contract) {
	c.Project, c.Type, c.SubType = entry.Project, entry.Type, entry.SubType
	c.Sellers, c.Buyers = rows(entry.Sellers), rows(entry.Buyers)
	c.Amounts, c.Term, c.Class = entry.Amounts, entry.Term, entry.Class
	c.Payment, c.Origin = entry.Payment, entry.Origin
	if c.Origin.Kind == "" {
		c.Origin.Kind = "registered"
	}
}

func rows(parties []market.Party) []market.Party {
	if len(parties) == 0 {
		return []market.Party{{}}
	}
	return slices.Clone(parties)
}
