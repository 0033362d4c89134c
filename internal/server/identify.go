package server

import (
	"crypto/rand"
	"net/netip"
	"strings"
	"unicode"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
)

// identify gives a request its id and its client's address. Neither is taken
// from the client.
func (s *Server) identify(c *fiber.Ctx) error {
	s.name(c)
	return c.Next()
}

func (s *Server) name(c *fiber.Ctx) {
	request := market.Request{ID: rand.Text(), Address: s.address(c), Agent: agent(c)}
	c.SetUserContext(market.WithRequest(c.UserContext(), request))
}

// maxAgent bounds what is kept of what a client calls itself, in characters.
const maxAgent = 200

// agent returns what the client calls itself, as text that may be stored and
// shown.
func agent(c *fiber.Ctx) string {
	text := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(c.Get(fiber.HeaderUserAgent), ""))
	if runes := []rune(text); len(runes) > maxAgent {
		text = string(runes[:maxAgent])
	}
	return text
}

// address returns the client's IP address: the peer's, or, when that is a
// proxy of ours, the last one in X-Forwarded-For that is none. What stands
// before it there may be made up.
func (s *Server) address(c *fiber.Ctx) string {
	peer, ok := netip.AddrFromSlice(c.Context().RemoteIP())
	if !ok {
		return ""
	}
	client := peer.Unmap()
	hops := strings.Split(c.Get(fiber.HeaderXForwardedFor), ",")
	for i := len(hops) - 1; i >= 0 && s.trusted(client); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		client = hop.Unmap()
	}
	return client.String()
}

func (s *Server) trusted(a netip.Addr) bool {
	for _, proxy := range s.config.Proxies {
		if proxy.Contains(a) {
			return true
		}
	}
	return false
}
