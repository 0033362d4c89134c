package web

// ContactBox is the data of part "contact": whom to ask, as far as the reader
// may see it.
type ContactBox struct {
	Rows   []Term
	Reveal *Press // shows the rows in full; nil when they are, or when that is not for the reader
	Noted  string // what happens then; empty when nothing is left to show
	Masked string // why nothing is shown
	Next   Crumb  // what to do about it; may be empty
}
