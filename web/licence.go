package web

import (
	"encoding/json"
	"fmt"
)

// Vendored is one file of somebody else's that we ship as it was released.
type Vendored struct {
	Name      string `json:"name"` // npm package
	Version   string `json:"version"`
	Licence   string `json:"licence"`   // SPDX identifier
	File      string `json:"file"`      // path below this package's folder
	SHA256    string `json:"sha256"`    // of the file
	Bytes     int    `json:"bytes"`     // of the file
	Integrity string `json:"integrity"` // npm integrity of the package it came in
}

// Manifest lists every vendored file, as static/vendor/refresh.sh wrote it.
func Manifest() ([]Vendored, error) {
	data, err := files.ReadFile("static/vendor/MANIFEST.json")
	if err != nil {
		return nil, err
	}
	var list []Vendored
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, fmt.Errorf("read manifest of vendored files: %w", err)
	}
	return list, nil
}
