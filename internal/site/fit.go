package site

import (
	"strconv"

	"jishi/internal/market"
	"jishi/web"
)

// shownMatches is how many suggestions stand on a listing's page.
const shownMatches = 10

// fieldLabels names the fields that passages are from, as market.Passage does.
var fieldLabels = map[string]string{
	"title": "名称", "summary": "简介", "benefit": "效果", "keywords": "关键词", "criteria": "指标", "conditions": "条件",
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
	return fit
}

func quotes(passages []market.Passage) []web.Quote {
	list := make([]web.Quote, len(passages))
	for i, p := range passages {
		label, known := fieldLabels[p.Field]
		if !known {
			label = p.Field
		}
		list[i] = web.Quote{Label: label, Text: p.Text, Marks: spans(p.Spans)}
	}
	return list
}
