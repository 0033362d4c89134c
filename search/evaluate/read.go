package evaluate

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
)

// maxLine bounds a line in bytes; the longest listing there can be is shorter.
const maxLine = 1 << 20

// Document is a text that can be found. Other members of its line are passed over.
type Document struct {
	ID      string `json:"external_id"` // not empty, once in a corpus
	Title   string `json:"title"`       // may be empty
	Summary string `json:"summary"`     // not blank
	Holder  string `json:"holder"`      // may be empty

	// What the text is of; either may be empty. The bench draws sentences of
	// one kind and discipline together.
	Kind       string `json:"kind"`
	Discipline string `json:"discipline"`
}

// Query is a text with the ids of the documents known to be relevant to it.
type Query struct {
	ID       string   `json:"id"`       // only for people to name it by; may be empty
	Text     string   `json:"text"`     // not blank
	Relevant []string `json:"relevant"` // at least one, none empty; not necessarily in the corpus
}

// ReadCorpus reads documents, one JSON object a line. The error is a Chinese
// sentence that names the first line that is not one or repeats an id; a file
// without any document is an error too.
func ReadCorpus(r io.Reader) ([]Document, error) {
	first := map[string]int{}
	return readLines(r, "一篇文档", func(d Document, line int) error {
		switch earlier := first[d.ID]; {
		case d.ID == "":
			return errors.New("缺少 external_id")
		case strings.TrimSpace(d.Summary) == "":
			return errors.New("缺少 summary")
		case earlier > 0:
			return fmt.Errorf("external_id %q 与第 %d 行重复", d.ID, earlier)
		}
		first[d.ID] = line
		return nil
	})
}

// ReadQueries reads queries, one JSON object a line, with errors as ReadCorpus.
func ReadQueries(r io.Reader) ([]Query, error) {
	return readLines(r, "一条查询", func(q Query, _ int) error {
		switch {
		case strings.TrimSpace(q.Text) == "":
			return errors.New("缺少 text")
		case len(q.Relevant) == 0 || slices.Contains(q.Relevant, ""):
			return errors.New("relevant 应列出至少一个文档编号，且不能有空的")
		}
		return nil
	})
}

// readLines reads one T a line, past blank lines and a byte order mark.
func readLines[T any](r io.Reader, what string, check func(v T, line int) error) ([]T, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	var all []T
	number := 0
	for lines.Scan() {
		number++
		text := lines.Bytes()
		if number == 1 {
			text = bytes.TrimPrefix(text, []byte("\ufeff"))
		}
		if len(bytes.TrimSpace(text)) == 0 {
			continue
		}
		var v T
		if err := json.Unmarshal(text, &v); err != nil {
			return nil, fmt.Errorf("第 %d 行不是%s的 JSON 对象（UTF-8）：%w", number, what, err)
		}
		if err := check(v, number); err != nil {
			return nil, fmt.Errorf("第 %d 行：%w", number, err)
		}
		all = append(all, v)
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		return nil, fmt.Errorf("第 %d 行超过 %d MB", number+1, maxLine>>20)
	} else if err != nil {
		return nil, fmt.Errorf("读到第 %d 行后出错：%w", number, err)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("文件里没有%s", what)
	}
	return all, nil
}
