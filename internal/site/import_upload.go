package site

import (
	"io"
	"net/url"
	"path"
	"strings"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/exchange"
	"jishi/internal/file"
	"jishi/internal/market"
	"jishi/web"
)

// importFormPage is the data of page "import_form".
type importFormPage struct {
	Base     web.Base
	Kinds    []choice // what the reader may import
	Kind     string
	Name     string // 科技成果 …
	File     web.Field
	DryRun   web.Field
	Problems []web.Problem
	Refused  string
}

// start answers with the form that takes a file.
func (p importPages) start(c *fiber.Ctx) error {
	kind := c.Query("kind")
	if kind == "" {
		for _, one := range market.ImportKinds {
			if exchange.Permit(actor(c), one.Code) == nil {
				kind = one.Code
				break
			}
		}
	}
	if err := exchange.Permit(actor(c), kind); err != nil {
		if kind == "" {
			return market.Permit(actor(c), market.ActImport)
		}
		return err
	}
	f := &form{values: url.Values{"kind": {kind}, "dry_run": {"yes"}}}
	if c.Query("write") != "" {
		f.values.Del("dry_run")
	}
	return p.form(c, fiber.StatusOK, f, "")
}

// add takes the file and begins to import it.
func (p importPages) add(c *fiber.Ctx) error {
	f, file, err := readUpload(c)
	if err != nil {
		return err
	}
	if len(f.problems) > 0 {
		return p.form(c, fiber.StatusUnprocessableEntity, f, "")
	}
	job, err := p.Imports.Start(c.UserContext(), actor(c), file)
	switch {
	case err == nil:
		return done(c, importHref(job), web.Neutral, "")
	case market.Is(err, market.TooMany):
		return p.form(c, fiber.StatusTooManyRequests, f, sentence(err))
	case exchange.Permit(actor(c), file.Kind) != nil:
		return err
	case market.Is(err, market.Invalid):
		f.problems.Add("file", sentence(err))
		return p.form(c, fiber.StatusUnprocessableEntity, f, "")
	}
	return err
}

// readUpload takes the upload form apart. The server has bounded the body; the
// file is copied out of it, because the import outlives the request.
func readUpload(c *fiber.Ctx) (*form, exchange.File, error) {
	var upload exchange.File
	values, err := file.ReadForm(c.Get(fiber.HeaderContentType), c.Request().Body(), func(field, name string, content io.Reader) (err error) {
		if field != "file" {
			return nil
		}
		upload.Name = baseName(name)
		upload.Data, err = io.ReadAll(content)
		return err
	})
	if err != nil {
		return nil, upload, err
	}
	f := &form{values: values}
	upload.Kind, upload.DryRun = f.text("kind"), f.ticked("dry_run")
	f.problems.Check(upload.Name != "", "file", "请选择要导入的文件")
	return f, upload, nil
}

// baseName is the last part of what a browser calls a file.
func baseName(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	if name == "." || name == "/" {
		return ""
	}
	return name
}

// form answers with the upload form.
func (p importPages) form(c *fiber.Ctx, status int, f *form, refused string) error {
	kind := f.text("kind")
	page := importFormPage{Base: p.base(c, "批量导入", ""), Kind: kind, Name: market.ImportKinds.Name(kind), Refused: refused}
	page.Base.Path = "/imports/new?kind=" + url.QueryEscape(kind)
	page.Base.Crumbs = crumbs("批量导入")
	for _, one := range market.ImportKinds {
		if exchange.Permit(actor(c), one.Code) == nil {
			page.Kinds = append(page.Kinds, choice{Text: one.Name, Href: "/imports/new?kind=" + one.Code, Current: one.Code == kind})
		}
	}
	page.File = f.fill(web.Field{
		Name: "file", Label: "文件", Type: "file", Required: true, Accept: ".xlsx,.csv,.jsonl",
		Hint: ".xlsx、.csv（UTF-8 或 GB18030）或 .jsonl，不超过 32 MB、20 万行。",
	})
	page.DryRun = f.fill(web.Field{
		Name: "dry_run", Label: "先检查，不写入", Type: "check",
		Hint: "逐行检查并给出报告，什么都不改动。看过报告再正式导入。",
	})
	page.Problems = f.summary([]web.Field{page.File, page.DryRun})
	return p.render(c, status, "import_form", page)
}
