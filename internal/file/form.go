package file

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/url"

	"jishi/internal/market"
)

// Bounds on a form that carries files. The server bounds its size.
const (
	maxParts = 2000
	maxValue = 256 << 10 // bytes of one part that is no file
)

// CodeBadForm is the code of forms that end too early or are none.
const CodeBadForm = "bad_form"

// Take gets one file of a form: the field it came in, its name as sent, and
// its content, which is gone afterwards. An input in which no file was chosen
// is not given to it.
type Take func(field, name string, content io.Reader) error

// ReadForm reads a multipart form (contentType as in the header) part by part:
// files go to take, everything else is returned. Invalid with CodeBadForm when
// the form is none, does not come to its end, or holds too much; an error of
// take ends it.
func ReadForm(contentType string, body []byte, take Take) (url.Values, error) {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil || kind != "multipart/form-data" || params["boundary"] == "" {
		return nil, badForm(err)
	}
	if !complete(body, params["boundary"]) {
		return nil, badForm(io.ErrUnexpectedEOF)
	}
	values, parts := url.Values{}, multipart.NewReader(bytes.NewReader(body), params["boundary"])
	for range maxParts {
		part, err := parts.NextRawPart() // nothing unpacks, nothing decodes
		if err == io.EOF {
			return values, nil
		}
		if err != nil {
			return nil, badForm(err)
		}
		if err := readPart(part, values, take); err != nil {
			return nil, err
		}
	}
	return nil, badForm(errors.New("too many parts"))
}

// maxEpilogue bounds what may stand behind a form, which nothing reads.
const maxEpilogue = 64

// complete reports whether a form has its last boundary. The reader of parts
// cannot be asked: it takes some bodies that break off for whole.
func complete(body []byte, boundary string) bool {
	last := []byte("--" + boundary + "--")
	return bytes.Contains(body[max(0, len(body)-len(last)-maxEpilogue):], last)
}

// readPart reads one part into values or hands it to take.
func readPart(part *multipart.Part, values url.Values, take Take) error {
	disposition, params, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	if err != nil || disposition != "form-data" || params["name"] == "" {
		return badForm(err)
	}
	content := &watched{r: part}
	if name, isFile := params["filename"]; isFile {
		if name == "" { // nothing was chosen
			n, err := content.Read(make([]byte, 1))
			if n == 0 && err == io.EOF {
				return nil
			}
			return badForm(errors.Join(content.failed, errors.New("file without a name")))
		}
		err := take(params["name"], name, content)
		if content.failed != nil {
			return badForm(content.failed)
		}
		return err
	}
	value, err := io.ReadAll(io.LimitReader(content, maxValue+1))
	if err != nil || len(value) > maxValue {
		return badForm(err)
	}
	values.Add(params["name"], string(value))
	return nil
}

// watched remembers how reading a part failed, which is the form's fault and
// not that of whoever reads.
type watched struct {
	r      io.Reader
	failed error
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	if err != nil && err != io.EOF {
		w.failed = err
	}
	return n, err
}

func badForm(cause error) error {
	return market.Wrap(market.Invalid, cause, CodeBadForm, "上传的内容不完整，请返回上一页重新选择文件。")
}
