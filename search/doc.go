// Package search finds listings. It keeps a bleve index of what is published,
// fed by internal/follow and rebuilt from the store at any time: the index
// holds no truth.
//
// bleve stores and merges the postings and makes batches durable. Texts are cut
// by package analysis, into the terms of bleve's "cjk" analyzer, dictionary
// words and single characters. Ranking, filters, facets and paging are done
// here over the bitmaps of bleve's segments, the texts as they were cut, and
// one small row per document in memory (see Ranking), because bleve's own
// scoring changes when segments merge, its disjunctions rank whole demands worse
// and many times slower, and its facets and sorts cost tens of milliseconds
// more at 100,000 documents.
//
// One process owns an index folder. In it, each generation is a folder of its
// own and the file "current" names the one that answers; a rebuild fills a new
// generation beside it and swaps.
package search
