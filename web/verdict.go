package web

// VerdictBox is what the reader says of a match, or may. Part "verdict".
type VerdictBox struct {
	Said   *Badge  // what they said; nil when nothing stands
	Undo   *Press  // takes it back; nil when nothing stands
	Say    []Press // the judgements that need no reason, but for the one that stands
	No     Confirm // the one that needs a reason
	Page   Crumb   // the page about what was said of the match
	Closed string  // why the reader may say nothing; the rest is empty then
}
