package api

import (
	"errors"
	"io"
	"mime"
	"reflect"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
)

// MaxDepth bounds how deep objects and lists in a request may nest; ours need four.
const MaxDepth = 32

// Codes of requests that are not JSON, or no text, to begin with; the server
// answers them with 400 or 415 and not with 422, which is for values that
// break a rule.
const (
	CodeMalformed      = "malformed_json"
	CodeMalformedQuery = "malformed_query"
	CodeUnsupported    = "not_json"
)

// decode reads the request's JSON body into a struct: exactly one value, in
// UTF-8, no field twice, none that the struct does not have, names in their
// exact letters. Errors are Invalid and name the field where there is one. The
// size of bodies is bounded by the server.
func decode(c *fiber.Ctx, into any) error {
	kind, _, err := mime.ParseMediaType(c.Get(fiber.HeaderContentType))
	if err != nil || kind != fiber.MIMEApplicationJSON {
		return market.Wrap(market.Invalid, err, CodeUnsupported, "请用 JSON 提交，并把 Content-Type 设为 application/json。")
	}
	body := c.Request().Body() // c.Body would unpack compressed ones without bound
	if err := wellFormed(body); err != nil {
		return err
	}
	err = json.Unmarshal(body, into, json.RejectUnknownMembers(true))
	var semantic *json.SemanticError
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &semantic):
		return malformed(err, "")
	case errors.Is(semantic.Err, json.ErrUnknownName):
		return badField(semantic, "unknown_field", "没有这个字段，请核对名称")
	default:
		return badField(semantic, "wrong_type", "应为"+typeName(semantic.GoType))
	}
}

// decodeOptional is decode for actions that may come without a body.
func decodeOptional(c *fiber.Ctx, into any) error {
	if len(c.Request().Body()) == 0 {
		return nil
	}
	return decode(c, into)
}

// wellFormed returns an error unless body is one JSON value of bounded depth.
func wellFormed(body []byte) error {
	if len(body) == 0 {
		return market.E(market.Invalid, CodeMalformed, "请求没有内容，请提交 JSON。")
	}
	decoder := jsontext.NewDecoder(strings.NewReader(string(body)))
	for values := 0; ; {
		_, err := decoder.ReadToken()
		if errors.Is(err, io.EOF) && values == 1 {
			return nil
		}
		if err != nil {
			return syntaxError(err)
		}
		if decoder.StackDepth() > MaxDepth {
			return malformed(nil, "JSON 嵌套过深，最多 32 层。")
		}
		if decoder.StackDepth() == 0 {
			if values++; values > 1 {
				return malformed(nil, "JSON 之后还有多余的内容。")
			}
		}
	}
}

// syntaxError names the field at which body stops being JSON.
func syntaxError(err error) error {
	var syntactic *jsontext.SyntacticError
	if !errors.As(err, &syntactic) {
		return malformed(err, "")
	}
	e := malformed(err, "")
	reason := "从这里开始不是正确的 JSON"
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		reason = "出现了两次"
	case strings.Contains(syntactic.Err.Error(), "UTF-8"):
		e.Message, reason = "JSON 须为 UTF-8 编码。", "含有不是 UTF-8 的字符"
	}
	if field := fieldName(syntactic.JSONPointer); field != "" {
		e.Fields = []market.FieldError{{Field: field, Reason: reason}}
	}
	return e
}

func malformed(cause error, message string) *market.Error {
	if message == "" {
		message = "请求内容不是正确的 JSON，请检查格式。"
	}
	return market.Wrap(market.Invalid, cause, CodeMalformed, message)
}

func badField(cause *json.SemanticError, code, reason string) error {
	field := fieldName(cause.JSONPointer)
	if field == "" {
		return market.Wrap(market.Invalid, cause, code, "请求内容"+reason+"。")
	}
	e := market.Wrap(market.Invalid, cause, code, "有内容需要改正，见标出的各项。")
	e.Fields = []market.FieldError{{Field: field, Reason: reason}}
	return e
}

// fieldName writes a JSON pointer as fields are named in answers: rights.0.number.
func fieldName(p jsontext.Pointer) string {
	var parts []string
	for token := range p.Tokens() {
		parts = append(parts, market.Clip(token, 40))
	}
	return strings.Join(parts, ".")
}

// typeName says in Chinese what a field of type t takes.
func typeName(t reflect.Type) string {
	if t == nil {
		return "其他类型的值"
	}
	switch t.Kind() {
	case reflect.String:
		return "文字"
	case reflect.Bool:
		return "true 或 false"
	case reflect.Int, reflect.Int64:
		return "整数"
	case reflect.Slice:
		return "列表"
	case reflect.Struct, reflect.Map, reflect.Pointer:
		return "对象"
	default:
		return "其他类型的值"
	}
}
