package site

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/account"
	"jishi/internal/market"
)

const (
	maxTextPart  = 64 << 10 // bytes of one field: the longest text has 5,000 characters
	maxTextParts = 500      // fields of a form
)

// readFormWithFile reads a form that may bring one file, under the name given.
// The server has bounded the body; content is copied out of it. The file is
// nil when none was chosen.
func readFormWithFile(c *fiber.Ctx, name string) (*form, *account.Upload, error) {
	kind, params, err := mime.ParseMediaType(c.Get(fiber.HeaderContentType))
	if err == nil && kind == fiber.MIMEApplicationForm {
		f, err := readForm(c)
		return f, nil, err
	}
	broken := market.E(market.Invalid, "bad_form", "提交的内容不完整，请返回上一页再试。")
	if err != nil || kind != fiber.MIMEMultipartForm {
		return nil, nil, broken
	}
	f, parts := &form{values: url.Values{}}, multipart.NewReader(bytes.NewReader(c.Request().Body()), params["boundary"])
	var file *account.Upload
	for n := 0; ; n++ {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return f, file, nil
		}
		if err != nil || n == maxTextParts {
			return nil, nil, broken
		}
		limit := int64(maxTextPart)
		if part.FormName() == name {
			limit = market.MaxFile + 1 // one more is refused for its size, not cut
		}
		content, err := io.ReadAll(io.LimitReader(part, limit))
		switch {
		case err != nil:
			return nil, nil, broken
		case part.FormName() != name:
			f.values.Add(part.FormName(), string(content))
		case part.FileName() != "":
			file = &account.Upload{Name: baseName(part.FileName()), Content: content}
		}
	}
}
