package synonym

import (
	"context"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"jishi/internal/follow"
	"jishi/internal/market"
	"jishi/internal/store"
	"jishi/internal/store/sqlite"
)

var (
	officer  = market.Actor{User: "u1", Org: "o1", Roles: []market.Role{market.RoleOfficer}, Verified: true}
	supplier = market.Actor{User: "u2", Org: "o2", Roles: []market.Role{market.RoleSupplier}, Verified: true}
)

func newBook(t *testing.T) (*Book, store.Collection[market.Synonym]) {
	t.Helper()
	now := func() time.Time { return time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC) }
	engine, err := sqlite.Open(filepath.Join(t.TempDir(), "test.db"), now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { engine.Close() })
	docs, err := store.Open[market.Synonym](t.Context(), engine, Spec)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	return New(docs, now, func() market.ID { n++; return market.ID(fmt.Sprintf("s%d", n)) }), docs
}

func add(t *testing.T, b *Book, words ...string) *market.Synonym {
	t.Helper()
	s, err := b.Add(t.Context(), officer, &market.Synonym{Words: words})
	if err != nil {
		t.Fatalf("Add(%v): %v", words, err)
	}
	return s
}

func TestAddChecks(t *testing.T) {
	b, _ := newBook(t)
	add(t, b, "SiC", "碳化硅")
	tests := []struct {
		name  string
		words []string
		says  string
	}{
		{"one word", []string{"氮化镓", " "}, "至少写两个"},
		{"the same word twice", []string{"GaN", "ｇａｎ"}, "至少写两个"},
		{"a word of another group", []string{"金刚砂", "sic"}, "SiC"},
		{"punctuation", []string{"氮化镓", "——"}, "文字或数字"},
		{"too long", []string{"氮化镓", strings.Repeat("长", 41)}, "最多 40 字"},
		{"too many", strings.Fields("a b c d e f g h i j k l m"), "最多 12 个词"},
		{"broken bytes", []string{"a", "b\xff"}, "无法识别"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := b.Add(t.Context(), officer, &market.Synonym{Words: tt.words})
			if !market.Is(err, market.Invalid) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%v, want Invalid with %q", err, tt.says)
			}
		})
	}
}

func TestOnlyTheOfficeChangesTheTable(t *testing.T) {
	b, _ := newBook(t)
	s := add(t, b, "SiC", "碳化硅")
	calls := map[string]func(by market.Actor) error{
		"list":    func(by market.Actor) error { _, err := b.List(t.Context(), by, ""); return err },
		"show":    func(by market.Actor) error { _, err := b.Show(t.Context(), by, s.ID); return err },
		"add":     func(by market.Actor) error { _, err := b.Add(t.Context(), by, s); return err },
		"revise":  func(by market.Actor) error { _, err := b.Revise(t.Context(), by, s.ID, 0, s); return err },
		"remove":  func(by market.Actor) error { _, err := b.Remove(t.Context(), by, s.ID, 0); return err },
		"restore": func(by market.Actor) error { _, err := b.Restore(t.Context(), by, s.ID, 0); return err },
		"import":  func(by market.Actor) error { _, err := b.Import(t.Context(), by, "a、b"); return err },
	}
	for name, call := range calls {
		t.Run(name, func(t *testing.T) {
			if err := call(supplier); !market.Is(err, market.Denied) {
				t.Errorf("a supplier: %v, want Denied", err)
			}
			if err := call(market.Actor{}); !market.Is(err, market.Unauthenticated) {
				t.Errorf("a visitor: %v, want Unauthenticated", err)
			}
		})
	}
}

func TestLifeOfAGroup(t *testing.T) {
	b, _ := newBook(t)
	ctx := t.Context()
	s := add(t, b, "SiC", "碳化硅")
	s, err := b.Revise(ctx, officer, s.ID, s.Version, &market.Synonym{Words: []string{"SiC", "碳化硅", "金刚砂", "SIC"}, Note: "GB/T"})
	if err != nil || !reflect.DeepEqual(s.Words, []string{"SiC", "碳化硅", "金刚砂"}) {
		t.Fatalf("%v, %v", s.Words, err)
	}
	if _, err := b.Revise(ctx, officer, s.ID, 1, s); !market.Is(err, market.Stale) {
		t.Errorf("revised from version 1: %v, want Stale", err)
	}
	if s, err = b.Remove(ctx, officer, s.ID, s.Version); err != nil || s.State != market.SynonymRemoved {
		t.Fatalf("%v, %v", s.State, err)
	}
	if _, err := b.Remove(ctx, officer, s.ID, 0); !market.Is(err, market.Conflict) {
		t.Errorf("removed twice: %v, want Conflict", err)
	}
	other := add(t, b, "碳化硅", "carborundum")
	if _, err := b.Restore(ctx, officer, s.ID, 0); !market.Is(err, market.Invalid) {
		t.Errorf("restored although a word is taken: %v, want Invalid", err)
	}
	if _, err := b.Remove(ctx, officer, other.ID, 0); err != nil {
		t.Fatal(err)
	}
	if s, err = b.Restore(ctx, officer, s.ID, 0); err != nil || s.State != market.SynonymUsed {
		t.Fatalf("%v, %v", s.State, err)
	}
	var actions []market.Action
	for _, e := range s.History {
		actions = append(actions, e.Action)
	}
	if want := []market.Action{market.ActAddSynonym, market.ActReviseSynonym, market.ActRemoveSynonym, market.ActRestoreSynonym}; !slices.Equal(actions, want) {
		t.Errorf("history %v, want %v", actions, want)
	}
}

func TestImport(t *testing.T) {
	b, _ := newBook(t)
	add(t, b, "SiC", "碳化硅")
	done, err := b.Import(t.Context(), officer, "\ufeff同义词,说明\r\n碳化硅、sic\r\n氮化镓,GaN\n\n孤词\n\"氧化镓\"\tGa2O3\n氮化镓、碳化硅")
	if err != nil || done.Added != 2 || done.Same != 1 || len(done.Refused) != 2 {
		t.Fatalf("%+v, %v", done, err)
	}
	if done.Refused[0].Line != 5 || done.Refused[1].Line != 7 {
		t.Errorf("refused lines %+v, want 5 and 7", done.Refused)
	}
	if _, err := b.Import(t.Context(), officer, strings.Repeat("\n", 3000)); !market.Is(err, market.TooLarge) {
		t.Errorf("3,000 lines: %v, want TooLarge", err)
	}
}

// What the office removed or changed is not brought back at the next start.
func TestSeed(t *testing.T) {
	b, docs := newBook(t)
	for range 2 {
		if err := b.Seed(t.Context()); err != nil {
			t.Fatal(err)
		}
		all, err := b.List(t.Context(), officer, "")
		if err != nil || len(all) < 60 {
			t.Fatalf("%d groups, %v", len(all), err)
		}
		held := held{by: map[string]*market.Synonym{}}
		for _, s := range all {
			if err := s.Check(); err != nil {
				t.Errorf("%v: %v", s.Words, err)
			}
			if err := held.free(s); err != nil {
				t.Error(err)
			}
			held.add(s)
		}
	}
	if _, err := b.Remove(t.Context(), officer, "synonym-default-001", 0); err != nil {
		t.Fatal(err)
	}
	if err := b.Seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s, err := docs.Get(t.Context(), "synonym-default-001"); err != nil || s.State != market.SynonymRemoved {
		t.Errorf("%v, %v", s, err)
	}
}

func TestBoardFollowsTheTable(t *testing.T) {
	b, docs := newBook(t)
	var shown [][]string
	board := NewBoard(func(groups [][]string) { shown = groups })
	follower := follow.Follower[market.Synonym]{Source: docs, Sink: board}
	catchUp := func(want ...[]string) {
		t.Helper()
		if err := follower.CatchUp(context.Background()); err != nil {
			t.Fatal(err)
		}
		if len(shown) != len(want) || len(want) > 0 && !reflect.DeepEqual(shown, want) {
			t.Errorf("shown %v, want %v", shown, want)
		}
	}
	s := add(t, b, "SiC", "碳化硅")
	add(t, b, "GaN", "氮化镓")
	catchUp([]string{"GaN", "氮化镓"}, []string{"SiC", "碳化硅"})
	if _, err := b.Remove(t.Context(), officer, s.ID, 0); err != nil {
		t.Fatal(err)
	}
	catchUp([]string{"GaN", "氮化镓"})
}

func FuzzImport(f *testing.F) {
	for _, seed := range []string{"SiC、碳化硅", "\ufeff同义词\na,b", "a;b\tc\r\n\"x\"", "\xff、b", "同义词"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, list string) {
		b, _ := newBook(t)
		done, err := b.Import(t.Context(), officer, list)
		if err != nil {
			if !market.Is(err, market.TooLarge) {
				t.Fatal(err)
			}
			return
		}
		all, err := b.List(t.Context(), officer, "")
		if err != nil || len(all) != done.Added {
			t.Fatalf("%d groups of %d added, %v", len(all), done.Added, err)
		}
		for _, s := range all {
			if err := s.Check(); err != nil {
				t.Fatalf("%q: %v", s.Words, err)
			}
		}
	})
}
