package web

// Field is one labelled input of a form with its hint and its error beside
// it. Part "field".
type Field struct {
	Name         string // form key
	Label        string
	Value        string
	Hint         string // how to fill it in; may be empty
	Error        string // what is wrong with the value; empty when nothing is
	Type         string // see FieldTypes; empty counts as "text"
	Required     bool
	Form         string   // tells apart fields of one name in several forms of a page; empty when there is one
	Options      []Option // of select, checks and radios; of file: those it has, by id; "check" is ticked when its first option is Selected
	Rows         int      // of textarea; 0 counts as 4
	MaxLength    int      // in characters, 0 is no limit; of file: how many it takes, 0 counts as 1
	Placeholder  string
	Unit         string // shown behind the input: 万元, 年, 人; "money" without one shows 元
	Autocomplete string // HTML autocomplete token; may be empty
	Accept       string // file types of a "file" field; may be empty
	Pattern      string // regular expression the browser holds the text to; may be empty
	InputMode    string // keyboard a phone shows: numeric, decimal; empty: the usual one, decimal for "money"
	Wide         bool   // takes a row of its own where fields stand side by side
}

// Option is one choice of a select, checkbox group or radio group.
type Option struct {
	Value    string
	Text     string
	Selected bool
	Group    string // heading it stands under in a select; options of one group stand together
}

// ID returns the id of the field's input, which error summaries link to.
func (f Field) ID() string {
	if f.Form != "" {
		return "f-" + f.Form + "-" + f.Name
	}
	return "f-" + f.Name
}

// Kind returns which template draws the field: input, textarea, select,
// choices (checks and radios), check, money or file.
func (f Field) Kind() string {
	switch f.Type {
	case "textarea", "select", "check", "money", "file":
		return f.Type
	case "checks", "radios":
		return "choices"
	}
	return "input"
}

// InputType returns the type attribute of the field's input element. A type
// that is none of FieldTypes becomes text.
func (f Field) InputType() string {
	switch f.Type {
	case "checks", "check":
		return "checkbox"
	case "radios":
		return "radio"
	case "email", "tel", "number", "date", "month", "password", "search", "url", "file":
		return f.Type
	}
	return "text"
}

// Lines returns the height of a textarea in lines.
func (f Field) Lines() int {
	if f.Rows > 0 {
		return f.Rows
	}
	return 4
}

// Keyboard returns the inputmode of the field's input element, empty for the
// usual one.
func (f Field) Keyboard() string {
	if f.InputMode == "" && f.Type == "money" {
		return "decimal"
	}
	return f.InputMode
}

// DescribedBy returns the ids of hint and error for aria-describedby, empty
// when the field has neither.
func (f Field) DescribedBy() string {
	switch {
	case f.Hint != "" && f.Error != "":
		return f.ID() + "-hint " + f.ID() + "-error"
	case f.Hint != "":
		return f.ID() + "-hint"
	case f.Error != "":
		return f.ID() + "-error"
	}
	return ""
}

// FieldTypes returns every value Field.Type knows.
func FieldTypes() []string {
	return []string{
		"text", "email", "tel", "number", "date", "month", "password", "search", "url", "file",
		"textarea", "select", "checks", "radios", "check", "money",
	}
}

// Problem is one entry of the summary on top of a form that was refused.
// Part "problems" takes []Problem and shows nothing when there is none.
type Problem struct {
	Name string // of the field; empty when it concerns the form as a whole
	Text string
}

// Target returns the fragment the entry links to, empty without a field.
func (p Problem) Target() string {
	if p.Name == "" {
		return ""
	}
	return "#" + Field{Name: p.Name}.ID()
}

// ProblemsOf lists the errors of fields in their order, each led by its label.
func ProblemsOf(fields ...Field) []Problem {
	var list []Problem
	for _, f := range fields {
		if f.Error != "" {
			list = append(list, Problem{Name: f.Name, Text: f.Label + "：" + f.Error})
		}
	}
	return list
}
