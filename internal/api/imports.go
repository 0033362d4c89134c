package api

import (
	"bytes"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/exchange"
	"jishi/internal/market"
)

// importActions are the actions on imports.
type importActions struct{ *API }

func (a importActions) routes() []Route {
	return []Route{
		{"POST", "/imports", a.startImport, market.ActImport},
		{"GET", "/imports/template/:kind", a.template, market.ActPublic},
		{"GET", "/imports/:id", a.showImport, market.ActReadImport},
		{"POST", "/imports/:id/cancel", a.cancelImport, market.ActReadImport},
		{"GET", "/imports/:id/report", a.importReport, market.ActReadImport},
	}
}

// startImport takes the file as the body: POST /imports?kind&file&dry_run.
// It answers 202 with the job, which goes on in the background.
func (a importActions) startImport(c *fiber.Ctx) error {
	dryRun, err := queryBool(c, "dry_run")
	if err != nil {
		return err
	}
	id, err := a.Imports.Start(c.UserContext(), actor(c), exchange.File{
		Kind: c.Query("kind"), Name: market.Clip(c.Query("file", "api"), market.MaxTitle),
		Data: bytes.Clone(c.Request().Body()), DryRun: dryRun,
	})
	if err != nil {
		return err
	}
	c.Location(Prefix + "/imports/" + string(id))
	return c.Status(fiber.StatusAccepted).JSON(fiber.Map{"id": id})
}

func (a importActions) showImport(c *fiber.Ctx) error {
	job, err := a.Imports.Job(c.UserContext(), actor(c), id(c))
	if err != nil {
		return err
	}
	return c.JSON(job)
}

func (a importActions) cancelImport(c *fiber.Ctx) error {
	if err := decodeOptional(c, &struct{}{}); err != nil {
		return err
	}
	if err := a.Imports.Cancel(c.UserContext(), actor(c), id(c)); err != nil {
		return err
	}
	return a.showImport(c)
}

// importReport answers what is wrong in which row as CSV, or as a workbook
// with ?format=xlsx.
func (a importActions) importReport(c *fiber.Ctx) error {
	name, kind, write := "report.csv", mimeCSV, exchange.WriteReport
	switch c.Query("format", "csv") {
	case "csv":
	case "xlsx":
		name, kind, write = "report.xlsx", mimeXLSX, exchange.WriteReportXLSX
	default:
		return invalidField("format", "只能是 csv 或 xlsx")
	}
	job, err := a.Imports.Job(c.UserContext(), actor(c), id(c))
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := write(&file, job); err != nil {
		return err
	}
	return attach(c, name, kind, file.Bytes())
}

func (a importActions) template(c *fiber.Ctx) error {
	kind := c.Params("kind")
	if !market.ImportKinds.Has(kind) {
		return market.E(market.NotFound, "not_found", "没有这种模板，可选 achievements、demands、organizations、contracts。")
	}
	file, err := exchange.Template(kind)
	if err != nil {
		return err
	}
	return attach(c, "template-"+kind+".xlsx", mimeXLSX, file)
}

const (
	mimeCSV  = "text/csv; charset=utf-8"
	mimeXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

// attach answers a file to be saved, never shown.
func attach(c *fiber.Ctx, name, kind string, body []byte) error {
	c.Set(fiber.HeaderContentType, kind)
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+name+`"`)
	return c.Send(body)
}
