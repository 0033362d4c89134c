package exchange

import (
	"errors"
	"io"
	"strings"

	"jishi/internal/market"
)

// headerRows is how far down the header may stand: above it there may be a
// title and remarks.
const headerRows = 5

// start finds the header and returns the function that gives the rows below
// it. Rows of JSON lines name their own columns.
func (p *pipeline[T]) start() (next func() (Row, error), err error) {
	first, err := p.first()
	if err != nil {
		return nil, err
	}
	if len(first) > 0 && first[0].Names == nil {
		at := p.headerAt(first)
		if at < 0 {
			return nil, market.E(market.Invalid, "no_header", noHeader(first))
		}
		if err := p.parser.setHeader(first[at]); err != nil {
			return nil, err
		}
		first = first[at+1:]
	}
	return func() (Row, error) {
		if len(first) == 0 {
			return p.run.rows.Next()
		}
		row := first[0]
		first = first[1:]
		return row, nil
	}, nil
}

// first reads the rows among which the header is.
func (p *pipeline[T]) first() (rows []Row, err error) {
	for len(rows) < headerRows {
		row, err := p.run.rows.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// headerAt returns the row that names most columns, the upper one of equals;
// -1 when no row names any.
func (p *pipeline[T]) headerAt(rows []Row) int {
	at, most := -1, 0
	for i, row := range rows {
		if n := p.parser.table.known(row.Cells); n > most {
			at, most = i, n
		}
	}
	return at
}

// noHeader says that no header was found and what stands there instead.
func noHeader(rows []Row) string {
	var seen []string
	for _, row := range rows {
		for _, cell := range row.Cells {
			if cell = strings.TrimSpace(cell); cell != "" && len(seen) < 5 {
				seen = append(seen, market.Clip(cell, 10))
			}
		}
	}
	return "前几行里没有认出表头，读到的是：" + strings.Join(seen, "、") + "。请下载模板，按其中的列名填写；若是乱码，请另存为 UTF-8 编码。"
}
