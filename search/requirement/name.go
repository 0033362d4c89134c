package requirement

import "strings"

// nameRunes bounds the name of a quantity.
const nameRunes = 10

// finish fills in what a quantity is called and what its clause says.
// found is what stands before it in the text.
func (s *source) finish(q *reading, found []Quantity) {
	q.Start, q.End = s.at[q.from], s.at[q.to]
	from, to := s.clause(q.from, q.to, breaks)
	q.ClauseStart, q.ClauseEnd = s.at[from], s.at[to]
	sentence, _ := s.clause(q.from, q.to, ends)
	q.SentenceStart = s.at[sentence]
	q.NameStart = q.Start
	clause := s.slice(from, to)
	if at, ok := s.nameBefore(from, q.nameEnd); ok && !strings.Contains(s.slice(q.nameEnd, q.from), "分别") {
		q.Name, q.NameStart = s.slice(at, q.nameEnd), s.at[at]
	}
	if !known(q.Name) {
		if name := s.nameAfter(q.to, to); name != "" {
			q.Name, q.NameStart = name, q.Start
		}
	}
	if q.Name == "" && !strings.Contains(clause, "分别") {
		q.inherit(s, found)
	}
	q.context = s.slice(from, q.from) + "\x00" + s.slice(q.to, to)
	q.Asks = containsOne(clause, asking) || containsOne(s.slice(sentence, from), asking)
	q.Elsewhere = containsOne(clause, elsewhere) && !containsOne(clause, wishes)
	q.Denied = s.denied(from, q)
}

// inherit takes the name of the quantity just before in a row: 纯度 98 %、99 %.
func (q *reading) inherit(s *source, found []Quantity) {
	if len(found) == 0 {
		return
	}
	last := found[len(found)-1]
	between := strings.Trim(s.text[min(last.End, q.Start):q.Start], " ")
	if last.Unit.Dimension == q.Unit.Dimension && (between == "、" || between == "或" || between == "和" || between == "~") {
		q.Name = last.Name
	}
}

// stops end the name of a quantity when they stand before it.
const stops = "的使将其该了和与及或并且由从比较对在于把让后时中内下上当若则有经以用按达至到而为是使,;。、:()[]{}<>≥≤=~!?\"“”‘’《》%℃"

// nameBefore returns where the name that ends at a place begins: the longest
// quantity we know there with what qualifies it, else the word there.
func (s *source) nameBefore(from, end int) (int, bool) {
	at := max(from, end-s.headEnding(end))
	for at > from && end-at < nameRunes && nameRune(s.runes[at-1]) && !s.stopAt(at, end) {
		at--
	}
	if at > from && digit(s.runes[at-1]) {
		at = s.pastNumber(at, end)
	}
	for at < end && (s.runes[at] == ' ' || s.runes[at] == '-' || s.runes[at] == '/') {
		at++
	}
	for _, prefix := range leads {
		if s.has(at, prefix) && end-at > len([]rune(prefix))+1 {
			at += len([]rune(prefix))
		}
	}
	if end-at < 2 && !(end-at == 1 && strings.ContainsRune("长宽高厚重深", s.runes[at])) {
		return end, false
	}
	return at, true
}

// headEnding returns the length of the longest quantity we know that ends at a
// place, 0 for none.
func (s *source) headEnding(end int) int {
	if end < 1 || end > len(s.runes) || !headEnds[s.runes[end-1]] {
		return 0
	}
	for n := min(longestHead, end); n >= 2; n-- {
		if heads[string(s.runes[end-n:end])] != nil {
			return n
		}
	}
	return 0
}

// stopAt reports whether the character before at ends a name. One within a
// quantity we know does not: 使用寿命, 对比度.
func (s *source) stopAt(at, end int) bool {
	if !strings.ContainsRune(stops, s.runes[at-1]) {
		return false
	}
	for _, word := range stopWords {
		for i, r := range []rune(word) {
			if r == s.runes[at-1] && at-1-i >= 0 && s.has(at-1-i, word) && at-1-i+len([]rune(word)) <= end {
				return false
			}
		}
	}
	return true
}

// stopWords hold a stop and are no end of a name.
var stopWords = []string{"使用", "对比度", "响应时间", "有效", "时间", "中心", "上升时间", "下降时间", "对准", "对位", "内径", "内部", "内阻", "比表面积", "比容量", "比能量", "比强度", "信噪比", "比电容", "有机", "有害", "中位", "上料", "下料", "达标率", "时延", "用电", "用水", "用量", "及时率", "交付时间", "较高", "经济", "在线", "在轨", "对数", "中试", "时效", "后处理", "用工", "到达", "以太", "和易性", "从动", "按键", "功率比", "质量比", "体积比", "占空比", "功重比", "推重比", "含有", "上行", "下行", "使役", "有功", "中性", "中频", "上限", "下限", "对比", "有限"}

// leads stand before a name and are no part of it.
var leads = []string{"产品", "要求", "希望", "需要", "期望", "力争", "实现", "确保", "保证", "目标", "并", "且", "其", "最终", "同时", "成品", "平均", "整体", "总体", "综合", "最大", "最高", "最低", "最小", "我司", "我公司", "预计", "计划", "形成", "具备", "具有", "建成", "拥有", "达到"}

func nameRune(r rune) bool {
	return hanRune(r) || letter(r) || r == '-' || r == '/' || r == ' '
}

// pastNumber returns where a name begins that a number stands before: behind
// the letters of AZ91D, behind the unit of 5 万吨, which is no name.
func (s *source) pastNumber(at, end int) int {
	for _, m := range multiples {
		if s.has(at, m.word) {
			return end
		}
	}
	if _, to, ok := s.unit(s.blank(at)); ok {
		return min(to, end)
	}
	for at < end && letter(s.runes[at]) {
		at++
	}
	return at
}

// nameAfter returns the quantity we know that follows a number: 200 吨年产能,
// 3 元/kg 的成本.
func (s *source) nameAfter(i, end int) string {
	if s.rune(i) == '的' {
		i++
	}
	if strings.ContainsRune("长宽高厚深", s.rune(i)) && i < end && !hanRune(s.rune(i+1)) {
		return s.slice(i, i+1)
	}
	for at := i; at < min(end, i+5); at++ {
		if !hanRune(s.rune(at)) {
			return ""
		}
		for n := min(6, end-at); n >= 2; n-- {
			if _, ok := heads[string(s.runes[at:at+n])]; ok {
				return s.slice(i, at+n)
			}
		}
		if strings.ContainsRune(stops, s.rune(at)) {
			return ""
		}
	}
	return ""
}

// known reports whether a name ends with a quantity we know.
func known(name string) bool {
	head, _ := split(name)
	return head != ""
}

// split parts a name into the longest quantity we know at its end and what
// qualifies it; the head is empty when we know none.
func split(name string) (head, qualifier string) {
	runes := []rune(strings.ReplaceAll(name, " ", ""))
	for i := range runes {
		if len(runes)-i > longestHead {
			continue
		}
		if word := string(runes[i:]); heads[word] != nil {
			return word, string(runes[:i])
		}
	}
	return "", string(runes)
}

// asking is what says that something is wanted.
var asking = []string{"要求", "希望", "需要", "需达", "须", "应达", "应不", "目标", "力争", "期望", "指标", "控制在", "不低于", "不高于", "不少于", "不超过", "不大于", "不小于", "达到", "实现", "提高到", "降到", "降至", "提升到", "提升至", "满足", "拟", "寻求", "征集", "想要", "能够", "≥", "≤"}

// wishes is what says so even of things that are there today.
var wishes = []string{"要求", "希望", "须", "应达", "应不", "目标", "力争", "期望", "拟", "寻求", "征集"}

// elsewhere is what says that a clause speaks of today or of others.
var elsewhere = []string{"传统", "常规", "现有", "目前", "以往", "原有", "原来", "当前", "现在", "现用", "市售", "国外", "进口", "对照", "普通", "以前", "过去", "通常只", "一般只", "空白组", "现阶段", "试制中", "文献"}

func containsOne(text string, words []string) bool {
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}
