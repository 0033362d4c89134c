package main

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// spoiled is bodies that are no JSON object of any kind.
var spoiled = map[string]string{
	"half":               `{"title":`,
	"no JSON":            `title=x&summary=y`,
	"two values":         `{} {}`,
	"something after it": `{}x`,
	"a list":             `[]`,
	"a text":             `"title"`,
	"a number":           `1`,
	"true":               `true`,
	"a field twice":      `{"note":"a","note":"b"}`,
	"single quotes":      `{'note':'a'}`,
	"a comment":          `{"note":"a"/**/}`,
	"a byte order mark":  "\ufeff{}",
	"UTF-16":             "\xff\xfe{\x00}\x00",
	"not UTF-8":          "{\"note\":\"\xff\xfe\"}",
	"overlong UTF-8":     "{\"note\":\"\xc0\xaf\"}",
	"half a surrogate":   `{"note":"\ud800"}`,
	"a raw NUL":          "{\"note\":\"a\x00b\"}",
	"a raw line break":   "{\"note\":\"a\nb\"}",
	"deep lists":         `{"note":` + strings.Repeat("[", 100_000),
	"deep objects":       strings.Repeat(`{"note":`, 50_000) + "1" + strings.Repeat("}", 50_000),
	"deep and whole":     `{"note":` + strings.Repeat("[", 5_000) + strings.Repeat("]", 5_000) + "}",
	"huge number":        `{"note":1` + strings.Repeat("0", 100_000) + "}",
	"huge exponent":      `{"note":1e999999999}`,
	"no number":          `{"note":NaN}`,
	"many fields":        `{"a":1` + strings.Repeat(`,"b":1`, 50_000) + "}",
	"__proto__":          `{"__proto__":{"note":"a"}}`,
	"a nameless field":   `{"":1}`,
	"an operator":        `{"$where":"sleep(1000)"}`,
}

// bodies sends them to every write as everybody.
func (s stage) bodies() []attempt {
	var all []attempt
	for _, wr := range s.writes {
		header := wr.headers(s)
		for what, body := range spoiled {
			for _, as := range everybody {
				all = append(all, attempt{what: what, as: as, method: wr.method, path: wr.path, body: body, header: header})
			}
		}
		if !wr.bare {
			all = append(all, attempt{what: "nothing", as: wr.as, method: wr.method, path: wr.path, body: "", header: header, statuses: []int{400, 422}})
		}
	}
	return all
}

// wrong is values that no field of a kind takes.
func wrong(schema *openapi3.Schema) map[string]any {
	raw := func(text string) json.RawMessage { return json.RawMessage(text) }
	switch {
	case schema.Type.Is("string"):
		return map[string]any{
			"a number": 12, "true": true, "a list": []int{1}, "an operator": map[string]any{"$ne": nil},
			"NUL": canary + "\x00x", "bell": canary + "\ax", "delete": canary + "\x7fx", "C1": canary + "\u0085x", "over-long": strings.Repeat("长", 30_000),
		}
	case schema.Type.Is("integer"):
		return map[string]any{
			"a text": "1", "a fraction": 1.5, "huge": raw("9223372036854775807"), "more than huge": raw("9223372036854775808"),
			"an exponent": raw("1e400"), "negative": -1, "least": raw("-9223372036854775808"), "true": true, "an object": raw("{}"), "a list": raw("[]"),
		}
	case schema.Type.Is("boolean"):
		return map[string]any{"a text": "true", "a number": 1, "an object": raw("{}")}
	case schema.Type.Is("array"):
		one := "{}"
		if schema.Items.Value.Type.Is("string") {
			one = `"x"`
		}
		return map[string]any{
			"a text": "x", "an object": raw("{}"), "a number": 1, "texts and objects": raw(`["x",{}]`), "lists": raw(`[[[]]]`),
			"too many": raw("[" + strings.Repeat(one+",", 9_999) + one + "]"),
		}
	case schema.Type.Is("object"):
		return map[string]any{"a text": "x", "a list": raw("[]"), "a number": 1, "what is not in it": map[string]any{canary: 1}}
	}
	return nil
}

// fields spoils one field after the other in bodies that would be taken. Who
// may write is told which; to others it is only refused.
func (s stage) fields() []attempt {
	var all []attempt
	for n, wr := range s.writes {
		header := wr.headers(s)
		schema := s.schema(wr)
		eachField("", schema, func(path string, field *openapi3.Schema) {
			for what, value := range wrong(field) {
				body := wr.fresh()
				set(body, path, value)
				a := attempt{what: path + " is " + what, as: wr.as, method: wr.method, path: wr.path, body: body, header: header, field: path}
				if strings.HasPrefix(wr.path, "/sessions") { // what may not be told, and texts are texts
					a.field = ""
				}
				all = append(all, a)
				a.as, a.field = everybody[(n+len(all))%len(everybody)], ""
				all = append(all, a)
			}
		})
	}
	return all
}

// schema is what a write takes.
func (s stage) schema(wr writing) *openapi3.Schema {
	operation := s.w.document.Paths.Find(s.pattern(wr.path)).GetOperation(wr.method)
	if operation.RequestBody == nil {
		return &openapi3.Schema{}
	}
	return operation.RequestBody.Value.Content.Get("application/json").Schema.Value
}

// eachField walks over the fields of an object; those of the objects in a list
// are written name.0.field.
func eachField(path string, schema *openapi3.Schema, visit func(string, *openapi3.Schema)) {
	for name, property := range schema.Properties {
		at := strings.TrimPrefix(path+"."+name, ".")
		field := property.Value
		visit(at, field)
		eachField(at, field, visit)
		if field.Items != nil {
			visit(at+".0", field.Items.Value)
			eachField(at+".0", field.Items.Value, visit)
		}
	}
}

// set puts a value at a path, making what is not there.
func set(body map[string]any, path string, value any) {
	name, rest, deeper := strings.Cut(path, ".")
	switch {
	case !deeper:
		body[name] = value
	case rest == "0":
		body[name] = []any{value}
	case strings.HasPrefix(rest, "0."):
		list, _ := body[name].([]any)
		inner := map[string]any{}
		if len(list) > 0 {
			inner, _ = list[0].(map[string]any)
		}
		set(inner, rest[2:], value)
		body[name] = []any{inner}
	default:
		inner, _ := body[name].(map[string]any)
		if inner == nil {
			inner = map[string]any{}
		}
		set(inner, rest, value)
		body[name] = inner
	}
}

// reserved is what only the program sets.
var reserved = []string{
	"id", "_id", "version", "created_at", "changed_at", "state", "owner", "demo", "submitter", "import_key", "history", "published",
	"valid_until", "registration", "register", "verified", "key", "roles", "org", "password_hash", "epoch", "disabled", "finished", "by",
	"headline", "achieved_fen", "Title", "TITLE", "Note", "Number", "title ", "meta", "Meta", "Listing", "$set", "external_id", "constructor",
}

// massAssignment adds to bodies that would be taken what they may not set.
func (s stage) massAssignment() []attempt {
	var all []attempt
	for _, wr := range s.writes {
		header, schema := wr.headers(s), s.schema(wr)
		names := reserved
		if strings.HasPrefix(wr.path, "/contracts") {
			names = append(slices.Clone(reserved), "price", "price_fen", "total_fen", "number_at")
		}
		for _, name := range names {
			if schema.Properties[name] != nil {
				continue
			}
			body := wr.fresh()
			body[name] = "published"
			a := attempt{what: "sets " + name, as: wr.as, method: wr.method, path: wr.path, body: body, header: header, field: strings.TrimSpace(name), statuses: []int{400, 422}}
			if name != strings.TrimSpace(name) {
				a.field = ""
			}
			all = append(all, a)
		}
	}
	return all
}
