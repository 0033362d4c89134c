package privacy

import (
	"sync"
	"time"

	"jishi/internal/market"
)

// A password is asked for once more before an account is closed. Whoever sits
// at somebody else's open session gets so many guesses.
const (
	maxTries  = 5
	tryWindow = 15 * time.Minute
)

// tries counts wrong passwords by user. It forgets them with the process.
type tries struct {
	mu    sync.Mutex
	now   func() time.Time
	wrong map[market.ID][]time.Time
}

// admit returns TooMany after too many wrong passwords of late, else notes one
// more, which right takes back.
func (t *tries) admit(user market.ID) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	var late []time.Time
	for _, at := range t.wrong[user] {
		if now.Sub(at) < tryWindow {
			late = append(late, at)
		}
	}
	if len(late) >= maxTries {
		return &market.Error{Kind: market.TooMany, Code: "too_many_tries", Message: "密码输错次数过多，请 15 分钟后再试。",
			Retry: tryWindow - now.Sub(late[0])}
	}
	if t.wrong == nil {
		t.wrong = make(map[market.ID][]time.Time)
	}
	t.wrong[user] = append(late, now)
	return nil
}

// right forgets the wrong passwords of a user.
func (t *tries) right(user market.ID) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.wrong, user)
}
