package site

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"jishi/internal/listing"
	"jishi/internal/market"
	"jishi/web"
)

// itemLine is how many characters of a text stand in a list.
const itemLine = 76

// achievementItem returns an achievement as a list shows it.
func achievementItem(a *market.Achievement) web.Item {
	item := listingItem("/achievements/"+string(a.ID), &a.Listing)
	item.Who = a.Holder
	item.Price, item.PriceFull = price(a.Price)
	if a.Benefit != "" {
		item.Line, item.LineMarks = snippet(a.Benefit, nil, itemLine)
	}
	item.Badges = append(item.Badges, maturityBadge(a.Maturity)...)
	item.Badges = append(item.Badges, rightsBadge(a.Rights)...)
	return item
}

// demandItem returns a demand as a list shows it.
func demandItem(d *market.Demand) web.Item {
	item := listingItem("/demands/"+string(d.ID), &d.Listing)
	item.Who = demander(d)
	item.Price, item.PriceFull = budget(d)
	if d.DemandKind != "" {
		item.Badges = append(item.Badges, web.Badge{Text: market.DemandKinds.Name(d.DemandKind), Icon: "speakerphone"})
	}
	if d.MinTRL > 0 {
		item.Badges = append(item.Badges, web.Badge{Text: "要求 " + strconv.Itoa(d.MinTRL) + " 级以上", Icon: "scale"})
	}
	if d.Deadline != "" {
		item.Badges = append(item.Badges, web.Badge{Text: string(d.Deadline) + " 截止", Icon: "calendar"})
	}
	return item
}

// foundItem returns a hit with what was looked for marked.
func foundItem(f listing.Found, bothKinds bool) web.Item {
	item, summary := web.Item{}, f.Shared().Summary
	if f.Demand != nil {
		item = demandItem(f.Demand)
	} else {
		item = achievementItem(f.Achievement)
	}
	item.TitleMarks = spans(f.Title)
	if len(f.Summary) > 0 {
		item.Line, item.LineMarks = snippet(summary, spans(f.Summary), itemLine)
	}
	if bothKinds {
		item.Kind = market.ListingKinds.Name(string(f.Kind))
	}
	return item
}

func listingItem(href string, l *market.Listing) web.Item {
	item := web.Item{
		Href: href, Title: l.Title, Place: market.DivisionName(l.Class.Division), At: l.Published,
		Modes: names(market.Modes, l.Modes),
	}
	item.Line, item.LineMarks = snippet(l.Summary, nil, itemLine)
	if l.Demo {
		item.Badges = append(item.Badges, demoBadge)
	}
	return item
}

// demoBadge marks what is not real.
var demoBadge = web.Badge{Text: "演示数据", Tone: web.Wait, Icon: "info-circle"}

// demander names who asks, as far as the reader may know.
func demander(d *market.Demand) string {
	if d.Demander == "" && d.Anonymous {
		return "匿名企业"
	}
	return d.Demander
}

func maturityBadge(m market.Maturity) []web.Badge {
	if m.Stage == "" {
		return nil
	}
	text := market.Stages.Name(m.Stage)
	if m.TRL > 0 {
		text += " · " + strconv.Itoa(m.TRL) + " 级"
	}
	return []web.Badge{{Text: text, Icon: "scale"}}
}

// rightsBadge says in a few words what protects an achievement.
func rightsBadge(rights []market.Right) []web.Badge {
	granted, applied := 0, 0
	for _, r := range rights {
		switch {
		case r.Patent() && r.State == "granted":
			granted++
		case r.Patent() && r.State == "applied":
			applied++
		}
	}
	switch {
	case granted > 0:
		return []web.Badge{{Text: "授权专利 " + strconv.Itoa(granted) + " 项", Tone: web.Good, Icon: "certificate"}}
	case applied > 0:
		return []web.Badge{{Text: "专利申请中 " + strconv.Itoa(applied) + " 项", Icon: "certificate"}}
	case len(rights) > 0:
		return []web.Badge{{Text: market.IPKinds.Name(rights[0].Kind), Icon: "certificate"}}
	}
	return nil
}

// price writes what the owner asks, and the exact amount.
func price(p market.Price) (text, full string) {
	if p.Mode != "fixed" && p.Mode != "range" {
		return market.PriceModes.Name("negotiable"), ""
	}
	return between(p.Low, p.High)
}

// budget writes what a demander can pay, and the exact amount.
func budget(d *market.Demand) (text, full string) {
	if d.BudgetHigh == 0 {
		return "预算面议", ""
	}
	text, full = between(d.BudgetLow, d.BudgetHigh)
	return "预算 " + text, full
}

// between writes a range of amounts in 万元: "10–20 万元".
func between(low, high market.Fen) (text, full string) {
	top := web.Wan(int64(high))
	switch {
	case low == high:
		return top, web.Yuan(int64(high))
	case low == 0:
		return top + "以内", "不超过 " + web.Yuan(int64(high))
	}
	bottom := web.Wan(int64(low))
	if number, unit, _ := strings.Cut(bottom, " "); strings.HasSuffix(top, " "+unit) {
		bottom = number
	}
	return bottom + "–" + top, web.Yuan(int64(low)) + " 至 " + web.Yuan(int64(high))
}

// names writes the names of codes: "技术许可、合作开发".
func names(list market.CodeList, codes []string) string {
	words := make([]string, len(codes))
	for i, code := range codes {
		words[i] = list.Name(code)
	}
	return strings.Join(words, "、")
}

func spans(from []market.Span) []web.Span {
	to := make([]web.Span, len(from))
	for i, s := range from {
		to[i] = web.Span{Start: s.Start, End: s.End}
	}
	return to
}

// snippet cuts at most max characters out of a text, a little before the first
// mark, on one line; cut ends are shown by an ellipsis.
func snippet(text string, marks []web.Span, max int) (string, []web.Span) {
	text = strings.NewReplacer("\n", " ", "\r", " ", "\t", " ").Replace(text) // one byte for one: marks stay right
	start := 0
	if len(marks) > 0 && utf8.RuneCountInString(text[:marks[0].End]) > max/2 {
		start = back(text, marks[0].Start, max/4)
	}
	end := forward(text, start, max)
	lead, tail := "", ""
	if start > 0 {
		lead = "…"
	}
	if end < len(text) {
		tail = "…"
	}
	var kept []web.Span
	for _, m := range marks {
		if m.End > start && m.Start < end {
			kept = append(kept, web.Span{Start: m.Start - start + len(lead), End: min(m.End, end) - start + len(lead)})
		}
	}
	return lead + text[start:end] + tail, kept
}

// back returns the offset n characters before at.
func back(text string, at, n int) int {
	for ; n > 0 && at > 0; n-- {
		_, size := utf8.DecodeLastRuneInString(text[:at])
		at -= size
	}
	return at
}

// forward returns the offset n characters after at.
func forward(text string, at, n int) int {
	for ; n > 0 && at < len(text); n-- {
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	return at
}
