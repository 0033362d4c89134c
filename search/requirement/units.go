package requirement

import "unicode/utf8"

// atom is one unit of the table: how many base units it is, what it measures
// and how it may stand.
type atom struct {
	factor    float64
	offset    float64 // added after the factor: of temperatures that do not begin at zero
	dimension Dimension
	prefixes  string // of the SI prefixes those it takes
	under     bool   // stands under a stroke only: t/a
	weak      bool   // counts things; a number before it means little without a condition
	prefixed  bool   // stands with a prefix only: 18F and 3H are isotopes
	numeral   bool   // may follow a numeral in Chinese: 三个月
}

// prefixes is the SI prefixes that occur.
var prefixes = map[rune]float64{'f': 1e-15, 'p': 1e-12, 'n': 1e-9, 'μ': 1e-6, 'u': 1e-6, 'm': 1e-3, 'c': 1e-2, 'd': 0.1, 'h': 1e2, 'k': 1e3, 'K': 1e3, 'M': 1e6, 'G': 1e9, 'T': 1e12}

// Seconds of a mean month and year; twelve of the one are the other.
const (
	month = 2_629_746
	year  = 12 * month
)

// atoms is the one table of units.
var atoms = units([]row{
	{"m", atom{factor: 1, dimension: length, prefixes: "pnμumcdk"}}, {"Å", atom{factor: 1e-10, dimension: length}},
	{"米", han(1, length)}, {"公里", han(1e3, length)}, {"千米", han(1e3, length)}, {"厘米", han(1e-2, length)}, {"分米", han(0.1, length)},
	{"毫米", han(1e-3, length)}, {"微米", han(1e-6, length)}, {"纳米", han(1e-9, length)}, {"英寸", han(0.0254, length)}, {"海里", han(1852, length)},
	{"㎜", of(1e-3, length)}, {"㎝", of(1e-2, length)}, {"㎞", of(1e3, length)}, {"㎡", of(1, area)}, {"㎏", of(1, mass)}, {"㎎", of(1e-6, mass)},
	{"平方米", han(1, area)}, {"平方公里", han(1e6, area)}, {"平方千米", han(1e6, area)}, {"平方厘米", han(1e-4, area)}, {"平方毫米", han(1e-6, area)},
	{"公顷", han(1e4, area)}, {"ha", of(1e4, area)}, {"hm2", of(1e4, area)}, {"hm²", of(1e4, area)}, {"亩", han(2000.0/3, area)},
	{"立方米", han(1, volume)}, {"立方厘米", han(1e-6, volume)}, {"㎥", of(1, volume)}, {"升", han(1e-3, volume)}, {"毫升", han(1e-6, volume)}, {"微升", han(1e-9, volume)},
	{"L", atom{factor: 1e-3, dimension: volume, prefixes: "μumdnh"}}, {"l", atom{factor: 1e-3, dimension: volume, prefixes: "μum"}},
	{"g", atom{factor: 1e-3, dimension: mass, prefixes: "pnμumkM"}}, {"t", atom{factor: 1e3, dimension: mass, prefixes: "k"}},
	{"克", han(1e-3, mass)}, {"毫克", han(1e-6, mass)}, {"微克", han(1e-9, mass)}, {"千克", han(1, mass)}, {"公斤", han(1, mass)}, {"斤", han(0.5, mass)}, {"吨", han(1e3, mass)},
	{"s", atom{factor: 1, dimension: duration, prefixes: "pnμumf"}}, {"min", of(60, duration)}, {"h", of(3600, duration)}, {"d", of(86400, duration)}, {"a", atom{factor: year, dimension: duration, under: true}},
	{"秒", han(1, duration)}, {"毫秒", han(1e-3, duration)}, {"微秒", han(1e-6, duration)}, {"纳秒", han(1e-9, duration)}, {"分钟", han(60, duration)}, {"小时", han(3600, duration)}, {"个小时", han(3600, duration)},
	{"天", han(86400, duration)}, {"周", han(7*86400, duration)}, {"个月", han(month, duration)}, {"年", han(year, duration)},
	{"分", atom{factor: 60, dimension: duration, under: true}}, {"日", atom{factor: 86400, dimension: duration, under: true}}, {"月", atom{factor: month, dimension: duration, under: true}}, {"时", atom{factor: 3600, dimension: duration, under: true}},
	{"Hz", atom{factor: 1, dimension: frequency, prefixes: "mkKMGT"}}, {"赫兹", han(1, frequency)}, {"千赫", han(1e3, frequency)}, {"兆赫", han(1e6, frequency)}, {"吉赫", han(1e9, frequency)},
	{"℃", celsius}, {"°C", celsius}, {"oC", celsius}, {"摄氏度", atom{factor: 1, offset: 273.15, dimension: temperature, numeral: true}}, {"K", of(1, temperature)}, {"℉", fahrenheit}, {"°F", fahrenheit},
	{"mK", atom{factor: 1, dimension: length.times(temperature, 1), under: true}}, {"mol", atom{factor: 1, dimension: substance, prefixes: "pnμumk"}}, {"摩尔", han(1, substance)},
	{"N", atom{factor: 1, dimension: force, prefixes: "μumkM"}}, {"牛", han(1, force)}, {"千牛", han(1e3, force)}, {"牛顿", han(1, force)}, {"牛米", han(1, energy)},
	{"Pa", atom{factor: 1, dimension: pressure, prefixes: "μumhkKMGT"}}, {"bar", atom{factor: 1e5, dimension: pressure, prefixes: "m"}}, {"atm", of(101325, pressure)},
	{"Torr", atom{factor: 101325.0 / 760, dimension: pressure, prefixes: "m"}}, {"mmHg", of(133.322, pressure)}, {"psi", of(6894.757, pressure)}, {"帕", han(1, pressure)}, {"千帕", han(1e3, pressure)}, {"兆帕", han(1e6, pressure)},
	{"J", atom{factor: 1, dimension: energy, prefixes: "nμumkKMG"}}, {"焦", han(1, energy)}, {"千焦", han(1e3, energy)}, {"eV", atom{factor: 1.602176634e-19, dimension: energy, prefixes: "mkMG"}},
	{"cal", atom{factor: 4.1868, dimension: energy, prefixes: "k"}}, {"大卡", han(4186.8, energy)}, {"Wh", atom{factor: 3600, dimension: energy, prefixes: "mkKMGT"}},
	{"千瓦时", han(3.6e6, energy)}, {"兆瓦时", han(3.6e9, energy)}, {"度电", han(3.6e6, energy)},
	{"W", atom{factor: 1, dimension: powerOf, prefixes: "pnμumkKMGT"}}, {"瓦", han(1, powerOf)}, {"千瓦", han(1e3, powerOf)}, {"兆瓦", han(1e6, powerOf)}, {"毫瓦", han(1e-3, powerOf)}, {"马力", han(735.5, powerOf)}, {"VA", atom{factor: 1, dimension: kind("VA"), prefixes: "kM"}},
	{"A", atom{factor: 1, dimension: ampere, prefixes: "pnμumkf"}}, {"安", atom{factor: 1, dimension: ampere}}, {"毫安", han(1e-3, ampere)}, {"Ah", atom{factor: 3600, dimension: charge, prefixes: "mk"}},
	{"V", atom{factor: 1, dimension: voltage, prefixes: "nμumkKM"}}, {"伏", han(1, voltage)}, {"千伏", han(1e3, voltage)}, {"毫伏", han(1e-3, voltage)},
	{"Ω", atom{factor: 1, dimension: resistance, prefixes: "μumkKMGT"}}, {"欧姆", han(1, resistance)}, {"S", atom{factor: 1, dimension: conductance, prefixes: "μum"}},
	{"F", atom{factor: 1, dimension: capacitance, prefixes: "pnμumf", prefixed: true}}, {"H", atom{factor: 1, dimension: inductance, prefixes: "nμum", prefixed: true}},
	{"T", atom{factor: 1, dimension: flux, prefixes: "fpnμum"}}, {"特斯拉", han(1, flux)}, {"Wb", atom{factor: 1, dimension: weber, prefixes: "m"}},
	{"cd", atom{factor: 1, dimension: light, prefixes: "m"}}, {"lm", atom{factor: 1, dimension: light, prefixes: "k"}}, {"lx", atom{factor: 1, dimension: lux, prefixes: "mk"}}, {"cP", of(1e-3, viscosity)},
	{"元", han(1, money)}, {"元人民币", han(1, money)}, {"美元", han(1, kind("美元"))}, {"欧元", han(1, kind("欧元"))},
	{"%", of(0.01, ratio)}, {"‰", of(0.001, ratio)}, {"wt%", of(0.01, ratio)}, {"wt.%", of(0.01, ratio)}, {"vol%", of(0.01, ratio)}, {"mol%", of(0.01, kind("mol%"))}, {"at%", of(0.01, kind("at%"))}, {"at.%", of(0.01, kind("at%"))},
	{"ppm", of(1e-6, ratio)}, {"ppmv", of(1e-6, ratio)}, {"ppb", of(1e-9, ratio)}, {"ppt", of(1e-12, ratio)}, {"个百分点", han(1, kind("point"))}, {"倍", han(1, kind("times"))},
	{"dB", of(1, kind("dB"))}, {"dB(A)", of(1, kind("dB(A)"))}, {"dBA", of(1, kind("dB(A)"))}, {"分贝", han(1, kind("dB"))}, {"dBm", of(1, kind("dBm"))}, {"dBc", of(1, kind("dBc"))}, {"dBi", of(1, kind("dBi"))},
	{"°", of(1, kind("angle"))}, {"rad", atom{factor: 57.29577951308232, dimension: kind("angle"), prefixes: "μum"}}, {"角秒", han(1.0/3600, kind("angle"))}, {"角分", han(1.0/60, kind("angle"))},
	{"rpm", of(1.0/60, turns)}, {"r", atom{factor: 1, dimension: kind("turn"), weak: true}}, {"转", atom{factor: 1, dimension: kind("turn"), weak: true}},
	{"bps", atom{factor: 1, dimension: bits.times(duration, -1), prefixes: "kKMGT"}}, {"bit", atom{factor: 1, dimension: bits, prefixes: "kKMG"}}, {"b", atom{factor: 1, dimension: bits, prefixes: "kKMGT"}}, {"B", atom{factor: 8, dimension: bits, prefixes: "kKMGT"}}, {"像素", of(1, kind("像素"))}, {"HV", of(1, kind("HV"))}, {"HRC", of(1, kind("HRC"))}, {"HB", of(1, kind("HB"))},
	{"CFU", of(1, kind("CFU"))}, {"cfu", of(1, kind("CFU"))}, {"U", atom{factor: 1, dimension: kind("U"), prefixes: "mk"}}, {"IU", of(1, kind("IU"))}, {"Bq", atom{factor: 1, dimension: kind("Bq"), prefixes: "kMGT"}},
})

var (
	celsius    = atom{factor: 1, offset: 273.15, dimension: temperature}
	fahrenheit = atom{factor: 5.0 / 9, offset: 273.15 - 32*5.0/9, dimension: temperature}
	bits       = kind("bit")
	turns      = kind("turn").times(duration, -1)
)

// counted is the things that are counted one by one; those in strong say
// something even without a condition.
var (
	strong  = []string{"次", "台", "套", "辆", "架", "头", "羽", "株", "尾", "人次"}
	counted = []string{"件", "只", "个", "项", "人", "户", "片", "颗", "粒", "组", "路", "层", "级", "点", "种", "名", "家", "条", "门", "支", "根", "块", "张", "盒", "瓶", "袋", "单", "通道", "批", "班", "车", "孔", "位", "圈", "循环", "周期", "床", "例", "处"}
)

// row is one line of the table.
type row struct {
	symbol string
	atom
}

func of(factor float64, d Dimension) atom { return atom{factor: factor, dimension: d} }

func han(factor float64, d Dimension) atom {
	return atom{factor: factor, dimension: d, numeral: true}
}

// atomStarts is the most characters of a unit that begins with each.
var atomStarts = func() map[rune]int {
	table := map[rune]int{}
	for symbol := range atoms {
		first, _ := utf8.DecodeRuneInString(symbol)
		table[first] = max(table[first], utf8.RuneCountInString(symbol))
	}
	return table
}()

// longest is the most characters a symbol has.
const longest = 5

// units makes the table, with every prefix a unit takes and what is counted.
func units(rows []row) map[string]atom {
	table := make(map[string]atom, 4*len(rows))
	for _, r := range rows {
		table[r.symbol] = r.atom
	}
	for _, r := range rows {
		for _, p := range r.prefixes {
			symbol := string(p) + r.symbol
			if _, taken := table[symbol]; !taken && utf8.RuneCountInString(symbol) <= longest {
				one := r.atom
				one.factor *= prefixes[p]
				table[symbol] = one
			}
		}
	}
	for _, r := range rows {
		if r.prefixed {
			delete(table, r.symbol)
		}
	}
	for _, word := range strong {
		table[word] = of(1, kind(word))
	}
	for _, word := range counted {
		table[word] = atom{factor: 1, dimension: kind(word), weak: true}
	}
	return table
}
