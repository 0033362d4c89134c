package signin

import (
	"strings"
	"testing"
)

func TestPasswordProblem(t *testing.T) {
	tests := []struct{ name, password, want string }{
		{"three classes", "abcdef-2026", ""},
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
			got := passwords.Problem("zhang.san@lab.cn", tt.password)
			if tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
				t.Errorf("Problem(%q) = %q, want %q", tt.password, got, tt.want)
			}
		})
	}
}
