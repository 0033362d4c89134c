package main

import (
	"slices"
	"strings"
	"testing"

	"jishi/internal/api"
	"jishi/internal/market"
	"jishi/internal/server"
	"jishi/internal/site"
)

// Every route has the rate that what it does calls for.
func TestClassesOfRoutes(t *testing.T) {
	guessed := []market.Action{market.ActSignIn, market.ActSignUp, market.ActRefresh, market.ActRecover, market.ActAcceptInvitation, market.ActConfirmAddress}
	counts := map[server.Class]int{}
	check := func(method, path string, needs market.Action) {
		got := server.ClassOf(method, path)
		counts[got]++
		changes, segments := method != "GET", strings.Split(path, "/")
		want := server.ClassRead
		switch {
		case strings.HasPrefix(path, "/static/"):
			want = server.ClassNone
		case changes && (slices.Contains(guessed, needs) || slices.Contains(segments, "password") || slices.Contains(segments, "factor")):
			want = server.ClassSignIn
		case slices.Contains(segments, "export") || needs == market.ActExport || needs == market.ActExportAudit:
			want = server.ClassExport
		case changes && (needs == market.ActUpload || needs == market.ActImport || path == "/files" || segments[len(segments)-1] == "cancel" && slices.Contains(segments, "imports")):
			want = server.ClassUpload
		case changes:
			want = server.ClassWrite
		}
		if got != want {
			t.Errorf("%s %s (%s) has the rate %q, want %q", method, path, needs, got, want)
		}
	}
	for _, r := range api.New(api.Config{}).Routes() {
		check(r.Method, api.Prefix+r.Path, r.Needs)
	}
	for _, r := range site.New(site.Config{}).Routes() {
		check(r.Method, r.Path, r.Needs)
	}
	t.Logf("routes by class: %v", counts)
}
