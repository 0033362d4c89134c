//go:build e2e

package main

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// The search box completes what is typed, by keyboard alone and as the
// combobox pattern of the ARIA Authoring Practices says.
func TestE2ESuggestions(t *testing.T) {
	axe, err := os.ReadFile("../../web/testdata/vendor/axe-core@4.14.1/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	browser, base := startBrowser(t), startDemo(t)
	for _, width := range widths {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			b := newTab(t, browser, base, "suggestions", width)
			b.open("/search")
			b.do(chromedp.Evaluate[chromedp.Void](`document.getElementById("page-search").focus()`))
			if box := b.combobox(); box.Role != "combobox" || box.Expanded != "false" || box.Active != "" {
				b.fail("before anything is typed: %+v", box)
			}
			b.do(chromedp.KeyEvent("mei"))
			open := b.opened()
			if open.List != "listbox" || open.Label == "" || open.Controls == "" || !strings.Contains(open.Said, fmt.Sprint(len(open.Options))) {
				b.fail("open: %+v", open)
			}
			b.checkPage()
			b.checkAccess(string(axe))
			b.walkOptions(open)
		})
	}
}

// combobox is what a reader of the screen is told of the search box.
type combobox struct {
	Role, Expanded, Active, Controls, List, Label, Said, Value string
	Options, Selected                                          []string
}

func (b *tab) combobox() combobox {
	b.t.Helper()
	return value[combobox](b, `(() => {
		const e = document.getElementById("page-search"), at = name => e.getAttribute(name) || "";
		const list = document.getElementById(at("aria-controls")), options = list ? [...list.querySelectorAll("[role=option]")] : [];
		const active = at("aria-activedescendant");
		return {
			Role: at("role"), Expanded: at("aria-expanded"), Active: active && document.getElementById(active) ? document.getElementById(active).dataset.text : active,
			Controls: list && !list.hidden ? list.id : "", List: list ? list.getAttribute("role") : "", Label: list ? list.getAttribute("aria-label") || "" : "",
			Said: list && list.nextElementSibling ? list.nextElementSibling.textContent : "", Value: e.value,
			Options: options.map(o => o.dataset.text), Selected: options.filter(o => o.getAttribute("aria-selected") === "true").map(o => o.dataset.text),
		};
	})()`)
}

// opened waits for suggestions.
func (b *tab) opened() combobox {
	b.t.Helper()
	for range 200 {
		if box := b.combobox(); box.Expanded == "true" && len(box.Options) > 1 {
			return box
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.fail("no suggestions: %+v", b.combobox())
	return combobox{}
}

// walkOptions goes down, up, back to what was typed, closes, and searches.
func (b *tab) walkOptions(open combobox) {
	b.t.Helper()
	chosen := func(what string, want string) {
		b.t.Helper()
		box := b.combobox()
		if box.Active != want || strings.Join(box.Selected, "") != want || want != "" && box.Value != want || want == "" && box.Value != "mei" {
			b.fail("%s: %+v, want %q", what, box, want)
		}
	}
	last := open.Options[len(open.Options)-1]
	b.do(chromedp.KeyEvent(kb.ArrowDown))
	chosen("down", open.Options[0])
	b.do(chromedp.KeyEvent(kb.ArrowUp))
	chosen("up to what was typed", "")
	b.do(chromedp.KeyEvent(kb.ArrowUp))
	chosen("up to the last", last)
	b.do(chromedp.KeyEvent(kb.Escape))
	if box := b.combobox(); box.Expanded != "false" || box.Controls != "" || box.Active != "" || box.Value != "mei" {
		b.fail("after Escape: %+v", box)
	}
	b.do(chromedp.KeyEvent("h"))
	again := b.opened()
	before := value[float64](b, `performance.timeOrigin`)
	b.do(chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.Enter))
	b.waitLoaded(before)
	b.wants(again.Options[0])
}
