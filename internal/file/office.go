package file

import (
	"archive/zip"
	"bytes"
	"io"
	"maps"
	"path"
	"slices"
	"strings"
)

// mainPart is what each format of offices cannot do without.
var mainPart = map[string]string{"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}

// partHead is how many bytes of a part of XML are searched for a declaration
// of entities, which office formats never have.
const partHead = 4 << 10

// Signs of embedded programs in OLE containers, whose names are UTF-16.
var (
	oleMacro   = utf16LE("_VBA_PROJECT")
	olePackage = utf16LE("Ole10Native")
)

func utf16LE(ascii string) []byte {
	wide := make([]byte, 0, 2*len(ascii))
	for _, b := range []byte(ascii) {
		wide = append(wide, b, 0)
	}
	return wide
}

// office looks through the parts of a document or workbook and returns which
// of the two it is.
func (i *inspection) office(entries map[string]*zip.File, want string) (string, error) {
	kind := ""
	for _, one := range []string{"docx", "xlsx"} {
		if entries[mainPart[one]] != nil {
			if kind != "" {
				return "", badContent("文件结构不对，请重新另存后再上传。")
			}
			kind = one
		}
	}
	if kind == "" {
		return "", refused("bad_file_type", "内容不是 Word（docx）或 Excel（xlsx），请另存为这两种格式后再上传。")
	}
	if kind != want {
		return kind, nil // refused for its ending
	}
	for _, name := range slices.Sorted(maps.Keys(entries)) {
		f := entries[name]
		if err := i.part(name, f); err != nil {
			return "", err
		}
	}
	return kind, nil
}

// part holds one part of a document to carry no program and to fetch none.
func (i *inspection) part(name string, f *zip.File) error {
	base, ext := path.Base(name), path.Ext(name)
	switch {
	case strings.Contains(base, "vbaproject"), strings.Contains(base, "vbadata"), strings.Contains(name, "/activex/"), strings.Contains(name, "/macrosheets/"):
		return hasMacro()
	case ext == ".rels" || name == "[content_types].xml":
		content, err := i.unpack(f)
		if err != nil {
			return err
		}
		return checkLinks(content)
	case ext == ".xml" || ext == ".vml":
		var head headOnly
		if err := i.pour(&head, f); err != nil {
			return err
		}
		return noEntities(head.kept)
	case strings.Contains(name, "/embeddings/"):
		return i.embedded(ext, f)
	}
	return i.pour(io.Discard, f)
}

// embedded looks into a document within a document: charts carry their
// figures, formulas their source.
func (i *inspection) embedded(ext string, f *zip.File) error {
	content, err := i.unpack(f)
	if err != nil {
		return err
	}
	switch ext {
	case ".docx", ".xlsx":
		_, err := i.content(bytes.NewReader(content), int64(len(content)), ext[1:], depthOfEntry)
		return err
	case ".bin", ".xls", ".doc", ".ppt":
		if bytes.Contains(content, oleMacro) {
			return hasMacro()
		}
		if bytes.Contains(content, olePackage) {
			return badContent("文档里嵌有程序或其他文件，请去掉后再上传。")
		}
		return nil
	}
	return badContent("文档里嵌有 " + ext + " 文件，请去掉后再上传。")
}

// checkLinks refuses a list of parts or links that names programs, or a
// template or object to be fetched from elsewhere.
func checkLinks(content []byte) error {
	if err := noEntities(content); err != nil {
		return err
	}
	lower := bytes.ToLower(content)
	for _, sign := range []string{"macroenabled", "vbaproject", "/activex", "macrosheet"} {
		if bytes.Contains(lower, []byte(sign)) {
			return hasMacro()
		}
	}
	for link := range bytes.SplitSeq(lower, []byte("<relationship ")) {
		external := bytes.Contains(link, []byte(`targetmode="external"`)) || bytes.Contains(link, []byte(`targetmode='external'`))
		for _, kind := range []string{"/attachedtemplate", "/oleobject", "/frame", "/subdocument"} {
			if external && bytes.Contains(link, []byte(kind)) {
				return badContent("文档打开时会读取外部模板或对象，请去掉后再上传。")
			}
		}
	}
	return nil
}

// noEntities refuses XML that declares entities, with which a few lines can
// unfold to gigabytes, and XML in two-byte characters, which could hide that.
func noEntities(head []byte) error {
	if bytes.Contains(head, []byte("<!DOCTYPE")) || bytes.Contains(head, []byte("<!ENTITY")) || bytes.IndexByte(head, 0) >= 0 {
		return badContent("文件结构不对（XML 声明了实体或不是 UTF-8），请重新另存后再上传。")
	}
	return nil
}

func hasMacro() error {
	return badContent("文件含有宏或控件，出于安全不能接收，请另存为不含宏的 docx 或 xlsx。")
}

// headOnly keeps the first bytes written to it.
type headOnly struct{ kept []byte }

func (h *headOnly) Write(p []byte) (int, error) {
	if room := partHead - len(h.kept); room > 0 {
		h.kept = append(h.kept, p[:min(room, len(p))]...)
	}
	return len(p), nil
}
