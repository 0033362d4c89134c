package evaluate

import (
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"
)

func TestReadQueries(t *testing.T) {
	const good = `{"id":"q1","text":"镁合金压铸","relevant":["a","b"]}`
	long := `{"text":"` + strings.Repeat("长", maxLine/3) + `","relevant":["a"]}`
	tests := []struct {
		name, file string
		want       int    // queries
		err        string // part of the sentence, "" = none
	}{
		{"one", good, 1, ""},
		{"windows line ends, blank lines, byte order mark", "\ufeff" + good + "\r\n\r\n \n" + good + "\r\n", 2, ""},
		{"members not known", `{"text":"水","relevant":["a"],"note":{"by":"x"}}`, 1, ""},
		{"empty file", "", 0, "没有一条查询"},
		{"only blank lines", "\n\n", 0, "没有一条查询"},
		{"no JSON", good + "\n镁合金", 0, "第 2 行不是"},
		{"cut off", good + "\n\n" + good[:20], 0, "第 3 行不是"},
		{"a list", "[1]", 0, "第 1 行不是"},
		{"two objects", good + " " + good, 0, "第 1 行不是"},
		{"null", "null", 0, "第 1 行：缺少 text"},
		{"text is a number", `{"text":5,"relevant":["a"]}`, 0, "第 1 行不是"},
		{"name twice", `{"text":"水","text":"火","relevant":["a"]}`, 0, "第 1 行不是"},
		{"not UTF-8", "{\"text\":\"\xff\",\"relevant\":[\"a\"]}", 0, "第 1 行不是"},
		{"blank text", `{"text":" \u3000","relevant":["a"]}`, 0, "第 1 行：缺少 text"},
		{"nothing relevant", good + "\n" + `{"text":"水","relevant":[]}`, 0, "第 2 行：relevant"},
		{"relevant missing", `{"text":"水"}`, 0, "第 1 行：relevant"},
		{"empty id", `{"text":"水","relevant":["a",""]}`, 0, "第 1 行：relevant"},
		{"line too long", good + "\n" + long, 0, "第 2 行超过 1 MB"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ReadQueries(strings.NewReader(tt.file))
			wantError(t, err, tt.err)
			if len(got) != tt.want {
				t.Errorf("%d queries, want %d", len(got), tt.want)
			}
		})
	}
}

func TestReadCorpus(t *testing.T) {
	const good = `{"external_id":"a","title":"压铸","summary":"一种压铸方法","kind":"patent","holder":"某厂"}`
	tests := []struct {
		name, file, err string
	}{
		{"one", good, ""},
		{"no title", `{"external_id":"a","summary":"一种压铸方法"}`, ""},
		{"no id", `{"summary":"一种压铸方法"}`, "第 1 行：缺少 external_id"},
		{"no summary", good + "\n" + `{"external_id":"b","title":"压铸"}`, "第 2 行：缺少 summary"},
		{"id twice", good + "\n\n" + good, `第 3 行：external_id "a" 与第 1 行重复`},
		{"empty", "", "没有一篇文档"},
		{"queries in its place", `{"id":"q","text":"水","relevant":["a"]}`, "第 1 行：缺少 external_id"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ReadCorpus(strings.NewReader(tt.file))
			wantError(t, err, tt.err)
			if tt.err == "" && (len(got) != 1 || got[0].ID != "a" || got[0].Summary != "一种压铸方法") {
				t.Errorf("ReadCorpus = %+v", got)
			}
		})
	}
}

func wantError(t *testing.T, err error, part string) {
	t.Helper()
	if part == "" && err != nil || part != "" && (err == nil || !strings.Contains(err.Error(), part)) {
		t.Fatalf("error %v, want %q in it", err, part)
	}
}

func TestReadFailsWithTheReader(t *testing.T) {
	broken := errors.New("disk gone")
	r := io.MultiReader(strings.NewReader("\n{\"text\":\"水\",\"relevant\":[\"a\"]}\n"), iotest.ErrReader(broken))
	if _, err := ReadQueries(r); !errors.Is(err, broken) || !strings.Contains(err.Error(), "第 2 行") {
		t.Errorf("ReadQueries = %v, want the reader's error and the line", err)
	}
}

// FuzzReadQueries: whatever the bytes, what is read keeps what Query promises
// and comes back the same when it is written and read again.
func FuzzReadQueries(f *testing.F) {
	f.Add([]byte(`{"id":"q1","text":"镁合金压铸","relevant":["a","b"]}`))
	f.Add([]byte("\ufeff{\"text\":\"a\\u0000b\",\"relevant\":[\"\\ud83d\\ude00\"]}\r\n\n{\"text\":\"x\",\"relevant\":[\"y\"],\"z\":[{}]}"))
	f.Add([]byte(`{"text":"x","relevant":null}`))
	f.Add([]byte(`{"TEXT":"x","Relevant":["a"]}`))
	f.Add([]byte("{\"text\":\"\xc3\x28\",\"relevant\":[\"a\"]}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		queries, err := ReadQueries(strings.NewReader(string(data)))
		if (err == nil) != (len(queries) > 0) {
			t.Fatalf("%d queries with error %v", len(queries), err)
		}
		var again strings.Builder
		encoder := json.NewEncoder(&again)
		encoder.SetEscapeHTML(false)
		for _, q := range queries {
			if strings.TrimSpace(q.Text) == "" || len(q.Relevant) == 0 || !utf8.ValidString(q.ID+q.Text+strings.Join(q.Relevant, "")) {
				t.Fatalf("read %+v", q)
			}
			for _, id := range q.Relevant {
				if id == "" {
					t.Fatalf("read %+v", q)
				}
			}
			if err := encoder.Encode(q); err != nil {
				t.Fatal(err)
			}
		}
		if err != nil || again.Len() > maxLine {
			return
		}
		back, err := ReadQueries(strings.NewReader(again.String()))
		if err != nil || !reflect.DeepEqual(back, queries) {
			t.Fatalf("read again as %+v, %v, want %+v", back, err, queries)
		}
	})
}
