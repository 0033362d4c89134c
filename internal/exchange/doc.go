// Package exchange brings files in and out: Excel workbooks, CSV and JSON
// lines on the way in, Excel and CSV on the way out.
//
// Each kind of document (achievements, demands, organizations, contracts) has
// one table of columns. Import, template and export all read that table, so
// what is exported can be imported again and means the same.
//
// A file is never trusted: its size, rows, columns and cells are bounded, its
// formulas are not evaluated, and what is wrong in one row is reported with
// row, column, value and reason while the other rows go in. Reading a file
// (Open), bringing its rows in (Importer), running that for a page (Jobs) and
// writing (WriteCSV, WriteXLSX, Template, WriteReport) know nothing of the
// store: documents go to a Put that the caller hands in.
package exchange
