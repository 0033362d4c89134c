package signin

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestPasswordProblem(t *testing.T) {
	tests := []struct{ name, password, want string }{
		{"three classes", "kzwpqv-2749", ""},
		{"letters in a row", "abcdef-2026", "连续的字母或数字"},
		{"keys side by side", "xcvbnm,./Q2", "键盘"},
		{"a known password", "Password-2749", "常见"},
		{"letters for digits", "P4ssw0rd-P4ssw0rd", "常见"},
		{"name of the user", "Wang-Xiaoming1", "姓名或单位名"},
		{"name of the organization", "Liangping-Keji2", "姓名或单位名"},
		{"han counts as other", "青山绿水ab12第七号", ""},
		{"demo", "Jishi-demo-2026", ""},
		{"longest", strings.Repeat("Aa1-b", 25) + "xyz", ""},
		{"short", "Ab1-Cd2-e", "至少 10"},
		{"short in characters, long in bytes", "青山Ab1-Cd", "至少 10"},
		{"too long", strings.Repeat("Aa1-b", 25) + "wxyz", "最多 128"},
		{"two classes", "abcdefgh12345", "三类"},
		{"only digits", "20260302123456", "三类"},
		{"login inside", "XX-Zhang.san@lab.cn-9", "登录名"},
		{"name of the login inside", "My-ZHANG.SAN-99", "登录名"},
		{"long, two classes", strings.Repeat("abcdefghij", 12), "三类"},
		{"repeated", "Aa1Aa1Aa1Aa1", "重复"},
		{"control character", "abcdef-2026\x00", "无法输入"},
		{"invalid UTF-8", "abcdef-2026\xff", "无法输入"},
	}
	passwords, err := NewPasswords(WeakestHash)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := passwords.Problem("zhang.san@lab.cn", tt.password, "Wang Xiaoming", "liangping keji")
			if tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
				t.Errorf("Problem(%q) = %q, want %q", tt.password, got, tt.want)
			}
		})
	}
}

func TestRequire(t *testing.T) {
	passwords, err := NewPasswords(WeakestHash)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{-1, 0, 7, 65} {
		if err := passwords.Require(n); err == nil {
			t.Errorf("%d characters are taken for a rule", n)
		}
	}
	if err := passwords.Require(14); err != nil {
		t.Fatal(err)
	}
	if got := passwords.Problem("", "kzwpqv-2749", ""); got != "至少 14 个字符" {
		t.Errorf("a password of 11: %q", got)
	}
	if !strings.Contains(passwords.Rule(), "14") {
		t.Errorf("the hint says %q", passwords.Rule())
	}
}

// However long, judging a password takes no time worth speaking of: zxcvbn
// alone takes seconds for what a request may hold.
func TestJudgingIsBounded(t *testing.T) {
	about := []string{strings.Repeat("长名", 5000), strings.Repeat("a b ", 5000)}
	for name, password := range map[string]string{
		"letters": strings.Repeat("aB1-", 1<<15), "leet": strings.Repeat("4@$0", 1<<15), "Han": strings.Repeat("青山绿水", 1<<13),
	} {
		start := time.Now()
		guessable(password, about)
		if took := time.Since(start); took > time.Second {
			t.Errorf("%s: %v", name, took)
		}
	}
}

// FuzzProblem looks for a password that judging fails on.
func FuzzProblem(f *testing.F) {
	passwords, err := NewPasswords(WeakestHash)
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{"Jishi-demo-2026", "青山绿水ab12第七号", "p4ssw0rd", "\x00\xff", "2026-03-02", "ａｂｃＡＢＣ１２３"} {
		f.Add("wang@example.com", seed, "王小明")
	}
	f.Fuzz(func(t *testing.T, login, password, name string) {
		first := passwords.Problem(login, password, name)
		if again := passwords.Problem(login, password, name); again != first {
			t.Errorf("judged %q, then %q", first, again)
		}
		if first == "" && (utf8.RuneCountInString(password) < minPassword || characterClasses(password) < minClasses) {
			t.Errorf("%q passes", password)
		}
	})
}
