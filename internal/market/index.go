package market

import (
	"errors"
	"slices"
	"time"
)

// Codes of the Unavailable of a search index in whose place the store answers:
// it is being filled from nothing, or found damaged and being rebuilt.
const (
	CodeIndexFilling = "index_filling"
	CodeIndexDamaged = "index_damaged"
)

// IndexAway reports whether an error says that the search index must not be
// asked for now, so that something simpler should answer from the store.
func IndexAway(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Kind == Unavailable && slices.Contains([]string{CodeIndexFilling, CodeIndexDamaged}, e.Code)
}

// IndexStanding is what the page of a search that the store answered says.
const IndexStanding = "搜索索引正在重建，暂按最新发布列出，搜索词只按字面筛选，各项计数暂缺。"

// IndexHealth is how the search index of the process that answers is, 索引状况.
type IndexHealth struct {
	Generation string    `json:"generation"`       // name of its folder
	Count      int       `json:"count"`            // listings in it
	Sum        string    `json:"sum"`              // of ids and versions of all of them, 16 hexadecimal digits
	Filling    bool      `json:"filling"`          // it has not yet had all that the store holds
	Rebuilding bool      `json:"rebuilding"`       // another one is being filled beside it
	Done       int       `json:"done"`             // listings in the one being filled
	Stored     int       `json:"stored"`           // published listings in the store as last counted; 0 = not counted
	Damage     string    `json:"damage"`           // what is wrong with it; empty = nothing known
	Checking   bool      `json:"checking"`         // a check is under way
	Checked    time.Time `json:"checked,omitzero"` // end of the last check or rebuild; zero = none since the start
	Sound      bool      `json:"sound"`            // whether that found or left all well
	Verdict    string    `json:"verdict"`          // what it found, in Chinese
}
