package main

import (
	"math"
	"strings"
)

// leastSurprise is how many bits the bytes of a key must tell: half of what 32
// random bytes show, more than any pattern does.
const leastSurprise = 100

// knownWords are in keys that people make up or copy from instructions.
var knownWords = []string{"change", "secret", "password", "passw0rd", "jishi", "example", "default", "qwerty", "12345678", "abcdefgh", "demo"}

// weakness says in Chinese what makes a key easy to guess, "" when nothing
// that can be seen does.
func weakness(key string) string {
	switch folded := strings.ToLower(key); {
	case len(key) < minSecret:
		return "太短"
	case containsAny(folded, knownWords):
		return "含有常见词或示例内容"
	case period(key) <= len(key)/2:
		return "是重复的内容"
	case steps(key) > len(key)/3:
		return "是连续的字符"
	case surprise(key) < leastSurprise:
		return "变化太少"
	}
	return ""
}

func containsAny(text string, words []string) bool {
	for _, word := range words {
		if strings.Contains(text, word) {
			return true
		}
	}
	return false
}

// period is the length of the shortest piece whose repetition is the key.
func period(key string) int {
	for n := 1; n < len(key); n++ {
		if key[n:] == key[:len(key)-n] {
			return n
		}
	}
	return len(key)
}

// steps counts the bytes that follow the one before by as much as that
// followed its own: 0123…, aceg….
func steps(key string) int {
	n := 0
	for i := 2; i < len(key); i++ {
		if key[i]-key[i-1] == key[i-1]-key[i-2] {
			n++
		}
	}
	return n
}

// surprise is how many bits the bytes of a key would need if each were drawn
// as often as it occurs.
func surprise(key string) float64 {
	var seen [256]int
	for i := range len(key) {
		seen[key[i]]++
	}
	bits := 0.0
	for _, n := range seen {
		if n > 0 {
			bits -= float64(n) * math.Log2(float64(n)/float64(len(key)))
		}
	}
	return bits
}
