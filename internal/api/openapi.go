package api

import (
	_ "embed"

	"github.com/gofiber/fiber/v2"
)

// document describes every action, OpenAPI 3.0.
//
//go:embed openapi.json
var document []byte

// openapi answers the document that describes the API.
func openapi(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
	return c.Send(document)
}
