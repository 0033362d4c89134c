package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The numbers of requirements of ASVS 5.0.0 by level.
const (
	asvsLevel1 = 70
	asvsLevel2 = 183
)

var (
	requirement = regexp.MustCompile(`^\| (\d+\.\d+\.\d+) \| ([12]) \| ([^|]+) \| (yes|part|no|n/a) \|([^|]*)\|([^|]*)\|$`)
	quoted      = regexp.MustCompile("`([^`]+)`")
	testName    = regexp.MustCompile(`^(Test|Fuzz)[A-Z]\w*$`)
	fileName    = regexp.MustCompile(`^(\.ci|cmd|internal|search|web|deploy|go\.mod|go\.sum|README\.md)(/[\w./-]+)?$`)
	declared    = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
)

// TestSecurityTable holds deploy/security.md against the repository: every
// requirement is there once, every test and file it names exists, and what is
// said to be met says where.
func TestSecurityTable(t *testing.T) {
	root := filepath.Join("..", "..")
	raw, err := os.ReadFile(filepath.Join(root, "deploy", "security.md"))
	if err != nil {
		t.Fatal(err)
	}
	known := declaredTests(t, root)
	for _, match := range quoted.FindAllStringSubmatch(string(raw), -1) {
		name := match[1]
		if testName.MatchString(name) && !known[name] {
			t.Errorf("there is no test %s", name)
		}
		if fileName.MatchString(name) {
			if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(name))); err != nil {
				t.Errorf("there is no %s", name)
			}
		}
	}
	level, seen, states := map[string]int{}, map[string]bool{}, map[string]int{}
	for line := range strings.SplitSeq(string(raw), "\n") {
		if !regexp.MustCompile(`^\| \d`).MatchString(line) {
			continue
		}
		row := requirement.FindStringSubmatch(line)
		if row == nil {
			t.Errorf("no row of the table: %s", line)
			continue
		}
		id, met, how, tested := row[1], row[4], strings.TrimSpace(row[5]), strings.TrimSpace(row[6])
		if seen[id] {
			t.Errorf("%s is there twice", id)
		}
		seen[id] = true
		level[row[2]]++
		states[met]++
		switch {
		case met == "yes" && !quoted.MatchString(tested):
			t.Errorf("%s is met, but nothing says where that is seen", id)
		case met != "yes" && how == "":
			t.Errorf("%s is %s, but nothing says why", id, met)
		}
	}
	if level["1"] != asvsLevel1 || level["2"] != asvsLevel2 {
		t.Errorf("%d and %d requirements of levels 1 and 2, want %d and %d", level["1"], level["2"], asvsLevel1, asvsLevel2)
	}
	t.Logf("%d requirements: %v", len(seen), states)
}

// declaredTests is the names of all tests of the repository.
func declaredTests(t *testing.T, root string) map[string]bool {
	known := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		for _, match := range declared.FindAllStringSubmatch(string(source), -1) {
			known[match[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return known
}
