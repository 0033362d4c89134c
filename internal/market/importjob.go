package market

import (
	"strconv"
	"strings"
	"time"
)

// ImportState is where an import stands.
type ImportState string

// The states of an import.
const (
	ImportRunning ImportState = "running"
	ImportDone    ImportState = "done"
	ImportFailed  ImportState = "failed" // the file as a whole could not be read on; rows before it are in
)

// ImportKinds is what can be imported.
var ImportKinds = CodeList{{"achievements", "科技成果"}, {"demands", "技术需求"}, {"organizations", "单位"}, {"contracts", "技术合同"}}

// MaxRowProblems bounds the kept row problems of one import; the counts go on.
const MaxRowProblems = 10_000

// ImportJob is one file brought in, with its report.
type ImportJob struct {
	Meta      `bson:"-"`
	Kind      string       `bson:"kind" json:"kind"` // code of ImportKinds
	File      string       `bson:"file" json:"file"` // name as given, for the report only
	Owner     ID           `bson:"owner" json:"owner"`
	By        ID           `bson:"by" json:"by"`
	DryRun    bool         `bson:"dry_run" json:"dry_run"` // nothing is written
	State     ImportState  `bson:"state" json:"state"`
	Total     int          `bson:"total" json:"total"` // rows in the file; 0 until known
	Done      int          `bson:"done" json:"done"`   // rows looked at
	Created   int          `bson:"created" json:"created"`
	Updated   int          `bson:"updated" json:"updated"`
	Unchanged int          `bson:"unchanged" json:"unchanged"`
	Failed    int          `bson:"failed" json:"failed"`
	Problems  []RowProblem `bson:"problems" json:"problems"`
	Doubled   int          `bson:"doubled" json:"doubled"` // rows that went in but may be the same as another, see Twins
	Twins     []RowTwin    `bson:"twins" json:"twins"`
	Notes     []string     `bson:"notes" json:"notes"` // about the file as a whole, e.g. columns that were not read
	Finished  time.Time    `bson:"finished" json:"finished,omitzero"`
	Error     string       `bson:"error" json:"error"` // Chinese, why the file failed as a whole
}

// RowProblem is one thing wrong in one row.
type RowProblem struct {
	Row    int    `bson:"row" json:"row"`       // 1 = first row after the header; line number for JSON lines
	Column string `bson:"column" json:"column"` // as it stands in the file's header
	Value  string `bson:"value" json:"value"`   // at most 100 characters
	Reason string `bson:"reason" json:"reason"`
}

// Outcome is what happened to one imported row.
type Outcome int

// The outcomes.
const (
	Created Outcome = iota
	Updated
	Unchanged
)

// Claim is a name that only one document may hold at a time: a title with its
// holder, a patent number, a registration number. Its ID is the name.
type Claim struct {
	Meta   `bson:"-"`
	Holder ID `bson:"holder" json:"holder"`
}

// RowTwin is a row that may be the same as another row or something listed. It
// went in all the same.
type RowTwin struct {
	Row        int      `bson:"row" json:"row"`
	Title      string   `bson:"title" json:"title"`             // at most 100 characters
	OtherRow   int      `bson:"other_row" json:"other_row"`     // the earlier row; 0 when it is like a listing
	Other      ID       `bson:"other" json:"other"`             // the listing; empty when it is like a row
	OtherTitle string   `bson:"other_title" json:"other_title"` // of the row or the listing
	Similarity int      `bson:"similarity" json:"similarity"`   // of the public texts, 0–100 %
	Numbers    []string `bson:"numbers" json:"numbers"`         // that both name
}

// MaxRowTwins bounds the kept twins of one import; the count goes on.
const MaxRowTwins = 5_000

// Sentence says what the row may be the same as and why.
func (t RowTwin) Sentence() string {
	what := "已有的《" + Clip(t.OtherTitle, 40) + "》"
	if t.OtherRow > 0 {
		what = "第 " + strconv.Itoa(t.OtherRow) + " 行《" + Clip(t.OtherTitle, 40) + "》"
	}
	if len(t.Numbers) > 0 {
		return "可能与" + what + "重复：同一编号 " + NumberText(t.Numbers[0])
	}
	return "可能与" + what + "重复：内容相似 " + strconv.Itoa(t.Similarity) + "%"
}

// NumberText writes one of Achievement.Numbers as people do: without its kind.
func NumberText(number string) string {
	_, text, _ := strings.Cut(number, "/")
	return text
}
