package market

import "time"

// File is an uploaded file: what it is and whose. Its content is kept under
// its hash, once however often it comes, and never changes.
type File struct {
	Meta    `bson:"-"`
	Hash    string  `bson:"hash" json:"hash"`   // SHA-256 of the content, 64 hex digits
	Size    int64   `bson:"size" json:"size"`   // bytes
	Type    string  `bson:"type" json:"type"`   // code of FileTypes, found from the content
	Name    string  `bson:"name" json:"name"`   // as uploaded, cleaned; for people only
	Owner   ID      `bson:"owner" json:"owner"` // organization; empty for a file of somebody who has no place in one yet
	User    ID      `bson:"user" json:"user"`   // who uploaded it
	History []Event `bson:"history" json:"history"`
}

// FileTypes is what may be uploaded.
var FileTypes = CodeList{{"pdf", "PDF"}, {"png", "PNG 图片"}, {"jpeg", "JPEG 图片"}, {"docx", "Word 文档"}, {"xlsx", "Excel 表格"}, {"zip", "ZIP 压缩包"}}

// MaxFile is the largest file that is taken, in bytes.
const MaxFile = 20 << 20

// FileUse is how much of its quota an organization, or a user without one, has
// used. Its ID is theirs.
type FileUse struct {
	Meta    `bson:"-"`
	Bytes   int64        `bson:"bytes"`   // charged for files that are stored
	Pending []FileCharge `bson:"pending"` // for files on their way
}

// FileCharge is what one file that is on its way takes of a quota.
type FileCharge struct {
	File  ID        `bson:"file"`
	Bytes int64     `bson:"bytes"`
	At    time.Time `bson:"at"` // UTC
}
