package requirement

import (
	"strings"
	"unicode/utf8"
)

// word is a way to say a relation before a number.
type word struct {
	text     string
	relation Relation
	strict   bool
}

// before is what stands before a number and says how the quantity relates to
// it. Longer ones come first where one ends with another.
var before = []word{
	{"大于或等于", AtLeast, false}, {"大于等于", AtLeast, false}, {"小于或等于", AtMost, false}, {"小于等于", AtMost, false},
	{"不得低于", AtLeast, false}, {"不得少于", AtLeast, false}, {"不得小于", AtLeast, false}, {"不得高于", AtMost, false}, {"不得大于", AtMost, false}, {"不得超过", AtMost, false}, {"不应低于", AtLeast, false}, {"不应超过", AtMost, false},
	{"不低于", AtLeast, false}, {"不小于", AtLeast, false}, {"不少于", AtLeast, false}, {"不短于", AtLeast, false}, {"不下于", AtLeast, false}, {"不弱于", AtLeast, false}, {"不亚于", AtLeast, false},
	{"不高于", AtMost, false}, {"不大于", AtMost, false}, {"不超过", AtMost, false}, {"不多于", AtMost, false}, {"不长于", AtMost, false}, {"不超出", AtMost, false}, {"不超", AtMost, false}, {"不到", AtMost, true},
	{"不低於", AtLeast, false}, {"不超過", AtMost, false},
	{"至少为", AtLeast, false}, {"至少达到", AtLeast, false}, {"至少达", AtLeast, false}, {"至少", AtLeast, false}, {"最低", AtLeast, false}, {"起码", AtLeast, false}, {"至多", AtMost, false}, {"最多", AtMost, false},
	{"大于", AtLeast, true}, {"超过", AtLeast, true}, {"超過", AtLeast, true}, {"高于", AtLeast, true}, {"多于", AtLeast, true}, {"长于", AtLeast, true}, {"突破", AtLeast, true}, {"优于", Better, false}, {"好于", Better, false},
	{"小于", AtMost, true}, {"低于", AtMost, true}, {"少于", AtMost, true}, {"短于", AtMost, true}, {"未超过", AtMost, false},
	{"控制在", AtMost, false}, {"限制在", AtMost, false}, {"控制到", AtMost, false},
	{"≥", AtLeast, false}, {">=", AtLeast, false}, {"≤", AtMost, false}, {"<=", AtMost, false}, {">", AtLeast, true}, {"<", AtMost, true}, {"≈", About, false}, {"~", About, false}, {"=", Exact, false},
	{"约为", About, false}, {"大约", About, false}, {"约", About, false}, {"大概", About, false}, {"接近", About, false}, {"将近", About, false}, {"近", About, false}, {"介于", Between, false},
}

// verbs is what a quantity does until it is at the number.
var verbs = []word{{"提高", Reach, false}, {"提升", Reach, false}, {"增加", Reach, false}, {"上升", Reach, false}, {"增大", Reach, false}, {"增长", Reach, false}, {"延长", Reach, false}, {"扩大", Reach, false}, {"升高", Reach, false}, {"增", Reach, false}, {"升", Reach, false}, {"提", Reach, false},
	{"降低", Fall, false}, {"下降", Fall, false}, {"减少", Fall, false}, {"减小", Fall, false}, {"缩短", Fall, false}, {"压缩", Fall, false}, {"缩小", Fall, false}, {"节约", Fall, false}, {"节省", Fall, false}, {"节能", Fall, false}, {"减轻", Fall, false}, {"降", Fall, false}, {"减", Fall, false}}

// reaches is what says that the number is reached.
var reaches = []word{{"达到了", Reach, false}, {"可达到", Reach, false}, {"最高达", Reach, false}, {"可高达", Reach, false}, {"达到", Reach, false}, {"可达", Reach, false}, {"高达", Reach, false}, {"最高", Reach, false}, {"达", Reach, false}, {"低至", Fall, false}, {"只有", Fall, false}, {"仅为", Fall, false}, {"仅", Fall, false}, {"只需", Fall, false}}

// after is what stands behind a number.
var after = []word{
	{"及以上", AtLeast, false}, {"或以上", AtLeast, false}, {"以上", AtLeast, false}, {"起", AtLeast, false}, {"及以下", AtMost, false}, {"或以下", AtMost, false}, {"以下", AtMost, false},
	{"以内", AtMost, false}, {"之内", AtMost, false}, {"内", AtMost, false}, {"左右", About, false}, {"上下", About, false},
}

// fillers stand between the name of a quantity and its condition.
var fillers = []string{"要求", "需要", "能够", "应当", "应该", "必须", "可以", "分别", "希望", "目标", "稳定", "保持", "维持", "一般", "通常", "基本", "普遍", "为", "是", "可", "能", "应", "须", "需", "要", "在", "的", "均", "都", "也", "值", "了", "已", "至", "到", "则", "将", "又", "有", ":", " ", "("}

// condition is what stands around a number and says how the quantity relates to it.
type condition struct {
	relation Relation
	strict   bool
	change   int
	start    int // place where it begins
	name     int // place where the name, before it, ends
	explicit bool
	far      bool // 提高到, 由…降至: the number before it was where it began
}

// before reads the condition that ends before the number at i.
func (s *source) before(i int) condition {
	c := condition{start: i, name: i}
	at := s.back(i)
	if w, n, ok := s.wordEnding(at, beforeEnds); ok && !s.inside(at-n, w) {
		c.relation, c.strict, c.explicit = w.relation, w.strict, true
		c.start = at - n
		at = s.back(c.start)
	}
	s.reached(&c, at)
	c.name = s.unfill(c.start)
	if c.far {
		c.name = s.origin(c.name)
	}
	return c
}

// reached reads 提高到, 降至, 提高了, 达到 before what was read.
func (s *source) reached(c *condition, at int) {
	to := at
	for _, link := range []string{"到了", "到", "至", "为", "成"} {
		if s.endsWith(at, link) {
			to = at - len([]rune(link))
			break
		}
	}
	if to < at {
		if w, n, ok := s.wordEnding(to, verbEnds); ok {
			c.start, c.far = to-n, true
			if !c.explicit {
				c.relation, c.explicit = w.relation, true
			}
			return
		}
	}
	if w, n, ok := s.wordEnding(at, reachEnds); ok {
		c.start = at - n
		if !c.explicit {
			c.relation, c.explicit = w.relation, true
		}
		return
	}
	by := at
	for _, link := range []string{"了", "幅度", "率"} {
		if s.endsWith(by, link) {
			by -= len([]rune(link))
		}
	}
	if w, n, ok := s.wordEnding(by, verbEnds); ok && n > 1 {
		c.change, c.start = 1, by-n
		if w.relation == Fall {
			c.change = -1
		}
	}
}

// origin returns where the name of a quantity ends that goes from one value to
// another, 良率由 85 % 提高到 97 %: before 由 or 从, which is not far.
func (s *source) origin(i int) int {
	for at := i - 1; at > 0 && i-at < 24 && !ends(s.runes[at]); at-- {
		if s.runes[at] == '由' || s.runes[at] == '从' {
			return s.unfill(at)
		}
	}
	return i
}

// inside reports whether the short word that begins at a place is the end of
// another one: 最近, 附近, 契约, 预约 say no number.
func (s *source) inside(start int, w word) bool {
	return len([]rune(w.text)) == 1 && hanRune([]rune(w.text)[0]) && strings.ContainsRune("最附相邻远契预节签制", s.rune(start-1)) && start > 0
}

// wordEnding returns the first of words that ends at a place.
func (s *source) wordEnding(end int, words endings) (word, int, bool) {
	for _, w := range words[s.rune(end-1)] {
		if s.endsWith(end, w.text) {
			return w, utf8.RuneCountInString(w.text), true
		}
	}
	return word{}, 0, false
}

// endings is words by their last character, for the same order.
type endings map[rune][]word

func byEnd(words []word) endings {
	table := endings{}
	for _, w := range words {
		last, _ := utf8.DecodeLastRuneInString(w.text)
		table[last] = append(table[last], w)
	}
	return table
}

// The tables above as they are looked up.
var (
	beforeEnds  = byEnd(before)
	verbEnds    = byEnd(verbs)
	reachEnds   = byEnd(reaches)
	fillerEnds  = byEnd(plainWords(fillers))
	afterStarts = byStart(after)
	verbStarts  = byStart(verbs)
)

func plainWords(texts []string) []word {
	words := make([]word, len(texts))
	for i, text := range texts {
		words[i].text = text
	}
	return words
}

func byStart(words []word) map[rune][]word {
	table := map[rune][]word{}
	for _, w := range words {
		first, _ := utf8.DecodeRuneInString(w.text)
		table[first] = append(table[first], w)
	}
	return table
}

// back skips blanks and an opening bracket before a place.
func (s *source) back(i int) int {
	for n := 0; n < 2 && s.rune(i-1) == ' ' && i > 0; n++ {
		i--
	}
	return i
}

// unfill skips what stands between name and condition, and a remark in
// brackets there.
func (s *source) unfill(i int) int {
	for range 6 {
		if s.headEnding(i) > 0 {
			break
		}
		if _, n, ok := s.wordEnding(i, fillerEnds); ok {
			i -= n
			continue
		}
		if s.rune(i-1) != ')' || i == 0 {
			break
		}
		open := i - 1
		for i-open < 16 && open > 0 && s.runes[open] != '(' {
			open--
		}
		if s.runes[open] != '(' {
			break
		}
		i = open
	}
	return i
}

// after reads the condition that begins at i, behind number and unit.
func (s *source) after(i int, c *condition) int {
	at := s.blank(i)
	if s.rune(at) == '+' && !digit(s.rune(at+1)) {
		c.relation, c.explicit = AtLeast, true
		return at + 1
	}
	for _, w := range afterStarts[s.rune(at)] {
		if !s.has(at, w.text) {
			continue
		}
		end := at + len([]rune(w.text))
		if len([]rune(w.text)) == 1 && hanRune(s.rune(end)) && !strings.ContainsRune("的完达可能交实即", s.rune(end)) {
			return i // 内部, 起重机
		}
		if !c.explicit || c.relation == About || w.relation != About {
			c.relation, c.strict = w.relation, false
		}
		c.explicit = true
		return end
	}
	return i
}
