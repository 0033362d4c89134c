package web

// Unfit is an answer that holds no match: why, what came nearest and what can
// be done about it. The part "unfit" shows it.
type Unfit struct {
	Obstacle   string // why it cannot be compared; then nothing else is said
	Title      string // that nothing fits
	Compared   string // what was compared
	Removed    []Term
	Nearest    *Fit
	Lacks      string // what keeps the nearest out
	Relaxation *Relaxation
	Offers     []Crumb // what can be done about it
}

// Relaxation is the single change that would let something in.
type Relaxation struct {
	Text  string // 预算上限由 50 万元提到 80 万元
	Edit  string // where its owner changes it; empty for others
	Title string // of what it would let in
	Href  string // of what it would let in
	Score int
}

// Entrust is how a demand stands with its broker, and what its reader can do
// about it. The part "entrust" shows it.
type Entrust struct {
	Title  string
	Text   string   // how it stands
	Action string   // where the broker picked is posted to; empty when there is none to pick
	Hidden []Hidden // of that form
	Pick   Field
	Ask    []Confirm // to take it back, to give it back
}
