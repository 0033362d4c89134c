// Package demo holds the demonstration data of a fresh marketplace, in the
// files that jishi import reads: organizations, demands, achievements and
// contracts, one JSON object a line, keys as package exchange names columns.
//
// Organizations with a name of their own are those the district's plan
// 2021–2025 names, with what the plan says of them and nothing else. Whoever
// offers, asks or signs is invented and has a name that begins with 示例.
// Every demand cites the place in the plan that calls for its technology; its
// numbers, and all else, are made up for demonstration.
package demo

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"

	"jishi/internal/market"
)

// Files holds the data files, each called by a code of market.ImportKinds and
// .jsonl. Organizations go in first: the others name them.
//
//go:embed organizations.jsonl demands.jsonl achievements.jsonl contracts.jsonl verdicts.jsonl
var Files embed.FS

// The organizations the demonstration's sign-ins act for. University and
// Enterprise have listings about 镁合金 that fit each other.
const (
	University = "示例大学"
	Enterprise = "示例镁合金制品有限公司"
	Broker     = "示例技术转移中心"
	Bureau     = "示例区科技局"
)

// ForThePlan is the demander of what the plan asks for on nobody's behalf.
const ForThePlan = "梁平区科技局（按规划整理）"

// OwnerOf returns the name of the organization that lists a demander's
// demands: the demander itself, and the sample bureau for what was drawn from
// the plan, so that nothing is listed in the name of a real office.
func OwnerOf(demander string) string {
	if demander == ForThePlan {
		return Bureau
	}
	return demander
}

// Registration is what the office did with one contract and what brought the
// contract about. The import reads number and day; the listings are named by
// external ids, which become ids with their own import.
type Registration struct {
	Contract    string               `json:"external_id"`         // external id of the contract
	State       market.ContractState `json:"state"`               // submitted or registered
	Number      string               `json:"registration_number"` // empty unless registered
	On          market.Date          `json:"registered_on"`       // empty unless registered
	Achievement string               `json:"matched_achievement"` // external id, empty unless matched here
	Demand      string               `json:"matched_demand"`      // external id, empty unless matched here
	Broker      string               `json:"matched_broker"`      // name of an organization, empty unless matched here
}

// Registrations returns one registration for each contract, by its external id.
func Registrations() (map[string]Registration, error) {
	text, err := Files.ReadFile("contracts.jsonl")
	if err != nil {
		return nil, fmt.Errorf("read demonstration contracts: %w", err)
	}
	all := make(map[string]Registration)
	for decoder := json.NewDecoder(bytes.NewReader(text)); decoder.More(); {
		var r Registration
		if err := decoder.Decode(&r); err != nil {
			return nil, fmt.Errorf("read demonstration contract %d: %w", len(all)+1, err)
		}
		all[r.Contract] = r
	}
	return all, nil
}
