package site

import (
	"strconv"
	"strings"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"

	"jishi/internal/market"
)

// picture is a QR code as one SVG path: dark squares of side 1.
type picture struct {
	Size int    // of the picture with its quiet zone, in squares
	Path string // for the d attribute
}

// quiet is the light border of a QR code in squares, ISO/IEC 18004 section 6.3.8.
const quiet = 4

// pictureOf draws a text that authenticators scan.
func pictureOf(text string) (picture, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return picture{}, market.Wrap(market.Internal, err, "qr", "二维码没有画成，请手动输入密钥。")
	}
	side := code.Bounds().Dx()
	var path strings.Builder
	for y := range side {
		for x := 0; x < side; {
			run := darkRun(code, x, y)
			if run > 0 {
				path.WriteString("M" + strconv.Itoa(x+quiet) + " " + strconv.Itoa(y+quiet) + "h" + strconv.Itoa(run) + "v1h-" + strconv.Itoa(run) + "z")
			}
			x += max(run, 1)
		}
	}
	return picture{Size: side + 2*quiet, Path: path.String()}, nil
}

// darkRun is how many squares from (x, y) to the right are dark.
func darkRun(code barcode.Barcode, x, y int) int {
	run := 0
	for x+run < code.Bounds().Dx() {
		if r, _, _, _ := code.At(x+run, y).RGBA(); r > 0x7fff {
			break
		}
		run++
	}
	return run
}
