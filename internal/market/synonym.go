package market

import (
	"strconv"
	"strings"
	"unicode"
)

// SynonymState is where a group of synonyms stands.
type SynonymState string

// The states of a group of synonyms.
const (
	SynonymUsed    SynonymState = "used"    // searches use it
	SynonymRemoved SynonymState = "removed" // it can be put back
)

// SynonymStates is the code list of states.
var SynonymStates = CodeList{{"used", "使用中"}, {"removed", "已删除"}}

// SynonymMoves is the state table of groups of synonyms.
var SynonymMoves = Moves[SynonymState]{
	{From: "", Action: ActAddSynonym, To: SynonymUsed},
	{From: SynonymUsed, Action: ActReviseSynonym, To: SynonymUsed},
	{From: SynonymUsed, Action: ActRemoveSynonym, To: SynonymRemoved},
	{From: SynonymRemoved, Action: ActRestoreSynonym, To: SynonymUsed},
}

// Bounds of synonyms.
const (
	MaxSynonymWords = 12    // words in a group
	MaxSynonyms     = 2_000 // groups, removed ones too
)

// Synonym is a group of terms that mean the same: who searches for one finds
// the others too.
type Synonym struct {
	Meta    `bson:"-"`
	Words   []string     `bson:"words" json:"words"` // 2–12, each 1–40 characters with a letter or digit, told apart by SynonymKey
	Note    string       `bson:"note" json:"note"`   // why, e.g. the source; at most MaxNote characters
	State   SynonymState `bson:"state" json:"state"`
	History []Event      `bson:"history" json:"history"`
}

// Tidy trims the words and the note and drops empty words and repeats.
func (s *Synonym) Tidy() {
	var words []string
	seen := map[string]bool{}
	for _, word := range s.Words {
		word = Fold(word)
		if key := SynonymKey(word); word != "" && !seen[key] {
			seen[key] = true
			words = append(words, word)
		}
	}
	s.Words, s.Note = words, strings.TrimSpace(s.Note)
}

// Check returns Invalid when the group breaks a bound. Tidy comes before.
func (s *Synonym) Check() error {
	var p Problems
	p.Check(len(s.Words) >= 2, "words", "至少写两个意思相同的词，用顿号隔开")
	p.Check(len(s.Words) <= MaxSynonymWords, "words", "一组最多 "+strconv.Itoa(MaxSynonymWords)+" 个词")
	for _, word := range s.Words {
		var one Problems
		checkText(&one, "words", word, true, MaxWord)
		one.Check(strings.ContainsFunc(word, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }), "words", "要有文字或数字")
		one.Check(!strings.ContainsRune(word, unicode.ReplacementChar), "words", "含有无法识别的字符，请重新输入")
		one.Check(!strings.ContainsAny(word, "\n\r\t"), "words", "一个词不能分成几行")
		if len(one) > 0 {
			p.Add("words", "“"+Clip(word, 20)+"”"+one[0].Reason)
			break
		}
	}
	CheckNote(&p, s.Note)
	return p.Err()
}

// SynonymKey is what makes two words of synonyms the same: letters in any case
// and width.
func SynonymKey(word string) string { return strings.ToLower(Fold(word)) }

// Substitute is a word that a search looked for as well, because it means the
// same as one that was typed.
type Substitute struct {
	Word string `json:"word"` // 碳化硅
	For  string `json:"for"`  // SiC, as the table of synonyms writes it
}
