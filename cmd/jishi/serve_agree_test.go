package main

import (
	"net/http"
	"strings"
	"testing"
)

// agree agrees to the privacy notice, as everybody is asked to at first.
func (s *servant) agree(t *testing.T, token string) {
	t.Helper()
	req, err := http.NewRequest("POST", "http://"+s.address+"/api/v1/me/consents", strings.NewReader(`{"purposes":["account"]}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != 200 {
		t.Fatalf("agreeing: %d", res.StatusCode)
	}
}
