package requirement

import "strings"

// Unit is a unit as written and what it measures.
type Unit struct {
	Symbol    string // as written, without blanks at its ends; empty for a bare number
	Dimension Dimension
	factor    float64 // of base units
	plain     float64 // of it without 万 or 亿
	offset    float64 // added after the factor, of a temperature scale
	weak      bool
	numeral   bool
}

// bare is the unit of a number without one.
var bare = Unit{factor: 1, plain: 1, Dimension: kind("number")}

// base returns a value in base units. Of a difference the offset of the scale
// is left out.
func (u Unit) base(value float64, difference bool) float64 {
	if difference {
		return value * u.factor
	}
	return value*u.factor + u.offset
}

// from is the value in u of what is base in base units.
func (u Unit) from(base float64, difference bool) float64 {
	if difference {
		return base / u.factor
	}
	return (base - u.offset) / u.factor
}

// maxFactors bounds how many units one is made of.
const maxFactors = 5

// unit reads the unit that begins at i: W/(m·K), g/cm³, mAh g-1, 元/kg, /℃.
func (s *source) unit(i int) (Unit, int, bool) {
	c := compound{s: s, u: Unit{factor: 1}, sign: 1}
	end := i
	if s.rune(i) != '/' {
		var ok bool
		if end, ok = c.add(i, 1); !ok {
			return Unit{}, i, false
		}
	}
	for c.n < maxFactors {
		next, ok := c.more(end)
		if !ok {
			break
		}
		end = next
	}
	if c.n == 0 || c.only.under && c.n == 1 && end > i && s.rune(i) != '/' || s.goesOn(end) {
		return Unit{}, i, false
	}
	u := c.u
	u.plain = u.factor
	u.Symbol, u.weak, u.numeral = s.slice(i, end), c.n == 1 && c.only.weak, c.only.numeral
	if c.n == 1 && s.rune(i) != '/' {
		u.offset = c.only.offset
	}
	return u, end, true
}

// goesOn reports whether what stands at the end of a unit makes it part of
// something else: a word of letters, or a fraction by something unknown.
func (s *source) goesOn(end int) bool {
	r := s.rune(end)
	last := s.rune(end - 1)
	return (letter(r) || digit(r)) && (letter(last) || digit(last)) || r == '/' || r == '^' || supers[r] != 0
}

// compound is a unit that is being read.
type compound struct {
	s    *source
	u    Unit
	n    int
	only atom // the first one
	sign int8 // of what follows a point: W/m·K means W/(m·K)
}

// more reads a further factor: after a stroke or 每 under it, after a point or
// a blank beside it.
func (c *compound) more(i int) (int, bool) {
	s := c.s
	switch s.rune(i) {
	case '/', '每':
		if s.rune(i+1) == '(' {
			return c.group(i + 2)
		}
		c.sign = -1
		return c.add(i+1, -1)
	case '·', '.', '*':
		return c.add(i+1, c.sign)
	case ' ':
		// mAh g-1: beside a blank only with a power below nought.
		keep := *c
		if end, ok := c.add(i+1, 1); ok && (supers[s.rune(end-2)] == '-' || s.rune(end-2) == '-') {
			return end, true
		}
		*c = keep
	}
	return i, false
}

// group reads factors in brackets under a stroke.
func (c *compound) group(i int) (int, bool) {
	keep := *c
	end, ok := c.add(i, -1)
	for ok && c.s.rune(end) != ')' && c.n < maxFactors {
		if r := c.s.rune(end); r != '·' && r != '.' && r != ' ' && r != '*' && r != '/' {
			break
		}
		end, ok = c.add(end+1, -1)
	}
	if !ok || c.s.rune(end) != ')' {
		*c = keep
		return i, false
	}
	return end + 1, true
}

// add reads one unit with its power.
func (c *compound) add(i int, sign int8) (int, bool) {
	a, end, ok := c.s.atom(i)
	if !ok || a.under && c.n == 0 && sign > 0 {
		return i, false
	}
	power := int8(1)
	if n, at, ok := c.s.raised(end); ok {
		power, end = int8(n), at
	}
	for range max(power, -power) {
		if power*sign > 0 {
			c.u.factor *= a.factor
		} else {
			c.u.factor /= a.factor
		}
	}
	c.u.Dimension = c.u.Dimension.times(a.dimension, power*sign)
	if c.n == 0 {
		c.only = a
		if power != 1 {
			c.only.offset = 0
		}
	}
	c.n++
	return end, true
}

// atom reads the longest unit of the table at i.
func (s *source) atom(i int) (atom, int, bool) {
	if i >= len(s.runes) {
		return atom{}, i, false
	}
	for n := min(atomStarts[s.runes[i]], len(s.runes)-i); n > 0; n-- {
		a, ok := atoms[string(s.runes[i:i+n])]
		if ok && (!letter(s.runes[i+n-1]) || !letter(s.rune(i+n))) && !s.inWord(i, n) {
			return a, i + n, true
		}
	}
	return atom{}, i, false
}

// words is, by unit, the characters after which it is part of a word: 元素 is
// no money and 天然 no day.
var words = map[string]string{
	"元": "素件器组胺", "天": "然线窗津", "年": "轻龄级代份底末初", "升": "级温高压降华", "克": "隆服", "安": "全装防", "周": "期围边转", "倍": "增频", "转": "化移变录染型基",
	"牛": "奶肉", "瓦": "斯楞", "层": "次", "个": "性人体", "点": "阵云", "级": "别联配", "次": "级数生品方元序", "台": "湾式", "头": "部", "人": "工类体", "条": "件", "种": "植类子",
	"套": "管", "位": "置移", "组": "合织分件", "项": "目", "片": "状", "门": "槛", "路": "径线", "批": "量", "孔": "径隙", "周期": "性", "株": "高系", "支": "持", "根": "据",
	"块": "体", "例": "如", "处": "理", "米": "粉", "焦": "化油炭", "帕": "金", "秒": "杀", "单": "位元", "家": "庭", "名": "称", "件": "套", "户": "外", "粒": "径度子", "床": "层",
}

// inWord reports whether the unit of n characters at i is part of a word.
func (s *source) inWord(i, n int) bool {
	if n > 2 || s.rune(i) < 0x80 {
		return false
	}
	next := s.rune(i + n)
	return next != 0 && strings.ContainsRune(words[string(s.runes[i:i+n])], next)
}

// raised reads the power of a unit: ², ^2, ⁻¹, 2 and -1 as papers lose their
// superscripts.
func (s *source) raised(i int) (int, int, bool) {
	if n, end, ok := s.power(i); ok && n != 0 && n >= -4 && n <= 4 {
		return n, end, true
	}
	if !letter(s.rune(i - 1)) {
		return 0, i, false
	}
	if r := s.rune(i); (r == '2' || r == '3') && !digit(s.rune(i+1)) && s.rune(i+1) != '.' {
		return int(r - '0'), i + 1, true
	}
	if r := s.rune(i + 1); s.rune(i) == '-' && r >= '1' && r <= '3' && !digit(s.rune(i+2)) && s.rune(i+2) != '.' && !letter(s.rune(i+2)) {
		return -int(r - '0'), i + 2, true
	}
	return 0, i, false
}
