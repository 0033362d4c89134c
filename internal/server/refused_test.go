package server

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/api"
	"jishi/internal/market"
)

// noted keeps what it was told.
type noted struct {
	mu    sync.Mutex
	lines []string
}

func (n *noted) Refused(ctx context.Context, by market.Actor, route, code string, subject market.ID) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.lines = append(n.lines, fmt.Sprintf("%s|%s|%s|%s|%t", by.Name, route, code, subject, market.RequestOf(ctx).ID != ""))
}

// Whoever keeps the trail is told what users were refused, and nothing else.
func TestRefusalsAreTold(t *testing.T) {
	told := &noted{}
	deny := func(*fiber.Ctx) error { return market.E(market.Denied, "not_allowed", "没有权限。") }
	h := start(t, Config{Refusals: told}, func(r fiber.Router) {
		r.Get("/records/:id/edit", deny)
		r.Post(api.Prefix+"/records/:id/:action", deny)
	})
	bearer := "Bearer " + h.signIn(t)
	for _, tt := range []struct {
		method, path, want string
		header             []string
	}{
		{"POST", api.Prefix + "/records/r-7/approve", "周经办|POST /api/v1/records/:id/:action|not_allowed|r-7|true", []string{"Authorization", bearer}},
		{"POST", api.Prefix + "/records/%24ne/approve", "周经办|POST /api/v1/records/:id/:action|not_allowed||true", []string{"Authorization", bearer}},
		{"GET", api.Prefix + "/fail/denied", "周经办|GET /api/v1/fail/:name|the_code||true", []string{"Authorization", bearer}},
		{"GET", api.Prefix + "/fail/not_found", "", []string{"Authorization", bearer}},
		{"GET", api.Prefix + "/fail/unauthenticated", "", []string{"Authorization", bearer}},
		{"GET", "/records/r-7/edit", "", nil}, // a visitor
		{"GET", api.Prefix + "/fail/denied", "", nil},
	} {
		before := len(told.lines)
		h.ask(t, tt.method, tt.path, "", tt.header...)
		told.mu.Lock()
		got := slices.Clone(told.lines[before:])
		told.mu.Unlock()
		if want := []string{tt.want}; tt.want == "" && len(got) > 0 || tt.want != "" && !slices.Equal(got, want) {
			t.Errorf("%s %s is told as %q, want %q", tt.method, tt.path, got, tt.want)
		}
	}
}
