//go:build race

package sqlite_test

import "jishi/internal/store/storetest"

// size is smaller under the race detector, which makes the translated SQLite
// about twenty times slower.
var size = storetest.Medium
