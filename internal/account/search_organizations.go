package account

import (
	"context"
	"encoding/base64"
	"strings"

	"jishi/internal/market"
)

// OrganizationSearch says which organizations to find. Empty fields ask for
// nothing; all others must hold.
type OrganizationSearch struct {
	Text     string // parts of the name or the credit code, in any order; at most market.MaxQuery characters are read
	Kind     string // code of OrganizationKinds
	Division string // GB/T 2260; a province finds what lies in it
	Mark     string // code of MarkKinds; confirmed and in force today
	After    string // cursor of the page before
	Limit    int    // 1–market.MaxPageSize; 0 = 20
}

// FoundOrganizations is one page of a search, in order of name.
type FoundOrganizations struct {
	Items []*market.Organization // without contacts, histories and evidence
	Next  string                 // cursor of the page after, empty at the end
	Total int                    // of all pages
}

// Directory returns the projection that SearchOrganizations reads, to be fed
// by a follower.
func (s *Organizations) Directory() *Directory { return s.directory }

// SearchOrganizations finds organizations in the directory. Who may manage
// organizations finds all of them, others those the bureau has checked. What
// changed shows as soon as the directory has followed.
func (s *Organizations) SearchOrganizations(ctx context.Context, by market.Actor, f OrganizationSearch) (FoundOrganizations, error) {
	after, err := f.check()
	if err != nil {
		return FoundOrganizations{}, err
	}
	q := directoryQuery{
		words: wordsOf(firstRunes(f.Text, market.MaxQuery)), kind: f.Kind, division: f.Division, mark: f.Mark,
		today: market.DateOf(s.now()), all: market.May(by, market.ActManageOrganizations),
	}
	ids, last, more, total := s.directory.find(q, after, f.Limit)
	found := FoundOrganizations{Total: total}
	if more {
		found.Next = base64.RawURLEncoding.EncodeToString([]byte(string(last.id) + "/" + last.name))
	}
	orgs, err := s.orgs.GetMany(ctx, ids)
	if err != nil {
		return FoundOrganizations{}, err
	}
	for _, org := range orgs {
		if !org.Verified() && !q.all {
			continue // no longer, and the directory has not followed yet
		}
		public := org.Public()
		public.Contact = market.Contact{}
		found.Items = append(found.Items, public)
	}
	return found, nil
}

// check fills in defaults and returns the place to go on from, nil for the
// first page.
func (f *OrganizationSearch) check() (*directoryEntry, error) {
	var p market.Problems
	if f.Limit == 0 {
		f.Limit = 20
	}
	p.Check(f.Limit > 0 && f.Limit <= market.MaxPageSize, "limit", "应在 1 与 100 之间")
	p.Check(f.Kind == "" || market.OrganizationKinds.Has(f.Kind), "kind", "没有这种单位类型")
	p.Check(f.Division == "" || market.DivisionName(f.Division) != f.Division, "division", "不是六位行政区划代码（GB/T 2260）")
	p.Check(f.Mark == "" || market.MarkKinds.Has(f.Mark), "mark", "没有这种资质")
	if err := p.Err(); err != nil || f.After == "" {
		return nil, err
	}
	raw, err := base64.RawURLEncoding.DecodeString(f.After)
	id, name, ok := strings.Cut(string(raw), "/")
	if err != nil || !ok || !market.ID(id).WellFormed() {
		return nil, market.E(market.Invalid, "bad_cursor", "翻页位置已失效，请从第一页重新开始。")
	}
	return &directoryEntry{id: market.ID(id), name: name}, nil
}

// firstRunes returns at most n characters of s.
func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
