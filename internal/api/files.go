package api

import (
	"errors"
	"io"
	"time"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/file"
	"jishi/internal/market"
)

// fileActions are the actions on files.
type fileActions struct{ *API }

func (a fileActions) routes() []Route {
	return []Route{
		{"GET", "/files", a.listFiles, market.ActReadFile},
		{"POST", "/files", a.uploadFile, market.ActUpload},
		{"GET", "/files/:id", a.showFile, market.ActReadFile},
		{"GET", "/files/:id/content", a.fileContent, market.ActReadFile},
	}
}

// fileAnswer is what a client reads of a file.
type fileAnswer struct {
	ID        market.ID `json:"id"`
	Version   int64     `json:"version"`
	Name      string    `json:"name"`
	Type      string    `json:"type"`
	Size      int64     `json:"size"`
	Hash      string    `json:"hash"`
	Owner     market.ID `json:"owner"`
	User      market.ID `json:"user"`
	CreatedAt time.Time `json:"created_at"`
}

func fileOf(f *market.File) fileAnswer {
	return fileAnswer{
		ID: f.ID, Version: f.Version, Name: f.Name, Type: f.Type, Size: f.Size, Hash: f.Hash,
		Owner: f.Owner, User: f.User, CreatedAt: f.CreatedAt,
	}
}

// uploadFile takes a multipart form with one file in its part "file". Nothing
// is stored of a form that does not come to its end.
func (a fileActions) uploadFile(c *fiber.Ctx) (err error) {
	ctx, by := c.UserContext(), actor(c)
	var draft *file.Draft
	defer func() {
		if draft != nil {
			err = errors.Join(err, draft.Close())
		}
	}()
	_, err = file.ReadForm(c.Get(fiber.HeaderContentType), c.Request().Body(), func(field, name string, content io.Reader) (err error) {
		if field != "file" || draft != nil {
			return invalidField("file", "请求只能带一个文件，放在名为 file 的部分")
		}
		draft, err = a.Files.Receive(ctx, by, name, content)
		return err
	})
	if err != nil {
		return err
	}
	if draft == nil {
		return invalidField("file", "请选择要上传的文件")
	}
	f, err := a.Files.Keep(ctx, by, draft)
	if err != nil {
		return err
	}
	return created(c, "/files", f.Meta, fileOf(f))
}

// listFiles answers a page of the files of the caller's organization, newest
// first: ?cursor&limit.
func (a fileActions) listFiles(c *fiber.Ctx) error {
	limit, err := queryInt(c, "limit", 20, file.MaxList)
	if err != nil {
		return err
	}
	found, err := a.Files.List(c.UserContext(), actor(c), c.Query("cursor"), limit)
	if err != nil {
		return err
	}
	items := make([]fileAnswer, len(found.Items))
	for i, f := range found.Items {
		items[i] = fileOf(f)
	}
	return c.JSON(pageOf(items, found.Next))
}

func (a fileActions) showFile(c *fiber.Ctx) error {
	f, err := a.Files.Show(c.UserContext(), actor(c), id(c))
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, f.Meta, fileOf(f))
}

// fileContent answers the file itself, to be saved and never shown.
func (a fileActions) fileContent(c *fiber.Ctx) error {
	f, content, err := a.Files.Open(c.UserContext(), actor(c), id(c))
	if err != nil {
		return err
	}
	for _, h := range file.Headers(f) {
		c.Set(h.Name, h.Value)
	}
	c.Context().SetBodyStream(content, int(f.Size)) // closes it
	return nil
}
