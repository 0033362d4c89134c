package market

import "context"

// Request says which request of a client a call serves. It travels in the
// context, for the log, the trail of who did what and the limits per address;
// no permission depends on it.
type Request struct {
	ID      string // made by the server, never taken from the client; quoted in error answers
	Address string // IP address of the client as far as configured proxies are trusted; empty for what no client asked for
	Agent   string // what the client calls itself, at most 200 characters of text; nothing depends on it
}

type requestKey struct{}

// WithRequest returns a context that carries r.
func WithRequest(ctx context.Context, r Request) context.Context {
	return context.WithValue(ctx, requestKey{}, r)
}

// RequestOf returns the request ctx carries, the zero Request when there is none.
func RequestOf(ctx context.Context) Request {
	r, _ := ctx.Value(requestKey{}).(Request)
	return r
}
