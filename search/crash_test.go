package search

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"jishi/internal/market"
)

// crashRounds is how often each crash test kills.
const crashRounds = 30

// TestMain also runs the process that the crash tests kill.
func TestMain(m *testing.M) {
	if mode, dir, ok := strings.Cut(os.Getenv("JISHI_CRASH"), ":"); ok {
		if err := crashChild(mode, dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// crashChild works on the index of dir until it is killed, and prints a line
// for everything acknowledged.
func crashChild(mode, dir string) error {
	ix, err := Open(dir, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	achievementEntry(published("warm", "词典", "先装好")).document("a:warm") // loads the dictionary
	fmt.Println("open")
	switch mode {
	case "rebuild":
		return crashRebuild(ix)
	case "full":
		return fullDisk(ix)
	}
	cursor, err := ix.Achievements().Position(context.Background())
	if err != nil {
		return err
	}
	n, _ := strconv.Atoi(cursor) // "" is 0
	for {
		batch := make([]*market.Achievement, 1+rand.IntN(20))
		for i := range batch {
			n++
			batch[i] = published(market.ID("a"+strconv.Itoa(n)), "镁合金压铸", "第"+strconv.Itoa(n)+"项")
		}
		if err := ix.Achievements().Apply(context.Background(), batch, strconv.Itoa(n)); err != nil {
			return err
		}
		fmt.Println(n)
	}
}

// crashRebuild rebuilds for ever, to turns of 30 and 20 listings.
func crashRebuild(ix *Index) error {
	for round := 0; ; round++ {
		total := 20 + round%2*10
		err := ix.Rebuild(context.Background(), func(ctx context.Context, into Sinks) error {
			position, err := into.Achievements.Position(ctx)
			if err != nil {
				return err
			}
			done, _ := strconv.Atoi(position)
			for done < total {
				var batch []*market.Achievement
				for range 5 {
					batch = append(batch, published(market.ID("r"+strconv.Itoa(done)), "镁合金压铸", "重建"))
					done++
				}
				if err := into.Achievements.Apply(ctx, batch, strconv.Itoa(done)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		fmt.Println(total)
	}
}

// killed runs the child on dir, kills it a random while after it printed so
// many lines, of which the first says that it opened the index, and returns the
// last one it printed, "open" if nothing was acknowledged.
func killed(t *testing.T, mode, dir string, after int) string {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), "JISHI_CRASH="+mode+":"+dir)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for range after {
		if !lines.Scan() {
			t.Fatal("the child died by itself: ", child.Wait())
		}
	}
	last := lines.Text()
	time.AfterFunc(time.Duration(rand.IntN(250))*time.Millisecond, func() { child.Process.Kill() })
	for lines.Scan() {
		last = lines.Text()
	}
	child.Wait() // it was killed; there is no other end
	return last
}

func TestKilledWhileIndexing(t *testing.T) {
	dir := t.TempDir()
	total := 0
	for round := range crashRounds {
		acknowledged := total
		// Every other time not before something was acknowledged, however busy the machine is.
		if line := killed(t, "apply", dir, 1+round%2); line != "open" {
			acknowledged, _ = strconv.Atoi(line)
		}
		ix, err := Open(dir, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		cursor, err := ix.Achievements().Position(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		total, _ = strconv.Atoi(cursor)
		if total < acknowledged {
			t.Fatalf("round %d: position %d, but %d was acknowledged", round, total, acknowledged)
		}
		if n, err := ix.Count(t.Context()); err != nil || n != total {
			t.Fatalf("round %d: %d listings at position %d, %v", round, n, total, err)
		}
		soundAt(t, ix, total)
		for range min(total, 20) {
			n := strconv.Itoa(1 + rand.IntN(total))
			if hits := find(t, ix, market.SearchQuery{Text: "第" + n + "项"}).Hits; len(hits) == 0 || hits[0].ID != market.ID("a"+n) {
				t.Fatalf("round %d: listing %s of %d is not found: %v", round, n, total, hits)
			}
		}
		if err := ix.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if total == 0 {
		t.Error("nothing was ever acknowledged; the test shows nothing")
	}
	t.Logf("%d kills, %d listings, none lost", crashRounds, total)
}

func TestKilledWhileRebuilding(t *testing.T) {
	dir := t.TempDir()
	ix, err := Open(dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	var old []*market.Achievement
	for i := range 20 {
		old = append(old, published(market.ID("r"+strconv.Itoa(i)), "镁合金压铸", "原有"))
	}
	apply(t, ix, old, "20")
	if err := ix.Close(); err != nil {
		t.Fatal(err)
	}
	swapped := 0
	for round := range crashRounds {
		if killed(t, "rebuild", dir, 1) != "open" {
			swapped++
		}
		ix, err := Open(dir, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		cursor, err := ix.Achievements().Position(t.Context())
		n, countErr := ix.Count(t.Context())
		if err != nil || countErr != nil || n != 20 && n != 30 || cursor != strconv.Itoa(n) {
			t.Fatalf("round %d: %d listings at position %q (%v, %v), want a whole generation", round, n, cursor, err, countErr)
		}
		if err := ix.Check(t.Context()); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		if got := find(t, ix, market.SearchQuery{Text: "镁合金"}).Total; got != n {
			t.Fatalf("round %d: %d of %d found", round, got, n)
		}
		if names := generations(t, dir); len(names) != 1 {
			t.Fatalf("round %d: generations %v remain, want one", round, names)
		}
		if err := ix.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d kills, %d of them after a swap", crashRounds, swapped)
}

// soundAt fails unless the index is sound and holds exactly the listings a1 to
// a<total>: the store as the killed process had read it.
func soundAt(t *testing.T, ix *Index, total int) {
	t.Helper()
	if err := ix.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	census := NewCensus()
	for n := range total {
		census.Achievement(published(market.ID("a"+strconv.Itoa(n+1)), "镁合金压铸", "说明"))
	}
	d, err := ix.Compare(t.Context(), census)
	if err != nil || !d.Empty() {
		t.Fatalf("the index differs from the store: %s, %v", d, err)
	}
}
