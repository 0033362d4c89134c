package exchange

import "jishi/internal/market"

// Importable is the documents that files carry.
type Importable interface {
	market.Achievement | market.Demand | market.Organization | market.Contract
}

// head is what a column is called and holds, whatever the kind of document.
type head struct {
	Key        string          // English name, as programs write it: title, total_yuan
	Name       string          // Chinese name, as template and exports print it
	Also       []string        // other names a header may use
	Field      string          // path of the document's field in market.FieldError; Key when empty
	Hint       string          // what to write, for the template
	Needs      []string        // keys of columns whose values this column's rule also looks at
	Codes      market.CodeList // the closed list the values are from, nil when free
	Unit       market.Fen      // what an exported number counts in; 0 for columns without money
	Number     bool            // exported as a number where the format has numbers
	Required   bool            // a file without this column is refused
	ExportOnly bool            // shown in exports, passed over in imports
}

// value is one cell that is not blank.
type value struct {
	Text string     // trimmed, line breaks as \n
	Unit market.Fen // what a bare amount counts in, as the header says; 0 when it does not
}

// column reads and writes one cell of a document. Set is never called with a
// blank cell; Get answers "" for what is not stated.
type column[T Importable] struct {
	head
	Set func(doc *T, v value) error
	Get func(doc *T) string
}

// field returns the path under which market reports problems of the column.
func (h head) field() string {
	if h.Field != "" {
		return h.Field
	}
	return h.Key
}

// text is a column of free text.
func text[T Importable](h head, at func(*T) *string) column[T] {
	return column[T]{
		head: h,
		Set:  func(doc *T, v value) error { *at(doc) = v.Text; return nil },
		Get:  func(doc *T) string { return *at(doc) },
	}
}

// shown is a column that only exports have.
func shown[T Importable](key, name string, get func(*T) string) column[T] {
	return column[T]{head: head{Key: key, Name: name, ExportOnly: true}, Get: get}
}

// list is a column of several free words.
func list[T Importable](h head, at func(*T) *[]string) column[T] {
	return column[T]{
		head: h,
		Set:  func(doc *T, v value) error { *at(doc) = splitWords(v.Text); return nil },
		Get:  func(doc *T) string { return joinWords(*at(doc)) },
	}
}
