package account

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"jishi/internal/follow"
	"jishi/internal/market"
)

// catchUp makes the directory hold what the store holds.
func (h *house) catchUp(t *testing.T) {
	t.Helper()
	follower := follow.Follower[market.Organization]{Name: "directory", Source: h.orgs, Sink: h.Directory()}
	if err := follower.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestSearchOrganizations(t *testing.T) {
	h := newHouse(t)
	for _, org := range []market.Organization{
		{Name: "梁平农业科技公司", Kind: "enterprise", Division: "500155", Code: codeOne},
		{Name: "ＡＢＣ（重庆）研究院", Kind: "institute", Division: "500112"},
		{Name: "成都农业研究所", Kind: "institute", Division: "510000"},
	} {
		if _, err := h.CreateOrganization(t.Context(), market.System, &org); err != nil {
			t.Fatal(err)
		}
	}
	pending := h.in(t, market.OrgPending, codeTwo)
	marked := h.in(t, market.OrgVerified, codeThree)
	entry := h.orgOf(t, codeThree)
	entry.Marks = []market.Mark{{Kind: "tech", From: "2024-01-01"}, {Kind: "hightech", From: "2020-01-01", Until: "2023-01-01"}}
	if _, err := h.ReviseOrganization(t.Context(), marked.manager, entry); err != nil {
		t.Fatal(err)
	}
	officer := actor(market.RoleOfficer)
	for _, m := range entry.Marks {
		if _, err := h.ConfirmMark(t.Context(), officer, marked.id, 0, m.Kind, m.From, true); err != nil {
			t.Fatal(err)
		}
	}
	h.catchUp(t)
	tests := []struct {
		name  string
		by    market.Actor
		f     OrganizationSearch
		names []string
	}{
		{"all", market.Actor{}, OrganizationSearch{}, []string{"ABC(重庆)研究院", "成都农业研究所", "梁平农业科技公司", "示例大学", "示例镁业有限公司"}},
		{"part of a name", market.Actor{}, OrganizationSearch{Text: "农业"}, []string{"成都农业研究所", "梁平农业科技公司"}},
		{"two parts in any order", market.Actor{}, OrganizationSearch{Text: "研究　农业"}, []string{"成都农业研究所"}},
		{"letters in other width and case", market.Actor{}, OrganizationSearch{Text: "abc 重庆"}, []string{"ABC(重庆)研究院"}},
		{"part of a code", market.Actor{}, OrganizationSearch{Text: codeOne[4:12]}, []string{"梁平农业科技公司"}},
		{"only signs", market.Actor{}, OrganizationSearch{Text: "？！"}, []string{"ABC(重庆)研究院", "成都农业研究所", "梁平农业科技公司", "示例大学", "示例镁业有限公司"}},
		{"kind", market.Actor{}, OrganizationSearch{Kind: "institute"}, []string{"ABC(重庆)研究院", "成都农业研究所"}},
		{"province", market.Actor{}, OrganizationSearch{Division: "500000", Text: "A"}, []string{"ABC(重庆)研究院"}},
		{"district", market.Actor{}, OrganizationSearch{Division: "500155"}, []string{"梁平农业科技公司", "示例镁业有限公司"}},
		{"mark in force", market.Actor{}, OrganizationSearch{Mark: "tech"}, []string{"示例镁业有限公司"}},
		{"mark that ended", market.Actor{}, OrganizationSearch{Mark: "hightech"}, nil},
		{"what waits is not found", market.Actor{}, OrganizationSearch{Text: codeTwo}, nil},
		{"but by officers", officer, OrganizationSearch{Text: codeTwo}, []string{"示例镁业有限公司"}},
		{"nothing", market.Actor{}, OrganizationSearch{Text: "没有这样的单位"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, limit := range []int{1, 2, 100} {
				var names []string
				f := tt.f
				f.Limit = limit
				for {
					found, err := h.SearchOrganizations(t.Context(), tt.by, f)
					if err != nil || found.Total != len(tt.names) {
						t.Fatalf("%d found, %v", found.Total, err)
					}
					for _, org := range found.Items {
						names = append(names, org.Name)
						if org.Contact != (market.Contact{}) || org.History != nil || org.Evidence != nil {
							t.Errorf("a list carries %+v", org)
						}
					}
					if f.After = found.Next; f.After == "" {
						break
					}
				}
				if !slices.Equal(names, tt.names) {
					t.Errorf("by %d: %v, want %v", limit, names, tt.names)
				}
			}
		})
	}
	for _, wrong := range []OrganizationSearch{{Limit: -1}, {Limit: 101}, {Kind: "gold"}, {Mark: "gold"}, {Division: "1"}, {After: "!"}, {After: "YWJj"}} {
		if _, err := h.SearchOrganizations(t.Context(), market.Actor{}, wrong); !market.Is(err, market.Invalid) {
			t.Errorf("%+v: %v", wrong, err)
		}
	}
	// Suspended: gone at once, also before the directory follows.
	if _, err := h.MoveOrganization(t.Context(), officer, marked.id, 0, market.ActSuspendOrganization, "停业"); err != nil {
		t.Fatal(err)
	}
	if found, err := h.SearchOrganizations(t.Context(), market.Actor{}, OrganizationSearch{Mark: "tech"}); err != nil || len(found.Items) != 0 {
		t.Errorf("a suspended organization is found: %+v, %v", found.Items, err)
	}
	_ = pending
}

// The directory takes changes in any order and any number of times.
func TestDirectoryFollows(t *testing.T) {
	d := NewDirectory()
	org := func(id string, version int64, name string) *market.Organization {
		return &market.Organization{Meta: market.Meta{ID: market.ID(id), Version: version}, Name: name, State: market.OrgVerified}
	}
	for _, batch := range [][]*market.Organization{{org("1", 1, "丙"), org("2", 1, "甲")}, {org("1", 3, "乙"), org("1", 2, "丁")}, {org("2", 1, "甲"), org("3", 1, "乙")}} {
		if err := d.Apply(t.Context(), batch, "next"); err != nil {
			t.Fatal(err)
		}
	}
	ids, _, more, total := d.find(directoryQuery{}, nil, 10)
	if !slices.Equal(ids, []market.ID{"1", "3", "2"}) || more || total != 3 {
		t.Errorf("found %v of %d", ids, total)
	}
	if at, err := d.Position(t.Context()); at != "next" || err != nil {
		t.Errorf("at %q, %v", at, err)
	}
}

func bigDirectory(b *testing.B, n int) *Directory {
	b.Helper()
	d, ctx := NewDirectory(), context.Background()
	kinds, places := []string{"university", "enterprise", "broker", "service"}, []string{"500155", "500112", "510000"}
	for from := 0; from < n; from += 500 {
		var batch []*market.Organization
		for i := from; i < from+500; i++ {
			name := strings.Join([]string{"重庆", string(rune('一' + i%5000)), string(rune('丁' + i/7%3000)), "科技发展有限公司", fmt.Sprint(i)}, "")
			batch = append(batch, &market.Organization{
				Meta: market.Meta{ID: market.ID(fmt.Sprintf("id-%06d", (i*7919)%n)), Version: 1}, Name: name, Code: fmt.Sprintf("9150%014d", i), State: market.OrgVerified,
				Kind: kinds[i%4], Division: places[i%3], Marks: []market.Mark{{Kind: "tech", From: "2024-01-01", Confirmed: i%10 == 0}},
			})
		}
		if err := d.Apply(ctx, batch, "x"); err != nil {
			b.Fatal(err)
		}
	}
	return d
}

func BenchmarkDirectory(b *testing.B) {
	const n = 50_000
	d := bigDirectory(b, n)
	for _, one := range []struct {
		name string
		q    directoryQuery
	}{
		{"nothing asked", directoryQuery{}}, {"part of a name", directoryQuery{words: wordsOf("科技 发展")}}, {"nothing matches", directoryQuery{words: wordsOf("没有这样的单位")}},
		{"code", directoryQuery{words: wordsOf("91500000000004999")}}, {"kind, place and mark", directoryQuery{kind: "enterprise", division: "500000", mark: "tech", today: "2026-01-01"}},
	} {
		b.Run(one.name, func(b *testing.B) {
			for b.Loop() {
				d.find(one.q, nil, 20)
			}
		})
	}
	b.Run("fill", func(b *testing.B) {
		for b.Loop() {
			bigDirectory(b, n)
		}
	})
}
