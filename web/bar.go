package web

// Bar sets what was reached against a target. Both figures are printed; the
// bar is drawn by the server as SVG. Part "bar".
type Bar struct {
	Label  string  // what is counted, on which basis, over which period
	Done   string  // reached, with unit
	Target string  // to reach, with unit
	Share  float64 // Done/Target, 1 is reached; below 0 and not a number count as 0
	Pace   float64 // share that should be reached by now; 0 shows no mark
	Text   string  // one sentence on pace or gap; may be empty
	Source string  // where the target is from; may be empty
	Href   string  // the rows Done was added from; may be empty
	Tone   Tone    // Neutral draws the bar in blue
}

// barWidth is the width of the drawing in its own units; the page stretches it.
const barWidth = 1000

// Width returns the length of the filled part in drawing units, 0 to 1000.
// Anything above zero shows at least a sliver.
func (b Bar) Width() int {
	w := barUnits(b.Share)
	if w == 0 && b.Share > 0 {
		return 2
	}
	return w
}

// Mark returns where the pace mark stands in drawing units, 0 for none.
func (b Bar) Mark() int { return min(barUnits(b.Pace), barWidth-4) }

func barUnits(share float64) int {
	switch {
	case !(share > 0): // catches not-a-number too
		return 0
	case share >= 1:
		return barWidth
	}
	return int(share * barWidth)
}

// MoneyBar returns a bar of two amounts in 分. A target of zero or less
// leaves the bar empty.
func MoneyBar[M ~int64](label string, done, target M) Bar {
	b := Bar{Label: label, Done: Yi(int64(done)), Target: Yi(int64(target))}
	if target > 0 {
		b.Share = float64(done) / float64(target)
	}
	return b
}
