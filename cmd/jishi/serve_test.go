package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestServeEmpty serves a store with nothing in it but one officer: every page
// is there and says what to do, and settings come from the environment.
func TestServeEmpty(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	key := tempFile(t, "key", []byte(strings.Repeat("k", 40)))
	settings := []string{
		"JISHI_DATA=" + filepath.Join(dir, "data"), "JISHI_STORE=sqlite:" + filepath.Join(dir, "store", "s.db"),
		"JISHI_LISTEN=127.0.0.1:0", "JISHI_METRICS=127.0.0.1:" + freePort(t), "JISHI_SECRET_FILE=" + key,
		"JISHI_PUBLIC_URL=https://market.example", "JISHI_PROXIES=127.0.0.1",
	}
	password := "Kein-Verlass-9"
	jishi(t, append(settings, "JISHI_PASSWORD="+password), "user", "add", "chief@bureau", "--name", "王", "--org", "某区科技局", "--org-kind", "bureau", "--roles", "officer,admin").works(t)
	s := serveProcess(t, settings, "serve")
	s.ready()
	token := s.signIn("chief@bureau", password)
	s.agree(t, token)
	t.Run("pages", func(t *testing.T) { s.emptyPages(t, token) })
	t.Run("metrics", func(t *testing.T) {
		res, err := http.Get("http://" + strings.TrimPrefix(settings[3], "JISHI_METRICS="))
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if status, _ := s.get("/metrics"); status != 404 {
			t.Errorf("metrics beside the pages: %d", status)
		}
	})
	t.Run("files", func(t *testing.T) {
		for path, want := range map[string]bool{"store/s.db": true, "data/index": true, "data/secret.key": false, "data/jishi.db": false} {
			if _, err := os.Stat(filepath.Join(dir, path)); (err == nil) != want {
				t.Errorf("%s: %v", path, err)
			}
		}
	})
	if code, took := s.stop(os.Interrupt); code != 0 || took > 10*time.Second {
		t.Errorf("exit code %d after %v", code, took)
	}
	t.Run("log", func(t *testing.T) { tellsNoSecret(t, s.logged(), password, token, strings.Repeat("k", 40)) })
}

func freePort(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	_, port, _ := net.SplitHostPort(ln.Addr().String())
	return port
}

// emptyPages reads every page and list as a visitor and as an officer.
func (s *servant) emptyPages(t *testing.T, token string) {
	for _, path := range []string{
		"/", "/search", "/search?q=x&kind=demand&field=01&sort=newest", "/turnover", "/indicators", "/contracts", "/organizations", "/sign-in",
		"/review", "/desk", "/desk/achievements", "/desk/demands", "/achievements/new", "/demands/new", "/contracts/new", "/imports/new",
		"/api/v1/search", "/api/v1/achievements", "/api/v1/demands?scope=queue", "/api/v1/contracts", "/api/v1/contracts?scope=queue",
		"/api/v1/organizations", "/api/v1/turnover?by=month,type", "/api/v1/turnover/target", "/api/v1/indicators", "/api/openapi.json", "/healthz", "/readyz",
	} {
		for _, as := range []string{"", token} {
			req, err := http.NewRequest("GET", "http://"+s.address+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			if as != "" {
				req.Header.Set("Authorization", "Bearer "+as)
				req.Header.Set("Cookie", s.cookie(t)+"="+as)
			}
			res, err := http.DefaultTransport.RoundTrip(req) // as it comes, not where it leads
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(res.Body)
			res.Body.Close()
			signedIn := as != "" && res.StatusCode == 200
			visitor := as == "" && (res.StatusCode == 200 || res.StatusCode == 303 || res.StatusCode == 401)
			if err != nil || !(signedIn || visitor) || len(body)+len(res.Header.Get("Location")) == 0 {
				t.Errorf("%s signed in %v: %d, %d bytes, %v", path, as != "", res.StatusCode, len(body), err)
			}
			if strings.Contains(string(body), "演示数据") {
				t.Errorf("%s speaks of demonstration data", path)
			}
		}
	}
}

// cookie is the name of the session cookie; signing in by the page sets it,
// for https only as the public address has it.
func (s *servant) cookie(t *testing.T) string {
	t.Helper()
	form := strings.NewReader("login=chief%40bureau&password=Kein-Verlass-9")
	req, err := http.NewRequest("POST", "http://"+s.address+"/sign-in", form)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	for _, c := range res.Cookies() {
		if c.Value != "" {
			if !c.Secure || !c.HttpOnly {
				t.Errorf("cookie %s: secure %v, http only %v", c.Name, c.Secure, c.HttpOnly)
			}
			return c.Name
		}
	}
	t.Fatalf("no cookie: %d", res.StatusCode)
	return ""
}

// tellsNoSecret reads a log: JSON lines without any of the secrets.
func tellsNoSecret(t *testing.T, log string, secrets ...string) {
	lines := strings.Split(strings.TrimSpace(log), "\n")
	if len(lines) < 20 {
		t.Errorf("%d lines", len(lines))
	}
	for _, line := range lines {
		var entry struct{ Time, Level, Msg string }
		if err := json.Unmarshal([]byte(line), &entry); err != nil || entry.Time == "" || entry.Level == "" || entry.Msg == "" {
			t.Errorf("%q: %v", line, err)
		}
		for _, secret := range append(secrets, "mongodb://", "goroutine ") {
			if strings.Contains(line, secret) {
				t.Errorf("%q tells %q", line, secret)
			}
		}
	}
}

// TestServeRefuses starts where it cannot: one sentence, exit code 1.
func TestServeRefuses(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s := serveProcess(t, nil, "serve", "--data", data, "--listen", "127.0.0.1:0")
	broken := tempFile(t, "broken.db", []byte(strings.Repeat("no database ", 500)))
	notFolder := tempFile(t, "plain", nil)
	for _, tt := range []struct {
		name  string
		args  []string
		words []string
	}{
		{"same data folder", []string{"--data", data}, []string{"另一个进程正在使用索引"}},
		{"busy address", []string{"--data", t.TempDir(), "--listen", s.address}, []string{s.address, "已被占用"}},
		{"busy metrics", []string{"--data", t.TempDir(), "--metrics", s.address}, []string{s.address, "--metrics"}},
		{"store of another kind", []string{"--data", t.TempDir(), "--store", "mysql://u:s3cret@h/x"}, []string{"JISHI_STORE"}},
		{"store address", []string{"--data", t.TempDir(), "--store", "mongodb://u:s3cret@/"}, []string{"数据库地址有误"}},
		{"store is no database", []string{"--data", t.TempDir(), "--store", "sqlite:" + broken}, []string{"已损坏"}},
		{"data is no folder", []string{"--data", notFolder}, []string{notFolder, "不是目录"}},
		{"short secret", []string{"--data", t.TempDir(), "--secret-file", notFolder}, []string{"密钥太短", "至少要 32 字节"}},
		{"no secret", []string{"--data", t.TempDir(), "--secret-file", notFolder + "x"}, []string{"密钥文件", "没有这个文件"}},
		{"public address", []string{"--data", t.TempDir(), "--public-url", "market.example"}, []string{"JISHI_PUBLIC_URL"}},
		{"proxies", []string{"--data", t.TempDir(), "--proxies", "everybody"}, []string{"JISHI_PROXIES"}},
		{"rates", []string{"--data", t.TempDir(), "--rate", "read=many"}, []string{"JISHI_RATE", "read"}},
		{"mail server", []string{"--data", t.TempDir(), "--smtp", "mail.example"}, []string{"JISHI_SMTP"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := jishi(t, nil, append([]string{"serve", "--listen", "127.0.0.1:0"}, tt.args...)...)
			r.says(t, tt.words...)
			if strings.Contains(r.err+r.out, "s3cret") || strings.Contains(r.out, "已启动") {
				t.Errorf("says too much: %s%s", r.out, r.err)
			}
		})
	}
	if status, _ := s.get("/"); status != 200 {
		t.Errorf("the first one answers %d", status)
	}
}

// An import under way and connections that browsers open in advance do not
// hold up a stop, and what the import brought in is in the index after.
func TestServeStops(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s := serveProcess(t, nil, "demo", "--data", data, "--listen", "127.0.0.1:0")
	officer := s.signIn("bureau@demo", demoPassword)
	req, err := http.NewRequest("POST", "http://"+s.address+"/api/v1/imports?kind=achievements", strings.NewReader(manyAchievements("stop", 8000)))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+officer)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	var job struct{ ID, State, Error string }
	err = json.NewDecoder(res.Body).Decode(&job)
	res.Body.Close()
	if err != nil || res.StatusCode != 202 {
		t.Fatalf("import: %d, %v", res.StatusCode, err)
	}
	conn, err := net.Dial("tcp", s.address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	before := s.total()
	s.awaits("importing", func() bool { return s.total() > before })
	if code, took := s.stop(syscall.SIGTERM); code != 0 || took > 5*time.Second {
		t.Errorf("exit code %d after %v: %s", code, took, s.logged())
	}
	kept := strings.Count(jishi(t, nil, "export", "achievements", "--data", data).works(t).out, "已发布")
	s = serveProcess(t, nil, "serve", "--data", data, "--listen", "127.0.0.1:0")
	s.ready()
	var found struct{ Total int }
	s.call("", "GET", "/search?kind=achievement&limit=1", nil, &found)
	if found.Total != kept || kept >= 8000 {
		t.Errorf("search finds %d of %d published", found.Total, kept)
	}
	status := s.call(s.signIn("bureau@demo", demoPassword), "GET", "/imports/"+job.ID, nil, &job)
	if status != 200 || job.State != "failed" || !strings.Contains(job.Error, "服务正在停止") {
		t.Errorf("the import: %d, %+v", status, job)
	}
}

// manyAchievements is a file of JSON lines with so many achievements.
func manyAchievements(prefix string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{"external_id":"%s-%d","title":"%s第%d种高强铝合金的挤压工艺","summary":"面向轻量化结构件的挤压成形与热处理，编号%d。"}`+"\n", prefix, i, prefix, i, i)
	}
	return b.String()
}

// A house that has served leaves no goroutine behind.
func TestServeLeavesNothing(t *testing.T) {
	serve := func() {
		cfg := config{Data: t.TempDir(), Listen: "127.0.0.1:0", Metrics: "127.0.0.1:0"}
		at, err := cfg.listen()
		if err != nil {
			t.Fatal(err)
		}
		h, err := openHouse(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- h.serve(ctx, cfg, at, stop) }() // stopped as soon as it is ready
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		if busy := strings.Join(stacks(), "\n\n"); strings.Contains(busy, "(*serving)") || strings.Contains(busy, "follow.(*Follower") {
			t.Errorf("still at work when serve returned:\n%s", busy)
		}
		h.close()
	}
	serve() // what is started once per process
	before := stacks()
	serve()
	for range 100 {
		if len(stacks()) <= len(before) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Errorf("%d goroutines before, now:\n%s", len(before), strings.Join(stacks(), "\n\n"))
}

// stacks are all goroutines but the cleaners of stopped fasthttp servers, which
// sleep for ten seconds before they end, and what serves other tests.
func stacks() []string {
	buffer := make([]byte, 4<<20)
	var kept []string
	for _, stack := range strings.Split(string(buffer[:runtime.Stack(buffer, true)]), "\n\n") {
		if !strings.Contains(stack, "workerPool).Start.func2") && !strings.Contains(stack, "net/http.(*persistConn)") {
			kept = append(kept, stack)
		}
	}
	return kept
}
