package main

import (
	"strings"
	"testing"
)

func TestUserAdd(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	const code = "91350100M000100Y43" // has the right check digit
	for _, tt := range []struct {
		name, password string
		args           []string
		want           []string // said when refused
		orgs           int      // organizations afterwards
	}{
		{"no password", "", []string{"chief@bureau", "--name", "王", "--org", "某区科技局", "--org-kind", "bureau", "--roles", "officer"}, []string{"JISHI_PASSWORD"}, 0},
		{"password on the command line", "", []string{"chief@bureau", "--password", "Abc-123456", "--name", "王", "--org", "某区科技局", "--roles", "officer"}, []string{"-password"}, 0},
		{"weak password", "short", []string{"chief@bureau", "--name", "王", "--org", "某区科技局", "--org-kind", "bureau", "--roles", "officer"}, []string{"password", "至少 10 个字符"}, 0},
		{"password with the login", "Chief-123456", []string{"chief@bureau", "--name", "王", "--org", "某区科技局", "--org-kind", "bureau", "--roles", "officer"}, []string{"不能包含登录名"}, 0},
		{"organization not there", "Abc-123456-x", []string{"chief@bureau", "--name", "王", "--org", "某区科技局", "--roles", "officer"}, []string{"某区科技局", "--org-kind"}, 0},
		{"code not there", "Abc-123456-x", []string{"chief@bureau", "--name", "王", "--org", code, "--org-kind", "bureau", "--roles", "officer"}, []string{code, "单位名称"}, 0},
		{"no such kind", "Abc-123456-x", []string{"chief@bureau", "--name", "王", "--org", "某区科技局", "--org-kind", "castle", "--roles", "officer"}, []string{"kind"}, 0},
		{"no such role", "Abc-123456-x", []string{"chief@bureau", "--name", "王", "--org", "某区科技局", "--org-kind", "bureau", "--roles", "officer,king"}, []string{"没有这个角色"}, 0},
		{"no login", "Abc-123456-x", []string{"chief", "--name", "王", "--org", "某区科技局", "--org-kind", "bureau", "--roles", "officer"}, []string{"login"}, 0},
		{"added with its organization", "Abc-123456-x", []string{"chief@bureau", "--name", "王", "--org", "某区科技局", "--org-kind", "bureau", "--roles", "officer, admin"}, nil, 1},
		{"same login", "Abc-123456-x", []string{"CHIEF@bureau", "--name", "李", "--org", "某区科技局", "--roles", "officer"}, []string{"登录名已被使用"}, 1},
		{"second of an organization", "Abc-123456-x", []string{"clerk@bureau", "--name", "李", "--org", "某区科技局", "--roles", "officer"}, nil, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var settings []string
			if tt.password != "" {
				settings = []string{"JISHI_PASSWORD=" + tt.password}
			}
			r := jishi(t, settings, append([]string{"user", "add", "--data", data}, tt.args...)...)
			if tt.want == nil {
				r.works(t)
			} else {
				r.says(t, tt.want...)
			}
			if tt.password != "" && strings.Contains(r.out+r.err, tt.password) {
				t.Errorf("the password is printed: %s%s", r.out, r.err)
			}
			list := jishi(t, nil, "export", "organizations", "--data", data) // fails where no store was made
			if orgs := strings.Count(strings.TrimSpace(list.out), "\n"); orgs != tt.orgs || (list.code != 0 && tt.want == nil) {
				t.Errorf("%d organizations, want %d:\n%s%s", orgs, tt.orgs, list.out, list.err)
			}
		})
	}
}
