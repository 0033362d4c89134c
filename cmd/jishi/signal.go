package main

import (
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// signalSpec declares the collection by which one run of the program tells
// another something.
var signalSpec = store.Spec{Name: "signals"}

// operatorSignal is a request and what became of it.
type operatorSignal struct {
	market.Meta `bson:"-"`
	Asked       time.Time `bson:"asked"`    // UTC
	Begun       time.Time `bson:"begun"`    // UTC; somebody works on it when after Answered
	Answered    time.Time `bson:"answered"` // UTC; the request is done when not before Asked
	Result      string    `bson:"result"`   // Chinese, for the operator
	Failed      bool      `bson:"failed"`
}

// clock is the time as signals keep it.
func clock() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }
