package site

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"jishi/internal/market"
	"jishi/internal/radar"
	"jishi/internal/store"
)

// radar makes the gap radar; nothing is computed until a test runs it.
func (w *world) radar(engine store.Engine, achievements store.Reader[market.Achievement], demands store.Reader[market.Demand], config Config) *radar.Service {
	return radar.New(radar.Stores{Radars: open[market.Radar](w.t, engine, radar.Spec), Demands: demands, Achievements: achievements},
		config.Matches, func(text string) []string { return strings.Split(text, "") }, w.clock, slog.New(slog.DiscardHandler))
}

func TestRadar(t *testing.T) {
	w := newWorld(t)
	w.publish("enterprise", "/demands", housing())
	w.catchUp()
	w.get("", "/radar").leads("/sign-in")
	w.get("university", "/radar").is(403)
	w.get("officer", "/radar").is(200).shows("还没有测算过", "开始测算")
	w.get("officer", "/radar/export/csv").is(409)
	w.post("university", "/radar/refresh", nil).is(403)
	w.post("officer", "/radar/refresh", nil).leads("/radar")
	w.get("officer", "/radar").is(200).shows("正在测算").hides("开始测算")

	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); w.site.Radar.Run(ctx) }()
	for range 200 {
		if _, run, _ := w.site.Radar.Show(ctx, market.System, radar.Filter{}); !run.Running {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	stop()
	<-done
	w.get("officer", "/radar").is(200).shows("单独的缺口", "没有沾边的", "公开的成果都有需求对得上", "重新测算").hides("正在测算")
	w.get("officer", "/radar?chain=food").is(200).shows("这个范围里没有")
	w.get("officer", "/radar?chain=nosuch").is(422)
	w.get("officer", "/radar/export/csv").is(200)
	w.get("officer", "/radar/export/xlsx").is(200)
	w.get("officer", "/radar/export/pdf").is(404)
}
