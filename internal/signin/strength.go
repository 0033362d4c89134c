package signin

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ccojocar/zxcvbn-go"
	"github.com/ccojocar/zxcvbn-go/match"
)

const (
	leastScore = 3 // of zxcvbn's 0–4: safely unguessable but by offline attack on a fast hash

	// maxJudged bounds what zxcvbn reads, in bytes: its time grows with the
	// third power of the length (3 ms at 64, 9 s at 1000). What comes after only
	// makes a password stronger.
	maxJudged = 64
	maxAbout  = 20 // words given to it at most
)

// guessable returns why a password would be guessed soon, "" when it would not.
func guessable(password string, about []string) string {
	judged := zxcvbn.PasswordStrength(clipBytes(password, maxJudged), wordsOf(about))
	if judged.Score >= leastScore {
		return ""
	}
	return "太容易被猜到：" + weakness(judged.MatchSequence) + "，请换一个"
}

// weakness names what makes a password weak: the longest piece that was
// recognised.
func weakness(pieces []match.Match) string {
	var worst match.Match
	for _, piece := range pieces {
		if piece.Pattern != "bruteforce" && len(piece.Token) > len(worst.Token) {
			worst = piece
		}
	}
	switch {
	case worst.DictionaryName == "user_inputs":
		return "含有登录名、姓名或单位名"
	case worst.Pattern == "dictionary":
		return "含有常见的词或密码"
	case worst.Pattern == "spatial":
		return "是键盘上相邻的键"
	case worst.Pattern == "repeat":
		return "是重复的字符"
	case worst.Pattern == "sequence":
		return "是连续的字母或数字"
	case strings.HasPrefix(worst.Pattern, "date"):
		return "含有日期"
	}
	return "规律太明显"
}

// wordsOf splits what is known of a user into words of at least two characters.
func wordsOf(about []string) []string {
	var words []string
	add := func(word string) {
		if utf8.RuneCountInString(word) >= 2 && len(words) < maxAbout {
			words = append(words, clipBytes(strings.ToLower(word), maxJudged))
		}
	}
	for _, text := range about {
		add(text)
		parts := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		if len(parts) > 1 {
			for _, part := range parts {
				add(part)
			}
		}
	}
	return words
}

// clipBytes cuts s to at most n bytes, between two characters.
func clipBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
