package requirement

import (
	"testing"

	"jishi/internal/market"
)

const (
	met     = market.OutcomeMet
	silent  = market.OutcomeNotStated
	against = market.OutcomeContradicted
)

// The first quantity of what is asked against all that is offered.
func TestCompare(t *testing.T) {
	tests := []struct{ asked, offered, want string }{
		// Lower bounds.
		{"纯度≥67 %", "纯度达到70%", met}, {"纯度≥67 %", "纯度约60%", against}, {"纯度≥67 %", "纯度67%", met}, {"纯度>67 %", "纯度67%", against}, {"纯度>67 %", "纯度67.1%", met},
		{"纯度≥67 %", "纯度66.9%", against}, {"纯度≥67 %", "纯度约66%", silent}, {"纯度≥67 %", "纯度约70%", met}, {"纯度≥67 %", "纯度不低于70%", met}, {"纯度≥67 %", "纯度不低于60%", silent},
		{"纯度≥67 %", "纯度低于60%", against}, {"纯度≥67 %", "纯度60%~65%", against}, {"纯度≥67 %", "纯度60%~70%", silent}, {"纯度≥67 %", "纯度68%~70%", met}, {"纯度≥67 %", "收率70%", silent},
		{"纯度≥67 %", "没有写", silent}, {"纯度≥67 %", "纯度由50%提高到70%", met}, {"纯度≥67 %", "纯度提高10%", silent}, {"纯度≥67 %", "传统工艺纯度60%，本工艺纯度70%", met}, {"纯度≥67 %", "传统工艺纯度60%", silent},
		{"纯度≥67 %", "试样一纯度60%，试样二纯度70%", met}, {"纯度达到67%", "纯度70%", met}, {"纯度达到67%", "纯度60%", against}, {"纯度67%", "纯度70%", met}, {"纯度67%", "纯度60%", against},
		// Upper bounds.
		{"成本≤3元/kg", "成本2.8元/kg", met}, {"成本≤3元/kg", "成本3.5元/kg", against}, {"成本≤3元/kg", "成本2800元/吨", met}, {"成本≤3元/kg", "成本3500元/吨", against}, {"成本≤3元/kg", "生产成本为2.5元/公斤", met},
		{"成本≤3元/kg", "成本降至2.9元/kg", met}, {"成本≤3元/kg", "成本不超过2.9元/kg", met}, {"成本≤3元/kg", "成本不超过4元/kg", silent}, {"成本≤3元/kg", "成本降低20%", silent}, {"成本≤3元/kg", "售价2元/kg", met},
		{"成本降到3元/kg", "成本2.8元/kg", met}, {"成本降到3元/kg", "成本4元/kg", against}, {"噪声不高于55dB", "噪声50dB", met}, {"噪声不高于55dB", "噪声60 dB", against}, {"噪声不高于55dB", "增益60dB", silent},
		{"含水率≤12%", "水分10%", met}, {"翘曲≤50 μm", "翘曲38 μm", met}, {"翘曲≤50 μm", "翘曲0.06 mm", against}, {"响应时间≤1 s", "响应时间200 ms", met}, {"响应时间≤1 s", "响应时间1.5秒", against},
		{"粗糙度≤0.8 μm", "表面粗糙度0.4μm", met}, {"空洞率≤2%", "四层堆叠键合空洞率1.2%", met}, {"键合界面空洞率≤2%", "空洞率3%", against}, {"键合界面空洞率≤2%", "铸件空洞率3%", silent},
		// Units.
		{"耐压≥1 MPa", "耐压12 bar", met}, {"耐压≥1 MPa", "耐压800 kPa", against}, {"抗拉强度≥0.3 GPa", "抗拉强度350 MPa", met}, {"抗拉强度≥350 MPa", "抗拉强度300 MPa", against}, {"抗拉强度≥350 MPa", "抗压强度300 MPa", silent},
		{"密度≤1.80 g/cm³", "密度1.75 g/cm3", met}, {"密度≤1.80 g/cm³", "密度2700 kg/m³", against}, {"密度1.80 g/cm³", "密度1.79 g/cm³", met}, {"密度1.80 g/cm³", "密度2.7 g/cm³", against}, {"导热系数≥100 W/(m·K)", "热导率120 W/m·K", met},
		{"导热系数≥100 W/(m·K)", "热导率80W·m⁻¹·K⁻¹", against}, {"比容量≥160 mAh/g", "比容量0.17 Ah/g", met}, {"磁异常5000 nT", "磁异常5 μT", met}, {"频率≤1 GHz", "频率900 MHz", met}, {"转速≥3000 r/min", "转速3500rpm", met},
		{"使用寿命≥5年", "使用寿命60个月", met}, {"使用寿命≥5年", "使用寿命四年", against}, {"循环寿命≥1000次", "循环寿命1200次", met}, {"循环寿命≥1000次", "使用寿命5年", silent}, {"含硫量≤10 ppm", "含硫量0.0005%", met}, {"含硫量≤10 ppm", "含硫量0.01%", against},
		{"面积≥10公顷", "面积200亩", met}, {"面积≥10公顷", "面积100亩", against}, {"温度≤80℃", "温度350K", met}, {"温升≤30 K", "温升25℃", met}, {"温升≤30 K", "温升45℃", against},
		// Yearly amounts.
		{"年产200吨", "年产300吨", met}, {"年产200吨", "产能300 t/a", met}, {"年产200吨", "年产量150吨", against}, {"年产≥200吨", "日产1吨", met}, {"年产≥200吨", "日产0.3吨", against}, {"年产≥5万吨", "年产能6万吨", met},
		// Ranges.
		{"工作温度−40 ℃ 至 85 ℃", "工作温度-55~125℃", met}, {"工作温度−40 ℃ 至 85 ℃", "工作温度-40～85℃", met}, {"工作温度−40 ℃ 至 85 ℃", "工作温度-20～60℃", against}, {"工作温度−40 ℃ 至 85 ℃", "使用温度0～50℃", against}, {"工作温度−40 ℃ 至 85 ℃", "工作温度25℃", silent}, {"工作温度−40 ℃ 至 85 ℃", "键合温度180℃", silent},
		{"壁厚1.5～3.0 mm", "壁厚2 mm", met}, {"壁厚1.5～3.0 mm", "壁厚5 mm", against}, {"壁厚1.5～3.0 mm", "壁厚1~5 mm", met}, {"壁厚1.5～3.0 mm", "壁厚2～2.5mm", met}, {"壁厚1.5～3.0 mm", "壁厚4～6mm", against}, {"壁厚1.5～3.0 mm", "壁厚2～4mm", silent},
		{"频率范围1～6 GHz", "频率范围0.8～8GHz", met}, {"频率范围1～6 GHz", "频率范围2～4GHz", against},
		// Tolerances and what is better by its nature.
		{"精度±0.01 mm", "精度±0.005 mm", met}, {"精度±0.01 mm", "精度±0.02 mm", against}, {"精度±0.01 mm", "定位精度8 μm", met}, {"精度±0.01 mm", "精度优于0.01mm", met}, {"精度≤0.01 mm", "精度0.05mm", against}, {"控温精度±0.5℃", "控温精度±1℃", against}, {"控温精度±0.5℃", "控温精度±0.3℃", met},
		{"识别率优于95%", "识别率97%", met}, {"识别率优于95%", "识别率90%", against}, {"测量误差优于1 mm", "测量误差0.5mm", met}, {"测量误差优于1 mm", "测量误差2mm", against},
		// Changes.
		{"能耗降低20%", "能耗降低30%", met}, {"能耗降低20%", "能耗降低10%", against}, {"能耗降低20%", "能耗提高30%", silent}, {"能耗降低20%以上", "能耗下降25%", met}, {"产量提高两倍", "产量提高3倍", met},
		// Names that do not agree, or are not there.
		{"寿命≥10年", "寿命12年", met}, {"3元/kg的产品", "该产品2.95元/kg", met}, {"≤3元/kg的产品", "该产品5元/kg", silent}, {"≤3元/kg", "成本2元/kg", silent}, {"电压≥10 kV", "击穿电压8 kV", silent}, {"工作电压≥10 kV", "工作电压8 kV", against}, {"强度≥300 MPa", "抗拉强度250 MPa", silent}, {"强度≥300 MPa", "抗拉强度350 MPa", met},
		{"温度≤80℃", "反应温度120℃", silent}, {"材料成本≤5元", "人工成本8元", silent}, {"平均良率≥97%", "良率95%", against}, {"合格率≥95%", "良品率97%", met}, {"外径≤50 mm", "内径60 mm", silent}, {"回收率≥90%", "利用率80%", silent},
		{"误报率≤1%", "漏报率3%", silent}, {"COD≤50 mg/L", "COD 30 mg/L", met}, {"COD≤50 mg/L", "氨氮80 mg/L", silent}, {"信噪比≥60dB", "信噪比65dB", met}, {"摩擦系数≤0.1", "摩擦系数0.05", met},
	}
	for _, tt := range tests {
		t.Run(tt.asked+" / "+tt.offered, func(t *testing.T) {
			asked, offered := Find(tt.asked), Find(tt.offered)
			if len(asked) == 0 {
				t.Fatalf("nothing asked in %q", tt.asked)
			}
			f := Compare(asked[0], offered)
			if f.Outcome != tt.want {
				t.Errorf("%s: %s; asked %s, offered %s", f.Outcome, f.Reason, note(asked[0]), notes(tt.offered))
			}
			if f.Reason == "" || f.At >= len(offered) || f.At < 0 && f.Outcome != silent {
				t.Errorf("finding %+v of %d quantities", f, len(offered))
			}
		})
	}
}

func TestLimit(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"纯度≥67 %", "≥ 67 %"}, {"纯度达到67%", "≥ 67 %"}, {"纯度67%", "≥ 67 %"}, {"纯度>67%", "> 67 %"}, {"成本降到3元/kg", "≤ 3 元/kg"}, {"成本3元/kg", "≤ 3 元/kg"}, {"噪声<55dB", "< 55 dB"}, {"密度1.80 g/cm³", "1.8 g/cm³"},
		{"密度约1.80 g/cm³", "≈ 1.8 g/cm³"}, {"工作温度−40 ℃ 至 85 ℃", "−40～85 ℃"}, {"精度±0.01 mm", "±0.01 mm"}, {"能耗降低20%", "降低 ≥ 20 %"}, {"产量提高3倍以上", "提高 ≥ 3 倍"}, {"识别率优于95%", "≥ 95 %"}, {"测量误差优于1 mm", "≤ 1 mm"}, {"误码率≤10^-6", "≤ 1×10^−6"}, {"投资1.5亿元", "1.5 亿元"},
	} {
		t.Run(tt.text, func(t *testing.T) {
			if found := Find(tt.text); len(found) != 1 || found[0].Limit() != tt.want {
				t.Errorf("%+v, want one of %s", found, tt.want)
			}
		})
	}
}

// What is offered is written in the unit asked for.
func TestIn(t *testing.T) {
	for _, tt := range []struct{ offered, asked, want string }{
		{"成本2800元/吨", "成本≤3元/kg", "2.8 元/kg"}, {"耐压12 bar", "耐压≥1 MPa", "1.2 MPa"}, {"温度350K", "温度≤80℃", "76.85 ℃"}, {"工作温度-55~125℃", "工作温度250～350K", "218.15～398.15 K"}, {"温升25℃", "温升≤30 K", "25 K"},
		{"日产1吨", "年产≥200吨", "365.243 吨"}, {"产能300 t/a", "年产200吨", "300 吨"}, {"使用寿命不少于60个月", "寿命5年", "≥ 5 年"}, {"精度±5 μm", "精度±0.01 mm", "±0.005 mm"},
	} {
		t.Run(tt.offered, func(t *testing.T) {
			if got := Find(tt.offered)[0].In(Find(tt.asked)[0]); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}
