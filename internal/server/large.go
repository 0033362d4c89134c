package server

import (
	"bytes"
	"time"

	"github.com/valyala/fasthttp"
	"golang.org/x/time/rate"
)

// Large is where a request may be longer than MaxBody.
type Large struct {
	Path   string // of a POST; a part that begins with : stands for any one part
	Max    int    // bytes of the whole request's body
	Anyone bool   // from visitors too; else only from who brings a token of ours
}

// How many bodies of visitors longer than MaxBody are begun, over all
// visitors, and how long one may take: together they bound what nobody can be
// held to account for to the memory of about fifty.
const (
	visitorsEvery = 2 * time.Second
	visitorsBurst = 20
	visitorTime   = time.Minute
)

func newVisitorBodies() *rate.Limiter {
	return rate.NewLimiter(rate.Every(visitorsEvery), visitorsBurst)
}

// largeAt returns the rule of a path, nil when there is none.
func (s *Server) largeAt(path []byte) *Large {
	for i, l := range s.config.Large {
		if samePath(l.Path, path) {
			return &s.config.Large[i]
		}
	}
	return nil
}

// samePath compares a path to a pattern, part by part.
func samePath(pattern string, path []byte) bool {
	for {
		want, patternRest, more := bytes.Cut([]byte(pattern), []byte("/"))
		got, pathRest, moreToo := bytes.Cut(path, []byte("/"))
		anything := bytes.HasPrefix(want, []byte(":")) && len(got) > 0
		if more != moreToo || !anything && !bytes.Equal(want, got) {
			return false
		}
		if !more {
			return true
		}
		pattern, path = string(patternRest), pathRest
	}
}

// fromVisitor decides about a body that nobody signed in sends.
func (s *Server) fromVisitor(l *Large) fasthttp.RequestConfig {
	if !l.Anyone || !s.visitorBodies.Allow() {
		return fasthttp.RequestConfig{}
	}
	return fasthttp.RequestConfig{MaxRequestBodySize: l.Max, ReadTimeout: min(visitorTime, s.config.Timeouts.ReadLarge)}
}
