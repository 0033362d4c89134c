package site

import (
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/duplicate"
	"jishi/internal/market"
	"jishi/web"
)

// pairsPerPage is how many pairs the officers' queue shows at once.
const pairsPerPage = 20

// duplicatePages is the pages about listings that may be the same.
type duplicatePages struct{ *Site }

func (p duplicatePages) routes() []route {
	return []route{
		{"GET", "/admin/duplicates", p.list, market.ActReviewDuplicates},
		{"GET", "/duplicates/:id", p.show, market.ActReadDuplicate},
		{"POST", "/duplicates/:id/dispute", p.judge(market.ActDispute), market.ActDispute},
		{"POST", "/duplicates/:id/dismiss", p.judge(market.ActDismiss), market.ActDismiss},
		{"POST", "/duplicates/:id/merge", p.merge, market.ActMerge},
		{"POST", "/duplicates/:id/unmerge", p.unmerge, market.ActUnmerge},
	}
}

func pairHref(id market.ID) string { return "/duplicates/" + url.PathEscape(string(id)) }

// ownerNames is the names of the organizations that list the two.
func (s *Site) ownerNames(c *fiber.Ctx, pair *duplicate.Pair) (names [2]string, err error) {
	found, err := s.Audit.Names.Orgs.GetMany(c.UserContext(), []market.ID{pair.Left.Owner, pair.Right.Owner})
	for _, org := range found {
		for i, side := range []duplicate.Side{pair.Left, pair.Right} {
			if side.Owner == org.ID {
				names[i] = org.Name
			}
		}
	}
	return names, err
}

// pairPage is the data of page "duplicate".
type pairPage struct {
	Base    web.Base
	Why     string
	Badge   web.Badge
	Sides   []pairSide
	Press   []web.Press
	Ask     []web.Confirm
	History []web.Step
	Merged  bool
}

// pairSide is one of the two with what differs marked.
type pairSide struct {
	duplicate.Side
	Href    string
	Title   []web.Span
	Text    []web.Span
	Facts   []web.Term
	Badge   web.Badge
	Stands  bool // it stands for both
	History []web.Step
}

// show answers with two listings side by side.
func (p duplicatePages) show(c *fiber.Ctx) error {
	pair, err := p.Duplicates.Show(c.UserContext(), actor(c), id(c))
	if err != nil {
		return err
	}
	return p.page(c, fiber.StatusOK, pair, refusal{})
}

func (p duplicatePages) page(c *fiber.Ctx, status int, pair *duplicate.Pair, refused refusal) error {
	for _, history := range [][]market.Event{pair.History, pair.Left.History, pair.Right.History} {
		if err := p.name(c, history); err != nil {
			return err
		}
	}
	names, err := p.ownerNames(c, pair)
	if err != nil {
		return err
	}
	page := pairPage{Base: p.base(c, "可能重复的"+named(market.ListingKinds, string(pair.Kind)), ""), Why: why(pair.Similarity, pair.Numbers),
		Badge: pairBadge(pair.State), History: pairSteps(pair.History), Merged: pair.State == market.DuplicateMerged}
	page.Base.Path = pairHref(pair.ID)
	if market.May(actor(c), market.ActReviewDuplicates) {
		page.Base.Crumbs = crumbs("对照", web.Crumb{Href: "/admin/duplicates", Text: "可能重复"})
	} else {
		page.Base.Crumbs = crumbs("对照", web.Crumb{Href: "/desk", Text: "我的工作"})
	}
	if refused.text != "" {
		page.Base.Flash = &web.Flash{Kind: web.Bad, Text: refused.text, Href: refused.href}
	}
	page.Sides = []pairSide{sideOf(pair, pair.Left, pair.Right, names[0]), sideOf(pair, pair.Right, pair.Left, names[1])}
	page.decide(pair, refused)
	return p.render(c, status, "duplicate", page)
}

// sideOf is one listing as it stands beside the other.
func sideOf(pair *duplicate.Pair, one, other duplicate.Side, owner string) pairSide {
	side := pairSide{Side: one, Href: listingHref(one.Kind, one.ID), Stands: pair.Into == one.ID,
		Title: spans(duplicate.Differences(one.Title, other.Title)), Text: spans(duplicate.Differences(one.Summary, other.Summary)),
		Badge: web.Badge{Text: one.State.Name(), Tone: stateTones[one.State]}, History: steps(one.History)}
	if one.State == market.StateMerged {
		side.Href = "" // its address leads to the other one
	}
	var numbers []string
	for _, number := range one.Numbers {
		numbers = append(numbers, market.NumberText(number))
	}
	published := ""
	if !one.Published.IsZero() {
		published = string(market.DateOf(one.Published))
	}
	side.Facts = stated(web.Term{Label: "完成或需求单位", Value: one.Who}, web.Term{Label: "发布单位", Value: owner}, web.Term{Label: "专利号、登记号", Value: strings.Join(numbers, "、")},
		web.Term{Label: "首次发布", Value: published}, web.Term{Label: "来源", Value: one.Source}, web.Term{Label: "外部编号", Value: externalText(one.External)})
	return side
}

// externalText is the id a listing was imported under without its owner's.
func externalText(key string) string {
	_, text, _ := strings.Cut(key, "/")
	return text
}

// listingHref is the address of a listing of either kind.
func listingHref(kind market.ListingKind, id market.ID) string {
	if kind == market.KindDemand {
		return "/demands/" + url.PathEscape(string(id))
	}
	return "/achievements/" + url.PathEscape(string(id))
}

func pairBadge(state market.DuplicateState) web.Badge {
	tones := map[market.DuplicateState]web.Tone{market.DuplicateOpen: web.Wait, market.DuplicateDisputed: web.Wait, market.DuplicateMerged: web.Good}
	return web.Badge{Text: state.Name(), Tone: tones[state]}
}

func pairSteps(history []market.Event) []web.Step {
	list := make([]web.Step, 0, len(history))
	for _, e := range history {
		list = append(list, web.Step{At: e.At, Title: market.ActionName(e.Action), By: e.ByName, Text: e.Note})
	}
	slices.Reverse(list)
	return list
}

// decide works out the buttons from what the reader may do.
func (page *pairPage) decide(pair *duplicate.Pair, refused refusal) {
	version := web.Hidden{Name: "version", Value: number(pair.Version)}
	for _, action := range pair.May {
		switch action {
		case market.ActMerge:
			keep := web.Field{Name: "keep", Label: "保留哪一条", Type: "radio", Required: true, Options: []web.Option{{Value: "a", Text: "左边"}, {Value: "b", Text: "右边"}}}
			if refused.action == action {
				keep.Error = refused.keep
			}
			page.Ask = append(page.Ask, web.Confirm{
				Text: "合并成一条", Icon: "check", Action: pairHref(pair.ID) + "/merge", Button: "确认合并",
				Ask:    "另一条不再公开，它的网址转到保留的那一条；原文、来源和经过都保留，随时可以撤销合并。",
				Hidden: []web.Hidden{version}, Fields: []web.Field{keep, pairNote("merge_note", "合并说明", action, refused)}, Open: refused.action == action,
			})
		case market.ActUnmerge:
			page.Ask = append(page.Ask, web.Confirm{Text: "撤销合并", Icon: "refresh", Action: pairHref(pair.ID) + "/unmerge", Button: "确认撤销合并",
				Ask: "被合并的那一条恢复成合并前的样子。", Hidden: []web.Hidden{version}, Fields: []web.Field{pairNote("note", "原因", action, refused)}, Open: refused.action == action})
		case market.ActDismiss, market.ActDispute:
			text := "不是同一项"
			if action == market.ActDispute && slices.Contains(pair.May, market.ActDismiss) {
				continue // who may settle it has no use for merely saying so
			}
			page.Ask = append(page.Ask, web.Confirm{Text: text, Icon: "circle-x", Action: pairHref(pair.ID) + "/" + strings.TrimPrefix(string(action), "duplicate."), Button: "确认不是同一项",
				Hidden: []web.Hidden{version}, Fields: []web.Field{pairNote("note", "哪里不同", action, refused)}, Open: refused.action == action})
		}
	}
}

// pairNote is where one writes why; who says that two are not the same must.
func pairNote(name, label string, action market.Action, refused refusal) web.Field {
	required := action == market.ActDismiss || action == market.ActDispute
	field := web.Field{Name: name, Label: label, Type: "textarea", Rows: 2, MaxLength: market.MaxNote, Required: required, Hint: "会记入经过，对方单位和科技局看得到。"}
	if refused.action == action {
		field.Value, field.Error = refused.note, refused.reason
	}
	return field
}

// judge says that two listings are not the same.
func (p duplicatePages) judge(action market.Action) fiber.Handler {
	return func(c *fiber.Ctx) error {
		f, err := readForm(c)
		if err != nil {
			return err
		}
		if _, err := p.Duplicates.Judge(c.UserContext(), actor(c), id(c), f.version(), action, f.text("note")); err != nil {
			return p.refused(c, f, action, err)
		}
		return done(c, pairHref(id(c)), web.Good, "已记下，不再提示这一对。")
	}
}

func (p duplicatePages) merge(c *fiber.Ctx) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	if _, err := p.Duplicates.Merge(c.UserContext(), actor(c), id(c), f.version(), f.text("keep"), f.text("merge_note")); err != nil {
		return p.refused(c, f, market.ActMerge, err)
	}
	return done(c, pairHref(id(c)), web.Good, "已合并。需要时可以撤销。")
}

func (p duplicatePages) unmerge(c *fiber.Ctx) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	if _, err := p.Duplicates.Unmerge(c.UserContext(), actor(c), id(c), f.version(), f.text("note")); err != nil {
		return p.refused(c, f, market.ActUnmerge, err)
	}
	return done(c, pairHref(id(c)), web.Good, "已撤销合并，两条各自恢复。")
}

// refused shows the pair as it stands now with why something was not done.
func (p duplicatePages) refused(c *fiber.Ctx, f *form, action market.Action, err error) error {
	status, known, err := p.declined(c, err)
	if known == nil {
		return err
	}
	pair, shown := p.Duplicates.Show(c.UserContext(), actor(c), id(c))
	if shown != nil {
		return err
	}
	refused := refusal{action: action, text: known.Message, note: f.text("note") + f.text("merge_note")}
	for _, one := range known.Fields {
		switch one.Field {
		case "note":
			refused.reason = one.Reason
		case "keep":
			refused.keep = one.Reason
		}
	}
	return p.page(c, status, pair, refused)
}
