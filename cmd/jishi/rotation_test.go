package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/urfave/cli/v3"
)

// Every command that opens the store knows the secrets it was sealed with.
func TestPreviousSecretsEverywhere(t *testing.T) {
	t.Parallel()
	var walk func(c *cli.Command)
	walk = func(c *cli.Command) {
		flags := map[string]int{}
		for _, f := range c.Flags {
			flags[f.Names()[0]]++
		}
		if flags["secret-file"] != flags["secret-previous-files"] || flags["secret-file"] > 1 {
			t.Errorf("%s has --secret-file %d times, --secret-previous-files %d times", c.Name, flags["secret-file"], flags["secret-previous-files"])
		}
		for _, sub := range c.Commands {
			walk(sub)
		}
	}
	walk(root())
}

// After the secret was changed, commands write under the new one, and what
// was written under both verifies with both.
func TestCommandsAfterRotation(t *testing.T) {
	t.Parallel()
	dir, data := t.TempDir(), demoData(t)
	old, fresh := filepath.Join(data, "secret.key"), tempFile(t, "fresh", []byte(strings.Repeat("f", 40)))
	table := tempFile(t, "o.csv", []byte("单位名称,单位类型\n轮换示例公司,企业\n轮换示例科技局,企业\n"))
	previous := []string{"JISHI_SECRET_PREVIOUS_FILES=" + old}
	jishi(t, nil, "export", "organizations", filepath.Join(dir, "a.csv"), "--data", data).works(t)
	jishi(t, []string{"JISHI_PASSWORD=" + demoPassword + "-x9Q"}, "user", "add", "chief@example.com", "--name", "李", "--org", "轮换示例科技局",
		"--org-kind", "bureau", "--roles", "manager,officer", "--data", data).works(t)
	jishi(t, nil, "verify", "--data", data).works(t)

	imported := jishi(t, nil, "import", "organizations", table, "--data", data, "--secret-file", fresh, "--secret-previous-files", old).works(t)
	if !strings.Contains(imported.out, "新增 1") || !strings.Contains(imported.out, "有问题 1") {
		t.Errorf("import says %s", imported.out)
	}
	jishi(t, previous, "export", "organizations", filepath.Join(dir, "b.csv"), "--data", data, "--secret-file", fresh).works(t)
	jishi(t, previous, "reindex", "--data", data, "--secret-file", fresh).works(t)
	jishi(t, previous, "rekey", "--data", data, "--secret-file", fresh).works(t)
	jishi(t, append(previous, "JISHI_PASSWORD="+demoPassword+"-x9Q"), "user", "add", "turn@example.com", "--name", "王", "--org", "轮换示例公司", "--roles", "demander",
		"--data", data, "--secret-file", fresh).works(t)

	jishi(t, previous, "verify", "--data", data, "--secret-file", fresh).works(t)
	if r := jishi(t, nil, "verify", "--data", data, "--secret-file", old); r.code != 1 {
		t.Errorf("the old secret proves what the new one sealed: %s", r.out)
	}
	raw, err := os.ReadFile(filepath.Join(dir, "b.csv"))
	if err != nil || !strings.Contains(string(raw), "轮换示例公司") {
		t.Errorf("exported %v", err)
	}
	h, err := openHouse(context.Background(), config{Data: data, Secret: fresh, SecretPrevious: old})
	if err != nil {
		t.Fatal(err)
	}
	defer h.close()
	if bureau, err := h.lookUp(t.Context(), "轮换示例科技局"); err != nil || bureau.Kind != "bureau" {
		t.Errorf("%+v, %v", bureau, err)
	}
}
