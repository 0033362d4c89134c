package account

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"jishi/internal/market"
)

// Brokers holds of everybody with a broker's certificate what the public
// directory shows of them, and whether they agreed to being shown. It is a
// projection: sinks of followers over users and consents, filled anew from the
// store at each start. It may be read while it is fed.
type Brokers struct {
	mu      sync.RWMutex
	byID    map[market.ID]*broker
	consent map[market.ID]map[market.ID]bool // user → consents to market.PurposePublish that hold

	usersAt, consentsAt string // positions
}

// broker is somebody with a certificate; it is never changed, only replaced.
type broker struct {
	user        market.ID
	name        string
	orgs        []market.ID
	certificate market.Certificate
	since       time.Time // of the last change
}

// NewBrokers returns an empty projection.
func NewBrokers() *Brokers {
	return &Brokers{byID: make(map[market.ID]*broker), consent: make(map[market.ID]map[market.ID]bool)}
}

// BrokerUsers is the sink of users.
type BrokerUsers struct{ *Brokers }

// BrokerConsents is the sink of consents.
type BrokerConsents struct{ *Brokers }

// Position returns the cursor up to which users are known.
func (b BrokerUsers) Position(context.Context) (string, error) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.usersAt, nil
}

// Apply takes changed users and the cursor that follows them. Who is disabled,
// erased or in no organization any more is none of the brokers.
func (b BrokerUsers) Apply(_ context.Context, users []*market.User, next string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, u := range users {
		orgs := workplaces(u)
		if u.Certificate == nil || u.Disabled || !u.ErasedAt.IsZero() || len(orgs) == 0 {
			delete(b.byID, u.ID)
			continue
		}
		b.byID[u.ID] = &broker{user: u.ID, name: u.Name, orgs: orgs, certificate: *u.Certificate, since: u.ChangedAt}
	}
	b.usersAt = next
	return nil
}

// Position returns the cursor up to which consents are known.
func (b BrokerConsents) Position(context.Context) (string, error) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.consentsAt, nil
}

// Apply takes changed consents and the cursor that follows them.
func (b BrokerConsents) Apply(_ context.Context, consents []*market.Consent, next string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range consents {
		if c.Purpose != market.PurposePublish {
			continue
		}
		held := b.consent[c.User]
		if !c.WithdrawnAt.IsZero() {
			if delete(held, c.ID); len(held) == 0 {
				delete(b.consent, c.User)
			}
			continue
		}
		if held == nil {
			held = make(map[market.ID]bool)
			b.consent[c.User] = held
		}
		held[c.ID] = true
	}
	b.consentsAt = next
	return nil
}

// waiting returns who waits for the bureau to look at a certificate, longest first.
func (b *Brokers) waiting(limit int) []market.ID {
	found := b.pick(func(one *broker) bool { return one.certificate.Waits() })
	slices.SortFunc(found, func(a, b *broker) int { return cmp.Or(a.since.Compare(b.since), cmp.Compare(a.user, b.user)) })
	ids := make([]market.ID, 0, min(limit, len(found)))
	for _, one := range found[:min(limit, len(found))] {
		ids = append(ids, one.user)
	}
	return ids
}

// public returns who is shown, of one organization or, with "", of all, by name.
func (b *Brokers) public(org market.ID) []*broker {
	found := b.pick(func(one *broker) bool {
		return one.certificate.Confirmed && len(b.consent[one.user]) > 0 && (org == "" || slices.Contains(one.orgs, org))
	})
	slices.SortFunc(found, func(a, b *broker) int { return cmp.Or(strings.Compare(a.name, b.name), cmp.Compare(a.user, b.user)) })
	return found
}

func (b *Brokers) pick(takes func(*broker) bool) []*broker {
	b.mu.RLock()
	defer b.mu.RUnlock()
	var found []*broker
	for _, one := range b.byID {
		if takes(one) {
			found = append(found, one)
		}
	}
	return found
}

// Brokers returns the projection that PublicBrokers and WaitingCertificates
// ask, so that followers can feed it.
func (s *People) Brokers() *Brokers { return s.brokers }
