package site

import (
	"io"
	"maps"
	"mime"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/file"
	"jishi/internal/market"
	"jishi/web"
)

// A field of type "file" carries ids: the hidden inputs of its name hold those
// of the files it has, boxes of its name with removeMark those that are to go,
// and the file input of its name brings new ones. readFiles turns that into
// the ids the field is to have, fileField turns ids into what is shown. The
// form needs enctype="multipart/form-data", its address a row in the server's
// table of large bodies. A form that is shown first has the ids of its document
// among its values. Whether a document may hold the ids is for its use case to
// decide, as account.checkFiles does for evidence.

// removeMark follows the name of a file field in its boxes.
const removeMark = ".remove"

// readFiles is readForm for a form with file fields, each of at most `most`
// files. New files are kept at once, for the organization of who sends the
// form, so that they are not lost when something else in it is refused; what
// is wrong with one is noted at its field. Somebody must be signed in.
func (s *Site) readFiles(c *fiber.Ctx, most int, fields ...string) (*form, error) {
	kind, _, _ := mime.ParseMediaType(c.Get(fiber.HeaderContentType))
	if kind == fiber.MIMEApplicationForm {
		f, err := readForm(c)
		if err == nil {
			f.settleFiles(most, fields, nil)
		}
		return f, err
	}
	f, drafts := &form{values: url.Values{}}, map[string][]*file.Draft{}
	defer func() {
		for _, d := range slices.Concat(slices.Collect(maps.Values(drafts))...) {
			_ = d.Close() // it has no name any more
		}
	}()
	values, err := file.ReadForm(c.Get(fiber.HeaderContentType), c.Request().Body(), func(field, name string, content io.Reader) error {
		if !slices.Contains(fields, field) {
			return nil
		}
		d, err := s.Files.Receive(c.UserContext(), actor(c), name, content)
		if f.refuseFile(field, name, err) {
			return nil
		}
		if err == nil {
			drafts[field] = append(drafts[field], d)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	f.values = values
	f.settleFiles(most, fields, drafts)
	return f, s.keepFiles(c, f, drafts)
}

// settleFiles takes the ids that are to go away from the fields, and notes
// where there would be too many files: of those none of the new ones is kept.
func (f *form) settleFiles(most int, fields []string, drafts map[string][]*file.Draft) {
	for _, field := range fields {
		gone := f.values[field+removeMark]
		f.values[field] = slices.DeleteFunc(f.values[field], func(id string) bool { return id == "" || slices.Contains(gone, id) })
		f.values.Del(field + removeMark)
		if len(f.values[field])+len(drafts[field]) > most {
			f.problems.Add(field, "最多 "+strconv.Itoa(most)+" 个文件")
			f.values[field] = f.values[field][:min(len(f.values[field]), most)]
			for _, d := range drafts[field] {
				_ = d.Close()
			}
			delete(drafts, field)
		}
	}
}

// keepFiles stores what was received and adds it to the fields.
func (s *Site) keepFiles(c *fiber.Ctx, f *form, drafts map[string][]*file.Draft) error {
	for field, list := range drafts {
		for _, d := range list {
			kept, err := s.Files.Keep(c.UserContext(), actor(c), d)
			if f.refuseFile(field, d.Name, err) {
				continue
			}
			if err != nil {
				return err
			}
			f.values.Add(field, string(kept.ID))
		}
	}
	return nil
}

// refuseFile notes at a field why a file was not taken. It reports whether
// choosing another one can mend that.
func (f *form) refuseFile(field, name string, err error) bool {
	if !market.Is(err, market.Invalid) && !market.Is(err, market.TooLarge) && !market.Is(err, market.Conflict) {
		return false
	}
	f.problems.Add(field, market.Clip(baseName(name), 40)+"："+strings.TrimSuffix(sentence(err), "。"))
	return true
}

// files returns the ids that a file field is to have.
func (f *form) files(name string) []market.ID {
	ids := make([]market.ID, len(f.values[name]))
	for i, id := range f.values[name] {
		ids[i] = market.ID(id)
	}
	return ids
}

// fileField is form.fill for a file field; field.MaxLength is how many files
// it takes. Files that the reader may not read by themselves are not listed.
func (s *Site) fileField(c *fiber.Ctx, f *form, field web.Field) (web.Field, error) {
	field.Type, field.Accept = "file", file.Accept
	if field.Hint == "" {
		field.Hint = fileHint
	}
	field = f.fill(field)
	field.Options = nil
	for _, id := range f.files(field.Name) {
		one, err := s.Files.Show(c.UserContext(), actor(c), id)
		if market.Is(err, market.NotFound) || market.Is(err, market.Denied) {
			continue
		}
		if err != nil {
			return field, err
		}
		field.Options = append(field.Options, web.Option{Value: string(one.ID), Text: one.Name + "（" + file.SizeText(one.Size) + "）"})
	}
	return field, nil
}

// fileHint says what may be uploaded.
const fileHint = "PDF、PNG、JPEG、Word（docx）、Excel（xlsx）或 ZIP，每个不超过 20 MB。"
