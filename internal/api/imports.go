package api

import (
	"bytes"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/exchange"
	"jishi/internal/market"
)

func (a *API) importRoutes() []Route {
	return []Route{
		{"POST", "/imports", a.startImport},
		{"GET", "/imports/template/:kind", a.template},
		{"GET", "/imports/:id", a.showImport},
		{"POST", "/imports/:id/cancel", a.cancelImport},
		{"GET", "/imports/:id/report", a.importReport},
	}
}

// startImport takes the file as the body: POST /imports?kind&file&dry_run.
// It answers 202 with the job, which goes on in the background.
func (a *API) startImport(c *fiber.Ctx) error {
	id, err := a.Imports.Start(c.UserContext(), actor(c), exchange.File{
		Kind: c.Query("kind"), Name: market.Clip(c.Query("file", "api"), market.MaxTitle), Data: bytes.Clone(c.Body()), DryRun: c.QueryBool("dry_run"),
	})
	if err != nil {
		return err
	}
	c.Location(Prefix + "/imports/" + string(id))
	return c.Status(fiber.StatusAccepted).JSON(fiber.Map{"id": id})
}

func (a *API) showImport(c *fiber.Ctx) error {
	job, err := a.Imports.Job(c.UserContext(), actor(c), id(c))
	if err != nil {
		return err
	}
	return c.JSON(job)
}

func (a *API) cancelImport(c *fiber.Ctx) error {
	if err := a.Imports.Cancel(c.UserContext(), actor(c), id(c)); err != nil {
		return err
	}
	return a.showImport(c)
}

// importReport answers what is wrong in which row as CSV, or as a workbook
// with ?format=xlsx.
func (a *API) importReport(c *fiber.Ctx) error {
	job, err := a.Imports.Job(c.UserContext(), actor(c), id(c))
	if err != nil {
		return err
	}
	name, kind, write := "report.csv", "text/csv; charset=utf-8", exchange.WriteReport
	if c.Query("format") == "xlsx" {
		name, kind, write = "report.xlsx", mimeXLSX, exchange.WriteReportXLSX
	}
	var file bytes.Buffer
	if err := write(&file, job); err != nil {
		return err
	}
	return attach(c, name, kind, file.Bytes())
}

func (a *API) template(c *fiber.Ctx) error {
	file, err := exchange.Template(c.Params("kind"))
	if err != nil {
		return err
	}
	return attach(c, "template-"+c.Params("kind")+".xlsx", mimeXLSX, file)
}

const mimeXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// attach answers a file to be saved, never shown.
func attach(c *fiber.Ctx, name, kind string, body []byte) error {
	c.Set(fiber.HeaderContentType, kind)
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+name+`"`)
	return c.Send(body)
}
