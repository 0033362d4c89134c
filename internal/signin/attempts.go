package signin

import (
	"container/list"
	"math"
	"strconv"
	"sync"
	"time"

	"jishi/internal/market"
)

// How many wrong passwords lock what. One person at one address is locked
// after Limits.Failures; an address, behind which a whole office may sit, after
// fifty. A login as such is never locked, so nobody can lock out somebody else:
// where it is tried from many addresses, those it was never right from wait for
// growing moments.
const (
	triesPerAddress = 50
	triesPerAccount = 10

	firstDelay   = time.Second
	longestDelay = time.Minute

	rememberedAttempts = 10_000 // the longest unused are forgotten first
)

// rule is what failures lead to: from the limit-th on each locks, the first
// for a while, each further one twice as long as the one before.
type rule struct {
	limit          int
	first, longest time.Duration
	forget         time.Duration // without a failure and a lock for this long counting starts anew
}

func (r rule) lock(count int) time.Duration {
	over := count - r.limit
	if over < 0 {
		return 0
	}
	return min(r.first<<min(over, 16), r.longest)
}

// attempts counts failures by key, in this process only.
type attempts struct {
	mu     sync.Mutex
	byKey  map[string]*list.Element
	recent *list.List // of *failures, last used first
}

// failures is what is remembered of one key.
type failures struct {
	key   string
	count int
	right bool // a right password came under this key
	last  time.Time
	until time.Time // locked until then; zero when not locked yet
}

func newAttempts() *attempts {
	return &attempts{byKey: make(map[string]*list.Element), recent: list.New()}
}

// tried is one thing that a failure counts against.
type tried struct {
	key  string
	rule rule
}

// rule returns what wrong passwords and codes of one person lead to.
func (l Limits) rule(limit int) rule {
	return rule{limit: limit, first: l.LockFor, longest: 4 * l.LockFor, forget: 4 * l.LockFor}
}

// signInTries is what a sign-in counts against; the first is the person.
func (h *Passwords) signInTries(login, address string) []tried {
	login = market.Clip(login, maxLogin)
	person := tried{"login\x00" + login + "\x00" + address, h.limits.rule(h.limits.Failures)}
	all := []tried{person, {"address\x00" + address, h.limits.rule(triesPerAddress)}}
	if h.attempts.known(person.key) {
		return all
	}
	delay := rule{limit: triesPerAccount, first: firstDelay, longest: longestDelay, forget: h.limits.LockFor}
	return append(all, tried{"account\x00" + login, delay})
}

// admit returns TooMany, saying how long to wait, while any of the keys is locked.
func (a *attempts) admit(now time.Time, by []tried) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.locked(now, by)
}

func (a *attempts) locked(now time.Time, by []tried) error {
	var wait time.Duration
	for _, t := range by {
		if e, ok := a.byKey[t.key]; ok {
			wait = max(wait, e.Value.(*failures).until.Sub(now))
		}
	}
	if wait <= 0 {
		return nil
	}
	return &market.Error{Kind: market.TooMany, Code: "too_many_attempts", Retry: wait, Message: "尝试次数过多，请 " + inWords(wait) + "后再试。"}
}

// inWords writes how long to wait, rounded up.
func inWords(wait time.Duration) string {
	if wait < time.Minute {
		return strconv.Itoa(int(math.Ceil(wait.Seconds()))) + " 秒"
	}
	return strconv.Itoa(int(math.Ceil(wait.Minutes()))) + " 分钟"
}

// fail counts a failure against each of the keys. It reports whether the
// first of them, the person, is locked from now on.
func (a *attempts) fail(now time.Time, by []tried) (locked bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.count(now, by)
}

// try is admit and fail in one step, for what is checked without holding
// anything: of many tries sent at once no more than the limit pass. A right
// one is taken back by forget.
func (a *attempts) try(now time.Time, by []tried) (locked bool, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if err := a.locked(now, by); err != nil {
		return false, err
	}
	return a.count(now, by), nil
}

func (a *attempts) count(now time.Time, by []tried) (locked bool) {
	for i, t := range by {
		f := a.touch(t.key)
		if now.Sub(f.last) > t.rule.forget && now.Sub(f.until) > t.rule.forget {
			f.count = 0
		}
		f.count, f.last = f.count+1, now
		if lock := t.rule.lock(f.count); lock > 0 {
			f.until = now.Add(lock)
			locked = locked || i == 0
		}
	}
	return locked
}

// forget clears a key after a right password or code.
func (a *attempts) forget(key string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	f := a.touch(key)
	*f = failures{key: key, right: true}
}

// known reports whether a right password came under a key.
func (a *attempts) known(key string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	e, ok := a.byKey[key]
	return ok && e.Value.(*failures).right
}

// touch returns the record of key, made if need be, as the last used.
func (a *attempts) touch(key string) *failures {
	if e, ok := a.byKey[key]; ok {
		a.recent.MoveToFront(e)
		return e.Value.(*failures)
	}
	if a.recent.Len() >= rememberedAttempts {
		oldest := a.recent.Back()
		a.recent.Remove(oldest)
		delete(a.byKey, oldest.Value.(*failures).key)
	}
	f := &failures{key: key}
	a.byKey[key] = a.recent.PushFront(f)
	return f
}
