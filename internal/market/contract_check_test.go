package market

import (
	"strings"
	"testing"
)

func TestContractCheckDraft(t *testing.T) {
	tests := []struct {
		name   string
		draft  Contract
		field  string // broken in a draft, empty when fine
		strict string // broken or missing on submitting
	}{
		{"empty", Contract{}, "", "amounts.total"},
		{"a row to fill", Contract{Sellers: []Party{{}}, Buyers: []Party{{}}}, "", "sellers.name"},
		{"no parties", Contract{Project: "题"}, "", "buyers"},
		{"total not known yet", Contract{Amounts: Amounts{Technology: Wan}}, "", "amounts.total"},
		{"unknown type", Contract{Type: "XX"}, "type", "type"},
		{"negative", Contract{Amounts: Amounts{Total: -1}}, "amounts.total", "amounts.total"},
		{"technology over total", Contract{Amounts: Amounts{Total: 1, Technology: 2}}, "amounts.technology", "amounts.technology"},
		{"paid without total", Contract{Amounts: Amounts{Paid: 1}}, "amounts.paid", "amounts.paid"},
		{"signed in 1895", Contract{Term: Term{Signed: "1895-03-01"}}, "term.signed", "term.signed"},
		{"29 February 2024 is a day", Contract{Term: Term{Signed: "2024-02-29"}}, "", "project"},
		{"long title", Contract{Project: strings.Repeat("长", MaxTitle+1)}, "project", "project"},
		{"long id", Contract{Buyers: []Party{{Org: ID(strings.Repeat("x", 130))}}}, "buyers.org", "buyers.org"},
		{"broker id of bytes", Contract{Origin: Origin{Broker: "\xff"}}, "origin.broker", "origin.broker"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			wantField(t, tt.draft.CheckDraft("2026-03-15"), tt.field)
			wantField(t, tt.draft.Check("2026-03-15"), tt.strict)
		})
	}
}

func TestNotesAreCleanText(t *testing.T) {
	for name, note := range map[string]string{"long": strings.Repeat("长", MaxNote+1), "bytes": "\xff", "control": "a\x00"} {
		t.Run(name, func(t *testing.T) {
			move, err := ContractMoves.Next(ContractSubmitted, ActRefuse, note, ContractState.Name)
			wantField(t, err, "note")
			if move.To != "" {
				t.Errorf("move %v in spite of the error", move)
			}
		})
	}
}
