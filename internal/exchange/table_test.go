package exchange

import (
	"strings"
	"testing"

	"jishi/internal/market"
)

func TestTablesCoverEveryKind(t *testing.T) {
	if len(tables) != len(market.ImportKinds) {
		t.Fatalf("%d tables for %d kinds", len(tables), len(market.ImportKinds))
	}
	for i, kind := range market.ImportKinds {
		if tables[i].name() != kind.Code {
			t.Errorf("table %d is %s, want %s", i, tables[i].name(), kind.Code)
		}
	}
	if tableOf[market.Achievement]().kind != Achievements || tableOf[market.Demand]().kind != Demands ||
		tableOf[market.Organization]().kind != Organizations || tableOf[market.Contract]().kind != Contracts {
		t.Error("a type finds the table of another")
	}
}

func TestColumnsAreWellFormed(t *testing.T) {
	for _, table := range tables {
		keys := map[string]bool{}
		for _, h := range table.heads() {
			keys[h.Key] = true
		}
		for _, h := range table.heads() {
			t.Run(table.name()+" "+h.Key, func(t *testing.T) {
				if h.Name == "" || h.Key == "" || strings.ToLower(h.Key) != h.Key {
					t.Errorf("key %q, name %q", h.Key, h.Name)
				}
				if h.Unit > 0 && (readLabel(h.Name).unit != h.Unit || readLabel(h.Key).unit != h.Unit) {
					t.Errorf("the names of an amount must state its unit: %s, %s", h.Key, h.Name)
				}
				if h.Unit > 0 != h.Number {
					t.Error("amounts, and nothing else, are exported as numbers")
				}
				for _, need := range h.Needs {
					if !keys[need] {
						t.Errorf("needs an unknown column %s", need)
					}
				}
			})
		}
	}
}

func TestLabels(t *testing.T) {
	tests := []struct {
		cell, name string
		unit       market.Fen
		foreign    string
	}{
		{"成果名称", "成果名称", 0, ""},
		{" 成果 名称* ", "成果名称", 0, ""},
		{"External_ID", "externalid", 0, ""},
		{"external-id", "externalid", 0, ""},
		{"ｔｉｔｌｅ", "title", 0, ""},
		{"合同成交额（元）", "合同成交额", market.Yuan, ""},
		{"合同成交额(单位：万元)", "合同成交额", market.Wan, ""},
		{"预算【亿元】", "预算", market.Yi, ""},
		{"合同成交额（万美元）", "合同成交额", 0, "万美元"},
		{"合同成交额（含税）", "合同成交额", 0, ""},
		{"total_yuan", "total", market.Yuan, ""},
		{"total_fen", "total", 1, ""},
		{"成果名称（必填）", "成果名称", 0, ""},
		{"预算（万元）上限", "预算上限", market.Wan, ""},
		{"", "", 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.cell, func(t *testing.T) {
			if got := readLabel(tt.cell); got != (label{tt.name, tt.unit, tt.foreign}) {
				t.Errorf("readLabel = %+v, want %q %d %q", got, tt.name, tt.unit, tt.foreign)
			}
		})
	}
}

func TestMatchHeader(t *testing.T) {
	tests := []struct {
		name   string
		header []string
		notes  string // joined
		code   string // of the error
	}{
		{"english", []string{"external_id", "title", "summary", "holder"}, "", ""},
		{"aliases", []string{"外部编号", "题名", "摘要", "第一完成单位"}, "", ""},
		{"unknown column", []string{"title", "summary", "discipline"}, "未识别的列“discipline”没有读入", ""},
		{"export only", []string{"title", "summary", "状态"}, "列“状态”只用于导出，没有读入", ""},
		{"twice", []string{"title", "summary", "名称"}, "列“名称”与“title”相同，只读了前一列", ""},
		{"blank cells", []string{"title", "", "summary", " "}, "", ""},
		{"missing", []string{"title"}, "", "columns_missing"},
		{"foreign unit", []string{"title", "summary", "报价（美元）"}, "", "unknown_unit"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := parser[market.Achievement]{table: achievements}
			err := p.setHeader(Row{Number: 1, Cells: tt.header})
			if codeOf(err) != tt.code {
				t.Fatalf("setHeader = %v, want code %q", err, tt.code)
			}
			if got := strings.Join(p.notes, "|"); got != tt.notes {
				t.Errorf("notes %q, want %q", got, tt.notes)
			}
		})
	}
}

func TestFieldsFindTheirColumns(t *testing.T) {
	tests := []struct {
		table interface{ at(string) int }
		field string
		key   string
	}{
		{achievements, "title", "title"}, {achievements, "class.field", "field"}, {achievements, "maturity.trl", "trl"},
		{achievements, "price.low", "price_low_wan"}, {achievements, "maturity", "stage"}, {achievements, "rights.number", "rights"},
		{achievements, "external_id", "external_id"}, {demands, "criteria", "criteria"}, {demands, "budget_high", "budget_high_wan"},
		{organizations, "contact.phone", "contact_phone"}, {contracts, "sellers", "seller_name"}, {contracts, "buyers.code", "buyer_code"},
		{contracts, "amounts.total", "total_yuan"}, {contracts, "origin.kind", "origin"}, {contracts, "state", ""}, {achievements, "nothing", ""},
	}
	for _, tt := range tests {
		t.Run(tt.field, func(t *testing.T) {
			at := tt.table.at(tt.field)
			got := ""
			if at >= 0 {
				got = tt.table.(anyTable).heads()[at].Key
			}
			if got != tt.key {
				t.Errorf("at(%s) = %q, want %q", tt.field, got, tt.key)
			}
		})
	}
}

func TestPermit(t *testing.T) {
	actor := func(roles ...market.Role) market.Actor { return market.Actor{User: "u", Org: "o", Roles: roles} }
	all := []string{Achievements, Demands, Organizations, Contracts}
	tests := []struct {
		name string
		by   market.Actor
		may  []string
	}{
		{"visitor", market.Actor{}, nil},
		{"supplier", actor(market.RoleSupplier), []string{Achievements, Contracts}},
		{"demander", actor(market.RoleDemander), []string{Demands}},
		{"officer", actor(market.RoleOfficer), all},
		{"broker", actor(market.RoleBroker), nil},
		{"admin", actor(market.RoleAdmin), nil},
		{"supplier and demander", actor(market.RoleSupplier, market.RoleDemander), []string{Achievements, Demands, Contracts}},
		{"system", market.System, all},
	}
	for _, tt := range tests {
		for _, kind := range all {
			t.Run(tt.name+" "+kind, func(t *testing.T) {
				want := strings.Contains(" "+strings.Join(tt.may, " ")+" ", " "+kind+" ")
				if got := Permit(tt.by, kind) == nil; got != want {
					t.Errorf("Permit = %v, want %v", got, want)
				}
			})
		}
	}
	if got := market.KindOf(Permit(market.Actor{}, Demands)); got != market.Unauthenticated {
		t.Errorf("a visitor gets %v", got)
	}
	if got := market.KindOf(Permit(market.System, "users")); got != market.Invalid {
		t.Errorf("an unknown kind gets %v", got)
	}
}
