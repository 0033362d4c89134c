package disk_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jishi/internal/store/disk"
)

// childFolder names, in the environment of a child process, the folder it puts
// contents into.
const childFolder = "JISHI_TEST_BLOBS"

// childLife bounds a child whose parent died.
const childLife = 20 * time.Second

func TestMain(m *testing.M) {
	if folder := os.Getenv(childFolder); folder != "" {
		os.Exit(runChild(folder))
	}
	os.Exit(m.Run())
}

// runChild puts contents until it is killed, and says the hash of each before
// it begins ("+") and after it was acknowledged ("=").
func runChild(folder string) int {
	blobs, err := disk.Open(folder)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	var source [32]byte
	copy(source[:], fmt.Sprint(os.Getpid(), time.Now().UnixNano()))
	random := rand.NewChaCha8(source)
	for end := time.Now().Add(childLife); time.Now().Before(end); {
		content := make([]byte, 1+random.Uint64()%(3<<20))
		_, _ = random.Read(content) // never fails
		sum := sha256.Sum256(content)
		hash := hex.EncodeToString(sum[:])
		fmt.Println("+" + hash)
		if err := blobs.Put(context.Background(), hash, int64(len(content)), bytes.NewReader(content)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		fmt.Println("=" + hash)
	}
	return 0
}

// TestKill kills a process that puts contents, twenty times over at random
// moments: what it had acknowledged is there, and whatever is there is whole.
func TestKill(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "blobs")
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	begun, acknowledged := map[string]bool{}, map[string]bool{}
	for range 20 {
		killOne(t, folder, time.Duration(random.IntN(120))*time.Millisecond, begun, acknowledged)
	}
	blobs, half := open(t, folder), 0
	for hash := range begun {
		content, err := blobs.Open(t.Context(), hash)
		switch {
		case err == nil:
			if _, err := io.Copy(io.Discard, content); err != nil {
				t.Errorf("%s: %v", hash, err)
			}
			content.Close()
		case acknowledged[hash]:
			t.Errorf("%s was acknowledged: %v", hash, err)
		case !strings.Contains(err.Error(), "no content"):
			t.Errorf("%s is there half: %v", hash, err)
		default:
			half++
		}
	}
	if len(acknowledged) == 0 || half == 0 {
		t.Errorf("%d acknowledged, %d cut short: nothing was proved", len(acknowledged), half)
	}
	t.Logf("%d contents acknowledged by 20 killed processes, %d cut short", len(acknowledged), half)
}

// killOne runs a child, kills it some time after its first acknowledgement, and
// notes what it said.
func killOne(t *testing.T, folder string, after time.Duration, begun, acknowledged map[string]bool) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command(self)
	child.Env = append(os.Environ(), childFolder+"="+folder)
	child.Stderr = os.Stderr
	said, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines, killed := bufio.NewReader(said), false
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			break
		}
		hash := strings.TrimSpace(line[1:])
		switch line[0] {
		case '+':
			begun[hash] = true
		case '=':
			acknowledged[hash] = true
			if !killed {
				killed = true
				time.AfterFunc(after, func() { _ = child.Process.Kill() }) // it may have ended by itself: Wait says
			}
		}
	}
	if err := child.Wait(); err == nil {
		t.Fatal("the child ended by itself")
	}
}
