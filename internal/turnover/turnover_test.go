package turnover

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jishi/internal/follow"
	"jishi/internal/market"
	"jishi/internal/store"
	"jishi/internal/store/sqlite"
)

var (
	ctx   = context.Background()
	noon  = time.Date(2026, 3, 31, 4, 0, 0, 0, time.UTC)
	admin = market.Actor{User: "u-admin", Org: "org-bureau", Name: "管理员", Roles: []market.Role{market.RoleAdmin}}
)

// world is the service on a real store, with a follower that feeds the cube.
type world struct {
	*Service
	engine    store.Engine
	contracts store.Collection[market.Contract]
	follower  *follow.Follower[market.Contract]
}

// contractIndexes is the index that Check reads; contracts are kept by another package.
var contractIndexes = []store.Index{{"state", "registration.at"}}

func newWorld(t testing.TB) *world {
	t.Helper()
	clock := func() time.Time { return noon }
	engine, err := sqlite.Open(filepath.Join(t.TempDir(), "test.db"), clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { engine.Close() })
	targets, err := store.Open[market.Target](ctx, engine, TargetSpec)
	if err != nil {
		t.Fatal(err)
	}
	indicators, err := store.Open[market.Indicator](ctx, engine, IndicatorSpec)
	if err != nil {
		t.Fatal(err)
	}
	ids := 0
	newID := func() market.ID { ids++; return market.ID(fmt.Sprintf("id-%04d", ids)) }
	w := &world{engine: engine, Service: New(nil, Stores{Targets: targets, Indicators: indicators}, clock, newID)}
	w.begin(t, "contracts")
	return w
}

// begin starts over with an empty collection of contracts and an empty cube.
func (w *world) begin(t interface{ Fatal(...any) }, collection string) {
	contracts, err := store.Open[market.Contract](ctx, w.engine, store.Spec{Name: collection, Indexes: contractIndexes})
	if err != nil {
		t.Fatal(err)
	}
	w.contracts, w.stores.Contracts, w.cube = contracts, contracts, NewCube()
	w.follower = &follow.Follower[market.Contract]{Name: "turnover", Source: contracts, Sink: w.cube}
}

// registered makes a registered contract.
func registered(id market.ID, day market.Date, kind string, total market.Fen) *market.Contract {
	c := &market.Contract{
		Project: "示例", Type: kind, State: market.ContractRegistered,
		Sellers:  []market.Party{{Name: "甲", Division: "500109"}},
		Buyers:   []market.Party{{Name: "乙", Division: "500155"}},
		Amounts:  market.Amounts{Total: total, Technology: total / 2, Paid: total / 4},
		Class:    market.ContractClass{Field: "05", Industry: "C"},
		Origin:   market.Origin{Kind: "matched"},
		Register: market.Registration{Number: "2026" + string(id), At: day.Time()},
	}
	c.ID, c.Version = id, 1
	return c
}

// insert stores contracts and lets the cube catch up.
func (w *world) insert(t testing.TB, contracts ...*market.Contract) {
	t.Helper()
	for _, c := range contracts {
		if err := w.contracts.Insert(ctx, c); err != nil {
			t.Fatal(err)
		}
	}
	w.catchUp(t)
}

func (w *world) catchUp(t testing.TB) {
	t.Helper()
	if err := w.follower.CatchUp(ctx); err != nil {
		t.Fatal(err)
	}
}

// text writes an answer as "key/key count fen; …= count fen".
func text(a market.Turnover) string {
	var rows []string
	for _, r := range a.Rows {
		rows = append(rows, fmt.Sprintf("%s %d %d", strings.Join(r.Keys, "/"), r.Count, r.Fen))
	}
	return fmt.Sprintf("%s = %d %d", strings.Join(rows, "; "), a.Count, a.Fen)
}

func wantKind(t *testing.T, err error, kind market.Kind, field string) {
	t.Helper()
	var e *market.Error
	if !errors.As(err, &e) || e.Kind != kind || e.Message == "" {
		t.Errorf("error = %v, want kind %d", err, kind)
		return
	}
	if field != "" && (len(e.Fields) == 0 || e.Fields[0].Field != field) {
		t.Errorf("error = %v, want a problem at %s", err, field)
	}
}
