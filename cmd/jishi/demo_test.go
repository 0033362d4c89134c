package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestDemo starts the demonstration as a newcomer does, signs in as everybody,
// changes something, and starts it again on the same folder.
func TestDemo(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "new", "demo")
	s := serveProcess(t, nil, "demo", "--data", data, "--listen", "127.0.0.1:0")
	page := s.awaits("a page", func() bool { status, _ := s.get("/"); return status == 200 })
	// Measured 0.4 s to 1.2 s; the rest is for machines that do much else.
	if took := s.started + page; took > 10*time.Second {
		t.Errorf("%v until a page answers", took)
	}
	s.ready()
	for _, path := range []string{"/", "/search?q=" + "%E9%95%81", "/turnover"} {
		if status, body := s.get(path); status != 200 || !strings.Contains(body, "演示数据") {
			t.Errorf("%s: %d, or not marked as demonstration data", path, status)
		}
	}
	t.Run("busy address", func(t *testing.T) {
		temp := t.TempDir()
		jishi(t, []string{"TMPDIR=" + temp}, "demo", "--listen", s.address).says(t, s.address, "已被占用")
		if left, _ := os.ReadDir(temp); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	})
	if code, took := s.stop(os.Interrupt); code != 0 || took > 10*time.Second {
		t.Errorf("Ctrl-C: exit code %d after %v", code, took)
	}
	printed := s.out
	for _, u := range demoUsers {
		if !strings.Contains(printed, u.login) {
			t.Errorf("%s is not printed: %s", u.login, printed)
		}
	}
	if !strings.Contains(printed, demoPassword) || !strings.Contains(printed, data) {
		t.Errorf("password or folder is not printed: %s", printed)
	}
	folderIsComplete(t, data)
	rewriteOne(t, data)
	before := everything(t, data)
	s = serveProcess(t, nil, "demo", "--data", data, "--listen", "127.0.0.1:0")
	for _, u := range demoUsers {
		s.signIn(u.login, demoPassword)
	}
	if code, took := s.stop(syscall.SIGTERM); code != 0 || took > 10*time.Second {
		t.Errorf("SIGTERM: exit code %d after %v", code, took)
	}
	if everything(t, data) != before {
		t.Error("a second start changed what the store holds")
	}
}

// rewriteOne changes one of the achievements, as its owner may.
func rewriteOne(t *testing.T, data string) {
	t.Helper()
	h, err := openHouse(t.Context(), config{Data: data})
	if err != nil {
		t.Fatal(err)
	}
	defer h.close()
	for a, err := range every(t.Context(), h.docs.achievements) {
		if err != nil {
			t.Fatal(err)
		}
		a.Summary = "改写过的简介。"
		if err := h.docs.achievements.Update(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		return
	}
}

// everything is what the store of a folder exports.
func everything(t *testing.T, data string) string {
	t.Helper()
	all := ""
	for _, kind := range []string{"organizations", "achievements", "demands", "contracts"} {
		all += jishi(t, nil, "export", kind, "--data", data).works(t).out
	}
	return all
}

// folderIsComplete checks that nobody else may read the data folder and that
// nothing but the finished files is in it.
func folderIsComplete(t *testing.T, data string) {
	t.Helper()
	want := map[string]os.FileMode{"jishi.db": 0o600, "secret.key": 0o600, "index.id": 0o600, "index": 0o755, "field.key": 0o600, "blobs": 0o700, "audit-heads": 0o600}
	entries, err := os.ReadDir(data)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil {
			t.Fatal(err)
		}
		if mode, ok := want[entry.Name()]; !ok || info.Mode().Perm() != mode {
			t.Errorf("%s with mode %v", entry.Name(), info.Mode())
		}
		delete(want, entry.Name())
	}
	delete(want, "audit-heads") // written after a while only
	if info, err := os.Stat(data); err != nil || info.Mode().Perm() != 0o700 || len(want) > 0 {
		t.Errorf("folder %v, missing %v: %v", info.Mode(), want, err)
	}
}

// Demonstration data brings sign-ins whose password everybody knows.
func TestDemoKeepsOutOfUsedStores(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	jishi(t, []string{"JISHI_PASSWORD=Kein-Verlass-9"}, "user", "add", "chief@bureau", "--data", data, "--name", "王", "--org", "某区科技局", "--org-kind", "bureau", "--roles", "officer").works(t)
	before := everything(t, data)
	for _, settings := range [][]string{nil, {"JISHI_STORE=sqlite:" + filepath.Join(data, "other.db")}} {
		jishi(t, settings, "demo", "--data", data, "--listen", "127.0.0.1:0").says(t, "已有正式数据", "新目录")
	}
	if everything(t, data) != before {
		t.Error("demonstration data in a used store")
	}
}

// A demonstration whose filling was cut short is completed by the next start.
func TestDemoIsCompleted(t *testing.T) {
	t.Parallel()
	h, err := openHouse(t.Context(), config{Data: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer h.close()
	if demo, err := h.isDemo(t.Context()); demo || err != nil {
		t.Fatalf("fresh store: %v, %v", demo, err)
	}
	if _, err := h.markDemo(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := h.fillKind(t.Context(), "organizations", "organizations.jsonl"); err != nil {
		t.Fatal(err)
	}
	if err := h.fillDemo(t.Context()); err != nil {
		t.Fatal(err)
	}
	if demo, err := h.isDemo(t.Context()); !demo || err != nil {
		t.Errorf("filled store: %v, %v", demo, err)
	}
	counts := map[string]int{}
	for a, err := range every(t.Context(), h.docs.achievements) {
		if err != nil || !a.Demo {
			t.Fatalf("%v: not marked, %v", a, err)
		}
		counts["achievements"]++
	}
	for u, err := range every(t.Context(), h.docs.users) {
		if err != nil {
			t.Fatal(err)
		}
		counts[u.Login]++
	}
	if counts["achievements"] < 40 || len(counts) != 1+len(demoUsers)+len(demoSignUps) {
		t.Errorf("filled with %v", counts)
	}
}
