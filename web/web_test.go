package web

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"strings"
	"testing"
)

func TestPrimaryNav(t *testing.T) {
	tests := []struct {
		name, current string
		may           NavAccess
		want          string
	}{
		{"visitor", "/", NavAccess{}, "[首页] 找成果 找需求 合同 成交额 指标"},
		{"supplier", "/search?kind=demand", NavAccess{Desk: true}, "首页 找成果 [找需求] 合同 成交额 指标 我的工作"},
		{"officer", "/review", NavAccess{Desk: true, Review: true}, "首页 找成果 找需求 合同 成交额 指标 [审核] 我的工作"},
		{"elsewhere", "/admin", NavAccess{}, "首页 找成果 找需求 合同 成交额 指标"},
	}
	assets := newAssets(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var words []string
			for _, item := range PrimaryNav(tt.current, tt.may) {
				if _, err := assets.IconURL(item.Icon); err != nil {
					t.Error(err)
				}
				if item.Current {
					item.Text = "[" + item.Text + "]"
				}
				words = append(words, item.Text)
			}
			if got := strings.Join(words, " "); got != tt.want {
				t.Errorf("PrimaryNav = %s, want %s", got, tt.want)
			}
		})
	}
}

func TestTonesHaveWordsAndIcons(t *testing.T) {
	assets := newAssets(t)
	for _, tone := range []Tone{Good, Wait, Bad, Neutral, "", "<script>"} {
		if _, err := assets.IconURL(tone.Icon()); err != nil {
			t.Errorf("tone %q: %v", tone, err)
		}
		if c := tone.Class(); c != "good" && c != "wait" && c != "bad" && c != "neutral" {
			t.Errorf("tone %q has class %q", tone, c)
		}
	}
}

// Text becomes HTML in mark.go and nowhere else.
func TestOnlyMarkDeclaresHTMLSafe(t *testing.T) {
	trusted := map[string]bool{"HTML": true, "HTMLAttr": true, "JS": true, "JSStr": true, "CSS": true, "URL": true, "Srcset": true}
	sources, err := fs.Glob(os.DirFS("."), "*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range sources {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			selector, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if from, ok := selector.X.(*ast.Ident); ok && from.Name == "template" && trusted[selector.Sel.Name] && name != "mark.go" {
				t.Errorf("%s uses template.%s", name, selector.Sel.Name)
			}
			return true
		})
	}
}
