package file

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"jishi/internal/market"
)

// maxName bounds a file's name, in characters.
const maxName = 120

// extensions is which type each ending stands for.
var extensions = map[string]string{
	"pdf": "pdf", "png": "png", "jpg": "jpeg", "jpeg": "jpeg", "docx": "docx", "xlsx": "xlsx", "zip": "zip",
}

// Accept is the endings that may be uploaded, as a file input takes them.
const Accept = ".pdf,.png,.jpg,.jpeg,.docx,.xlsx,.zip"

// cleanName returns the name to show people and its ending in lower case, or
// why there is none: what stands before the last slash is gone, composed
// letters are one, signs that file systems do not take are _. Names that
// look other than they are, and those of no known ending, are refused.
func cleanName(name string) (clean, ext string, err error) {
	switch {
	case !utf8.ValidString(name):
		return "", "", refused("bad_file_name", "文件名无法识别（不是 UTF-8 编码），请改名后再上传。")
	case strings.ContainsFunc(name, deceptive):
		return "", "", refused("bad_file_name", "文件名里有不可见或改变显示次序的字符，请改名后再上传。")
	}
	name = norm.NFC.String(name)
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`<>:"/|?*`, r) {
			return '_'
		}
		if unicode.IsSpace(r) {
			return ' '
		}
		return r
	}, name)
	name = strings.TrimRight(strings.TrimSpace(name), " .")
	dot := strings.LastIndexByte(name, '.')
	if dot < 0 {
		return "", "", refused("bad_file_type", "只接受 PDF、PNG、JPEG、Word（docx）、Excel（xlsx）和 ZIP 文件。")
	}
	stem, ext := strings.Trim(name[:dot], " ."), strings.ToLower(name[dot+1:])
	if extensions[ext] == "" {
		return "", "", refused("bad_file_type", "不接受 ."+market.Clip(ext, 10)+" 文件，只接受 PDF、PNG、JPEG、Word（docx）、Excel（xlsx）和 ZIP。")
	}
	if stem == "" {
		stem = "文件"
	}
	if runes := []rune(stem); len(runes) > maxName-len(ext)-1 {
		stem = strings.TrimRight(string(runes[:maxName-len(ext)-1]), " .")
	}
	return stem + "." + ext, ext, nil
}

// deceptive reports whether a character makes a name look other than it is:
// control and format characters, which turn the reading direction or have no
// width, and line and paragraph separators.
func deceptive(r rune) bool {
	return unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) ||
		unicode.Is(unicode.Co, r) || r == utf8.RuneError
}
