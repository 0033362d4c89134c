package market

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// What is answered before it was read back must be what is stored.
func TestEventTimesAreThoseOfTheStore(t *testing.T) {
	at := time.Date(2026, 3, 31, 23, 59, 59, 999_999_999, Shanghai)
	if e := NextEvent(nil, System, at, ActSubmit, "", "", ""); e.At != time.Date(2026, 3, 31, 15, 59, 59, 999_000_000, time.UTC) || e.Seq != 1 {
		t.Errorf("event %d at %v", e.Seq, e.At)
	}
}

// A program must not take the year 1 for a date.
func TestTimesThatAreNotYetAreNotWritten(t *testing.T) {
	day := time.Date(2026, 3, 31, 0, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name  string
		unset any
		set   any
		field string
	}{
		{"publication", Achievement{}, Achievement{Listing: Listing{Published: day}}, `"published":`},
		{"end of validity", Demand{}, Demand{Listing: Listing{ValidUntil: day}}, `"valid_until":`},
		{"registration", Registration{}, Registration{At: day}, `"at":`},
		{"cancellation", Registration{}, Registration{Cancelled: day}, `"cancelled":`},
		{"end of an import", ImportJob{}, ImportJob{Finished: day}, `"finished":`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			unset, err := json.Marshal(tt.unset)
			if err != nil || strings.Contains(string(unset), tt.field) {
				t.Errorf("not yet: %s %v", unset, err)
			}
			set, err := json.Marshal(tt.set)
			if err != nil || !strings.Contains(string(set), tt.field+`"2026-03-31T00:00:00Z"`) {
				t.Errorf("set: %s %v", set, err)
			}
		})
	}
}

func TestWellFormedIDs(t *testing.T) {
	for id, want := range map[ID]bool{
		"01a2053c-3759-7c6d-9b32-11850f478c04": true, "import-0123456789abcdef": true, "plan-23": true, "o1": true, "d_1.a_1": true,
		"": false, "..%2f": false, "a b": false, "镁": false, "a\x00": false, "a\xff": false, "$ne": false, "a/b": false,
		ID(strings.Repeat("a", 129)): true, ID(strings.Repeat("a", 130)): false,
	} {
		if got := id.WellFormed(); got != want {
			t.Errorf("%q: %v", id, got)
		}
	}
}
