package site

import (
	"bytes"
	"io"
	"iter"
	"net/url"
	"path"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/exchange"
	"jishi/internal/market"
	"jishi/web"
)

// maxExport bounds the rows of one exported file.
const maxExport = 10_000

// exportPage is how many rows of an export are read at once.
const exportPage = 500

// fileTypes is the formats a list can be exported in.
var fileTypes = map[string]string{
	"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"csv":  "text/csv; charset=utf-8",
}

// exportLinks leads to a list's export in each format.
func exportLinks(path string, query url.Values) []web.Crumb {
	part := ""
	if len(query) > 0 {
		part = "?" + query.Encode()
	}
	return []web.Crumb{{Href: path + "/xlsx" + part, Text: "导出 .xlsx"}, {Href: path + "/csv" + part, Text: "导出 .csv"}}
}

// sendExport is sendFile for what the platform keeps: the entry e, with what
// was taken, is in the trail before it is sent, and without that nothing is.
// write returns how many rows it wrote.
func (s *Site) sendExport(c *fiber.Ctx, e market.Entry, name string, write func(w io.Writer, format string) (int, error)) error {
	return sendFile(c, name, func(w io.Writer, format string) error {
		rows, err := write(w, format)
		if err != nil || !actor(c).SignedIn() { // what visitors take as a file the page shows them
			return err
		}
		e.Detail = exportedFrom(name+"."+format, rows, c.OriginalURL())
		return s.Audit.Trail.Append(c.UserContext(), e)
	})
}

// exportEntry is the entry of an export of listings, contracts or figures.
func (s *Site) exportEntry(c *fiber.Ctx) market.Entry {
	return market.NewEntry(c.UserContext(), actor(c), s.Now(), market.ActExport, "page", "")
}

// sendFile answers with a file to be saved, in the format that the path ends
// in. write gets that format.
func sendFile(c *fiber.Ctx, name string, write func(w io.Writer, format string) error) error {
	format := c.Params("format")
	kind, ok := fileTypes[format]
	if !ok {
		return market.E(market.NotFound, "no_format", "只能导出为 xlsx 或 csv。")
	}
	var file bytes.Buffer
	if err := write(&file, format); err != nil {
		return err
	}
	return save(c, name+"."+format, kind, file.Bytes())
}

// sendWorkbook answers with a workbook to be saved.
func sendWorkbook(c *fiber.Ctx, name string, file []byte) error {
	return save(c, name+".xlsx", fileTypes["xlsx"], file)
}

// save answers with a file that the browser keeps and does not show.
func save(c *fiber.Ctx, name, kind string, file []byte) error {
	c.Set(fiber.HeaderContentType, kind)
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="jishi`+path.Ext(name)+`"; filename*=UTF-8''`+url.PathEscape(name))
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Send(file)
}

// sendList answers with documents as a file. Who may is who may export.
func sendList[T exchange.Importable](s *Site, c *fiber.Ctx, name string, read reader[T]) error {
	if err := market.Permit(actor(c), market.ActExport); err != nil {
		return err
	}
	return s.sendExport(c, s.exportEntry(c), name, func(w io.Writer, format string) (int, error) {
		rows, write := 0, exchange.WriteXLSX[T]
		if format == "csv" {
			write = exchange.WriteCSV[T]
		}
		err := write(w, counted(walk(read), &rows))
		return rows, err
	})
}

// counted counts what it passes on.
func counted[T any](rows iter.Seq2[T, error], n *int) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for row, err := range rows {
			*n++
			if !yield(row, err) {
				return
			}
		}
	}
}

// reader reads the page of a list after a cursor, and the cursor of the next.
type reader[T any] func(after string) (rows []*T, next string, err error)

// walk goes through a list page by page. A list longer than an export may be
// ends in an error, so that no file looks complete that is not.
func walk[T any](read reader[T]) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		after, n := "", 0
		for {
			rows, next, err := read(after)
			if n += len(rows); err == nil && n > maxExport {
				err = market.E(market.TooLarge, "export_too_large", "一次最多导出 "+web.Count(maxExport)+" 条，请加上条件分几次导出。")
			}
			if err != nil {
				yield(nil, err)
				return
			}
			for _, row := range rows {
				if !yield(row, nil) {
					return
				}
			}
			if after = next; next == "" {
				return
			}
		}
	}
}
