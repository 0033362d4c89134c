package main

import (
	"time"

	"jishi/internal/radar"
	"jishi/search/analysis"
)

// openRadar makes the gap radar over the house's listings.
func (s *serving) openRadar() *radar.Service {
	return radar.New(radar.Stores{Radars: s.docs.radars, Demands: s.docs.demands, Achievements: s.docs.achievements}, s.matches(), wordsOf, time.Now, s.log)
}

// wordsOf returns the dictionary words of a text of two characters and more.
func wordsOf(text string) []string {
	var words []string
	for _, run := range analysis.Runs(text) {
		run.Words(func(word string) {
			if len([]rune(word)) > 1 {
				words = append(words, word)
			}
		})
	}
	return words
}
