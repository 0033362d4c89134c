package server

import (
	"context"
	"log/slog"
	"net"
	"net/netip"
	"time"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/internal/site"
)

// Limits on what a client may send.
const (
	MaxBody    = 2 << 20  // bytes of any request
	maxHeader  = 16 << 10 // bytes of request line and header
	maxClients = 4096     // connections at a time
)

// Config is how the server runs. The zero value of each field is usable.
type Config struct {
	Secure   bool           // people come by https: cookies and links stay with it
	Proxies  []netip.Prefix // reverse proxies whose X-Forwarded-For is believed
	Metrics  net.Listener   // where /metrics is served, closed by Serve; nil = not served
	Large    []Large        // where requests may be longer than MaxBody
	Checks   []Check        // what /readyz asks
	Rates    Rates
	Refusals Refusals // is told what users were refused; nil = nobody is
	Timeouts Timeouts
	Log      *slog.Logger // nil = slog.Default()
}

// Refusals takes note of what users were refused; *audit.Refusals does.
type Refusals interface {
	// Refused must return at once. subject may be empty.
	Refused(ctx context.Context, by market.Actor, route, code string, subject market.ID)
}

// Check is one thing that must work before requests are sent here.
type Check struct {
	Name string
	Run  func(ctx context.Context) error
}

// Timeouts bound how long a client can hold things. Zero means the default
// beside each.
type Timeouts struct {
	Read      time.Duration // 20 s: until a request has arrived
	ReadLarge time.Duration // 5 min: the same for a file
	Write     time.Duration // 60 s: until an answer is taken
	Idle      time.Duration // 60 s: between two requests
	Request   time.Duration // 15 s: a handler's work, as deadline of its context
	Shutdown  time.Duration // 10 s: for requests under way when the server stops
}

// Sessions knows who sends a request. *signin.Sessions does.
type Sessions interface {
	// Known reports whether an access or refresh token is one of ours and in its
	// time, without I/O.
	Known(token string) bool
	// Actor returns who acts under a token, Unauthenticated when nobody does.
	Actor(ctx context.Context, token string) (market.Actor, error)
	// Resume is Actor for the session cookies; renewed replaces both when it is
	// not nil.
	Resume(ctx context.Context, access, refresh string) (actor market.Actor, renewed *site.SessionPair, err error)
}

// API is the JSON actions.
type API interface {
	Register(router fiber.Router)
}

// Pages is the page actions.
type Pages interface {
	Register(router fiber.Router)
	// ErrorPage answers with the page for a failure.
	ErrorPage(c *fiber.Ctx, status int, err error) error
}

func (t Timeouts) withDefaults() Timeouts {
	defaults := []struct {
		value *time.Duration
		usual time.Duration
	}{
		{&t.Read, 20 * time.Second}, {&t.ReadLarge, 5 * time.Minute}, {&t.Write, time.Minute},
		{&t.Idle, time.Minute}, {&t.Request, 15 * time.Second}, {&t.Shutdown, 10 * time.Second},
	}
	for _, d := range defaults {
		if *d.value == 0 {
			*d.value = d.usual
		}
	}
	return t
}
