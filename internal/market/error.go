package market

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Kind says what sort of failure an error is; the server maps each kind to one
// HTTP status.
type Kind int

// The kinds of failure. The zero kind is Internal, so that an error nobody
// classified is never mistaken for the caller's fault.
const (
	Internal        Kind = iota // our fault; the cause is logged, the user sees a plain sentence
	Invalid                     // the input breaks a rule; Fields name where
	Unauthenticated             // nobody is signed in, or the credential is not accepted
	Denied                      // signed in, but not allowed
	NotFound                    // no such document, or the actor may not know of it
	Conflict                    // the state of the world forbids it: taken, wrong state
	Stale                       // the document changed since it was read
	TooLarge                    // the input is over a size limit
	TooMany                     // the caller asks too often
	Unavailable                 // a part is away for now; trying again may work
)

// FieldError is one broken rule at one field.
type FieldError struct {
	Field  string `json:"field"`  // JSON name of the field, dotted for nested ones
	Reason string `json:"reason"` // Chinese sentence fragment for the user
}

// Error carries a kind for programs' control flow, a code for API clients, a
// Chinese sentence for people and a cause for the log. The cause is never
// shown to a user.
type Error struct {
	Kind    Kind
	Code    string // stable, snake_case, e.g. "contract_number_taken"
	Message string // Chinese, says what to do next
	Fields  []FieldError
	Other   ID            // the document that stands in the way; empty when it is none
	By      ID            // the user who was faster; Message then begins with Somebody, see Naming
	Retry   time.Duration // TooMany and Unavailable: how long to wait before trying again; 0 = not known
	cause   error
}

// Error returns code, message and cause on one line, for logs.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Code)
	b.WriteString(": ")
	b.WriteString(e.Message)
	for _, f := range e.Fields {
		fmt.Fprintf(&b, " [%s: %s]", f.Field, f.Reason)
	}
	if e.cause != nil {
		b.WriteString(": ")
		b.WriteString(e.cause.Error())
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.cause }

// Somebody is what a Message begins with for the user in By. Documents hold
// ids of people and not their names, so the name is put in where it is shown.
const Somebody = "有人"

// Naming returns the error with the name of By in its sentence; the error
// itself when it is about nobody or the name is not known.
func (e *Error) Naming(name string) *Error {
	if e.By == "" || name == "" {
		return e
	}
	named := *e
	named.By = ""
	if rest, ok := strings.CutPrefix(e.Message, Somebody); ok {
		named.Message = name + rest
	}
	return &named
}

// E makes an error of a kind with a code for programs and a sentence for the user.
func E(kind Kind, code, message string) *Error {
	return &Error{Kind: kind, Code: code, Message: message}
}

// Wrap is E with the cause kept for the log.
func Wrap(kind Kind, cause error, code, message string) *Error {
	return &Error{Kind: kind, Code: code, Message: message, cause: cause}
}

// KindOf returns the kind of the first *Error in err's chain, Internal if there is none.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// Is reports whether err is of the given kind. A nil error is of no kind.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }

// Problems collects field errors while a document is checked.
type Problems []FieldError

// Add notes one broken rule.
func (p *Problems) Add(field, reason string) {
	*p = append(*p, FieldError{Field: field, Reason: reason})
}

// Check notes reason at field when ok is false.
func (p *Problems) Check(ok bool, field, reason string) {
	if !ok {
		p.Add(field, reason)
	}
}

// Err returns nil when nothing is wrong, else one Invalid error naming every field.
func (p Problems) Err() error {
	if len(p) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Code: "invalid_fields", Message: "有内容需要改正，见标出的各项。", Fields: p}
}
