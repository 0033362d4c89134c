package file_test

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// TestNames keeps names readable and takes out what file systems or readers
// would stumble over.
func TestNames(t *testing.T) {
	w := newWorld(t, 0)
	for _, tt := range []struct{ name, want string }{
		{"营业执照.pdf", "营业执照.pdf"},
		{"../../etc/passwd.pdf", "passwd.pdf"},
		{`C:\Users\甲\桌面\合同.PDF`, "合同.pdf"},
		{"a/b\\c.pdf", "c.pdf"},
		{`甲"乙<丙>|丁?*.pdf`, "甲_乙_丙__丁__.pdf"},
		{"e\u0301tude.pdf", "étude.pdf"},
		{"  a \u00a0 b . pdf", ""},
		{"  a \u3000b .pdf", "a  b.pdf"},
		{".pdf", "文件.pdf"},
		{"...pdf", "文件.pdf"},
		{"a.pdf. . ", "a.pdf"},
		{"a.exe.pdf", "a.exe.pdf"},
		{long(200) + ".pdf", long(116) + ".pdf"},
		{strings.Repeat("👨", 130) + ".pdf", strings.Repeat("👨", 116) + ".pdf"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, err := w.files.Add(t.Context(), member, tt.name, pdf())
			if tt.want == "" {
				if err == nil {
					t.Errorf("taken as %q", f.Name)
				}
				return
			}
			if err != nil || f.Name != tt.want || utf8.RuneCountInString(f.Name) > 120 {
				t.Errorf("named %+v, %v, want %q", f, err, tt.want)
			}
		})
	}
}
