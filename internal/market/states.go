package market

// Action is what an actor asks for. Actions move states and are what the
// permission table grants.
type Action string

// Move is one legal change of state.
type Move[S ~string] struct {
	From     S
	Action   Action
	To       S
	NeedNote bool // the actor must say why
}

// Moves is the whole state table of one noun. What is not in it is illegal.
type Moves[S ~string] []Move[S]

// Next returns the move that action makes from a state; Conflict when there is
// none, Invalid when the move needs a note and note is empty, or when note is
// no clean text of at most MaxNote characters.
func (m Moves[S]) Next(from S, a Action, note string, name func(S) string) (Move[S], error) {
	for _, move := range m {
		if move.From != from || move.Action != a {
			continue
		}
		if move.NeedNote && Fold(note) == "" {
			return Move[S]{}, &Error{Kind: Invalid, Code: "note_required", Message: "请写明理由。",
				Fields: []FieldError{{Field: "note", Reason: "必填"}}}
		}
		var p Problems
		if checkText(&p, "note", note, false, MaxNote); len(p) > 0 {
			return Move[S]{}, p.Err()
		}
		return move, nil
	}
	return Move[S]{}, E(Conflict, "wrong_state", "现在的状态是“"+name(from)+"”，不能"+ActionName(a)+"。请刷新页面看最新状态。")
}

// CheckNote notes at "note" what is wrong with a reason: it is clean text of
// at most MaxNote characters, and may be empty.
func CheckNote(p *Problems, note string) { checkText(p, "note", note, false, MaxNote) }

// Open returns the actions possible from a state, in table order.
func (m Moves[S]) Open(from S) []Action {
	var open []Action
	for _, move := range m {
		if move.From == from {
			open = append(open, move.Action)
		}
	}
	return open
}
