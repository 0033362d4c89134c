package api

import (
	"net/http"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
)

// Problem is the body of every error answer, RFC 9457.
type Problem struct {
	Type      string              `json:"type"`            // always "about:blank": Code tells problems apart
	Title     string              `json:"title"`           // the status in English words
	Status    int                 `json:"status"`          // as in the status line
	Detail    string              `json:"detail"`          // Chinese sentence for people, says what to do next
	Code      string              `json:"code"`            // stable, for programs
	Fields    []market.FieldError `json:"fields"`          // which values were refused; empty when it is not about values
	Other     market.ID           `json:"other,omitempty"` // the document that stands in the way, e.g. the one listed already
	RequestID string              `json:"request_id"`
}

// wireNames is how the API calls what rules and forms name otherwise: amounts
// with their unit, a key by its header.
var wireNames = map[string]string{
	"idempotency_key": headerKey,
	"price.low":       "price.low_fen", "price.high": "price.high_fen",
	"budget_low": "budget_low_fen", "budget_high": "budget_high_fen",
	"amounts.total": "amounts.total_fen", "amounts.technology": "amounts.technology_fen", "amounts.paid": "amounts.paid_fen",
}

// WriteProblem answers with an error that was turned into a status. The
// error's cause is not part of the answer.
func WriteProblem(c *fiber.Ctx, status int, e *market.Error) error {
	p := Problem{
		Type: "about:blank", Title: http.StatusText(status), Status: status,
		Detail: e.Message, Code: e.Code, Other: e.Other,
		RequestID: market.RequestOf(c.UserContext()).ID,
	}
	p.Fields = make([]market.FieldError, len(e.Fields))
	for i, f := range e.Fields {
		if name, ok := wireNames[f.Field]; ok {
			f.Field = name
		}
		p.Fields[i] = f
	}
	return c.Status(status).JSON(p, "application/problem+json")
}

// invalidField is the error of one value that breaks a rule.
func invalidField(field, reason string) error {
	return &market.Error{Kind: market.Invalid, Code: "invalid_fields", Message: "有内容需要改正，见标出的各项。",
		Fields: []market.FieldError{{Field: field, Reason: reason}}}
}
