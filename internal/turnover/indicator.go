package turnover

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"math/big"

	"jishi/internal/market"
	"jishi/internal/store"
)

// IndicatorSpec declares the collection of indicators.
var IndicatorSpec = store.Spec{Name: "indicators", Indexes: []store.Index{{"order"}}}

// contractRow is the plan's row 23, 技术合同交易额, the one this package can
// compute. The plan does not say which amount it means; as the shipped target
// does, we take 合同成交额 of the calendar year.
const contractRow = "23"

// PlanYear is the year the plan's goals are set for.
const PlanYear = 2025

// The years a figure may be asked for.
const (
	firstYear = 1985
	lastYear  = 2100
)

//go:embed indicators.json
var shippedIndicators []byte

// IndicatorRow is one of the plan's values with what is known about it.
type IndicatorRow struct {
	market.Indicator
	Progress *Progress `json:"progress"` // by the latest reported value; nil when none is reported
	Own      *Own      `json:"own"`      // the platform's own figure; nil for rows it does not know
}

// Own is the platform's own figure for a row, shown beside the reported one.
// Only row 23 has one here: row 22 counts a national system's registrations,
// which are not in this package's stores.
type Own struct {
	Year     int        `json:"year"`
	Text     string     `json:"text"` // in the row's unit
	Fen      market.Fen `json:"fen"`
	Count    int        `json:"count"` // contracts added up
	Progress *Progress  `json:"progress"`
}

// seedIndicators inserts the shipped indicators that are missing.
func (s *Service) seedIndicators(ctx context.Context) error {
	rows, err := decodeIndicators()
	if err != nil {
		return err
	}
	for i := range rows {
		if err := s.stores.Indicators.Insert(ctx, &rows[i]); err != nil && !store.IsTaken(err) {
			return err
		}
	}
	return nil
}

func decodeIndicators() ([]market.Indicator, error) {
	var rows []market.Indicator
	if err := json.Unmarshal(shippedIndicators, &rows); err != nil {
		return nil, fmt.Errorf("shipped indicators: %w", err)
	}
	return rows, nil
}

// Indicators returns the plan's 33 values in its order, with progress where a
// value is reported and the platform's own figures for year. Anyone may ask.
// Invalid for a year outside 1985–2100.
func (s *Service) Indicators(ctx context.Context, year int) ([]IndicatorRow, error) {
	if year < firstYear || year > lastYear {
		return nil, &market.Error{Kind: market.Invalid, Code: "bad_year", Message: "年份应写成 2025 的样子。",
			Fields: []market.FieldError{{Field: "year", Reason: "应在 1985 与 2100 之间"}}}
	}
	page, err := s.stores.Indicators.Find(ctx, store.Query{Sort: "order", Limit: store.MaxLimit})
	if err != nil {
		return nil, err
	}
	rows := make([]IndicatorRow, 0, len(page.Items))
	for _, ind := range page.Items {
		row := IndicatorRow{Indicator: *ind, Progress: reported(ind)}
		if ind.Row == contractRow {
			if row.Own, err = s.own(ctx, ind, year); err != nil {
				return nil, err
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// own adds up what was registered in a year and sets it against the row.
func (s *Service) own(ctx context.Context, ind *market.Indicator, year int) (*Own, error) {
	from := market.Month(fmt.Sprintf("%04d-01", year))
	to := market.Month(fmt.Sprintf("%04d-12", year))
	sum, err := s.cube.Total(ctx, market.TurnoverQuery{From: from, To: to, Basis: market.BasisTotal})
	if err != nil {
		return nil, err
	}
	yi := big.NewRat(int64(sum.Fen), int64(market.Yi)) // the row's unit is 亿元
	return &Own{Year: year, Text: plainYi(sum.Fen), Fen: sum.Fen, Count: sum.Count, Progress: progress(ind, yi)}, nil
}
