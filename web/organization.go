package web

// MarkRow is one recognition of an organization. Part "organization-marks"
// takes []MarkRow.
type MarkRow struct {
	Name   string
	Number string // of the certificate; may be empty
	Term   string // from when to when
	Badge  Badge
	File   Crumb  // what proves it; may be empty
	Decide *Press // for who may confirm it; nil for others
}

// FileRow is one file by its name. Part "organization-files" takes []FileRow.
type FileRow struct {
	Href, Name, Size, Day string
}
