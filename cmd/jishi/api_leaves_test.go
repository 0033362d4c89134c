package main

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
)

func itoa(n int) string { return strconv.Itoa(n) }

// leaves walks over the values of decoded JSON: the path of each, list places
// written [], with the value as text. Nothing there (null, empty, false, 0) is
// the empty text.
func leaves(path string, v any) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) { eachLeaf(path, v, yield) }
}

func eachLeaf(path string, v any, yield func(string, string) bool) bool {
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			if !eachLeaf(strings.TrimPrefix(path+"."+name, "."), inner, yield) {
				return false
			}
		}
		return true
	case []any:
		for _, inner := range v {
			if !eachLeaf(path+"[]", inner, yield) {
				return false
			}
		}
		return true
	case nil:
		return yield(path, "")
	default:
		text := fmt.Sprint(v)
		if text == "false" || text == "0" || strings.HasPrefix(text, "0001-01-01") {
			text = ""
		}
		return yield(path, text)
	}
}

// secret reports whether the public has no business with what stands at a path.
func secret(path string) bool {
	hidden := []string{"contact", "phone", "email", "detail", "history", "submitter", "import_key", "password", "password_hash", "login", "key", "epoch"}
	return slices.ContainsFunc(strings.Split(strings.ReplaceAll(path, "[]", ""), "."), func(name string) bool { return slices.Contains(hidden, name) })
}
