package market

// Code is one entry of a code list.
type Code struct {
	Code string `json:"code"`
	Name string `json:"name"` // Chinese
}

// CodeList is a closed list of codes in the order offices print them.
type CodeList []Code

// Name returns the Chinese name of a code, the code itself if it is unknown.
func (l CodeList) Name(code string) string {
	for _, c := range l {
		if c.Code == code {
			return c.Name
		}
	}
	return code
}

// Has reports whether the list holds code.
func (l CodeList) Has(code string) bool {
	for _, c := range l {
		if c.Code == code {
			return true
		}
	}
	return false
}

// Find returns the code whose code or name is text, after folding; "" and
// false when there is none. Importers use it to read either form.
func (l CodeList) Find(text string) (string, bool) {
	text = Fold(text)
	for _, c := range l {
		if c.Code == text || c.Name == text {
			return c.Code, true
		}
	}
	return "", false
}

// Fields is 技术领域, top level, in the order of the national registration
// form; the two-digit numbers are ours.
var Fields = CodeList{
	{"01", "电子信息"}, {"02", "航空航天"}, {"03", "先进制造"}, {"04", "生物、医药和医疗器械"},
	{"05", "新材料及其应用"}, {"06", "新能源与高效节能"}, {"07", "环境保护与资源综合利用"},
	{"08", "核应用"}, {"09", "农业"}, {"10", "现代交通"}, {"11", "城市建设与社会发展"},
}

// Industries is the sections of GB/T 4754-2017 国民经济行业分类.
var Industries = CodeList{
	{"A", "农、林、牧、渔业"}, {"B", "采矿业"}, {"C", "制造业"}, {"D", "电力、热力、燃气及水生产和供应业"},
	{"E", "建筑业"}, {"F", "批发和零售业"}, {"G", "交通运输、仓储和邮政业"}, {"H", "住宿和餐饮业"},
	{"I", "信息传输、软件和信息技术服务业"}, {"J", "金融业"}, {"K", "房地产业"}, {"L", "租赁和商务服务业"},
	{"M", "科学研究和技术服务业"}, {"N", "水利、环境和公共设施管理业"}, {"O", "居民服务、修理和其他服务业"},
	{"P", "教育"}, {"Q", "卫生和社会工作"}, {"R", "文化、体育和娱乐业"},
	{"S", "公共管理、社会保障和社会组织"}, {"T", "国际组织"},
}

// Chains is the district's industry chains as its plan 2021–2025 names them
// (section 三(三), 三(四), 三(五)).
var Chains = CodeList{
	{"ic", "集成电路"}, {"food", "食品加工"}, {"material", "新材料"}, {"home", "智能家居"},
	{"aviation", "通用航空"}, {"energy", "能源"}, {"farming", "现代农业"}, {"livelihood", "民生科技"},
}

// Categories is 成果类别 of the national achievement registration system.
var Categories = CodeList{
	{"applied", "应用技术成果"}, {"theory", "基础理论成果"}, {"soft", "软科学成果"},
}

// Stages is 所处阶段 of the achievement registration form, in order of maturity.
var Stages = CodeList{{"early", "初期阶段"}, {"middle", "中期阶段"}, {"mature", "成熟应用阶段"}}

// StageOf returns the stage a technology readiness level of GB/T 22900 lies
// in; "" for 0, which means not assessed.
func StageOf(trl int) string {
	switch {
	case trl < 1 || trl > 9:
		return ""
	case trl <= 4:
		return "early"
	case trl <= 7:
		return "middle"
	default:
		return "mature"
	}
}

// Maturities is the nine levels of GB/T 22900 in our own words, index = level.
var Maturities = CodeList{
	{"1", "1 级 发现原理"}, {"2", "2 级 形成方案"}, {"3", "3 级 关键功能得到验证"}, {"4", "4 级 实验室部件验证"},
	{"5", "5 级 相关环境部件验证"}, {"6", "6 级 相关环境样机演示"}, {"7", "7 级 真实环境样机试验"},
	{"8", "8 级 定型并通过鉴定"}, {"9", "9 级 重复应用或已销售"},
}

// Forms is 体现形式 of applied results.
var Forms = CodeList{
	{"technology", "新技术"}, {"process", "新工艺"}, {"product", "新产品"}, {"material", "新材料"},
	{"equipment", "新装备"}, {"variety", "农业、生物新品种"}, {"mineral", "矿产新品种"}, {"other", "其他应用技术"},
}

// Levels is 成果水平.
var Levels = CodeList{
	{"world_leading", "国际领先"}, {"world_advanced", "国际先进"}, {"nation_leading", "国内领先"},
	{"nation_advanced", "国内先进"}, {"nation_average", "国内一般"}, {"none", "未评价"},
}

// Modes is 合作方式: the ways to transform a result, Promotion Law
// 促进科技成果转化法 art. 16, with co-development and service as demands ask for them.
var Modes = CodeList{
	{"transfer", "技术转让"}, {"license", "技术许可"}, {"equity", "作价投资"},
	{"develop", "合作开发"}, {"service", "技术服务与咨询"}, {"self", "自行实施、寻求合作"},
}

// IPKinds is 知识产权类型.
var IPKinds = CodeList{
	{"invention", "发明专利"}, {"utility", "实用新型专利"}, {"design", "外观设计专利"}, {"software", "计算机软件著作权"},
	{"layout", "集成电路布图设计专有权"}, {"variety", "植物新品种权"}, {"medicine", "生物医药新品种"},
	{"secret", "技术秘密"}, {"none", "未涉及知识产权"},
}

// IPStates is the legal state of an intellectual property right.
var IPStates = CodeList{{"applied", "已受理"}, {"granted", "已授权"}, {"lapsed", "已失效"}}

// DemandKinds is 需求类型.
var DemandKinds = CodeList{
	{"problem", "技术难题攻关"}, {"import", "成果引进"}, {"joint", "合作研发"},
	{"testing", "检测、咨询服务"}, {"other", "其他"},
}

// PriceModes is 价格方式 of a listing.
var PriceModes = CodeList{{"negotiable", "面议"}, {"fixed", "一口价"}, {"range", "价格区间"}}

// OrganizationKinds is 单位类型.
var OrganizationKinds = CodeList{
	{"university", "高等院校"}, {"institute", "科研院所"}, {"enterprise", "企业"},
	{"broker", "技术转移机构"}, {"service", "科技服务机构"}, {"bureau", "科技主管部门"}, {"other", "其他"},
}

// MarkKinds is what enterprises are recognised as; the first three are the
// ladder of the district's plan, lowest rung first.
var MarkKinds = CodeList{
	{"tech", "科技型企业"}, {"hightech", "高新技术企业"}, {"growth", "高成长性企业"},
	{"specialised", "专精特新企业"}, {"giant", "专精特新“小巨人”企业"}, {"champion", "隐形冠军企业"},
}

// ServiceKinds is what service institutions offer (Chongqing's rule on
// technology transfer institutions of 2014 and what surrounds it).
var ServiceKinds = CodeList{
	{"brokerage", "技术经纪"}, {"operation", "技术集成与运营"}, {"financing", "投融资服务"}, {"valuation", "价值评估"},
	{"ip", "知识产权服务"}, {"testing", "检验检测"}, {"pilot", "中试熟化"}, {"training", "培训与咨询"},
}

// InstitutionLevels is who recognised a service institution.
var InstitutionLevels = CodeList{{"national", "国家级"}, {"municipal", "市级"}, {"district", "区县级"}, {"none", "未评定"}}

// BrokerLevels is the levels of technology brokers, T/CASTEM 1007—2022.
var BrokerLevels = CodeList{{"junior", "初级"}, {"middle", "中级"}, {"senior", "高级"}}
