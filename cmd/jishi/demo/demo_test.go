package demo_test

import (
	"bytes"
	"context"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"jishi/cmd/jishi/demo"
	"jishi/internal/exchange"
	"jishi/internal/market"
)

// clock is when the newest contract has been signed.
func clock() time.Time { return time.Date(2026, 11, 20, 9, 0, 0, 0, market.Shanghai) }

// data is every document of the files, by external id or name.
type data struct {
	organizations map[string]*market.Organization
	demands       map[string]*market.Demand
	achievements  map[string]*market.Achievement
	contracts     map[string]*market.Contract
}

// into collects documents. Imports put from many goroutines.
func into[T exchange.Importable](t *testing.T, mu *sync.Mutex, docs map[string]*T, key func(*T, string) string) exchange.Put[T] {
	return func(_ context.Context, _ market.Actor, doc *T, externalID string, _ bool) (market.Outcome, error) {
		mu.Lock()
		defer mu.Unlock()
		k := key(doc, externalID)
		if docs[k] != nil || k == "" {
			t.Errorf("%T %q comes twice or has no key", doc, k)
		}
		docs[k] = doc
		return market.Created, nil
	}
}

// load brings all files in as a user would.
func load(t *testing.T) data {
	t.Helper()
	d := data{map[string]*market.Organization{}, map[string]*market.Demand{}, map[string]*market.Achievement{}, map[string]*market.Contract{}}
	var mu sync.Mutex
	importer := exchange.NewImporter(exchange.Sinks{
		Organizations: into(t, &mu, d.organizations, func(o *market.Organization, _ string) string { return o.Name }),
		Demands:       into(t, &mu, d.demands, func(_ *market.Demand, id string) string { return id }),
		Achievements:  into(t, &mu, d.achievements, func(_ *market.Achievement, id string) string { return id }),
		Contracts:     into(t, &mu, d.contracts, func(_ *market.Contract, id string) string { return id }),
	}, clock)
	for _, kind := range market.ImportKinds {
		text, err := demo.Files.ReadFile(kind.Code + ".jsonl")
		if err != nil {
			t.Fatal(err)
		}
		rows, err := exchange.Open(bytes.NewReader(text), int64(len(text)))
		if err != nil {
			t.Fatal(err)
		}
		job := &market.ImportJob{Kind: kind.Code}
		if err := importer.Run(context.Background(), market.System, job, rows, func(*market.ImportJob) {}); err != nil {
			t.Errorf("import %s: %v", kind.Code, err)
		}
		for _, p := range job.Problems {
			t.Errorf("%s row %d, %s %q: %s", kind.Code, p.Row, p.Column, p.Value, p.Reason)
		}
		if err := rows.Close(); err != nil {
			t.Error(err)
		}
	}
	return d
}

func sample(name string) bool { return strings.HasPrefix(name, "示例") }

func TestEnoughOfEverything(t *testing.T) {
	d := load(t)
	for _, tt := range []struct {
		name      string
		got, want int
	}{
		{"organizations", len(d.organizations), 40}, {"demands", len(d.demands), 66},
		{"achievements", len(d.achievements), 48}, {"contracts", len(d.contracts), 34},
	} {
		if tt.got < tt.want {
			t.Errorf("%d %s, want at least %d", tt.got, tt.name, tt.want)
		}
	}
}

func TestOrganizations(t *testing.T) {
	d := load(t)
	codes := map[string]string{}
	for name, o := range d.organizations {
		switch {
		case o.Kind == "" || o.Summary == "":
			t.Errorf("%s: kind %q, summary %q", name, o.Kind, o.Summary)
		case !sample(name) && (o.Code != "" || o.Contact != market.Contact{}):
			t.Errorf("%s is real: code and contact must not be invented", name)
		case sample(name) && codes[o.Code] != "":
			t.Errorf("%s and %s share the code %q", name, codes[o.Code], o.Code)
		case sample(name):
			codes[o.Code] = name
		}
	}
}

// The plan stands beside the module, not in it; without it the test has
// nothing to compare with.
func TestRealOrganizationsStandInThePlan(t *testing.T) {
	plan, err := os.ReadFile("../../../../shared/reference/plan-liangping-2021-2025.txt")
	if err != nil {
		t.Skip("the plan's text is not here")
	}
	for name := range load(t).organizations {
		if !sample(name) && !bytes.Contains(plan, []byte(name)) {
			t.Errorf("the plan does not name %s", name)
		}
	}
}

var place = regexp.MustCompile(`^梁平区科技创新“十四五”规划 (专栏[567] |三\([三四五]\)[1-4] )\S+`)

func TestDemands(t *testing.T) {
	d := load(t)
	names, places := map[string]string{}, map[string]int{}
	for id, demand := range d.demands {
		if err := demand.Check(true); err != nil {
			t.Errorf("%s: %v", id, err)
		}
		checkText(t, id, &demand.Listing, names, demand.ClaimKeys())
		if owner := demo.OwnerOf(demand.Demander); !sample(owner) || d.organizations[owner] == nil {
			t.Errorf("%s: demander %q, listed by %q", id, demand.Demander, owner)
		}
		if n := len(demand.Criteria); n < 2 || n > 5 {
			t.Errorf("%s: %d criteria", id, n)
		}
		if demand.MinTRL == 0 || demand.Deadline < "2026-12-01" || demand.Deadline > "2028-12-31" {
			t.Errorf("%s: TRL %d, deadline %s", id, demand.MinTRL, demand.Deadline)
		}
		if !place.MatchString(demand.Source) {
			t.Errorf("%s: source %q cites no place in the plan", id, demand.Source)
		}
		places[demand.Class.Chain]++
	}
	for _, chain := range market.Chains {
		if places[chain.Code] == 0 {
			t.Errorf("no demand of %s", chain.Name)
		}
	}
}

func TestAchievements(t *testing.T) {
	d := load(t)
	names := map[string]string{}
	for id, a := range d.achievements {
		if err := a.Check(true); err != nil {
			t.Errorf("%s: %v", id, err)
		}
		checkText(t, id, &a.Listing, names, a.ClaimKeys())
		if o := d.organizations[a.Holder]; !sample(a.Holder) || o == nil || o.Code != a.HolderCode {
			t.Errorf("%s: holder %q with code %q", id, a.Holder, a.HolderCode)
		}
		for _, p := range a.Partners {
			if !sample(p) || d.organizations[p] == nil {
				t.Errorf("%s: partner %q", id, p)
			}
		}
		if a.Benefit == "" || a.Maturity.Evidence == "" || len(a.Rights) == 0 {
			t.Errorf("%s: benefit %q, evidence %q, %d rights", id, a.Benefit, a.Maturity.Evidence, len(a.Rights))
		}
	}
}

// checkText holds what is asked of demands and achievements alike: texts a
// reader can judge by, codes to be found under, and no name twice.
func checkText(t *testing.T, id string, l *market.Listing, names map[string]string, keys []string) {
	t.Helper()
	if n := utf8.RuneCountInString(l.Summary); n < 150 || n > 400 {
		t.Errorf("%s: summary of %d characters", id, n)
	}
	if utf8.RuneCountInString(l.Title) > 60 || len(l.Keywords) == 0 || l.Class.Industry == "" || l.Class.Division == "" {
		t.Errorf("%s: title %q, keywords %v, class %v", id, l.Title, l.Keywords, l.Class)
	}
	for _, key := range append(keys, market.NormalTitle(l.Title)) {
		if names[key] != "" {
			t.Errorf("%s and %s share %s", id, names[key], key)
		}
		names[key] = id
	}
}

func TestSignInsHaveOrganizations(t *testing.T) {
	d := load(t)
	for name, kind := range map[string]string{demo.University: "university", demo.Enterprise: "enterprise", demo.Broker: "broker", demo.Bureau: "bureau"} {
		if o := d.organizations[name]; o == nil || o.Kind != kind {
			t.Errorf("%s should be a %s: %+v", name, kind, o)
		}
	}
}
