package layers

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "jishi/"

var useCases = []string{
	"internal/account", "internal/listing", "internal/matching", "internal/deal",
	"internal/contract", "internal/bidding", "internal/turnover", "internal/audit",
	"internal/signin", "internal/mail", "internal/file", "internal/privacy", "internal/vault",
	"internal/alert", "internal/duplicate", "internal/quality", "internal/radar", "internal/synonym",
}

// allowed maps a package, or a folder with /*, to what of ours it may import.
// cmd may import everything. Test files may also import the packages they
// test with (testOnly).
var allowed = map[string][]string{
	"internal/market":          {},
	"internal/layers":          {},
	"internal/store":           {"internal/market"},
	"internal/store/sqlite":    {"internal/store", "internal/market"},
	"internal/store/mongodb":   {"internal/store", "internal/market"},
	"internal/store/disk":      {"internal/store", "internal/market"},
	"internal/store/storetest": {"internal/store", "internal/market"},
	"internal/follow":          {"internal/store", "internal/market"},
	"search":                   {"internal/market", "search/*"},
	"search/*":                 {"internal/market", "search/*"},
	"search/bench":             {"internal/market", "search", "search/*"}, // measures it
	"web":                      {"internal/market"},
	"internal/exchange":        {"internal/market"},
	"internal/api":             append([]string{"internal/market", "internal/exchange"}, useCases...),
	"internal/site":            append([]string{"internal/market", "internal/exchange", "web"}, useCases...),
	"internal/server":          {"internal/api", "internal/site", "internal/market"},
}

// testOnly is what tests anywhere may use besides: the real embedded store.
var testOnly = []string{"internal/store", "internal/store/sqlite", "internal/store/disk", "internal/store/storetest", "internal/follow", "internal/market"}

// testAlso is what the tests of one package may use besides: the server signs
// in for real, the pages search and matching matches for real.
var testAlso = map[string][]string{"internal/server": {"internal/account", "internal/signin", "internal/vault"}, "internal/site": {"search", "search/analysis", "internal/vault"}, "internal/matching": {"search"},
	"internal/audit": {"internal/store/mongodb"}, "internal/account": {"internal/signin"}, "internal/signin": {"internal/account", "internal/vault"}, "internal/mail": {"internal/vault"}, "internal/contract": {"internal/vault"},
	"internal/privacy": {"internal/account", "internal/alert", "internal/listing", "internal/signin", "internal/mail", "internal/file", "internal/vault", "internal/matching"}}

func TestImports(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	files := 0
	err = filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, file)
		rel = filepath.ToSlash(rel)
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && rel != "." || rel == "deploy" || d.Name() == "testdata" || d.Name() == "vendor") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(rel, ".go") {
			return nil
		}
		files++
		checkFile(t, file, rel)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 20 {
		t.Fatalf("walked %d Go files, want the whole tree", files)
	}
}

func checkFile(t *testing.T, file, rel string) {
	pkg := path.Dir(rel)
	if strings.HasPrefix(pkg, "cmd/") {
		return
	}
	may, known := rule(pkg)
	if !known {
		t.Errorf("%s: package %s is not in the import table", rel, pkg)
		return
	}
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		t.Errorf("%s: %v", rel, err)
		return
	}
	for _, spec := range parsed.Imports {
		name, _ := strconv.Unquote(spec.Path.Value)
		ours, ok := strings.CutPrefix(name, module)
		if !ok || ours == pkg || matches(may, ours) {
			continue
		}
		if strings.HasSuffix(rel, "_test.go") && (matches(testOnly, ours) || matches(testAlso[pkg], ours)) {
			continue
		}
		t.Errorf("%s: package %s may not import %s", rel, pkg, ours)
	}
}

// rule returns what a package may import.
func rule(pkg string) ([]string, bool) {
	if may, ok := allowed[pkg]; ok {
		return may, true
	}
	for _, useCase := range useCases {
		if pkg == useCase {
			return []string{"internal/market", "internal/store"}, true
		}
	}
	may, ok := allowed[path.Dir(pkg)+"/*"]
	return may, ok
}

func matches(list []string, pkg string) bool {
	for _, entry := range list {
		if entry == pkg || (strings.HasSuffix(entry, "/*") && strings.HasPrefix(pkg, strings.TrimSuffix(entry, "*"))) {
			return true
		}
	}
	return false
}

func TestRule(t *testing.T) {
	tests := []struct {
		pkg, imports string
		want         bool
	}{
		{"internal/market", "internal/store", false},
		{"internal/listing", "internal/store", true},
		{"internal/listing", "internal/contract", false},
		{"search", "search/match", true},
		{"search/match", "internal/store", false},
		{"internal/site", "web", true},
		{"internal/api", "web", false},
		{"internal/server", "internal/listing", false},
	}
	for _, tt := range tests {
		t.Run(tt.pkg+" imports "+tt.imports, func(t *testing.T) {
			may, known := rule(tt.pkg)
			if got := known && matches(may, tt.imports); got != tt.want {
				t.Errorf("allowed = %v, want %v", got, tt.want)
			}
		})
	}
}
