package exchange

import (
	"encoding/csv"
	"io"
	"strconv"

	"jishi/internal/market"
)

// reportHeads is the columns of a report.
var reportHeads = []head{{Name: "行号（表头下一行为 1）"}, {Name: "列"}, {Name: "值"}, {Name: "原因"}}

// reportRows is what a report on an import says, row by row.
func reportRows(job *market.ImportJob) [][]string {
	rows := make([][]string, 0, len(job.Problems)+len(job.Notes)+2)
	reported := 0
	for i, p := range job.Problems {
		line := ""
		if p.Row > 0 {
			line = strconv.Itoa(p.Row)
		}
		if i == 0 || job.Problems[i-1].Row != p.Row {
			reported++
		}
		rows = append(rows, []string{line, p.Column, p.Value, p.Reason})
	}
	if more := job.Failed - reported; more > 0 {
		rows = append(rows, []string{"", "", "", "另有 " + strconv.Itoa(more) + " 行有问题，没有一一列出"})
	}
	for _, twin := range job.Twins {
		rows = append(rows, []string{strconv.Itoa(twin.Row), "", twin.Title, twin.Sentence()})
	}
	if more := job.Doubled - twinRows(job); more > 0 {
		rows = append(rows, []string{"", "", "", "另有 " + strconv.Itoa(more) + " 行可能重复，没有一一列出"})
	}
	for _, note := range job.Notes {
		rows = append(rows, []string{"", "", "", note})
	}
	if job.Error != "" {
		rows = append(rows, []string{"", "", "", job.Error})
	}
	return rows
}

// twinRows is how many rows the kept twins are of.
func twinRows(job *market.ImportJob) int {
	n := 0
	for i, twin := range job.Twins {
		if i == 0 || job.Twins[i-1].Row != twin.Row {
			n++
		}
	}
	return n
}

// WriteReport writes what was wrong in an imported file as CSV in UTF-8 with a
// byte order mark: row, column, value, reason; then the notes on the file.
func WriteReport(w io.Writer, job *market.ImportJob) error {
	if _, err := w.Write(bomUTF8); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	header := make([]string, len(reportHeads))
	for i, h := range reportHeads {
		header[i] = h.Name
	}
	if err := out.Write(header); err != nil {
		return err
	}
	for _, row := range reportRows(job) {
		for i := range row {
			row[i] = guard(row[i])
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// WriteReportXLSX is WriteReport as a workbook.
func WriteReportXLSX(w io.Writer, job *market.ImportJob) error {
	sheet, err := newSheet("导入报告", reportHeads)
	if err != nil {
		return err
	}
	defer sheet.file.Close()
	for _, row := range reportRows(job) {
		cells := make([]any, len(row))
		for i, text := range row {
			cells[i] = text
		}
		if err := sheet.add(cells); err != nil {
			return err
		}
	}
	return sheet.write(w)
}
