package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"jishi/internal/market"
)

// mongoDB returns the address of a fresh database on the server that
// JISHI_TEST_MONGODB names, and drops the database at the end. Without a
// server the test is skipped; .ci/run starts one.
func mongoDB(t *testing.T) string {
	t.Helper()
	server := os.Getenv("JISHI_TEST_MONGODB")
	if server == "" {
		t.Skip("JISHI_TEST_MONGODB names no server: start the one in deploy/wiretest, or a MongoDB")
	}
	address, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("jishi_test_%d", time.Now().UnixNano())
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		client, err := mongo.Connect(ctx, options.Client().ApplyURI(server))
		if err != nil {
			t.Error(err)
			return
		}
		defer client.Disconnect(ctx)
		if err := client.Database(name).Drop(ctx); err != nil {
			t.Errorf("drop %s: %v", name, err)
		}
	})
	address.Path = "/" + name
	return address.String()
}

// TestOnMongoDB is the main job on MongoDB's wire: bring files in, find, sign
// in, register a contract, see the total move; a second process with an index
// of its own finds the same.
func TestOnMongoDB(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	settings := []string{"JISHI_STORE=" + mongoDB(t), "JISHI_DATA=" + filepath.Join(dir, "one"), "JISHI_LISTEN=127.0.0.1:0", "JISHI_PASSWORD=Kein-Verlass-9"}
	jishi(t, settings, "user", "add", "chief@bureau", "--name", "王", "--org", "某区科技局", "--org-kind", "bureau", "--roles", "officer").works(t)
	for _, table := range tables {
		path := tempFile(t, table.kind+".csv", asCSV(t, table.rows))
		for again := range 2 {
			rows, created, updated, unchanged, failed := counts(t, jishi(t, settings, "import", table.kind, path).works(t))
			if failed > 0 || rows != len(table.rows)-1 || (again == 1 && unchanged != rows) {
				t.Errorf("%s: %d rows, %d new, %d updated, %d unchanged, %d failed", table.kind, rows, created, updated, unchanged, failed)
			}
		}
	}
	s := serveProcess(t, settings, "serve")
	s.ready()
	if status, page := s.get("/search?q=%E9%95%81%E5%90%88%E9%87%91"); status != 200 || !strings.Contains(page, "薄壁型材") {
		t.Errorf("search: %d", status)
	}
	officer := s.signIn("chief@bureau", "Kein-Verlass-9")
	s.agree(t, officer)
	s.register(t, officer)
	other := serveProcess(t, append(settings, "JISHI_DATA="+filepath.Join(dir, "two")), "serve")
	other.ready()
	if one, two := s.total(), other.total(); one != 3 || two != 3 {
		t.Errorf("%d and %d listings, want 3", one, two)
	}
	if out := jishi(t, append(settings, "JISHI_DATA="+filepath.Join(dir, "two")), "reindex").works(t).out; !strings.Contains(out, "索引已重建：3 条") {
		t.Errorf("reindex: %s", out)
	}
	for _, s := range []*servant{s, other} {
		if code, _ := s.stop(syscall.SIGTERM); code != 0 || strings.Contains(s.logged(), "mongodb://") {
			t.Errorf("exit code %d: %s", code, s.logged())
		}
	}
}

// register registers the only contract in the queue and waits for the total.
func (s *servant) register(t *testing.T, officer string) {
	var queue struct {
		Items []struct {
			ID      string
			Amounts market.Amounts
		}
	}
	if status := s.call(officer, "GET", "/contracts?scope=queue", nil, &queue); status != 200 || len(queue.Items) != 1 {
		t.Fatalf("queue: %d, %+v", status, queue)
	}
	if status := s.call(officer, "POST", "/contracts/"+queue.Items[0].ID+"/register", map[string]string{"number": "20265001559001"}, nil); status != 200 {
		t.Fatalf("register: %d", status)
	}
	s.awaits("counted", func() bool {
		var got struct {
			Targets []struct {
				Achieved market.Fen `json:"achieved_fen"`
			}
		}
		s.call("", "GET", "/turnover/target", nil, &got)
		return len(got.Targets) > 0 && got.Targets[0].Achieved == queue.Items[0].Amounts.Total
	})
}
