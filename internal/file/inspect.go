package file

import (
	"archive/zip"
	"context"
	"io"

	"github.com/gabriel-vasile/mimetype"

	"jishi/internal/market"
)

// Bounds on what a content holds.
const (
	headSize     = 3072      // bytes that tell the type
	maxUnpacked  = 256 << 20 // bytes in all archives of a file together
	maxRatio     = 120       // unpacked bytes for each packed one, beyond the first MiB
	maxEntries   = 3000      // in all archives of a file together
	maxPixels    = 60_000_000
	maxSide      = 30_000 // pixels
	maxInMemory  = 32 << 20
	depthOfFile  = 0 // the upload itself
	depthOfEntry = 1 // a file in it; archives are not looked for further down
)

// inspection is one look at one upload; its bounds hold for all that is in it.
type inspection struct {
	ctx      context.Context
	unpacked int64 // bytes that may still come out of archives
	entries  int   // that may still come
}

// inspect returns the type of a content, an error when it is none that is
// taken, not the one its ending says, or holds what is not.
func inspect(ctx context.Context, r io.ReaderAt, size int64, ext string) (string, error) {
	i := &inspection{ctx: ctx, unpacked: min(maxUnpacked, 1<<20+maxRatio*size), entries: maxEntries}
	kind, err := i.content(r, size, ext, depthOfFile)
	if err == nil {
		err = ctx.Err()
	}
	return kind, err
}

// badContent is the error of a content that must not be taken.
func badContent(reason string) error { return refused("bad_file_content", reason) }

// content is inspect for an upload or a file in one.
func (i *inspection) content(r io.ReaderAt, size int64, ext string, depth int) (string, error) {
	if size == 0 {
		return "", badContent("文件是空的，请重新选择。")
	}
	head := make([]byte, min(headSize, size))
	if _, err := r.ReadAt(head, 0); err != nil && err != io.EOF {
		return "", err
	}
	want, kind := extensions[ext], family(mimetype.Detect(head))
	if kind == "" {
		return "", refused("bad_file_type", "文件内容不是 PDF、PNG、JPEG、Word、Excel 或 ZIP，只改扩展名不行。")
	}
	var err error
	switch kind {
	case "zip":
		kind, err = i.archive(r, size, want, depth)
	case "pdf":
		err = checkPDF(r, size)
	case "png", "jpeg":
		err = checkImage(r, size, kind)
	}
	if err == nil && kind != "zip" && kind != "docx" && kind != "xlsx" {
		err = noArchive(r, size)
	}
	if err == nil && kind != want {
		err = refused("bad_file_type", "扩展名与内容不符：内容是 "+market.FileTypes.Name(kind)+"，请改正扩展名后再上传。")
	}
	return kind, err
}

// family reduces what a head looks like to pdf, png, jpeg, zip (which the
// formats of offices are) or "".
func family(m *mimetype.MIME) string {
	for ; m != nil; m = m.Parent() {
		switch {
		case m.Is("application/pdf"):
			return "pdf"
		case m.Is("image/vnd.mozilla.apng"), m.Is("image/png"):
			return "png"
		case m.Is("image/jpeg"):
			return "jpeg"
		case m.Is("application/zip"):
			return "zip"
		}
	}
	return ""
}

// noArchive refuses what can also be opened as an archive: archives are read
// from their end, so that one can hide behind anything.
func noArchive(r io.ReaderAt, size int64) error {
	if archive, err := zip.NewReader(r, size); err == nil && len(archive.File) > 0 {
		return badContent("文件末尾藏有压缩包，请重新导出后再上传。")
	}
	return nil
}
