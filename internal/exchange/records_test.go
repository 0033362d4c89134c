package exchange

import (
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"jishi/internal/market"
)

func TestReadCriteria(t *testing.T) {
	tests := []struct {
		text string
		want []market.Criterion
	}{
		{"抗拉强度≥350MPa；密度≤1.80g/cm³", []market.Criterion{{Name: "抗拉强度", Op: "ge", Value: "350", Unit: "MPa"}, {Name: "密度", Op: "le", Value: "1.80", Unit: "g/cm³"}}},
		{"抗拉强度 >= 1,350 MPa\n寿命不低于10年", []market.Criterion{{Name: "抗拉强度", Op: "ge", Value: "1350", Unit: "MPa"}, {Name: "寿命", Op: "ge", Value: "10", Unit: "年"}}},
		{"温度介于20~30℃", []market.Criterion{{Name: "温度", Op: "between", Value: "20~30", Unit: "℃"}}},
		{"温度=-20～-5℃", []market.Criterion{{Name: "温度", Op: "between", Value: "-20~-5", Unit: "℃"}}},
		{"渗透系数≤10-6cm/s", []market.Criterion{{Name: "渗透系数", Op: "le", Value: "10-6cm/s"}}},
		{"强度≥3×10^5Pa", []market.Criterion{{Name: "强度", Op: "ge", Value: "3×10^5Pa"}}},
		{"外观=良好", []market.Criterion{{Name: "外观", Op: "eq", Value: "良好"}}},
		{"精度≤±0.05mm", []market.Criterion{{Name: "精度", Op: "le", Value: "±0.05mm"}}},
		{"抗拉强度350MPa以上", []market.Criterion{{Name: "抗拉强度", Op: "ge", Value: "350", Unit: "MPa"}}},
		{"良率＞99.9%", []market.Criterion{{Name: "良率", Op: "ge", Value: "99.9", Unit: "%"}}},
		{"|ΔT|≤5℃", []market.Criterion{{Name: "|ΔT|", Op: "le", Value: "5", Unit: "℃"}}},
		{"名称|≥|值|单位", []market.Criterion{{Name: "名称", Op: "ge", Value: "值", Unit: "单位"}}},
		{"性能好", nil},
		{"≥350", nil},
		{"强度≥", nil},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			got, err := readCriteria(tt.text)
			if !slices.Equal(got, tt.want) || (err != nil) != (tt.want == nil) {
				t.Errorf("readCriteria = %+v, %v; want %+v", got, err, tt.want)
			}
		})
	}
}

func TestReadRights(t *testing.T) {
	tests := []struct {
		text string
		want []market.Right
	}{
		{"发明专利:ZL201710601862.3; 软件著作权:2023SR0000001", []market.Right{{Kind: "invention", Number: "ZL201710601862.3"}, {Kind: "software", Number: "2023SR0000001"}}},
		{"ZL201710601862.3", []market.Right{{Kind: "invention", Number: "ZL201710601862.3"}}},
		{"专利号：2017106018623、2023SR0000001", []market.Right{{Kind: "invention", Number: "2017106018623"}, {Kind: "software", Number: "2023SR0000001"}}},
		{"97101765.4", []market.Right{{Kind: "invention", Number: "97101765.4"}}},
		{"发明专利：ZL201710601862.3（已授权，至2037-07-20）", []market.Right{{Kind: "invention", Number: "ZL201710601862.3", State: "granted", Expiry: "2037-07-20"}}},
		{"发明专利|ZL201710601862.3|已授权|2037-07-20", []market.Right{{Kind: "invention", Number: "ZL201710601862.3", State: "granted", Expiry: "2037-07-20"}}},
		{"技术秘密", []market.Right{{Kind: "secret"}}},
		{"实用新型(已受理)", []market.Right{{Kind: "utility", State: "applied"}}},
		{"植物新品种权:CNA20201234.5", []market.Right{{Kind: "variety", Number: "CNA20201234.5"}}},
		{"201710601862.4", nil}, // neither a kind nor a number whose check is right
		{"商标:123", nil},
		{"发明专利:ZL201710601862.3（卖了）", nil},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			got, err := readRights(tt.text)
			if !slices.Equal(got, tt.want) || (err != nil) != (tt.want == nil) {
				t.Errorf("readRights = %+v, %v; want %+v", got, err, tt.want)
			}
		})
	}
}

func TestReadParties(t *testing.T) {
	tests := []struct {
		text string
		want []market.Party
	}{
		{"示例大学|12100000400000624d|高等院校|北京市；示例镁业", []market.Party{{Name: "示例大学", Code: "12100000400000624D", Category: "022", Division: "110000"}, {Name: "示例镁业"}}},
		{"示例镁业|||500155", []market.Party{{Name: "示例镁业", Division: "500155"}}},
		{"示例镁业｜｜内资企业", []market.Party{{Name: "示例镁业", Category: "100"}}},
		{"示例镁业|1", nil},
		{"示例镁业||外星人", nil},
		{"|12100000400000624D", nil},
		{"甲||||乙", nil},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			got, err := readParties(tt.text)
			if !reflect.DeepEqual(got, tt.want) || (err != nil) != (tt.want == nil) {
				t.Errorf("readParties = %+v, %v; want %+v", got, err, tt.want)
			}
		})
	}
}

func TestRecordsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawCriterion().Draw(t, "criterion")
		if got, err := readCriteria(writeCriterion(c)); err != nil || len(got) != 1 || got[0] != c {
			t.Fatalf("%+v written %q read %+v, %v", c, writeCriterion(c), got, err)
		}
		r := drawRight().Draw(t, "right")
		if got, err := readRights(writeRight(r)); err != nil || len(got) != 1 || got[0] != r {
			t.Fatalf("%+v written %q read %+v, %v", r, writeRight(r), got, err)
		}
	})
}

func TestRecordsAreWrittenPlainly(t *testing.T) {
	if got := writeCriterion(market.Criterion{Name: "抗拉强度", Op: "ge", Value: "350", Unit: "MPa"}); got != "抗拉强度≥350MPa" {
		t.Errorf("criterion %q", got)
	}
	if got := writeRight(market.Right{Kind: "invention", Number: "ZL201710601862.3", State: "granted", Expiry: "2037-07-20"}); got != "发明专利:ZL201710601862.3（已授权，至2037-07-20）" {
		t.Errorf("right %q", got)
	}
}
