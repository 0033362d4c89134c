package site

import (
	"net/url"
	"strconv"

	"jishi/internal/market"
	"jishi/web"
)

// answered puts on the page what fits, or why nothing does. fit makes the card
// of the i-th pair.
func (page *listingPage) answered(answer market.Answer, fit func(i int, m market.Match) web.Fit) {
	for i, m := range answer.Matches {
		page.Fits = append(page.Fits, fit(i, m))
	}
	if len(page.Fits) > 0 {
		return
	}
	other := market.KindDemand
	if page.Need != nil {
		other = market.KindAchievement
	}
	u := &web.Unfit{Title: "没有能对上的" + market.ListingKinds.Name(string(other)), Compared: compared(answer, other)}
	if answer.Obstacle != "" {
		u.Obstacle = market.Obstacles.Name(answer.Obstacle)
	}
	for _, r := range answer.Removed {
		u.Removed = append(u.Removed, web.Term{Label: market.Constraints.Name(r.Constraint), Value: strconv.Itoa(r.Count) + " 项"})
	}
	if answer.Nearest != nil {
		near := fit(0, *answer.Nearest)
		near.ID, near.Deal = "nearest", web.Crumb{}
		u.Nearest = &near
		if answer.Lacks != "" {
			u.Lacks = market.Constraints.Name(answer.Lacks)
		}
	}
	edit := page.Decide.Edit.Href
	if r := answer.Relaxation; r != nil {
		u.Relaxation = &web.Relaxation{Text: r.Text, Edit: fieldOf(edit, r.Field), Title: r.Title, Href: "/" + string(other) + "s/" + string(r.Admits), Score: r.Score}
	}
	if edit != "" && u.Obstacle != "" {
		u.Offers = append(u.Offers, web.Crumb{Href: edit, Text: "补充内容"})
	}
	if edit != "" {
		u.Offers = append(u.Offers, web.Crumb{Href: "/account/notices#setting", Text: "有新" + market.ListingKinds.Name(string(other)) + "时提醒我"})
	} else {
		u.Offers = append(u.Offers, web.Crumb{Href: saveSearch(other, page.Listing.Title), Text: "有新" + market.ListingKinds.Name(string(other)) + "时提醒我"})
	}
	if page.Entrust != nil && page.Entrust.Action != "" {
		u.Offers = append(u.Offers, web.Crumb{Href: "#entrust", Text: "交给技术经纪人"})
	}
	u.Offers = append(u.Offers, web.Crumb{Href: "/search?kind=" + string(other), Text: "自己找找看"})
	page.Unfit = u
}

// saveSearch is the address of the form that saves a search for the other kind
// in the words of a title.
func saveSearch(kind market.ListingKind, title string) string {
	return "/account/searches/new?" + url.Values{"kind": {string(kind)}, "q": {title}}.Encode()
}

// fieldOf is the address of one field of a form, "" without a form.
func fieldOf(edit, field string) string {
	if edit == "" {
		return ""
	}
	return edit + "#" + formFields[field]
}

// formFields is the input that each field of a relaxation is changed in.
var formFields = map[string]string{"min_trl": "f-min_trl", "budget_high_fen": "f-budget_high", "modes": "f-modes", "price": "f-price.low"}

// compared says what was compared.
func compared(answer market.Answer, other market.ListingKind) string {
	what := market.ListingKinds.Name(string(other))
	if answer.Considered == 0 {
		return "已发布的" + what + "里，没有一项说到同样的事情。"
	}
	return "比较了文字最接近的 " + strconv.Itoa(answer.Considered) + " 项" + what + "，没有一项对得上。要对上，总分须达到 " + strconv.Itoa(answer.Threshold) +
		" 分，内容要够接近，指标、成熟度、价格和合作方式不能相抵触。"
}
