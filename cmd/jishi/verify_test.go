package main

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"jishi/internal/audit"
	"jishi/internal/market"
)

var printedHead = regexp.MustCompile(`链头 (\d+:[0-9a-f]{64})`)

// TestVerifyCommand verifies beside a running server and after it, and names
// what was changed directly in the file.
func TestVerifyCommand(t *testing.T) {
	t.Parallel()
	data := demoData(t)
	s := serveProcess(t, nil, "serve", "--data", data, "--listen", "127.0.0.1:0")
	s.ready()
	s.signIn("bureau@demo", demoPassword)
	beside := jishi(t, nil, "verify", "--data", data).works(t)
	for _, want := range []string{"审计记录完整", "两边一致", "条审计记录"} {
		if !strings.Contains(beside.out, want) {
			t.Errorf("beside the server it does not say %s:\n%s", want, beside.out)
		}
	}
	if code, _ := s.stop(syscall.SIGTERM); code != 0 {
		t.Fatalf("exit code %d: %s", code, s.logged())
	}
	head := printedHead.FindStringSubmatch(beside.out)
	if head == nil {
		t.Fatalf("no head in %s", beside.out)
	}
	jishi(t, nil, "verify", "--data", data, "--head", head[1]).works(t)
	jishi(t, nil, "verify", "--data", data, "--head", "12").says(t, "链头应写成")
	jishi(t, nil, "verify", "--data", filepath.Join(data, "nowhere")).says(t, "打开数据库")
	tamperFile(t, data, `UPDATE audit SET body = replace(body, CAST('127.0.0.1' AS BLOB), CAST('127.0.0.9' AS BLOB)) WHERE id = (SELECT max(id) FROM audit WHERE instr(body, CAST('session.open' AS BLOB)) > 0)`)
	broken := jishi(t, nil, "verify", "--data", data)
	if broken.code != 1 || !strings.Contains(broken.out, "第一处问题：第 ") || !strings.Contains(broken.out, "写入后被改过") || !strings.Contains(broken.err, "审计记录不完整") {
		t.Errorf("exit code %d\n%s%s", broken.code, broken.out, broken.err)
	}
	again := jishi(t, nil, "verify", "--data", data)
	if firstProblem(broken.out) == "" || firstProblem(again.out) != firstProblem(broken.out) {
		t.Errorf("asked again it says\n%s", again.out)
	}
}

func firstProblem(out string) string {
	_, rest, _ := strings.Cut(out, "第一处问题：")
	line, _, _ := strings.Cut(rest, "\n")
	return line
}

func tamperFile(t *testing.T, data, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(data, "jishi.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	result, err := db.Exec(statement)
	if err != nil {
		t.Fatal(err)
	}
	if n, _ := result.RowsAffected(); n != 1 {
		t.Fatalf("%d rows changed", n)
	}
}

// A server keeps its heads in the data folder; an old copy of the store put
// in place of the present one is found by them.
func TestVerifyFindsOldCopy(t *testing.T) {
	t.Parallel()
	data := demoData(t)
	path := filepath.Join(data, "jishi.db")
	jishi(t, nil, "verify", "--data", data).works(t)
	old, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the head is kept at the start
		s := serveProcess(t, nil, "serve", "--data", data, "--listen", "127.0.0.1:0")
		s.ready()
		s.signIn("bureau@demo", demoPassword)
		if code, _ := s.stop(syscall.SIGTERM); code != 0 {
			t.Fatalf("exit code %d: %s", code, s.logged())
		}
	}
	anchors, err := readAnchors(config{Data: data}.anchorFile())
	if err != nil || len(anchors) == 0 {
		t.Fatalf("heads kept: %v, %v", anchors, err)
	}
	jishi(t, nil, "verify", "--data", data).works(t)
	for _, suffix := range []string{"", "-wal", "-shm"} {
		os.Remove(path + suffix)
	}
	if err := os.WriteFile(path, old, 0o600); err != nil {
		t.Fatal(err)
	}
	if r := jishi(t, nil, "verify", "--data", data); r.code != 1 || !strings.Contains(r.out, "另外保存的链头") {
		t.Errorf("exit code %d\n%s%s", r.code, r.out, r.err)
	}
}

// Whoever empties the trail in the file is found by verify and by the server
// that starts on it; neither seals what is left.
func TestVerifyFindsEmptiedTrail(t *testing.T) {
	t.Parallel()
	data := newDemo(t)
	if anchors, err := readAnchors(config{Data: data}.anchorFile()); err != nil || len(anchors) != 1 {
		t.Fatalf("heads kept when the chain began: %v, %v", anchors, err)
	}
	jishi(t, nil, "verify", "--data", data).works(t)
	db, err := sql.Open("sqlite", filepath.Join(data, "jishi.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("delete from audit; delete from audit_heads; delete from audit_positions"); err != nil {
		t.Fatal(err)
	}
	db.Close()
	found := func() {
		t.Helper()
		if r := jishi(t, nil, "verify", "--data", data); r.code != 1 || !strings.Contains(r.out, "链头缺失") {
			t.Errorf("exit code %d\n%s%s", r.code, r.out, r.err)
		}
	}
	found()
	s := serveProcess(t, nil, "serve", "--data", data, "--listen", "127.0.0.1:0")
	s.ready()
	s.signIn("bureau@demo", demoPassword)
	found()
	if code, _ := s.stop(syscall.SIGTERM); code != 0 || !strings.Contains(s.logged(), "cut off or begun anew") {
		t.Errorf("exit code %d: %s", code, s.logged())
	}
	found()
}

func TestAuditSettings(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	jishi(t, []string{"JISHI_AUDIT_KEEP=5"}, "serve", "--data", data, "--listen", "127.0.0.1:0").says(t, "至少保存 6 个月")
	jishi(t, nil, "serve", "--data", data, "--listen", "127.0.0.1:0", "--audit-keep", "0").says(t, "至少保存 6 个月")
}

// What an operator exports at the machine is in the trail too.
func TestExportCommandIsNoted(t *testing.T) {
	t.Parallel()
	data := demoData(t)
	jishi(t, nil, "export", "organizations", filepath.Join(t.TempDir(), "o.csv"), "--data", data).works(t)
	h, err := openHouse(t.Context(), config{Data: data})
	if err != nil {
		t.Fatal(err)
	}
	defer h.close()
	page, err := h.trail.Find(context.Background(), market.System, audit.Filter{Action: market.ActExport})
	if err != nil || len(page.Rows) != 1 || page.Rows[0].User != market.System.User || page.Rows[0].Detail != "jishi export organizations" {
		t.Errorf("entries %+v, %v", page.Rows, err)
	}
}

// TestVerifyOnMongoDB verifies beside a server on MongoDB's wire.
func TestVerifyOnMongoDB(t *testing.T) {
	t.Parallel()
	settings := []string{"JISHI_STORE=" + mongoDB(t), "JISHI_DATA=" + t.TempDir(), "JISHI_LISTEN=127.0.0.1:0", "JISHI_PASSWORD=Kein-Verlass-9"}
	jishi(t, settings, "user", "add", "chief@bureau", "--name", "王", "--org", "某区科技局", "--org-kind", "bureau", "--roles", "officer").works(t)
	s := serveProcess(t, settings, "serve")
	s.ready()
	s.signIn("chief@bureau", "Kein-Verlass-9")
	for range 2 {
		if out := jishi(t, settings, "verify").works(t).out; !strings.Contains(out, "审计记录完整") {
			t.Errorf("it says %s", out)
		}
	}
	if code, _ := s.stop(syscall.SIGTERM); code != 0 {
		t.Errorf("exit code %d: %s", code, s.logged())
	}
}
