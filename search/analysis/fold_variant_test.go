package analysis

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestFoldVariants(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"traditional", "鎂合金壓鑄與陽極氧化", "镁合金压铸与阳极氧化"},
		{"simplified stays", "镁合金压铸与阳极氧化", "镁合金压铸与阳极氧化"},
		{"forms of Hong Kong and Taiwan", "衞星導航、麪條、塩類", "卫星导航、面条、盐类"},
		{"one of several forms", "乾燥後", "干燥后"},
		{"what is both stays", "显著、麻薯、沈阳、好像", "显著、麻薯、沈阳、好像"},
		{"compatibility ideograph", "\uf902輛", "车辆"},
		{"full width and traditional", "ＧａＮ氮化鎵", "GaN氮化镓"},
		{"rare ones outside the table", "𠮷野", "𠮷野"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Fold(tt.text); got != tt.want {
				t.Errorf("Fold(%q) = %q, want %q", tt.text, got, tt.want)
			}
			if again := Fold(Fold(tt.text)); again != Fold(tt.text) {
				t.Errorf("folded twice it is %q", again)
			}
		})
	}
}

// Every form is final, Han, and as long in bytes as what it stands for.
func TestSimplifiedForms(t *testing.T) {
	n := 0
	for i, form := range simplified {
		if form == 0 {
			continue
		}
		n++
		from, to := rune(firstVariant+i), rune(form)
		if again, keep := narrow(to); again != to || !keep {
			t.Errorf("%c becomes %c, which becomes %c", from, to, again)
		}
		if !han(to) || utf8.RuneLen(from) != utf8.RuneLen(to) {
			t.Errorf("%c becomes %c, of another kind or length", from, to)
		}
	}
	if n < 2_900 {
		t.Errorf("%d characters have a simplified form, want those of the table", n)
	}
}

// A term found in a traditional text leads back to its own bytes.
func TestTermsOfTraditionalText(t *testing.T) {
	text := "高導熱鎂合金\u200b壓鑄，ＳｉＣ襯底"
	want := map[string]string{"导热": "導熱", "镁合": "鎂合", "压铸": "壓鑄", "sic": "ＳｉＣ", "衬底": "襯底"}
	for _, term := range Terms(text) {
		if source, ok := want[term.Text]; ok {
			if got := text[term.Start:term.End]; got != source {
				t.Errorf("%s leads back to %q, want %q", term.Text, got, source)
			}
			delete(want, term.Text)
		}
	}
	if len(want) > 0 {
		t.Errorf("not found: %v", want)
	}
}

func BenchmarkFold(b *testing.B) {
	for name, text := range map[string]string{
		"simplified":  strings.Repeat("镁合金压铸件的阳极氧化工艺", 100),
		"full width":  strings.Repeat("镁合金，压铸件的（阳极）氧化工艺", 100),
		"traditional": strings.Repeat("鎂合金壓鑄件的陽極氧化工藝", 100),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for range b.N {
				Fold(text)
			}
		})
	}
}
