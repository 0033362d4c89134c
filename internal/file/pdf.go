package file

import (
	"bytes"
	"compress/zlib"
	"io"
)

// active is the names that make a document do something when it is opened, or
// carry what does, and what people call them.
var activeNames = map[string]string{
	"JavaScript": "脚本（JavaScript）", "Launch": "启动程序的动作（Launch）", "EmbeddedFile": "内嵌附件（EmbeddedFile）",
	"EmbeddedFiles": "内嵌附件（EmbeddedFile）", "Rendition": "多媒体动作（Rendition）", "RichMedia": "多媒体内容（RichMedia）", "XFA": "动态表单（XFA）",
}

const (
	pdfTail      = 1024     // bytes at the end that must hold the end mark
	longestName  = 24       // of activeNames, with room
	streamHead   = 32       // bytes that tell whether a stream holds objects
	maxPDFStream = 64 << 20 // bytes of all object streams together
)

// checkPDF refuses documents that do not begin and end as they must, that do
// something when opened, and those that cannot be looked into.
func checkPDF(r io.ReaderAt, size int64) error {
	data := make([]byte, size)
	if _, err := r.ReadAt(data, 0); err != nil && err != io.EOF {
		return err
	}
	if !bytes.HasPrefix(data, []byte("%PDF-1.")) && !bytes.HasPrefix(data, []byte("%PDF-2.")) {
		return badContent("不是完整的 PDF：开头应为 %PDF-。")
	}
	end := bytes.LastIndex(data, []byte("%%EOF"))
	if end < 0 || end < len(data)-pdfTail {
		return badContent("PDF 不完整（没有结尾标记），请重新导出后再上传。")
	}
	if rest := bytes.Trim(data[end+5:], " \t\r\n\f\x00"); len(rest) > 0 {
		return badContent("PDF 后面还跟着别的内容，请重新导出后再上传。")
	}
	if lower := bytes.ToLower(data[:min(len(data), headSize)]); bytes.Contains(lower, []byte("<script")) || bytes.Contains(lower, []byte("<html")) {
		return badContent("PDF 开头夹有网页内容，请重新导出后再上传。")
	}
	if what := activeIn(data); what != "" {
		return hasActive(what)
	}
	return checkStreams(data)
}

func hasActive(what string) error {
	return badContent("PDF 含有" + what + "，出于安全不能接收。请用“打印为 PDF”另存后再上传，附件请单独上传。")
}

// checkStreams looks into the streams that hold objects. One that says so and
// cannot be read, as in a document under a password, is refused.
func checkStreams(data []byte) error {
	left := min(maxPDFStream, 1<<20+maxRatio*int64(len(data)))
	for at := 0; ; {
		next := bytes.Index(data[at:], []byte("stream"))
		if next < 0 {
			return nil
		}
		before := data[max(at-len("stream"), 0) : at+next]
		at += next + len("stream")
		if bytes.HasSuffix(before, []byte("end")) {
			continue
		}
		body := bytes.TrimPrefix(bytes.TrimPrefix(data[at:], []byte("\r")), []byte("\n"))
		objects, err := objectsIn(body, &left)
		if err != nil {
			return badContent("PDF 内容过大，无法检查，请重新导出后再上传。")
		}
		if what := activeIn(objects); what != "" {
			return hasActive(what)
		}
		if objects == nil && saysObjects(before) {
			return badContent("PDF 加了密码或无法检查，请去掉密码后再上传。")
		}
	}
}

// objectsIn unpacks a stream if it may hold objects: such begin with numbers.
// It returns nil when the stream is none that can be unpacked, and an error
// when there is too much in it.
func objectsIn(body []byte, left *int64) ([]byte, error) {
	packed, err := zlib.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, nil
	}
	head := make([]byte, streamHead)
	n, _ := io.ReadFull(packed, head)
	head = head[:n]
	if n == 0 {
		return nil, nil
	}
	if bytes.ContainsFunc(head[:1], func(r rune) bool { return r != '%' && r > ' ' && (r < '0' || r > '9') }) {
		return head, nil
	}
	rest, _ := io.ReadAll(io.LimitReader(packed, *left+1)) // what comes before an error is read by others too
	if *left -= int64(len(rest)); *left < 0 {
		return nil, errBroken
	}
	return append(head, rest...), nil
}

// saysObjects reports whether the dictionary that ends before holds the name
// of object streams and a filter.
func saysObjects(before []byte) bool {
	dictionary := before[max(bytes.LastIndex(before, []byte("obj")), 0):]
	found := map[string]bool{}
	names(dictionary, func(name string) bool { found[name] = true; return true })
	return found["ObjStm"] && (found["Filter"] || found["F"])
}

// activeIn returns what people call the first active name in data, "" when
// there is none.
func activeIn(data []byte) (what string) {
	names(data, func(name string) bool {
		what = activeNames[name]
		return what == ""
	})
	return what
}

// names calls each with every name (/Name, #xx decoded) until it returns false.
func names(data []byte, each func(name string) bool) {
	for {
		slash := bytes.IndexByte(data, '/')
		if slash < 0 {
			return
		}
		data = data[slash+1:]
		if name, ok := nameAt(data); ok && !each(name) {
			return
		}
	}
}

// nameAt decodes the name at the beginning of data; ok is false for one that
// is longer than any we know.
func nameAt(data []byte) (name string, ok bool) {
	var decoded [longestName]byte
	n := 0
	for i := 0; i < len(data) && regular(data[i]); i++ {
		if n == len(decoded) {
			return "", false
		}
		decoded[n] = data[i]
		if data[i] == '#' && i+2 < len(data) && hexDigit(data[i+1]) >= 0 && hexDigit(data[i+2]) >= 0 {
			decoded[n] = byte(hexDigit(data[i+1])<<4 | hexDigit(data[i+2]))
			i += 2
		}
		n++
	}
	return string(decoded[:n]), true
}

// regular reports whether a byte belongs to a name: it is neither white space
// nor a delimiter.
func regular(b byte) bool {
	return bytes.IndexByte([]byte("\x00\t\n\f\r ()<>[]{}/%"), b) < 0
}

func hexDigit(b byte) int {
	switch {
	case b >= '0' && b <= '9':
		return int(b - '0')
	case b >= 'a' && b <= 'f':
		return int(b-'a') + 10
	case b >= 'A' && b <= 'F':
		return int(b-'A') + 10
	}
	return -1
}
