package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"jishi/internal/market"
	"jishi/internal/store"
)

// samples is values by the name of a field, good enough for what may be
// written. A body is made of those its schema has.
var samples = map[string]any{
	"title": "矩阵写下的发布项", "summary": "用于检验权限。", "keywords": []string{"矩阵"}, "class": map[string]any{"field": "05"}, "modes": []string{"license"},
	"contact": map[string]any{"name": "赵老师", "phone": "13812345678"}, "demand_kind": "problem", "maturity": map[string]any{"stage": "middle"},
	"project": "矩阵写下的合同", "type": "KF", "sub_type": "KF1", "payment": "installments",
	"sellers": []any{map[string]string{"name": "示例大学", "category": "022", "division": "500109"}},
	"buyers":  []any{map[string]string{"name": "示例镁业", "category": "100", "division": "500155"}},
	"amounts": map[string]any{"total_fen": 100, "technology_fen": 50, "paid_fen": 0}, "term": map[string]string{"signed": "2026-03-02", "from": "2026-03-02", "to": "2027-03-01"},
	"note": "说明", "number": "20265001550001", "name": "矩阵写下的名称", "kind": "enterprise",
}

var parameter = regexp.MustCompile(`:(\w+)`)

// body is what a request of a route to write carries.
func (w way) body(m *matrixWorld, r record) string {
	if w.method == http.MethodGet || w.method == http.MethodDelete {
		return ""
	}
	if w.base == "" {
		form := m.form(r)
		if strings.HasSuffix(w.path, "/marks") {
			form.Set("kind", market.MarkKinds[0].Code)
			form.Set("from", "2025-03-01")
		}
		return form.Encode()
	}
	item := m.document.Paths.Find(parameter.ReplaceAllString(w.path, "{$1}"))
	if item == nil || item.GetOperation(w.method) == nil {
		m.Errorf("%s is not described", w)
		return ""
	}
	body := item.GetOperation(w.method).RequestBody
	if body == nil || body.Value.Content.Get("application/json") == nil {
		return ""
	}
	samples["title"], samples["project"], samples["name"] = "矩阵写下的"+m.next(), "矩阵写下的合同"+m.next(), "矩阵写下的名称"+m.next()
	samples["number"] = m.number()
	raw, err := json.Marshal(sample("", body.Value.Content.Get("application/json").Schema.Value))
	m.must(err)
	return string(raw)
}

// form is every field a page may ask for.
func (m *matrixWorld) form(r record) url.Values {
	form := url.Values{
		"title": {"矩阵写下的" + m.next()}, "summary": {"用于检验权限。"}, "class.field": {"05"}, "modes": {"license"}, "demand_kind": {"problem"}, "note": {"说明"},
		"number": {m.number()}, "project": {"矩阵写下的合同"}, "name": {"矩阵写下的名称" + m.next()}, "kind": {"enterprise"},
		"login": {"nobody@matrix"}, "password": {"x"}, "purpose": {market.PurposeContact}, "roles": {"supplier"}, "keep": {"a"},
	}
	if r.version != nil {
		form.Set("version", itoa(int(r.version())))
	}
	return form
}

// number is a registration number nobody has.
func (m *matrixWorld) number() string {
	n := m.next()
	return "2026" + strings.Repeat("1", 11-len(n)) + n
}

// sample is a value a schema takes.
func sample(name string, schema *openapi3.Schema) any {
	value, known := samples[name]
	switch {
	case known && !schema.Type.Is("object"), known && len(schema.Properties) == 0:
		return value
	case schema.Type.Is("object"):
		body := map[string]any{}
		given, _ := value.(map[string]any)
		for field, property := range schema.Properties {
			if inner, ok := given[field]; ok {
				body[field] = inner
				continue
			}
			_, known := samples[field]
			if required := slices.Contains(schema.Required, field); required || known && value == nil {
				body[field] = sample(field, property.Value)
			}
		}
		return body
	case len(schema.Enum) > 0:
		return schema.Enum[0]
	case schema.Type.Is("array"):
		return []any{sample("", schema.Items.Value)}
	case schema.Type.Is("integer"), schema.Type.Is("number"):
		return 1
	case schema.Type.Is("boolean"):
		return true
	}
	return "x"
}

// keep remembers a document as it is now and returns what brings it back.
func keep[T any, P interface {
	*T
	store.Document
}](m *matrixWorld, docs store.Collection[T], id market.ID) func() {
	first, err := docs.Get(m.Context(), id)
	m.must(err)
	known := P(first).Head().Version
	return func() {
		now, err := docs.Get(m.Context(), id)
		m.must(err)
		if P(now).Head().Version == known {
			return
		}
		back := *first
		P(&back).Head().Version = P(now).Head().Version
		m.must(docs.Update(m.Context(), &back))
		known = P(&back).Head().Version
	}
}

// restoreAfter is restore, after what may have changed something.
func (m *matrixWorld) restoreAfter(got answered) {
	if got.method != http.MethodGet && got.status < http.StatusBadRequest {
		m.restore()
	}
}

// restore brings everybody back to their seats: some routes end sessions, give
// up memberships, stop organizations.
func (m *matrixWorld) restore() {
	for _, back := range m.back {
		back()
	}
}
