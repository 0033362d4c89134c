package site

import (
	"io"
	"mime"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/account"
	"jishi/internal/file"
	"jishi/internal/market"
)

// readFormWithFile reads a form that may bring one file, under the name given,
// from somebody for whom nothing may be kept yet. The server has bounded the
// body; content is copied out of it. The file is nil when none was chosen.
func readFormWithFile(c *fiber.Ctx, name string) (*form, *account.Upload, error) {
	kind, _, _ := mime.ParseMediaType(c.Get(fiber.HeaderContentType))
	if kind == fiber.MIMEApplicationForm {
		f, err := readForm(c)
		return f, nil, err
	}
	var upload *account.Upload
	values, err := file.ReadForm(c.Get(fiber.HeaderContentType), c.Request().Body(), func(field, sent string, content io.Reader) (err error) {
		if field != name {
			return nil
		}
		upload = &account.Upload{Name: sent}
		upload.Content, err = io.ReadAll(io.LimitReader(content, market.MaxFile+1)) // one more is refused for its size, not cut
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	return &form{values: values}, upload, nil
}
