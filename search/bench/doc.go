// Package bench measures what searching costs, side by side with what else
// there is: it grows a corpus out of real texts, has every system index it and
// answer from a process of its own, asks all of them the same queries in turn,
// and reports times, sizes, memory and the quality of the answers.
package bench
