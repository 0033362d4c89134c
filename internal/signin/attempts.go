package signin

import (
	"container/list"
	"math"
	"strconv"
	"sync"
	"time"

	"jishi/internal/market"
)

// How many wrong passwords lock what, for how long. One person at one address
// is locked after five; an address, behind which a whole office may sit, after
// fifty. A login as such is never locked, so nobody can lock out somebody else.
const (
	triesPerLogin   = 5
	triesPerAddress = 50

	firstLock = 15 * time.Minute // doubles with each further failure
	longLock  = 60 * time.Minute // but no longer than this

	rememberedAttempts = 10_000 // the longest unused are forgotten first
)

// attempts counts wrong passwords by key, in this process only.
type attempts struct {
	mu     sync.Mutex
	byKey  map[string]*list.Element
	recent *list.List // of *failures, last used first
}

// failures is what is remembered of one key.
type failures struct {
	key   string
	count int
	last  time.Time
	until time.Time // locked until then; zero when not locked yet
}

func newAttempts() *attempts {
	return &attempts{byKey: make(map[string]*list.Element), recent: list.New()}
}

// tried is one thing that a wrong password counts against.
type tried struct {
	key   string
	limit int
}

// triedBy returns what a sign-in counts against; the first is the person.
func triedBy(login, address string) []tried {
	return []tried{
		{"login\x00" + market.Clip(login, maxLogin) + "\x00" + address, triesPerLogin},
		{"address\x00" + address, triesPerAddress},
	}
}

// admit returns TooMany, saying how long to wait, while any of the keys is locked.
func (a *attempts) admit(now time.Time, by []tried) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	var wait time.Duration
	for _, t := range by {
		if e, ok := a.byKey[t.key]; ok {
			wait = max(wait, e.Value.(*failures).until.Sub(now))
		}
	}
	if wait <= 0 {
		return nil
	}
	minutes := int(math.Ceil(wait.Minutes()))
	return &market.Error{Kind: market.TooMany, Code: "too_many_attempts", Retry: wait,
		Message: "登录失败次数过多，请 " + strconv.Itoa(minutes) + " 分钟后再试。忘记密码请联系本单位管理员。"}
}

// fail counts a wrong password against each of the keys.
func (a *attempts) fail(now time.Time, by []tried) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, t := range by {
		f := a.touch(t.key)
		if now.Sub(f.last) > firstLock && now.Sub(f.until) > longLock {
			f.count = 0
		}
		f.count, f.last = f.count+1, now
		if over := f.count - t.limit; over >= 0 {
			f.until = now.Add(min(firstLock<<min(over, 8), longLock))
		}
	}
}

// forget clears a key after a right password.
func (a *attempts) forget(key string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if e, ok := a.byKey[key]; ok {
		a.recent.Remove(e)
		delete(a.byKey, key)
	}
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
