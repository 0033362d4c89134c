package requirement

import "testing"

// A number that another holds under is no requirement, and keeps apart what
// was measured otherwise.
func TestCircumstances(t *testing.T) {
	tests := []struct{ asked, offered, want string }{
		{"28天抗压强度≥50MPa", "7天抗压强度 40 MPa", silent},
		{"28天抗压强度≥50MPa", "28 d抗压强度 40 MPa", against},
		{"28天抗压强度≥50MPa", "抗压强度 62 MPa", silent}, {"200 ℃抗拉强度≥180 MPa", "抗拉强度340 MPa", silent}, {"200 ℃蠕变应变≤0.1 %", "100小时蠕变应变0.07%", silent}, {"200 ℃抗拉强度≥180 MPa", "200℃抗拉强度192 MPa", met},
		{"抗压强度≥50MPa", "7天抗压强度 40 MPa", silent},
		{"循环3000次容量保持率≥80%", "循环 2000 次后容量保持率 85 %", silent},
		{"循环3000次容量保持率≥80%", "循环 3000 次后容量保持率 85 %", met},
		{"25 ℃ 下离子电导率≥1 mS/cm", "60 ℃下离子电导率 2 mS/cm", silent},
		{"温度循环寿命≥1000次", "-55至125℃温度循环 1200 次无开裂", met},
		{"2小时内去除率≥90%", "4小时去除率 95%", silent},
	}
	for _, tt := range tests {
		t.Run(tt.asked+" / "+tt.offered, func(t *testing.T) {
			asked := Asked(tt.asked)
			if len(asked) != 1 {
				t.Fatalf("%d requirements in %q, want one", len(asked), tt.asked)
			}
			if got := Compare(asked[0], Find(tt.offered)); got.Outcome != tt.want {
				t.Errorf("%s: %s, want %s", got.Outcome, got.Reason, tt.want)
			}
		})
	}
}

// What is not surely the same, not surely worse or not reached yet.
func TestCompareIsCareful(t *testing.T) {
	tests := []struct{ asked, offered, want string }{
		{"产品纯度≥99.5%", "原料纯度95 %", silent}, {"产品纯度≥99.5%", "原料纯度99.9 %", silent}, {"产品纯度≥99.5%", "产品纯度95 %", against},
		{"效率≥90%", "夜间效率 85%", silent}, {"抗拉强度≥300MPa", "铸态抗拉强度 220 MPa", silent}, {"年产能≥5万吨", "单套年产能 1.2 万吨", silent},
		{"厚度≤2 mm", "厚度 3 cm 的保温层", silent}, {"厚度≤2 mm", "厚度 1 mm", met}, {"纯度99.5%～99.9%", "纯度99.95%", silent}, {"成本2～3元/kg", "成本1.5元/kg", silent}, {"成本2～3元/kg", "成本3.5元/kg", against},
		{"精度不低于0.01 mm", "精度 0.005 mm", met}, {"精度不低于0.01 mm", "精度 0.05 mm", against}, {"精度高于0.01 mm", "精度 0.005 mm", met}, {"精度不低于95 %", "精度 97 %", met}, {"分辨率不低于5 μm", "分辨率 10 μm", against},
		{"分辨率达到16 bit", "分辨率 24 bit", met}, {"灵敏度达到95%", "灵敏度 97%", met}, {"灵敏度达到95%", "灵敏度 90%", against},
		{"使用寿命不少于五年", "使用寿命达 40000 小时", silent}, {"使用寿命不少于五年", "使用寿命 四年", against}, {"噪声≤60分贝", "噪声 55 dB(A)", met}, {"噪声≤60分贝", "噪声 65 dB(A)", against},
		{"纯度≥99%", "不能达到99.5%的纯度", silent}, {"纯度≥99%", "预计纯度可达 99.9 %", silent}, {"纯度≥99%", "纯度难以达到 99.5%", silent},
		{"导热系数≥1.5 W/mK", "导热系数 1.8 W/(m·K)", met}, {"导热系数≥1.5 W/mK", "导热系数 1.2 W/(m·K)", against},
	}
	for _, tt := range tests {
		t.Run(tt.asked+" / "+tt.offered, func(t *testing.T) {
			asked := Find(tt.asked)
			if len(asked) != 1 {
				t.Fatalf("%d quantities in %q, want one", len(asked), tt.asked)
			}
			if got := Compare(asked[0], Find(tt.offered)); got.Outcome != tt.want {
				t.Errorf("%s: %s, want %s", got.Outcome, got.Reason, tt.want)
			}
		})
	}
}

// A condition that goes the better way states a demand by itself; one that
// goes the worse way tells of a trouble.
func TestAskedByItself(t *testing.T) {
	for text, want := range map[string]int{
		"误报率低于1%": 1, "良率低于80%": 0, "带宽大于10 GHz": 1, "定位精度±0.01 mm": 1, "定位精度优于0.01 mm": 1, "28天龄期": 0,
	} {
		if got := len(Asked(text)); got != want {
			t.Errorf("%q asks for %d, want %d", text, got, want)
		}
	}
}

// What follows a number and is no unit we know makes it none.
func TestUnknownUnits(t *testing.T) {
	if got := notes("导热系数≥1.5 Qx"); got != "" {
		t.Errorf("found %q in a number of unknown unit", got)
	}
	if got := Find("精度不低于0.01 mm")[0].Limit(); got != "≤ 0.01 mm" {
		t.Errorf("the limit is written %q", got)
	}
}
