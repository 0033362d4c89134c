package main

import (
	"context"
	"net/url"

	"jishi/internal/alert"
	"jishi/internal/market"
)

// demoSearches are the saved searches of the demonstration. They are saved
// before the listings come in, so that these are told of as they would be.
var demoSearches = []struct {
	login, name string
	query       url.Values
	alert       market.Alert
}{
	{"enterprise@demo", "碳化硅工艺", url.Values{"q": {"碳化硅"}, "kind": {"achievement"}}, market.AlertDaily},
	{"enterprise@demo", "封装检测装备", url.Values{"q": {"封装 检测"}, "kind": {"achievement"}}, market.AlertNow},
	{"university@demo", "显示屏方面的需求", url.Values{"q": {"显示"}, "kind": {"demand"}}, market.AlertDaily},
	{"broker@demo", "农业成果", url.Values{"kind": {"achievement"}, "field": {"09"}}, market.AlertNow},
	{"broker@demo", "100 万元以内的需求", url.Values{"kind": {"demand"}, "price_max": {"100"}}, market.AlertOff},
}

// fillAlerts saves the searches. Doing it again finds them saved.
func (h *house) fillAlerts(ctx context.Context) error {
	for _, s := range demoSearches {
		by, err := h.demoPerson(ctx, s.login)
		if err != nil {
			return err
		}
		if _, err := h.alerts.Save(ctx, by, alert.Wish{Name: s.name, Query: s.query.Encode(), Alert: s.alert}, "demo/"+s.name); err != nil {
			return err
		}
	}
	return nil
}
