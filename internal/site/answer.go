package site

import (
	"strconv"

	"jishi/internal/market"
	"jishi/web"
)

// unfit is what a listing's page says when nothing fits it.
type unfit struct {
	Obstacle   string // why it cannot be compared; then nothing else is said
	Counted    string // what was compared
	Removed    []web.Term
	Nearest    *web.Fit
	Relaxation *relaxation
}

// relaxation is the single change that would let something in.
type relaxation struct {
	Text  string // 预算上限由 50 万元提到 80 万元
	Title string // of what it would let in
	Href  string // of what it would let in
	Score int
}

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
	u := &unfit{Obstacle: obstacleText(answer.Obstacle), Counted: compared(answer, other)}
	for _, r := range answer.Removed {
		u.Removed = append(u.Removed, web.Term{Label: market.Constraints.Name(r.Constraint), Value: strconv.Itoa(r.Count) + " 项"})
	}
	if answer.Nearest != nil {
		near := fit(0, *answer.Nearest)
		near.ID = "nearest"
		u.Nearest = &near
	}
	if r := answer.Relaxation; r != nil {
		u.Relaxation = &relaxation{Text: r.Text, Title: r.Title, Href: "/" + string(other) + "s/" + string(r.Admits), Score: r.Score}
	}
	page.Unfit = u
}

// obstacleText is why a listing cannot be compared, "" when it can.
func obstacleText(code string) string {
	if code == "" {
		return ""
	}
	return market.Obstacles.Name(code)
}

// compared says what was compared.
func compared(answer market.Answer, other market.ListingKind) string {
	what := market.ListingKinds.Name(string(other))
	if answer.Considered == 0 {
		return "已发布的" + what + "里，没有一项说到同样的事情。"
	}
	return "比较了文字最接近的 " + strconv.Itoa(answer.Considered) + " 项" + what + "，没有一项达到 " + strconv.Itoa(answer.Threshold) + " 分的匹配线："
}
