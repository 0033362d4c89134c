package api

import (
	"embed"
	"encoding/json"
	"fmt"

	"github.com/gofiber/fiber/v2"
)

// parts describes the actions, OpenAPI 3.0: base.json what all share, the
// others paths and schemas of one noun each.
//
//go:embed openapi/*.json
var parts embed.FS

// document is all parts as one.
var document = join(parts)

// description is the shape of a part.
type description struct {
	OpenAPI    string            `json:"openapi,omitempty"`
	Info       json.RawMessage   `json:"info,omitempty"`
	Servers    json.RawMessage   `json:"servers,omitempty"`
	Security   json.RawMessage   `json:"security,omitempty"`
	Paths      map[string]any    `json:"paths"`
	Components map[string]object `json:"components"`
}

type object map[string]any

// join puts the parts together. It panics at start when one is no JSON or a
// name is given twice: both are mistakes in files of this program.
func join(parts embed.FS) []byte {
	whole := description{Paths: make(map[string]any), Components: make(map[string]object)}
	files, err := parts.ReadDir("openapi")
	mustParse(err)
	for _, file := range files {
		raw, err := parts.ReadFile("openapi/" + file.Name())
		mustParse(err)
		var part description
		mustParse(json.Unmarshal(raw, &part))
		if part.OpenAPI != "" {
			whole.OpenAPI, whole.Info, whole.Servers, whole.Security = part.OpenAPI, part.Info, part.Servers, part.Security
		}
		add(whole.Paths, part.Paths)
		for kind, named := range part.Components {
			if whole.Components[kind] == nil {
				whole.Components[kind] = make(object)
			}
			add(whole.Components[kind], named)
		}
	}
	document, err := json.Marshal(whole)
	mustParse(err)
	return document
}

func add(whole, part map[string]any) {
	for name, one := range part {
		if _, twice := whole[name]; twice {
			panic(fmt.Sprintf("openapi: %s is described twice", name))
		}
		whole[name] = one
	}
}

func mustParse(err error) {
	if err != nil {
		panic(fmt.Errorf("openapi: %w", err))
	}
}

// openapi answers the document that describes the API.
func openapi(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
	return c.Send(document)
}
