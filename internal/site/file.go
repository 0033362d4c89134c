package site

import (
	"net/url"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/file"
	"jishi/internal/market"
	"jishi/web"
)

const filesPerPage = 50

// filePages shows uploaded files, takes them and gives them out.
type filePages struct{ *Site }

func (p filePages) routes() []route {
	return []route{
		{"GET", "/files", p.list, market.ActReadFile},
		{"POST", "/files", p.add, market.ActReadFile},
		{"GET", "/files/:id", p.show, market.ActReadFile},
		{"GET", "/files/:id/content", p.content, market.ActReadFile},
	}
}

// filesPage is the data of page "files".
type filesPage struct {
	Base     web.Base
	Tabs     web.Tabs
	Rows     []uploadedFile
	File     web.Field
	Problems []web.Problem
	Kept     int    // of an upload that was refused in part
	Used     string // 12.3 MB / 1 GB
	Bar      web.Bar
	Pager    web.Pager
}

// uploadedFile is one file in the list.
type uploadedFile struct {
	Href, Name, Type, Size, Day string
}

// list answers with the files of the reader's organization.
func (p filePages) list(c *fiber.Ctx) error {
	return p.answer(c, fiber.StatusOK, &form{values: url.Values{}})
}

func (p filePages) answer(c *fiber.Ctx, status int, f *form) error {
	cursor := c.Query("cursor")
	found, err := p.Files.List(c.UserContext(), actor(c), cursor, filesPerPage)
	if err != nil {
		return err
	}
	used, quota, err := p.Files.Use(c.UserContext(), actor(c))
	if err != nil {
		return err
	}
	page := filesPage{
		Base: p.base(c, "单位文件", "/desk"), Tabs: accountTabsOf(c),
		Used: file.SizeText(used) + " / " + file.SizeText(quota), Bar: web.Bar{Share: float64(used) / float64(quota)},
	}
	page.Base.Path = "/files"
	page.Base.Crumbs = crumbs("单位文件", web.Crumb{Href: "/desk", Text: "我的工作"})
	for _, one := range found.Items {
		page.Rows = append(page.Rows, uploadedFile{
			Href: fileHref(one.ID), Name: one.Name, Type: market.FileTypes.Name(one.Type), Size: file.SizeText(one.Size), Day: dayOf(one.CreatedAt),
		})
	}
	if page.File, err = p.fileField(c, f, web.Field{Name: "file", Label: "上传文件", MaxLength: maxAtOnce, Required: true}); err != nil {
		return err
	}
	page.Kept, page.File.Options = len(page.File.Options), nil // what came in is in the list
	page.Problems = f.summary([]web.Field{page.File})
	if cursor != "" {
		page.Pager.Newer, page.Pager.NewerText = "/files", "回到第一页"
	}
	if found.Next != "" {
		page.Pager.Older = "/files?cursor=" + found.Next // cursors are of letters, digits, - and _
	}
	return p.render(c, status, "files", page)
}

// maxAtOnce is how many files may be uploaded in one go.
const maxAtOnce = 10

// add takes files in.
func (p filePages) add(c *fiber.Ctx) error {
	f, err := p.readFiles(c, maxAtOnce, "file")
	if err != nil {
		return err
	}
	kept := f.files("file")
	if len(kept) == 0 && len(f.problems) == 0 {
		f.problems.Add("file", "请选择要上传的文件")
	}
	switch {
	case len(f.problems) > 0:
		return p.answer(c, fiber.StatusUnprocessableEntity, f)
	case len(kept) == 1:
		return done(c, fileHref(kept[0]), web.Good, "文件已上传。")
	}
	return done(c, "/files", web.Good, number(int64(len(kept)))+" 个文件已上传。")
}

// filePage is the data of page "file".
type filePage struct {
	Base  web.Base
	Name  string
	Href  string
	Facts []web.Term
}

// show answers with what is known of a file.
func (p filePages) show(c *fiber.Ctx) error {
	f, err := p.Files.Show(c.UserContext(), actor(c), id(c))
	if err != nil {
		return err
	}
	names, err := p.People.Names(c.UserContext(), []market.ID{f.User})
	if err != nil {
		return err
	}
	page := filePage{
		Base: p.base(c, f.Name, "/desk"), Name: f.Name, Href: fileHref(f.ID) + "/content",
		Facts: []web.Term{
			{Label: "类型", Value: market.FileTypes.Name(f.Type)}, {Label: "大小", Value: file.SizeText(f.Size)},
			{Label: "上传", Value: dayOf(f.CreatedAt), Note: names[f.User]},
			{Label: "SHA-256", Value: f.Hash, Note: "内容的指纹：下载后可以核对文件没有变动。"},
		},
	}
	page.Base.Crumbs = crumbs(market.Clip(f.Name, 30), web.Crumb{Href: "/files", Text: "单位文件"})
	return p.render(c, fiber.StatusOK, "file", page)
}

// content answers with the file itself, to be saved and never shown.
func (p filePages) content(c *fiber.Ctx) error {
	f, content, err := p.Files.Open(c.UserContext(), actor(c), id(c))
	if err != nil {
		return err
	}
	for _, h := range file.Headers(f) {
		c.Set(h.Name, h.Value)
	}
	c.Context().SetBodyStream(content, int(f.Size)) // closes it
	return nil
}
