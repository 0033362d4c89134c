package market

import "strings"

// HomeDivision is the GB/T 2260 code of the district the platform serves.
const HomeDivision = "500155"

// Divisions is the GB/T 2260 codes a district office meets: the district and
// its neighbours, the other districts of Chongqing it deals with, and the
// provinces for everyone else.
var Divisions = CodeList{
	{"500155", "重庆市梁平区"}, {"500154", "重庆市开州区"}, {"500101", "重庆市万州区"}, {"500102", "重庆市涪陵区"},
	{"500103", "重庆市渝中区"}, {"500106", "重庆市沙坪坝区"}, {"500107", "重庆市九龙坡区"}, {"500108", "重庆市南岸区"},
	{"500109", "重庆市北碚区"}, {"500112", "重庆市渝北区"}, {"500113", "重庆市巴南区"}, {"500115", "重庆市长寿区"},
	{"500118", "重庆市永川区"}, {"500120", "重庆市璧山区"}, {"500156", "重庆市武隆区"}, {"500230", "重庆市丰都县"},
	{"500231", "重庆市垫江县"}, {"500233", "重庆市忠县"}, {"500000", "重庆市"},
	{"110000", "北京市"}, {"120000", "天津市"}, {"130000", "河北省"}, {"140000", "山西省"}, {"150000", "内蒙古自治区"},
	{"210000", "辽宁省"}, {"220000", "吉林省"}, {"230000", "黑龙江省"}, {"310000", "上海市"}, {"320000", "江苏省"},
	{"330000", "浙江省"}, {"340000", "安徽省"}, {"350000", "福建省"}, {"360000", "江西省"}, {"370000", "山东省"},
	{"410000", "河南省"}, {"420000", "湖北省"}, {"430000", "湖南省"}, {"440000", "广东省"}, {"450000", "广西壮族自治区"},
	{"460000", "海南省"}, {"510000", "四川省"}, {"520000", "贵州省"}, {"530000", "云南省"}, {"540000", "西藏自治区"},
	{"610000", "陕西省"}, {"620000", "甘肃省"}, {"630000", "青海省"}, {"640000", "宁夏回族自治区"},
	{"650000", "新疆维吾尔自治区"}, {"710000", "台湾省"}, {"810000", "香港特别行政区"}, {"820000", "澳门特别行政区"},
	{"990000", "境外"},
}

// DivisionName returns the name of a division; a code we do not list is named
// by its province, so that old and foreign codes still read.
func DivisionName(code string) string {
	if code == "" {
		return ""
	}
	if Divisions.Has(code) {
		return Divisions.Name(code)
	}
	if len(code) == 6 {
		if name := Divisions.Name(code[:2] + "0000"); !strings.HasPrefix(name, code[:2]) {
			return name
		}
	}
	return code
}

func checkDivision(p *Problems, field, code string) {
	if code == "" {
		return
	}
	p.Check(len(code) == 6 && digits(code) && DivisionName(code) != code, field, "不是六位行政区划代码（GB/T 2260）")
}
