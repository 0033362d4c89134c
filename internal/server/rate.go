package server

import (
	"fmt"
	"math"
	"net/netip"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"

	"jishi/internal/api"
	"jishi/internal/market"
)

// maxBuckets bounds the clients remembered for one class. Who is forgotten
// begins anew; whoever asked longest ago is forgotten first.
const maxBuckets = 65_536

// limiter counts what clients ask for. Each process counts for itself.
type limiter struct {
	rates   Rates
	now     func() time.Time
	mu      sync.Mutex // held while a bucket is found or made
	buckets map[Class]*lru.Cache[string, *rate.Limiter]
}

func newLimiter(rates Rates) *limiter {
	l := &limiter{rates: rates, now: time.Now, buckets: make(map[Class]*lru.Cache[string, *rate.Limiter])}
	for class := range usualRates {
		l.buckets[class], _ = lru.New[string, *rate.Limiter](maxBuckets) // fails for sizes below 1 only
	}
	return l
}

// take returns nil when a client may go on, else TooMany and when to try again.
func (l *limiter) take(class Class, client string) error {
	if class == ClassNone || l.rates.off {
		return nil
	}
	now := l.now()
	turn := l.bucket(class, client).ReserveN(now, 1)
	wait := turn.DelayFrom(now)
	if wait <= 0 {
		return nil
	}
	turn.CancelAt(now) // a refused request costs nothing
	return &market.Error{Kind: market.TooMany, Code: "too_many_requests", Retry: wait,
		Message: fmt.Sprintf("操作太频繁，请 %d 秒后再试。", int(math.Ceil(wait.Seconds())))}
}

func (l *limiter) bucket(class Class, client string) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if bucket, ok := l.buckets[class].Get(client); ok {
		return bucket
	}
	r := l.rates.of(class)
	bucket := rate.NewLimiter(rate.Limit(float64(r.Count)/r.Per.Seconds()), r.Burst)
	l.buckets[class].Add(client, bucket)
	return bucket
}

// limitRate refuses clients that ask too often: by who they are when they are
// signed in, else by address. It comes after the session is known.
func (s *Server) limitRate(c *fiber.Ctx) error {
	class := ClassOf(c.Method(), c.Path())
	by, _ := c.Locals(api.ActorKey).(market.Actor)
	if err := s.rates.take(class, clientOf(c, class, by)); err != nil {
		return err
	}
	return c.Next()
}

// unknown is limitRate for requests whose token is refused: guessing tokens is
// limited as well.
func (s *Server) unknown(c *fiber.Ctx, refusal error) error {
	class := ClassOf(c.Method(), c.Path())
	if err := s.rates.take(class, clientOf(c, class, market.Actor{})); err != nil {
		return err
	}
	return refusal
}

// clientOf names who is counted. Whoever has an IPv6 address has 2⁶⁴ of them.
func clientOf(c *fiber.Ctx, class Class, by market.Actor) string {
	if by.SignedIn() && class != ClassSignIn {
		return "user " + string(by.User)
	}
	address, err := netip.ParseAddr(market.RequestOf(c.UserContext()).Address)
	if err != nil {
		return "nobody"
	}
	if address.Is6() {
		if network, err := address.WithZone("").Prefix(64); err == nil {
			return network.String()
		}
	}
	return address.String()
}
