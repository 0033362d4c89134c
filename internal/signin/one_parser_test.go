package signin

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// Only token.go may read tokens: the library's defaults accept too much.
func TestOneTokenParser(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	var users []string
	err = filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && strings.HasPrefix(d.Name(), ".") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(file, ".go") {
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return nil // what does not parse is the compiler's to report
		}
		for _, spec := range parsed.Imports {
			if strings.HasPrefix(spec.Path.Value, `"github.com/golang-jwt/`) {
				rel, _ := filepath.Rel(root, file)
				users = append(users, filepath.ToSlash(rel))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(users) != 1 || users[0] != "internal/signin/token.go" {
		t.Errorf("tokens are read in %v, want internal/signin/token.go only", users)
	}
}
