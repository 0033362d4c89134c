package search

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/mozillazg/go-pinyin"
	"golang.org/x/text/unicode/norm"
)

// sounds is the syllable of every Han character, without tone, as people type
// it: ü is v. Made when first needed, in some 15 ms.
var sounds = sync.OnceValue(func() map[rune]string {
	table := make(map[rune]string, len(pinyin.PinyinDict))
	for r, readings := range pinyin.PinyinDict {
		first, _, _ := strings.Cut(readings, ",")
		table[rune(r)] = toneless(first)
	}
	for r, sound := range commonSounds {
		table[r] = sound
	}
	return table
})

// commonSounds is characters whose first reading in the dictionary is not the
// one they mostly have in names and titles of technology.
var commonSounds = map[rune]string{'率': "lv", '调': "tiao", '弹': "tan", '藏': "cang", '车': "che", '石': "shi", '传': "chuan", '粘': "nian", '长': "chang", '都': "du"}

// phrases is words in which a character is read unlike alone.
var phrases = map[string][]string{
	"重庆": {"chong", "qing"}, "重组": {"chong", "zu"}, "重构": {"chong", "gou"}, "重复": {"chong", "fu"}, "双重": {"shuang", "chong"},
	"银行": {"yin", "hang"}, "行业": {"hang", "ye"}, "增长": {"zeng", "zhang"}, "生长": {"sheng", "zhang"}, "效率": {"xiao", "lv"},
	"会计": {"kuai", "ji"}, "调度": {"diao", "du"}, "调查": {"diao", "cha"}, "音乐": {"yin", "yue"}, "成都": {"cheng", "du"},
	"厦门": {"xia", "men"}, "西藏": {"xi", "zang"}, "人参": {"ren", "shen"}, "模具": {"mu", "ju"}, "模板": {"mu", "ban"}, "炮弹": {"pao", "dan"},
	"载荷": {"zai", "he"}, "血液": {"xue", "ye"}, "朝阳": {"chao", "yang"}, "着色": {"zhuo", "se"}, "供给": {"gong", "ji"}, "给水": {"ji", "shui"},
}

// longestPhrase is in characters.
const longestPhrase = 2

// toneless takes the tone off a syllable: lǜ becomes lv, zhòng zhong.
func toneless(syllable string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(syllable) {
		switch {
		case r == '\u0308' && b.Len() > 0: // the dots of ü
			text := b.String()
			b.Reset()
			b.WriteString(text[:len(text)-1] + "v")
		case r < utf8.RuneSelf:
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// spell returns the sound of each character of a folded text in lower case: a
// syllable for Han, itself for letters and digits, "" for all else.
func spell(text string) []string {
	table, runes := sounds(), []rune(text)
	spelt := make([]string, len(runes))
	for i := 0; i < len(runes); i++ {
		if i+longestPhrase <= len(runes) && unicode.Is(unicode.Han, runes[i]) {
			if phrase, ok := phrases[string(runes[i:i+longestPhrase])]; ok {
				copy(spelt[i:], phrase)
				i += longestPhrase - 1
				continue
			}
		}
		switch r := runes[i]; {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			spelt[i] = string(r)
		case r >= utf8.RuneSelf:
			spelt[i] = table[r]
		}
	}
	return spelt
}
