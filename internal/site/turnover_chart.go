package site

import (
	"encoding/json"
	"slices"
	"strings"

	"jishi/internal/market"
	"jishi/web"
)

// turnoverChart draws the lines of a block as bars in 万元: months from left
// to right, anything else from top to bottom.
func turnoverChart(block turnoverBlock, t turnoverTable, k cut) web.Chart {
	basis := market.Bases.Name(string(k.basis))
	names, amounts := []string{}, []json.Number{}
	for _, line := range block.Rows {
		if line.drawn {
			names, amounts = append(names, line.Name), append(amounts, inWan(line.Fen))
		}
	}
	category := map[string]any{"type": "category", "data": names, "axisTick": map[string]any{"show": false}}
	value := map[string]any{"type": "value", "splitNumber": 4, "axisLabel": map[string]any{"hideOverlap": true}}
	series := map[string]any{"type": "bar", "name": basis + "（万元）", "data": amounts, "barMaxWidth": 28}
	options := map[string]any{
		"grid":    map[string]any{"left": 12, "right": 28, "top": 16, "bottom": 8, "containLabel": true},
		"tooltip": map[string]any{"trigger": "axis", "axisPointer": map[string]any{"type": "shadow"}},
		"xAxis":   category, "yAxis": value, "series": []any{series},
	}
	if t.by == market.ByMonth {
		slices.Reverse(names)
		slices.Reverse(amounts)
	} else {
		category["inverse"] = true
		category["axisLabel"] = map[string]any{"width": 104, "overflow": "truncate"}
		options["xAxis"], options["yAxis"] = value, category
	}
	return web.Chart{ID: block.ID, Tall: t.by == market.ByMonth, Label: t.title + "统计的" + basis + "（" + periodOf(k.from, k.to) + "，万元）", Options: options}
}

// inWan writes an amount in 万元 as a number, exactly.
func inWan(amount market.Fen) json.Number {
	return json.Number(strings.ReplaceAll(strings.TrimSuffix(amount.Wan(), " 万元"), ",", ""))
}
