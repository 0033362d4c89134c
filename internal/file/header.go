package file

import (
	"net/url"
	"path"
	"strconv"
	"strings"

	"jishi/internal/market"
)

// mimeTypes is what each type is called in a header.
var mimeTypes = map[string]string{
	"pdf": "application/pdf", "png": "image/png", "jpeg": "image/jpeg", "zip": "application/zip",
	"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

// Header is a name and value of an answer.
type Header struct{ Name, Value string }

// Headers returns what goes with a file's content: it is saved and never
// shown, of the type that was found and no other, kept by nobody on the way,
// and without any right should a browser show it all the same.
func Headers(f *market.File) []Header {
	return []Header{
		{"Content-Type", mimeTypes[f.Type]},
		{"Content-Disposition", disposition(f.Name)},
		{"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox"},
		{"X-Content-Type-Options", "nosniff"},
		{"Cache-Control", "no-store"},
		{"ETag", `"` + f.Hash + `"`},
	}
}

// disposition says that a content is to be saved, and under which name: in
// UTF-8 (RFC 5987), and in ASCII for clients that read nothing else.
func disposition(name string) string {
	return `attachment; filename="jishi` + path.Ext(name) + `"; filename*=UTF-8''` + escape(name)
}

// escape is url.PathEscape without the signs that RFC 5987 does not allow.
func escape(name string) string {
	var b strings.Builder
	for _, c := range []byte(url.PathEscape(name)) {
		if strings.IndexByte("'()*:@&=+$,;", c) >= 0 {
			b.WriteString("%" + strings.ToUpper(strconv.FormatInt(int64(c), 16)))
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// SizeText writes a size for people: 1 GB, 3.4 MB, 12 KB.
func SizeText(size int64) string {
	tenths := func(unit float64) string {
		return strings.TrimSuffix(strconv.FormatFloat(float64(size)/unit, 'f', 1, 64), ".0")
	}
	switch {
	case size >= 1<<30:
		return tenths(1<<30) + " GB"
	case size >= 1<<20:
		return tenths(1<<20) + " MB"
	case size >= 1<<10:
		return strconv.FormatInt((size+512)>>10, 10) + " KB"
	}
	return strconv.FormatInt(size, 10) + " 字节"
}
