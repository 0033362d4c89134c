package site

import (
	"context"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/exchange"
	"jishi/internal/listing"
	"jishi/internal/market"
	"jishi/web"
)

const (
	// expiringSoon is how long before its end a listing is to be renewed.
	expiringSoon = 30 * 24 * time.Hour
	// deskLength is how many listings of each kind, last changed first, the
	// desk sorts by what is due; the lists behind it show all.
	deskLength = 100
	// restLength is how many of those that ask for nothing are shown.
	restLength = 10
	// deskReasons bounds for how many rejected listings the reason is fetched.
	deskReasons = 10
)

// deskPages is everybody's own work.
type deskPages struct{ *Site }

// deskPage is the data of page "desk".
type deskPage struct {
	Base       web.Base
	Waiting    int // in the review queue, for officers
	Review     bool
	Sections   []deskSection
	Unverified string      // why little can be done yet; empty when the organization is checked
	New        []web.Crumb // what the reader may publish
	All        []web.Crumb // the full lists
}

// deskSection is the rows that ask for the same.
type deskSection struct {
	Title string
	Count string // of all such listings; empty when not all were looked at
	Rows  []deskRow
}

// deskRow is one listing of the reader's organization.
type deskRow struct {
	Kind  string
	Title string
	Href  string
	State web.Badge
	Due   time.Time // when it expires; zero when that is far off or not fixed
	At    time.Time // last change
	Note  string    // why it was rejected
	Next  web.Crumb // what to do; may be empty
	due   due
}

// due says which section a row belongs to, the most pressing first.
type due int

const (
	toCorrect due = iota
	toRenew
	toSubmit
	inReview
	isPublic
	atRest
)

var dueTitles = map[due]string{
	toCorrect: "要改正的", toRenew: "要续期的", toSubmit: "草稿", inReview: "审核中的", isPublic: "公开的", atRest: "已撤回的",
}

// show answers with the reader's work in order of what is due.
func (p deskPages) show(c *fiber.Ctx) error {
	ctx, by := c.UserContext(), actor(c)
	achievements, all, err := p.achievementPages().own(ctx, by)
	if err != nil {
		return err
	}
	demands, allDemands, err := p.demandPages().own(ctx, by)
	if err != nil {
		return err
	}
	contracts, allContracts, err := contractLists(p).own(ctx, by)
	if err != nil {
		return err
	}
	rows := slices.Concat(achievements, demands, contracts)
	entrusted, err := p.entrusted(ctx, by)
	if err != nil {
		return err
	}
	page := deskPage{Base: p.base(c, "我的工作", "/desk"), Sections: append(entrusted, sections(rows, all && allDemands && allContracts)...)}
	if page.Review = market.May(by, market.ActReviewListings); page.Review {
		rows, err := p.waiting(ctx, by)
		if err != nil {
			return err
		}
		page.Waiting = len(rows)
	}
	page.New, page.All = deskLinks(by)
	switch {
	case by.Org == "":
		page.Unverified = "您还不代表任何单位，可以注册单位，或者等加入申请处理。"
	case !by.Verified:
		page.Unverified = "您的单位还没有通过科技局核验，可以先存草稿，通过后才能提交。"
	}
	return p.render(c, fiber.StatusOK, "desk", page)
}

// entrusted is the demands that were handed to the reader.
func (p deskPages) entrusted(ctx context.Context, by market.Actor) ([]deskSection, error) {
	if !market.May(by, market.ActListEntrusted) {
		return nil, nil
	}
	found, err := p.Entrusting.Entrusted(ctx, by, "", deskLength)
	if err != nil || len(found.Items) == 0 {
		return nil, err
	}
	section := deskSection{Title: "委托给我的需求"}
	for _, d := range found.Items {
		row := p.demandPages().row(d)
		row.Due, row.Next = time.Time{}, web.Crumb{Href: row.Href + "#fits", Text: "看匹配"}
		section.Rows = append(section.Rows, row)
	}
	if found.Next == "" {
		section.Count = web.Count(int64(len(section.Rows)))
	}
	return []deskSection{section}, nil
}

// deskLinks is what the reader may begin, and the full lists behind the desk.
func deskLinks(by market.Actor) (begin, all []web.Crumb) {
	for _, link := range []struct {
		may        market.Action
		begin, all web.Crumb
	}{
		{market.ActCreateAchievement, web.Crumb{Href: "/achievements/new", Text: "发布成果"}, web.Crumb{Href: "/desk/achievements", Text: "本单位全部成果"}},
		{market.ActCreateDemand, web.Crumb{Href: "/demands/new", Text: "发布需求"}, web.Crumb{Href: "/desk/demands", Text: "本单位全部需求"}},
		{market.ActCreateContract, web.Crumb{Href: "/contracts/new", Text: "填报合同"}, web.Crumb{Href: "/contracts?tab=mine", Text: "本单位全部合同"}},
	} {
		if market.May(by, link.may) {
			begin, all = append(begin, link.begin), append(all, link.all)
		}
	}
	if market.May(by, market.ActImport) {
		all = append(all, web.Crumb{Href: "/imports/new", Text: "批量导入"})
	}
	return begin, all
}

// sections sorts rows by what is due; empty sections are left out, and what
// asks for nothing is cut short. all says that rows holds every listing.
func sections(rows []deskRow, all bool) []deskSection {
	var list []deskSection
	for d := toCorrect; d <= atRest; d++ {
		section := deskSection{Title: dueTitles[d]}
		for _, row := range rows {
			if row.due == d {
				section.Rows = append(section.Rows, row)
			}
		}
		if len(section.Rows) == 0 {
			continue
		}
		if all {
			section.Count = web.Count(int64(len(section.Rows)))
		}
		if d >= isPublic {
			section.Rows = section.Rows[:min(len(section.Rows), restLength)]
		}
		list = append(list, section)
	}
	return list
}

// own reads the organization's listings of one kind as rows of the desk, with
// the reasons of those to correct. all says that there are no more.
func (p listingPages[T, P]) own(ctx context.Context, by market.Actor) (rows []deskRow, all bool, err error) {
	if !market.May(by, market.ActListOwn, by.Org) {
		return nil, true, nil
	}
	page, err := p.book.Own(ctx, by, "", deskLength)
	if err != nil {
		return nil, false, err
	}
	rows, asked := make([]deskRow, len(page.Items)), 0
	for i, doc := range page.Items {
		rows[i] = p.row(doc)
		if rows[i].due != toCorrect || asked == deskReasons {
			continue
		}
		asked++
		full, err := p.book.Show(ctx, by, P(doc).Head().ID)
		if err != nil {
			return nil, false, err
		}
		if history := P(full).Shared().History; len(history) > 0 {
			rows[i].Note = history[len(history)-1].Note
		}
	}
	return rows, page.Next == "", nil
}

// row says what a listing asks of its organization.
func (p listingPages[T, P]) row(doc *T) deskRow {
	head, shared := P(doc).Head(), P(doc).Shared()
	href := p.href(head.ID)
	row := deskRow{
		Kind: p.word, Title: shared.Title, Href: href, At: head.ChangedAt,
		State: web.Badge{Text: shared.State.Name(), Tone: stateTones[shared.State]},
	}
	switch shared.State {
	case market.StateRejected:
		row.due, row.Next = toCorrect, web.Crumb{Href: href + "/edit", Text: "改正"}
	case market.StateExpired:
		row.due, row.Due, row.Next = toRenew, shared.ValidUntil, web.Crumb{Href: href, Text: "续期"}
	case market.StateDraft:
		row.due, row.Next = toSubmit, web.Crumb{Href: href + "/edit", Text: "继续填写"}
	case market.StateSubmitted:
		row.due = inReview
	case market.StatePublished:
		row.due = isPublic
		if shared.ValidUntil.Sub(p.Now()) < expiringSoon {
			row.due, row.Due, row.Next = toRenew, shared.ValidUntil, web.Crumb{Href: href, Text: "续期"}
		}
	default:
		row.due = atRest
	}
	return row
}

// ownPage is the data of page "own".
type ownPage struct {
	Base  web.Base
	Rows  []deskRow
	Pager web.Pager
	New   web.Crumb
	Tools []web.Crumb // to bring in and take out many at once
}

// achievements answers with all achievements of the organization, by page.
func (p deskPages) achievements(c *fiber.Ctx) error {
	return ownList(c, p.achievementPages())
}

// demands answers with all demands of the organization, by page.
func (p deskPages) demands(c *fiber.Ctx) error { return ownList(c, p.demandPages()) }

func ownList[T any, P listing.Kind[T]](c *fiber.Ctx, p listingPages[T, P]) error {
	cursor := c.Query("cursor")
	found, err := p.book.Own(c.UserContext(), actor(c), cursor, 50)
	if err != nil {
		return err
	}
	title := "本单位全部" + p.word
	page := ownPage{Base: p.base(c, title, "/desk"), New: web.Crumb{Href: p.path + "/new", Text: "发布" + p.word}}
	page.Base.Crumbs = crumbs(title, web.Crumb{Href: "/desk", Text: "我的工作"})
	for _, doc := range found.Items {
		page.Rows = append(page.Rows, p.row(doc))
	}
	page.Pager = nextPage(c.Path(), cursor, found.Next)
	if kind := importKinds[p.kind]; exchange.Permit(actor(c), kind) == nil {
		page.Tools = append(page.Tools, web.Crumb{Href: "/imports/new?kind=" + kind, Text: "批量导入"})
	}
	if len(page.Rows) > 0 {
		page.Tools = append(page.Tools, exportLinks(c.Path()+"/export", nil)...)
	}
	return p.render(c, fiber.StatusOK, "own", page)
}

// nextPage leads on through a list of a path without filters.
func nextPage(path, cursor, next string) web.Pager {
	var pager web.Pager
	if next != "" {
		pager.Older = path + "?cursor=" + next // cursors are of letters, digits, - and _
	}
	if cursor != "" {
		pager.Newer, pager.NewerText = path, "回到第一页"
	}
	return pager
}
