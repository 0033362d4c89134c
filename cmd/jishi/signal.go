package main

import (
	"context"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// signalSpec declares the collection by which an operator's command asks a
// serving process for something.
var signalSpec = store.Spec{Name: "signals"}

// The signals there are.
const (
	reindexSignal market.ID = "reindex" // an operator asks the serving process to rebuild its index
	demoSignal    market.ID = "demo"    // the store holds demonstration data; never answered
)

// operatorSignal is a request to the serving process, of which the first one to look
// answers.
type operatorSignal struct {
	market.Meta `bson:"-"`
	Asked       time.Time `bson:"asked"`    // UTC
	Answered    time.Time `bson:"answered"` // UTC; the request is done when not before Asked
	Result      string    `bson:"result"`   // Chinese, for the operator
	Failed      bool      `bson:"failed"`
}

// markDemo notes for ever that the store holds demonstration data.
func (h *house) markDemo(ctx context.Context) error {
	err := h.docs.signals.Insert(ctx, &operatorSignal{Meta: market.Meta{ID: demoSignal}})
	if store.IsTaken(err) {
		return nil
	}
	return err
}

// isDemo reports whether the store holds demonstration data.
func (h *house) isDemo(ctx context.Context) (bool, error) {
	_, err := h.docs.signals.Get(ctx, demoSignal)
	if market.Is(err, market.NotFound) {
		return false, nil
	}
	return err == nil, err
}
