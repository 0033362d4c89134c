package matching

import (
	"strings"
	"unicode"

	"jishi/internal/market"
)

// Words that a listing may hold in any number without saying what it is about.
// Longer ones come first, so that none is left over as a part of another.
var vague = strings.NewReplacer(pairsOf(
	"科学技术", "关键技术", "技术需求", "技术问题", "解决方案", "科技成果", "相关技术", "我公司", "本公司", "我单位", "本单位",
	"公司", "企业", "单位", "我们", "你们", "大家", "需要", "需求", "希望", "寻求", "急需", "寻找", "征集", "要求", "进行", "开展", "提供", "实现",
	"一种", "一个", "一些", "各种", "有关", "关于", "相关", "技术", "科技", "研究", "研发", "开发", "方法", "系统", "装置", "设备", "产品",
	"项目", "成果", "问题", "难题", "方案", "应用", "合作", "具有", "可以", "能够", "以及", "或者", "并且", "如果", "因为", "所以", "但是",
	"目前", "现有", "国内", "国际", "先进", "领先", "良好", "较好", "很好", "提高", "解决", "采用", "使用", "利用", "通过", "主要", "重要",
	"这个", "那个", "什么", "怎么", "如何", "没有", "不是", "就是", "以上", "以下", "其他", "其它", "等等",
	"的", "了", "和", "与", "及", "或", "在", "是", "有", "对", "为", "中", "上", "下", "以", "等", "并", "也", "都", "很", "这", "那", "其",
	"一", "不", "我", "你", "他", "它", "们", "个", "能", "可", "到", "由", "于", "从", "向", "被", "把", "将", "让", "使", "之", "而",
)...)

func pairsOf(words ...string) []string {
	pairs := make([]string, 0, 2*len(words))
	for _, w := range words {
		pairs = append(pairs, w, " ")
	}
	return pairs
}

// obstacle returns why a text cannot be compared with others, a code of
// market.Obstacles, "" when it can: it needs two different letters, of any
// script, that are not of the words everybody uses.
func obstacle(text string) string {
	if telling(market.Fold(text)) < 2 {
		return "wordless"
	}
	if telling(vague.Replace(market.Fold(text))) < 2 {
		return "vague"
	}
	return ""
}

// telling counts the different letters of a text, of any script; more than a
// few are not counted.
func telling(text string) int {
	seen := map[rune]bool{}
	for _, r := range text {
		if unicode.IsLetter(r) {
			if seen[r] = true; len(seen) == 2 {
				break
			}
		}
	}
	return len(seen)
}
