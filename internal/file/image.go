package file

import (
	"bufio"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"io"
)

// checkImage refuses images that are too large to open, broken, or followed
// by something else. Nothing is unpacked.
func checkImage(r io.ReaderAt, size int64, kind string) error {
	open := func() io.Reader { return bufio.NewReaderSize(io.NewSectionReader(r, 0, size), 64<<10) }
	decode, walk := png.DecodeConfig, walkPNG
	if kind == "jpeg" {
		decode, walk = jpeg.DecodeConfig, walkJPEG
	}
	config, err := decode(open())
	if err != nil {
		return badContent("图片已损坏，打不开，请重新导出后再上传。")
	}
	if !smallEnough(config) {
		return badContent("图片尺寸过大，请缩小到 6000 万像素以内再上传。")
	}
	if err := walk(bufio.NewReaderSize(open(), 64<<10)); err != nil {
		if errors.Is(err, errTrailing) {
			return badContent("图片后面还跟着别的内容，请另存为普通图片后再上传。")
		}
		return badContent("图片不完整，请重新导出后再上传。")
	}
	return nil
}

func smallEnough(c image.Config) bool {
	return c.Width > 0 && c.Height > 0 && c.Width <= maxSide && c.Height <= maxSide && c.Width*c.Height <= maxPixels
}

var (
	errTrailing = errors.New("something follows the image")
	errBroken   = errors.New("broken image")
)

// walkPNG reads the chunks of an image up to its end, which must be that of
// the content. Every chunk's checksum must be right.
func walkPNG(r *bufio.Reader) error {
	if _, err := r.Discard(8); err != nil {
		return err
	}
	for {
		var head [8]byte
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return err
		}
		sum := crc32.NewIEEE()
		sum.Write(head[4:])
		if _, err := io.CopyN(sum, r, int64(binary.BigEndian.Uint32(head[:]))); err != nil {
			return err
		}
		var crc [4]byte
		if _, err := io.ReadFull(r, crc[:]); err != nil {
			return err
		}
		if binary.BigEndian.Uint32(crc[:]) != sum.Sum32() {
			return errBroken
		}
		if string(head[4:]) == "IEND" {
			return nothingLeft(r)
		}
	}
}

func nothingLeft(r *bufio.Reader) error {
	if _, err := r.ReadByte(); err != io.EOF {
		return errTrailing
	}
	return nil
}

// Markers of JPEG, the second byte after 0xFF.
const (
	markerRST0 = 0xD0
	markerRST7 = 0xD7
	markerSOI  = 0xD8
	markerEOI  = 0xD9
	markerSOS  = 0xDA
	markerTEM  = 0x01
)

// maxPictures is how many pictures a JPEG may hold one after another: phones
// append a preview.
const maxPictures = 8

// walkJPEG reads the segments of an image to its end. Behind it may stand
// zeros, or another image and so on, but nothing else.
func walkJPEG(r *bufio.Reader) error {
	for range maxPictures {
		if err := walkPicture(r); err != nil {
			return err
		}
		for {
			next, err := r.Peek(1)
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return err
			}
			if next[0] != 0 {
				break
			}
			_, _ = r.Discard(1) // there is one
		}
		if next, err := r.Peek(2); err != nil || next[0] != 0xFF || next[1] != markerSOI {
			return errTrailing
		}
	}
	return errTrailing
}

// walkPicture reads one image from its first to its last marker.
func walkPicture(r *bufio.Reader) error {
	marker, err := nextMarker(r, false)
	if err != nil || marker != markerSOI {
		return errBroken
	}
	inScan := false
	for {
		marker, err := nextMarker(r, inScan)
		switch {
		case err != nil:
			return err
		case marker == markerEOI:
			return nil
		case marker == markerTEM || marker >= markerRST0 && marker <= markerRST7:
			continue
		}
		var size [2]byte
		if _, err := io.ReadFull(r, size[:]); err != nil {
			return err
		}
		n := int(binary.BigEndian.Uint16(size[:]))
		if n < 2 {
			return errBroken
		}
		if _, err := r.Discard(n - 2); err != nil {
			return err
		}
		inScan = marker == markerSOS
	}
}

// nextMarker reads up to and with the next marker and returns its second byte.
// Outside a scan it must follow at once.
func nextMarker(r *bufio.Reader, inScan bool) (byte, error) {
	for {
		b, err := r.ReadByte()
		if err != nil {
			return 0, err
		}
		if b != 0xFF {
			if !inScan {
				return 0, errBroken
			}
			continue
		}
		for b == 0xFF { // fill bytes
			if b, err = r.ReadByte(); err != nil {
				return 0, err
			}
		}
		if b == 0 && !inScan {
			return 0, errBroken
		}
		if b != 0 && (!inScan || b < markerRST0 || b > markerRST7) {
			return b, nil
		}
	}
}
