// Package layers holds one test: which package may import which. The table in
// it is the architecture; a change to it is a decision.
package layers
