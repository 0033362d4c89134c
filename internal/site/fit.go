package site

import (
	"strconv"
	"strings"

	"jishi/internal/market"
	"jishi/web"
)

// shownMatches is how many suggestions stand on a listing's page.
const shownMatches = 10

// fieldLabels names the fields that passages are from, as market.Passage does.
var fieldLabels = map[string]string{
	"title": "名称", "summary": "简介", "benefit": "效果", "keywords": "关键词", "criteria": "指标", "conditions": "条件", "maturity": "依据",
}

// fitOf turns the i-th match into what the page shows of it: the other
// listing, the score in parts and the passages of both texts that carry it.
func fitOf(i int, m market.Match, item web.Item) web.Fit {
	fit := web.Fit{ID: "fit-" + strconv.Itoa(i+1), Item: item, Score: m.Score, Open: i == 0}
	for _, part := range m.Parts {
		fit.Parts = append(fit.Parts, web.FitPart{
			Name: market.PartNames.Name(part.Name), Points: part.Points, Max: part.Max, Reason: part.Reason,
		})
	}
	if len(m.Evidence.Demand)+len(m.Evidence.Achievement) > 0 {
		fit.Sides = []web.FitSide{
			{Title: "需求原文", Quotes: quotes(m.Evidence.Demand)},
			{Title: "成果原文", Quotes: quotes(m.Evidence.Achievement)},
		}
	}
	for _, r := range m.Requirements {
		fit.Requirements = append(fit.Requirements, fitRequirement(r))
	}
	fit.Page = web.Crumb{Href: matchHref(m.ID), Text: "单独打开，可打印"}
	return fit
}

// outcomeBadges is how each outcome is shown.
var outcomeBadges = map[string]web.Badge{
	market.OutcomeMet:          {Text: market.Outcomes.Name(market.OutcomeMet), Tone: web.Good},
	market.OutcomeNotStated:    {Text: market.Outcomes.Name(market.OutcomeNotStated), Tone: web.Neutral},
	market.OutcomeContradicted: {Text: market.Outcomes.Name(market.OutcomeContradicted), Tone: web.Bad},
}

func fitRequirement(r market.Requirement) web.FitRequirement {
	row := web.FitRequirement{Name: r.Name, Limit: r.Limit, Value: r.Value, Asked: quote(r.Asked), Outcome: outcomeBadges[r.Outcome], Reason: r.Reason}
	if r.Offered != nil {
		offered := quote(*r.Offered)
		row.Offered = &offered
	} else {
		row.Reason = "" // that nothing is said stands in its place already
	}
	return row
}

func quotes(passages []market.Passage) []web.Quote {
	list := make([]web.Quote, len(passages))
	for i, p := range passages {
		list[i] = quote(p)
	}
	return list
}

func quote(p market.Passage) web.Quote {
	name, _, _ := strings.Cut(p.Field, ".") // of criteria.0 the list
	label, known := fieldLabels[name]
	if !known {
		label = p.Field
	}
	return web.Quote{Label: label, Text: p.Text, Marks: spans(p.Spans)}
}
