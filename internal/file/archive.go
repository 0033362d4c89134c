package file

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"jishi/internal/market"
)

const (
	localHeader  = 30 // bytes of an entry's header, without name and extra field
	longestEntry = 500
	flagLocked   = 1 // an entry under a password
)

// archive looks through a ZIP archive and returns zip, docx or xlsx.
func (i *inspection) archive(r io.ReaderAt, size int64, want string, depth int) (string, error) {
	archive, err := zip.NewReader(r, size)
	if err != nil && archive == nil {
		return "", badContent("压缩格式已损坏，打不开，请重新制作后再上传。")
	}
	if i.entries -= len(archive.File); i.entries < 0 {
		return "", badContent("压缩包里的文件太多，请拆分后再上传。")
	}
	entries, err := listEntries(archive.File)
	if err != nil {
		return "", err
	}
	if !beginsAtStart(r, archive.File) {
		return "", badContent("压缩包前面还有别的内容，请重新压缩后再上传。")
	}
	if _, ok := entries["[content_types].xml"]; ok {
		return i.office(entries, want)
	}
	if depth > depthOfFile {
		return "", badContent("压缩包里不能再有压缩包，请解开后再压缩上传。")
	}
	return "zip", i.files(entries)
}

// listEntries returns the entries by name in lower case, or why one of them
// makes the archive unsafe to unpack.
func listEntries(files []*zip.File) (map[string]*zip.File, error) {
	entries := make(map[string]*zip.File, len(files))
	for _, f := range files {
		name, ok := entryName(f)
		if !ok {
			return nil, badContent("压缩包里有不安全的文件名（如指向上级目录），请重新压缩后再上传。")
		}
		if f.Flags&flagLocked != 0 {
			return nil, badContent("压缩包加了密码，无法检查，请去掉密码后再上传。")
		}
		if mode := f.Mode(); mode&^(fs.ModePerm|fs.ModeDir|fs.ModeSetuid|fs.ModeSetgid|fs.ModeSticky) != 0 {
			return nil, badContent("压缩包里有快捷方式或特殊文件，请去掉后再上传。")
		}
		key := strings.ToLower(name)
		if entries[key] != nil {
			return nil, badContent("压缩包里有同名文件，请重新压缩后再上传。")
		}
		entries[key] = f
	}
	if len(entries) == 0 {
		return nil, badContent("压缩包是空的。")
	}
	return entries, nil
}

// entryName returns an entry's name with slashes; ok is false when unpacking
// under that name could reach outside, or the name looks other than it is.
// Archivers under Chinese Windows write names in GBK, whose second bytes may
// be backslashes.
func entryName(f *zip.File) (name string, ok bool) {
	name = f.Name
	if f.NonUTF8 && !utf8.ValidString(name) {
		decoded, err := simplifiedchinese.GB18030.NewDecoder().String(name)
		if err != nil {
			return "", false
		}
		name = decoded
	}
	name = strings.ReplaceAll(name, `\`, "/")
	if len(name) > longestEntry || !utf8.ValidString(name) || strings.ContainsFunc(name, deceptive) || strings.Contains(name, ":") {
		return "", false
	}
	return name, filepath.IsLocal(name) && !strings.HasPrefix(name, "/")
}

// beginsAtStart reports whether the archive's first entry is the first thing
// in the file: what stands before an archive is hidden from it.
func beginsAtStart(r io.ReaderAt, files []*zip.File) bool {
	var header [localHeader]byte
	if _, err := r.ReadAt(header[:], 0); err != nil {
		return false
	}
	data := int64(localHeader) + int64(binary.LittleEndian.Uint16(header[26:])) + int64(binary.LittleEndian.Uint16(header[28:]))
	for _, f := range files {
		if at, err := f.DataOffset(); err == nil && at == data {
			return true
		}
	}
	return false
}

// files holds every file of an archive to what may be uploaded by itself,
// archives excepted, and to plain text.
func (i *inspection) files(entries map[string]*zip.File) error {
	for _, name := range slices.Sorted(maps.Keys(entries)) {
		f := entries[name]
		if f.FileInfo().IsDir() && f.UncompressedSize64 == 0 {
			continue
		}
		content, err := i.unpack(f)
		if err != nil {
			return err
		}
		if err := i.entry(name, content); err != nil {
			return err
		}
	}
	return nil
}

func (i *inspection) entry(name string, content []byte) error {
	ext := strings.TrimPrefix(path.Ext(name), ".")
	switch {
	case len(content) == 0, leftBySystem(name, content):
		return nil
	case ext == "txt" || ext == "csv" || ext == "md":
		if !plain(content) {
			return inArchive(name, "不是文本文件")
		}
		return nil
	case ext == "zip":
		return badContent("压缩包里不能再有压缩包，请解开后再压缩上传。")
	case extensions[ext] == "":
		return inArchive(name, "不在接受之列（PDF、图片、Word、Excel、文本）")
	}
	_, err := i.content(bytes.NewReader(content), int64(len(content)), ext, depthOfEntry)
	var known *market.Error
	if errors.As(err, &known) {
		return refused(known.Code, "压缩包里的 "+path.Base(name)+"："+known.Message)
	}
	return err
}

// inArchive is the error of a file in an archive.
func inArchive(name, reason string) error {
	return badContent("压缩包里的 " + path.Base(name) + " " + reason + "，请去掉后再上传。")
}

// leftBySystem reports whether an entry is what macOS adds to every archive.
func leftBySystem(name string, content []byte) bool {
	base := path.Base(name)
	return base == ".ds_store" && bytes.HasPrefix(content, []byte("\x00\x00\x00\x01Bud1")) ||
		strings.HasPrefix(name, "__macosx/") && strings.HasPrefix(base, "._") && bytes.HasPrefix(content, []byte("\x00\x05\x16\x07"))
}

// plain reports whether a content is text in UTF-8 or GB18030 without control
// characters.
func plain(content []byte) bool {
	if bytes.ContainsFunc(content, func(r rune) bool { return r < ' ' && r != '\t' && r != '\n' && r != '\r' && r != '\f' }) {
		return false
	}
	if utf8.Valid(content) {
		return true
	}
	decoded, err := simplifiedchinese.GB18030.NewDecoder().Bytes(content)
	return err == nil && !bytes.ContainsRune(decoded, utf8.RuneError)
}

// unpack returns an entry that fits into memory.
func (i *inspection) unpack(f *zip.File) ([]byte, error) {
	if f.UncompressedSize64 > maxInMemory {
		return nil, badContent("压缩包里的文件超过 32 MB，请拆分后再上传。")
	}
	var content bytes.Buffer
	err := i.pour(&content, f)
	return content.Bytes(), err
}

// pour unpacks an entry into w. What comes out is counted, whatever the
// archive says of its size.
func (i *inspection) pour(w io.Writer, f *zip.File) error {
	packed, err := f.Open()
	if err != nil {
		return badContent("压缩包用了不支持的压缩方式，请用普通 ZIP 格式重新压缩。")
	}
	defer packed.Close()
	n, err := io.Copy(w, io.LimitReader(untilDone{i.ctx, packed}, i.unpacked+1))
	if i.unpacked -= n; i.unpacked < 0 {
		return badContent("压缩包解开后过大，请拆分后再上传。")
	}
	if ended := i.ctx.Err(); ended != nil {
		return ended
	}
	if err != nil {
		return badContent("压缩包已损坏，请重新压缩后再上传。")
	}
	return nil
}
