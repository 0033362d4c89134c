package requirement

import (
	"strings"
	"unicode/utf8"
)

func makeHeads(rows []headRow) map[string]*head {
	table := map[string]*head{}
	for _, r := range rows {
		h := &head{name: r.name, better: r.better, whole: r.better == mustCover, relative: r.better == difference}
		switch r.better {
		case mustCover:
			h.better = 0
		case difference:
			h.better = -1
		}
		for _, word := range strings.Fields(r.words) {
			table[word] = h
		}
	}
	return table
}

// headEnds is the characters that heads end with.
var headEnds = func() map[rune]bool {
	table := map[rune]bool{}
	for word := range heads {
		last, _ := utf8.DecodeLastRuneInString(word)
		table[last] = true
	}
	return table
}()

// goes says which way a quantity is better: +1 when more is, −1 when less is,
// 0 when neither.
func (q Quantity) goes() int {
	word, _ := split(q.Name)
	h := heads[word]
	switch {
	case h == nil:
		return 0
	case h.better != dependsOnUnit:
		return h.better
	case h.name == "灵敏度":
		if q.Unit.Dimension == ratio {
			return 1
		}
		return 0
	case h.name == "分辨率" && (q.Unit.Dimension.Kind != "" && q.Unit.Dimension.Kind != "angle"):
		return 1 // 像素, bit
	case h.name == "精度" && q.Unit.Dimension == ratio && !strings.HasSuffix(word, "误差") && !strings.HasSuffix(word, "偏差") && !strings.HasSuffix(word, "度"):
		return 1
	case h.name == "精度" && q.Unit.Dimension == ratio && q.Low >= 50 && strings.HasSuffix(word, "精度"):
		return 1 // 精度 95 %: how often it is right
	case h.name == "导热系数":
		return 0
	}
	return -1
}

// covers reports whether of a range asked for all must be covered.
func (q Quantity) covers() bool {
	word, _ := split(q.Name)
	if h := heads[word]; h != nil {
		return h.whole
	}
	return q.Unit.Dimension == temperature && q.Low < 0
}

// differs reports whether the quantity is a difference of temperatures, of
// which a degree is a kelvin.
func (q Quantity) differs() bool {
	word, _ := split(q.Name)
	h := heads[word]
	return q.Change != 0 || q.Relation == Tolerance || h != nil && h.relative
}

// agreement is how surely two names mean the same quantity.
type agreement int

const (
	foreign  agreement = iota // they do not
	possible                  // they may
	sure                      // they do
)

// agree compares the names of two quantities: the heads must mean the same,
// and what qualifies them must not tell them apart.
func agree(asked, offered string) agreement {
	if asked == "" || offered == "" {
		return foreign
	}
	if one := plain(asked); one == plain(offered) {
		if vague[one] {
			return possible
		}
		return sure
	}
	one, left := split(asked)
	two, right := split(offered)
	if one == "" || two == "" {
		return loosely(plain(asked), plain(offered))
	}
	if heads[one] != heads[two] {
		return foreign
	}
	left, right = plain(left+qualifierOf(one)), plain(right+qualifierOf(two))
	switch {
	case containsOne(right, raw) && !containsOne(left, raw):
		return foreign
	case left == right, strings.Contains(left, right) && right != "":
		return sure
	case strings.Contains(right, left):
		return possible // asked for in general, stated of one case: 铸态抗拉强度, 夜间准确率
	case right == "":
		return heads[one].plainly()
	case share(left, right):
		return possible
	}
	return foreign
}

// raw is what says that a quantity is of what goes in, not of what comes out.
var raw = []string{"原料", "原矿", "原水", "原液", "粗品", "粗料", "进水", "进口", "入口", "进料", "初始", "起始", "坯料", "母材", "基材"}

// vague is names that nearly every text has of several things: 厚度 of what?
var vague = map[string]bool{"厚度": true, "厚": true, "直径": true, "长度": true, "长": true, "宽度": true, "宽": true, "高度": true, "高": true, "深度": true, "深": true, "温度": true, "压力": true, "时间": true}

// plainly is how surely a quantity without a qualifier is the one with any:
// a 良率 is one, but a 温度 or 强度 may be another.
func (h *head) plainly() agreement {
	if h.better == 0 || h.name == "强度" || h.name == "硬度" {
		return possible
	}
	return sure
}

// qualifierOf is what in a head of several words qualifies its quantity: 抗拉
// of 抗拉强度, nothing of 合格率, which is 良率 in another word.
func qualifierOf(word string) string {
	if before, ok := strings.CutSuffix(word, heads[word].name); ok {
		return before
	}
	return ""
}

// loosely compares names of which one is none we know: they agree when one
// ends with the other.
func loosely(a, b string) agreement {
	if len([]rune(a)) < 2 || len([]rune(b)) < 2 {
		return foreign
	}
	if strings.HasSuffix(a, b) || strings.HasSuffix(b, a) {
		return possible
	}
	return foreign
}

// neutral words qualify nothing.
var neutral = strings.NewReplacer(" ", "", "平均", "", "最高", "", "最大", "", "最小", "", "最低", "", "整体", "", "总体", "", "综合", "", "产品", "", "成品", "", "样品", "", "实际", "", "实测", "", "系统", "", "装置", "", "设备", "", "整机", "", "试产", "", "批", "", "单位", "", "批量", "", "稳定", "")

func plain(name string) string { return neutral.Replace(name) }

// share reports whether two texts have a pair of characters in common.
func share(a, b string) bool {
	one, two := []rune(a), []rune(b)
	for i := 0; i+1 < len(one); i++ {
		for j := 0; j+1 < len(two); j++ {
			if one[i] == two[j] && one[i+1] == two[j+1] {
				return true
			}
		}
	}
	return false
}
