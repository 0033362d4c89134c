package server

import "testing"

// What the tests' server takes where files go.
const (
	maxLargeBody      = 32 << 20
	visitorsLargeBody = 5 << 20
)

func TestSamePath(t *testing.T) {
	for _, tt := range []struct {
		pattern, path string
		want          bool
	}{
		{"/files", "/files", true},
		{"/files", "/files/", false},
		{"/files", "/file", false},
		{"/files", "//files", false},
		{"/files", "/files/1", false},
		{"/cases/:id/files", "/cases/1/files", true},
		{"/cases/:id/files", "/cases/%2e%2e/files", true},
		{"/cases/:id/files", "/cases//files", false},
		{"/cases/:id/files", "/cases/1/2/files", false},
		{"/cases/:id/files", "/cases/1", false},
		{"/cases/:id", "/cases/", false},
		{"/files", "", false},
	} {
		if got := samePath(tt.pattern, []byte(tt.path)); got != tt.want {
			t.Errorf("samePath(%s, %s) = %t, want %t", tt.pattern, tt.path, got, tt.want)
		}
	}
}

// Visitors may send more than usual where the path is open to them, but not
// all of them at a time.
func TestLargeBodiesOfVisitors(t *testing.T) {
	h := start(t, Config{})
	bearer := "Authorization: Bearer " + h.signIn(t)
	for _, tt := range []struct {
		name, path, header string
		size, want         int
	}{
		{"just fits", "/sign-up", "", visitorsLargeBody, 200},
		{"a byte too many", "/sign-up", "", visitorsLargeBody + 1, 413},
		{"a byte too many of somebody signed in", "/sign-up", bearer, visitorsLargeBody + 1, 413},
		{"elsewhere", "/files", "", MaxBody + 1, 413},
		{"into something", "/cases/7/files", bearer, maxLargeBody, 200},
		{"into something, of a visitor", "/cases/7/files", "", MaxBody + 1, 413},
	} {
		if status, body := h.upload(t, tt.path, tt.header, tt.size, false); status != tt.want {
			t.Errorf("%s: %d %.100s, want %d", tt.name, status, body, tt.want)
		}
	}
	refused := 0
	for range visitorsBurst + 5 {
		if status, _ := h.upload(t, "/sign-up", "", MaxBody+1, false); status == 413 {
			refused++
		}
	}
	if refused < 3 {
		t.Errorf("%d of %d at once were refused", refused, visitorsBurst+5)
	}
	if status, _ := h.upload(t, "/sign-up", bearer, MaxBody+1, false); status != 200 {
		t.Errorf("somebody signed in meanwhile: %d", status)
	}
}
