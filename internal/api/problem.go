package api

import (
	"net/http"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
)

// Problem is the body of every error answer, RFC 9457.
type Problem struct {
	Type      string              `json:"type"`   // always "about:blank": Code tells problems apart
	Title     string              `json:"title"`  // the status in English words
	Status    int                 `json:"status"` // as in the status line
	Detail    string              `json:"detail"` // Chinese sentence for people, says what to do next
	Code      string              `json:"code"`   // stable, for programs
	Fields    []market.FieldError `json:"fields"` // which values were refused; empty when it is not about values
	RequestID string              `json:"request_id"`
}

// WriteProblem answers with an error that was turned into a status. The
// error's cause is not part of the answer.
func WriteProblem(c *fiber.Ctx, status int, e *market.Error) error {
	p := Problem{
		Type: "about:blank", Title: http.StatusText(status), Status: status,
		Detail: e.Message, Code: e.Code, Fields: e.Fields,
		RequestID: market.RequestOf(c.UserContext()).ID,
	}
	if p.Fields == nil {
		p.Fields = []market.FieldError{}
	}
	return c.Status(status).JSON(p, "application/problem+json")
}

// invalidField is the error of one value that breaks a rule.
func invalidField(field, reason string) error {
	return &market.Error{Kind: market.Invalid, Code: "invalid_fields", Message: "有内容需要改正，见标出的各项。",
		Fields: []market.FieldError{{Field: field, Reason: reason}}}
}
