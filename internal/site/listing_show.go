package site

import (
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/web"
)

// listingPage is the data of page "listing", of either kind.
type listingPage struct {
	Base    web.Base
	Listing market.Listing
	Badges  []web.Badge
	Lead    []string // who, where, since when
	Decide  decision
	Price   string
	Exact   string     // the price in 元, may be empty
	Facts   []web.Term // what it is, for the margin
	Contact web.ContactBox
	History []web.Step // newest first; empty for who may not see it
	Audit   web.Crumb  // for officers

	Offer     *offer     // what only an achievement has; one of the two is set
	Need      *need      // what only a demand has
	Partners  []web.Term // who stands behind it
	Fits      []web.Fit
	Unmatched string       // why there are no suggestions; empty when there are
	Unfit     *web.Unfit   // what to say when nothing fits; nil when something does
	Entrust   *web.Entrust // nil for who has nothing to do with it
	Twins     twins        // what it may be the same as, and what was merged into it
}

// offer is what stands behind an achievement.
type offer struct {
	Benefit  string
	TRL      int    // 0 = not assessed
	Maturity string // in words; may be empty
	Evidence string
	Rights   []rightRow
}

// rightRow is one right in words.
type rightRow struct {
	Kind, Number, State string
	Expiry              market.Date
}

// need is what a demand asks of a solution.
type need struct {
	Criteria   []web.Term // indicator and bound: 抗拉强度, ≥ 350 MPa
	Conditions string
}

// all leads to where every listing of the kind is found.
func (p listingPages[T, P]) all(c *fiber.Ctx) error {
	return c.Redirect(p.list().Href, fiber.StatusFound)
}

// show answers with one listing, as far as the reader may see it.
func (p listingPages[T, P]) show(c *fiber.Ctx) error {
	doc, err := p.book.Show(c.UserContext(), actor(c), id(c))
	if to := p.standsFor(c, doc, err); to != "" {
		return c.Redirect(to, fiber.StatusSeeOther)
	}
	if err != nil {
		return err
	}
	return p.page(c, fiber.StatusOK, doc, refusal{})
}

// contact answers with one listing and its contact in full.
func (p listingPages[T, P]) contact(c *fiber.Ctx) error {
	to, err := p.reveal(p.Site, c)
	if err != nil {
		return err
	}
	doc, err := p.book.Show(c.UserContext(), actor(c), id(c))
	if err != nil {
		return err
	}
	page, err := p.filled(c, doc, refusal{})
	if err != nil {
		return err
	}
	page.Contact = revealed(to)
	return p.render(c, fiber.StatusOK, "listing", page)
}

// page answers with a listing's page. refused is the decision that was not
// carried out, shown with what was typed.
func (p listingPages[T, P]) page(c *fiber.Ctx, status int, doc *T, refused refusal) error {
	page, err := p.filled(c, doc, refused)
	if err != nil {
		return err
	}
	return p.render(c, status, "listing", page)
}

// filled is the page of a listing as the reader may see it.
func (p listingPages[T, P]) filled(c *fiber.Ctx, doc *T, refused refusal) (listingPage, error) {
	shared, decide, current := P(doc).Shared(), p.decide(c, doc, refused), p.list().Href
	if decide.Review {
		current = "/review"
	}
	err := p.name(c, shared.History)
	if err != nil {
		return listingPage{}, err
	}
	page := listingPage{
		Base: p.base(c, shared.Title, current), Listing: *shared, Badges: stateBadges(shared, p.word), Decide: decide,
		Contact: contactOf(c, shared.Owner, shared.Contact, p.href(P(doc).Head().ID)), History: steps(shared.History), Audit: auditLink(c, string(p.kind), P(doc).Head().ID),
	}
	page.Base.Path = p.href(P(doc).Head().ID)
	page.Base.Description = market.Clip(shared.Summary, 120)
	page.Base.Crumbs = crumbs(shared.Title, p.list())
	if refused.text != "" {
		page.Base.Flash = &web.Flash{Kind: web.Bad, Text: refused.text, Href: refused.href}
	}
	if place := market.DivisionName(shared.Class.Division); place != "" {
		page.Lead = append(page.Lead, place)
	}
	if !shared.Published.IsZero() {
		page.Lead = append(page.Lead, string(market.DateOf(shared.Published))+" 发布")
	}
	p.fill(&page, doc)
	page.Facts = append(page.Facts, validTerm(shared, p.Now())...)
	if shared.Demo {
		page.Badges = append(page.Badges, demoBadge)
	}
	if page.Twins, err = p.twins(c, p.kind, P(doc).Head().ID, shared); err != nil {
		return listingPage{}, err
	}
	return page, p.match(c, &page, doc)
}

// match puts the suggestions on the page. An index that is away takes only
// them off it.
func (p listingPages[T, P]) match(c *fiber.Ctx, page *listingPage, doc *T) (err error) {
	if !P(doc).Shared().Public() {
		page.Unmatched = "发布以后在这里列出能对上的" + other(p.kind) + "。"
		return nil
	}
	err = p.fits(p.Site, c, page, doc)
	if market.Is(err, market.Unavailable) {
		page.Unmatched = "匹配结果暂时取不到，请过一会儿刷新。"
		return nil
	}
	return err
}

func other(kind market.ListingKind) string {
	if kind == market.KindDemand {
		return "成果"
	}
	return "需求"
}

// stateBadges says how a listing stands; a published one needs no words.
func stateBadges(l *market.Listing, word string) []web.Badge {
	badges := []web.Badge{{Text: word, Icon: kindIcons[word]}}
	if l.State != market.StatePublished {
		badges = append(badges, web.Badge{Text: l.State.Name(), Tone: stateTones[l.State]})
	}
	return badges
}

var kindIcons = map[string]string{"成果": "bulb", "需求": "speakerphone"}

var stateTones = map[market.ListingState]web.Tone{
	market.StateSubmitted: web.Wait, market.StatePublished: web.Good, market.StateRejected: web.Bad, market.StateExpired: web.Wait,
}

// steps turns a history into the line of what happened, newest first.
func steps(history []market.Event) []web.Step {
	list := make([]web.Step, 0, len(history))
	for _, e := range history {
		state := market.ListingState(e.To)
		list = append(list, web.Step{At: e.At, Title: stepTitle(e), By: e.ByName, Text: e.Note, Tone: stateTones[state]})
	}
	slices.Reverse(list)
	return list
}

func stepTitle(e market.Event) string {
	title := market.ActionName(e.Action)
	if e.From != e.To {
		title += "（" + market.ListingState(e.To).Name() + "）"
	}
	return title
}

// validTerm says how long a published listing stays.
func validTerm(l *market.Listing, now time.Time) []web.Term {
	if l.State != market.StatePublished || l.ValidUntil.IsZero() {
		return nil
	}
	term := web.Term{Label: "有效期至", Value: string(market.DateOf(l.ValidUntil))}
	if left := l.ValidUntil.Sub(now); left < expiringSoon {
		term.Note = "快到期了，发布单位可以续期。"
	}
	return []web.Term{term}
}

// classTerms is where a listing belongs, leading to what else is there.
func classTerms(kind market.ListingKind, class market.Class) []web.Term {
	find := "/search?kind=" + string(kind) + "&"
	terms := []web.Term{{Label: "技术领域", Value: market.Fields.Name(class.Field), Href: find + "field=" + class.Field}}
	if class.Industry != "" {
		terms = append(terms, web.Term{Label: "所属行业", Value: market.Industries.Name(class.Industry), Href: find + "industry=" + class.Industry})
	}
	if class.Chain != "" {
		terms = append(terms, web.Term{Label: "产业链", Value: market.Chains.Name(class.Chain)})
	}
	return terms
}
