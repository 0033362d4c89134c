package api

import "jishi/internal/market"

// listingInput is what a client may write of any listing.
type listingInput struct {
	Title    string         `json:"title"`
	Summary  string         `json:"summary"`
	Detail   string         `json:"detail"`
	Keywords []string       `json:"keywords"`
	Class    market.Class   `json:"class"`
	Modes    []string       `json:"modes"`
	Contact  market.Contact `json:"contact"`
	Source   string         `json:"source"`
}

func (in listingInput) read() market.Listing {
	return market.Listing{
		Title: in.Title, Summary: in.Summary, Detail: in.Detail, Keywords: in.Keywords,
		Class: in.Class, Modes: in.Modes, Contact: in.Contact, Source: in.Source,
	}
}

// achievementInput is what a client may write of an achievement.
type achievementInput struct {
	listingInput
	Holder     string          `json:"holder"`
	HolderCode string          `json:"holder_code"`
	Partners   []string        `json:"partners"`
	Benefit    string          `json:"benefit"`
	Category   string          `json:"category"`
	Form       string          `json:"form"`
	Level      string          `json:"level"`
	Maturity   market.Maturity `json:"maturity"`
	Rights     []market.Right  `json:"rights"`
	Price      market.Price    `json:"price"`
	Registered string          `json:"registered"`
}

func (in achievementInput) read() *market.Achievement {
	return &market.Achievement{
		Listing: in.listingInput.read(), Holder: in.Holder, HolderCode: in.HolderCode, Partners: in.Partners,
		Benefit: in.Benefit, Category: in.Category, Form: in.Form, Level: in.Level, Maturity: in.Maturity,
		Rights: in.Rights, Price: in.Price, Registered: in.Registered,
	}
}

// demandInput is what a client may write of a demand.
type demandInput struct {
	listingInput
	Demander   string             `json:"demander"`
	Anonymous  bool               `json:"anonymous"`
	DemandKind string             `json:"demand_kind"`
	Criteria   []market.Criterion `json:"criteria"`
	MinTRL     int                `json:"min_trl"`
	BudgetLow  market.Fen         `json:"budget_low_fen"`
	BudgetHigh market.Fen         `json:"budget_high_fen"`
	Deadline   market.Date        `json:"deadline"`
	IPTerm     string             `json:"ip_term"`
	Conditions string             `json:"conditions"`
}

func (in demandInput) read() *market.Demand {
	return &market.Demand{
		Listing: in.listingInput.read(), Demander: in.Demander, Anonymous: in.Anonymous, DemandKind: in.DemandKind,
		Criteria: in.Criteria, MinTRL: in.MinTRL, BudgetLow: in.BudgetLow, BudgetHigh: in.BudgetHigh,
		Deadline: in.Deadline, IPTerm: in.IPTerm, Conditions: in.Conditions,
	}
}
