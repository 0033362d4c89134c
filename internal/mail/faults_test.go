package mail

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"jishi/internal/market"
	"jishi/internal/store"
)

// faulty decides at random, from a fixed seed, what goes wrong.
type faulty struct {
	mu       sync.Mutex
	random   *rand.Rand
	most     int // faults in all
	injected map[fault]int
	total    int
}

func (f *faulty) next() fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.total >= f.most || f.random.IntN(4) == 0 {
		return fine
	}
	one := 1 + fault(f.random.IntN(int(faults)-1))
	f.total++
	f.injected[one]++
	return one
}

func (f *faulty) spent() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.total >= f.most
}

// waiting counts the mails that still have to go out.
func (o *office) waiting(t *testing.T) int {
	t.Helper()
	page, err := o.Mails.Find(t.Context(), store.Query{Equal: []store.Equal{{Field: "state", Value: "waiting"}}, Sort: store.FieldCreated, Limit: 1000})
	must(t, err)
	return len(page.Items)
}

// Two processes share the outbox while the mail server fails in every way it
// can: each mail arrives, and twice only when the server took it and its answer
// did not come back.
func TestNothingIsLost(t *testing.T) {
	o := newOffice(t)
	wrong := &faulty{random: rand.New(rand.NewPCG(20260302, 3)), most: 200, injected: make(map[fault]int)}
	server := startSMTP(t, &smtpd{next: wrong.next})
	send := func() {
		must(t, o.Send(t.Context(), &market.Mail{To: "user@example.cn", Subject: "通知", Text: "正文"}))
	}
	for range 60 {
		send()
	}
	both := []*Outbox{o.Outbox, New(o.Config)} // two processes on one store
	rounds := 0
	for ; o.waiting(t) > 0 && rounds < 200; rounds++ {
		var wait sync.WaitGroup
		for _, one := range both {
			courier := server.smtp(t, "?tls=none")
			wait.Go(func() {
				if err := one.round(t.Context(), courier); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		o.pass(maxPause)
		for range 3 { // more mails, until all faults are spent
			if !wrong.spent() {
				send()
			}
		}
	}
	if o.waiting(t) > 0 || !wrong.spent() {
		t.Fatalf("%d mails left after %d rounds", o.waiting(t), rounds)
	}
	server.Close()
	server.over.Wait()
	arrived := map[string]int{}
	for _, l := range server.all() {
		arrived[l.message.Header.Get("Message-Id")]++
	}
	doubles := 0
	for i := range o.ids {
		id := fmt.Sprintf("<m%03d@jishi.test>", i+1)
		if arrived[id] == 0 {
			t.Errorf("%s never arrived", id)
		}
		if extra := arrived[id] - 1; extra > server.cut[id] {
			t.Errorf("%s arrived %d times, %d answers were cut off", id, arrived[id], server.cut[id])
		} else {
			doubles += extra
		}
	}
	if len(wrong.injected) != int(faults)-1 || doubles == 0 {
		t.Errorf("faults %v, %d doubles: not everything was tried", wrong.injected, doubles)
	}
	t.Logf("%d mails, %d faults %v, %d rounds: none lost, %d arrived again after a cut answer", o.ids, wrong.total, wrong.injected, rounds, doubles)
}
