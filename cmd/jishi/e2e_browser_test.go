//go:build e2e

package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// The widths every story is told at.
var widths = []int64{1440, 390}

// startDemo serves a fresh demonstration store as `jishi demo` does and
// returns its address.
func startDemo(t *testing.T) string {
	t.Helper()
	return startDemoIn(t, t.TempDir())
}

// startDemoIn is startDemo with its data in a folder that others look into.
func startDemoIn(t *testing.T, data string) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := ln.Addr().String()
	ln.Close()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- root().Run(ctx, []string{"jishi", "demo", "--data", data, "--listen", address})
	}()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("demo ended: %v", err)
		}
	})
	for range 200 {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			conn.Close()
			return "http://" + address
		}
		select {
		case err := <-ended:
			ended <- nil
			t.Fatalf("demo did not start: %v", err)
		case <-time.After(50 * time.Millisecond):
		}
	}
	t.Fatal("demo did not start within 10 s")
	return ""
}

// startBrowser starts headless Chromium with a fresh profile.
func startBrowser(t *testing.T) context.Context {
	t.Helper()
	allocator, stop := chromedp.NewExecAllocator(context.Background(),
		chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.UserDataDir(t.TempDir()))
	browser, closeBrowser := chromedp.NewContext(allocator)
	t.Cleanup(func() { closeBrowser(); stop() })
	if err := chromedp.Do(browser); err != nil {
		t.Fatalf("start Chromium (apt-get install chromium): %v", err)
	}
	return browser
}

// tab is one person's browser: cookies of their own, one page.
type tab struct {
	t      *testing.T
	ctx    context.Context
	base   string
	name   string
	mu     sync.Mutex
	faults []string // what the console complained of
}

// newTab opens a window without cookies of the given width.
func newTab(t *testing.T, browser context.Context, base, name string, width int64) *tab {
	t.Helper()
	b := &tab{t: t, base: base, name: name}
	ctx, closeTab := chromedp.NewContext(browser, chromedp.WithNewBrowserContext(), chromedp.WithListener(b.listen))
	b.ctx = ctx
	t.Cleanup(closeTab)
	height := int64(900)
	b.do(chromedp.EmulateViewport(width, height))
	return b
}

// listen collects script errors and refusals of the content security policy.
func (b *tab) listen(ev any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch ev := ev.(type) {
	case *runtime.EventExceptionThrown:
		b.faults = append(b.faults, ev.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		if ev.Type == "error" {
			b.faults = append(b.faults, fmt.Sprint(ev.Args))
		}
	}
}

// do runs steps with a time limit and fails the test with a picture when one fails.
func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	for i, step := range steps {
		if err := limited(b, step); err != nil {
			b.fail("step %d: %v", i+1, err)
		}
	}
}

var started sync.Map // contexts that have run once: their first call must carry no deadline

func limited(b *tab, step chromedp.Action[chromedp.Void]) error {
	ctx := b.ctx
	if _, again := started.LoadOrStore(b.ctx, true); again {
		limit, cancel := context.WithTimeout(b.ctx, 20*time.Second)
		defer cancel()
		ctx = limit
	}
	return chromedp.Do(ctx, step)
}

// tryValue runs an expression in the page.
func tryValue[T any](b *tab, expression string) (T, error) {
	ctx, cancel := context.WithTimeout(b.ctx, 20*time.Second)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](expression))
}

// value is tryValue for what must not fail.
func value[T any](b *tab, expression string) T {
	b.t.Helper()
	got, err := tryValue[T](b, expression)
	if err != nil {
		b.fail("evaluate %s: %v", expression, err)
	}
	return got
}

// valueAwaited runs an expression that promises its value.
func valueAwaited[T any](b *tab, expression string) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 60*time.Second)
	defer cancel()
	got, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.fail("evaluate: %v", err)
	}
	return got
}

// fail saves what the person sees and ends the test.
func (b *tab) fail(format string, args ...any) {
	b.t.Helper()
	b.t.Fatalf("%s: %s\npicture: %s\npage: %s", b.name, fmt.Sprintf(format, args...), b.picture("failed"), b.text())
}

// picture saves a picture of the whole page where JISHI_TEST_PICTURES says, or
// among the temporary files.
func (b *tab) picture(name string) string {
	dir := os.Getenv("JISHI_TEST_PICTURES")
	if dir == "" {
		dir = os.TempDir()
	}
	ctx, cancel := context.WithTimeout(b.ctx, 20*time.Second)
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		return err.Error()
	}
	path := filepath.Join(dir, "jishi-"+strings.ReplaceAll(b.t.Name()+"-"+name, "/", "-")+".png")
	if err := os.WriteFile(path, png, 0o600); err != nil {
		return err.Error()
	}
	return path
}

// text is the visible text of the page, clipped.
func (b *tab) text() string {
	ctx, cancel := context.WithTimeout(b.ctx, 5*time.Second)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`location.href + "\n" + (document.querySelector("main")||document.body).innerText.slice(0, 1500)`))
	if err != nil {
		return err.Error()
	}
	return text
}

// open goes to a path and checks what must hold on every page.
func (b *tab) open(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.base + path))
	b.checkPage()
}

// checkPage checks what must hold on every page: one heading, a language, no
// sideways scrolling, a label for every field, nothing the console complains of.
func (b *tab) checkPage() {
	b.t.Helper()
	type facts struct {
		Headings  int      `json:"headings"`
		Lang      string   `json:"lang"`
		Scroll    int      `json:"scroll"`
		Width     int      `json:"width"`
		Unlabeled []string `json:"unlabeled"`
	}
	f := value[facts](b, `(() => ({
		headings: document.querySelectorAll("h1").length, lang: document.documentElement.lang,
		scroll: document.documentElement.scrollWidth, width: window.innerWidth,
		unlabeled: [...document.querySelectorAll("input:not([type=hidden]),select,textarea")]
			.filter(e => !(e.labels && e.labels.length) && !e.getAttribute("aria-label") && !e.getAttribute("aria-labelledby"))
			.map(e => e.outerHTML.slice(0, 120)),
	}))()`)
	if f.Headings != 1 || f.Lang != "zh-CN" || f.Scroll > f.Width || len(f.Unlabeled) > 0 {
		b.fail("the page has %d h1, language %q, is %d wide in %d, fields without label %v", f.Headings, f.Lang, f.Scroll, f.Width, f.Unlabeled)
	}
	b.mu.Lock()
	faults := b.faults
	b.faults = nil
	b.mu.Unlock()
	if len(faults) > 0 {
		b.fail("console: %v", faults)
	}
}

// clickIn clicks the first visible link or button with a text, within the
// first element that a selector finds, and waits for the page that follows.
func (b *tab) clickIn(scope, text string) {
	b.t.Helper()
	before := value[float64](b, `performance.timeOrigin`)
	found, err := tryValue[string](b, fmt.Sprintf(`(() => {
		const scope = document.querySelector(%q);
		if (!scope) return "";
		const e = [...scope.querySelectorAll("a,button,summary,input[type=submit]")].find(e => e.checkVisibility() && (e.innerText||e.value||"").replace(/\s+/g," ").trim().includes(%q));
		if (!e) return "";
		e.scrollIntoView({block: "center"});
		e.click();
		return e.tagName;
	})()`, scope, text))
	switch {
	case err != nil && strings.Contains(err.Error(), "navigated"): // the page went before it could answer
	case err != nil:
		b.fail("click %q: %v", text, err)
	case found == "":
		b.fail("nothing visible in %s to click that reads %q", scope, text)
	case found == "SUMMARY":
		return
	}
	b.waitLoaded(before)
}

// waitLoaded waits until another page than the one loaded at before is there.
func (b *tab) waitLoaded(before float64) {
	b.t.Helper()
	for range 200 {
		ctx, cancel := context.WithTimeout(b.ctx, 5*time.Second)
		loaded, err := chromedp.Run(ctx, chromedp.Evaluate[bool](fmt.Sprintf(`document.readyState === "complete" && performance.timeOrigin !== %f`, before)))
		cancel()
		if err == nil && loaded {
			b.checkPage()
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	b.fail("no page followed the click")
}

// fill types a value into the field of a name.
func (b *tab) fill(name, text string) {
	b.t.Helper()
	ok := value[bool](b, fmt.Sprintf(`(() => {
		const e = [...document.querySelectorAll("[name=" + CSS.escape(%q) + "]")].find(e => e.type !== "hidden");
		if (!e) return false;
		if (e.type === "checkbox" || e.type === "radio") {
			const one = [...document.querySelectorAll("[name=" + CSS.escape(%[1]q) + "]")].find(e => e.value === %[2]q);
			if (!one) return false;
			if (!one.checked) one.click();
			return true;
		}
		e.focus(); e.value = %[2]q;
		e.dispatchEvent(new Event("input", {bubbles: true})); e.dispatchEvent(new Event("change", {bubbles: true}));
		return e.value === %[2]q;
	})()`, name, text))
	if !ok {
		b.fail("no field %q takes %q", name, text)
	}
}

// wants fails unless the page shows every text.
func (b *tab) wants(texts ...string) {
	b.t.Helper()
	page := value[string](b, `document.body.innerText`)
	for _, text := range texts {
		if !strings.Contains(page, text) {
			b.fail("the page does not show %q", text)
		}
	}
}

// signIn signs a demonstration user in.
func (b *tab) signIn(login string) {
	b.t.Helper()
	b.open("/sign-in")
	b.fill("login", login)
	b.fill("password", demoPassword)
	b.clickIn("main", "登录")
}
