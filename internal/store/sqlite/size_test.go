//go:build !race

package sqlite_test

import "jishi/internal/store/storetest"

// size is the issue's own: 16 × 200 updates.
var size = storetest.Full
