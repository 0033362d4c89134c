package market

// ContractTypes is the five types of the Civil Code 民法典 book 3 chapter 20,
// articles 851–887; 许可 is separate from 转让 since 2021.
var ContractTypes = CodeList{
	{"KF", "技术开发"}, {"ZR", "技术转让"}, {"XK", "技术许可"}, {"ZX", "技术咨询"}, {"FW", "技术服务"},
}

// SubTypes is the sub-types of each contract type, Civil Code arts. 851, 863,
// 876, 878 and 887.
var SubTypes = map[string]CodeList{
	"KF": {{"KF1", "委托开发"}, {"KF2", "合作开发"}},
	"ZR": {{"ZR1", "专利权转让"}, {"ZR2", "专利申请权转让"}, {"ZR3", "技术秘密转让"}, {"ZR4", "计算机软件著作权转让"},
		{"ZR5", "集成电路布图设计专有权转让"}, {"ZR6", "植物新品种权转让"}},
	"XK": {{"XK1", "专利实施许可"}, {"XK2", "技术秘密使用许可"}, {"XK3", "其他知识产权许可"}},
	"ZX": {{"ZX1", "可行性论证"}, {"ZX2", "技术预测"}, {"ZX3", "专题技术调查"}, {"ZX4", "分析评价报告"}},
	"FW": {{"FW1", "一般技术服务"}, {"FW2", "技术培训"}, {"FW3", "技术中介"}},
}

// PaymentModes is 支付方式, Civil Code art. 846.
var PaymentModes = CodeList{
	{"once", "一次总付"}, {"installments", "分期支付"}, {"royalty", "提成支付"},
	{"royalty_entry", "提成支付附加入门费"}, {"other", "其他"},
}

// PlanSources is 计划来源, top level.
var PlanSources = CodeList{
	{"national", "国家科技计划"}, {"ministry", "部门计划"}, {"province", "省、自治区、直辖市及计划单列市计划"},
	{"city", "地市县计划"}, {"none", "计划外"},
}

// Objectives is 社会经济目标, top level of GB/T 24450-2009.
var Objectives = CodeList{
	{"01", "环境保护、生态建设及污染防治"}, {"02", "能源生产、分配和合理利用"}, {"03", "卫生事业发展"}, {"04", "教育事业发展"},
	{"05", "基础设施以及城市和农村规划"}, {"06", "社会发展和社会服务"}, {"07", "地球和大气层的探索与利用"},
	{"08", "民用空间探测及开发"}, {"09", "农林牧渔业发展"}, {"10", "工商业发展"}, {"11", "非定向研究"},
	{"12", "其他民用目标"}, {"13", "国防"},
}

// PartyCategories is 卖方/买方类别 of the national registration form.
var PartyCategories = CodeList{
	{"010", "机关法人"}, {"021", "科研机构"}, {"022", "高等院校"}, {"023", "医疗卫生机构"}, {"024", "其他事业法人"},
	{"030", "社团法人"}, {"100", "内资企业"}, {"200", "港澳台商投资企业"}, {"300", "外商投资企业"},
	{"400", "个体经营"}, {"500", "自然人"}, {"900", "其他组织"},
}

// Origins says how a contract came to the platform.
var Origins = CodeList{{"registered", "仅在本平台登记"}, {"matched", "本平台对接促成"}, {"bid", "本平台挂牌竞价"}}
