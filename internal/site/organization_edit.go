package site

import (
	"github.com/gofiber/fiber/v2"

	"jishi/internal/account"
	"jishi/internal/market"
	"jishi/web"
)

// organizationFormPage is the data of page "organization_form".
type organizationFormPage struct {
	Base     web.Base
	Name     string
	Fixed    []web.Term // what can no longer be changed
	Note     string     // what the bureau wants corrected
	Version  string
	Groups   []web.Group
	Problems []web.Problem
	Stale    string
	Resend   bool // saving sends it to the bureau again
}

// edit answers with the form of the reader's own organization.
func (p organizationPages) edit(c *fiber.Ctx) error {
	org, err := p.editable(c)
	if err != nil {
		return err
	}
	f := &form{values: organizationValues(org)}
	f.values.Set("version", number(org.Version))
	return p.form(c, fiber.StatusOK, f, org, "")
}

// editable reads the reader's own organization, if they may revise it.
func (p organizationPages) editable(c *fiber.Ctx) (*market.Organization, error) {
	if err := market.Permit(actor(c), market.ActReviseOrganization, actor(c).Org); err != nil {
		return nil, err
	}
	org, err := p.Organizations.Organization(c.UserContext(), actor(c), actor(c).Org)
	if err != nil {
		return nil, err
	}
	_, err = market.OrganizationMoves.Next(org.State, market.ActReviseOrganization, "", market.OrganizationState.Name)
	return org, err
}

// revise saves the form, with a further file if one was chosen.
func (p organizationPages) revise(c *fiber.Ctx) error {
	f, proof, err := readFormWithFile(c, "proof")
	if err != nil {
		return err
	}
	org, err := p.editable(c)
	if err != nil {
		return err
	}
	entry := readOrganization(f, "")
	if org.Verified() {
		entry.Name, entry.Kind = org.Name, org.Kind
	}
	entry.ID, entry.Version, entry.Code = org.ID, f.version(), ""
	if len(f.problems) > 0 {
		return p.form(c, fiber.StatusUnprocessableEntity, f, org, "")
	}
	if err := p.addProof(c, f, entry, proof); err != nil {
		return err
	}
	if len(f.problems) > 0 {
		return p.form(c, fiber.StatusUnprocessableEntity, f, org, "")
	}
	saved, err := p.Organizations.ReviseOrganization(c.UserContext(), actor(c), entry)
	switch {
	case f.refuse(err):
		return p.form(c, fiber.StatusUnprocessableEntity, f, org, "")
	case market.Is(err, market.Stale):
		f.values.Set("version", number(org.Version))
		return p.form(c, fiber.StatusConflict, f, org, sentence(p.naming(c, err)))
	case err != nil:
		return err
	}
	text := "单位资料已保存。"
	if saved.State == market.OrgPending {
		text = "单位资料已保存，等待科技局核验。"
	}
	return done(c, "/organization", web.Good, text)
}

// addProof keeps a further file and names it in the entry and on the form, so
// that it is not lost when something else is refused.
func (p organizationPages) addProof(c *fiber.Ctx, f *form, entry *market.Organization, proof *account.Upload) error {
	if proof == nil {
		return nil
	}
	file, err := p.Files.Add(c.UserContext(), actor(c), proof.Name, proof.Content)
	if market.Is(err, market.Invalid) || market.Is(err, market.TooLarge) || market.Is(err, market.Conflict) {
		f.problems.Add("proof", sentence(err))
		return nil
	}
	if err != nil {
		return err
	}
	entry.Evidence = append(entry.Evidence, file.ID)
	f.values.Add("evidence", string(file.ID))
	return nil
}

// form answers with the form of an organization, filled with what was typed.
func (p organizationPages) form(c *fiber.Ctx, status int, f *form, org *market.Organization, stale string) error {
	page := organizationFormPage{
		Base: p.base(c, "修改单位资料", "/desk"), Name: org.Name, Version: f.text("version"), Stale: stale, Resend: !org.Verified(),
		Note: standOf(org).Note, Fixed: stated(web.Term{Label: "统一社会信用代码", Value: org.Code}),
	}
	page.Base.Path = "/organization/edit"
	page.Base.Crumbs = crumbs("修改", web.Crumb{Href: "/desk", Text: "我的工作"}, web.Crumb{Href: "/organization", Text: "单位资料"})
	fixed := []string{"code"}
	if org.Verified() {
		fixed = append(fixed, "name", "kind")
		page.Fixed = append([]web.Term{{Label: "单位名称", Value: org.Name}, {Label: "单位类型", Value: named(market.OrganizationKinds, org.Kind)}}, page.Fixed...)
	}
	shown := *org
	shown.Evidence = readOrganization(f, "").Evidence
	files, err := p.Organizations.EvidenceOf(c.UserContext(), actor(c), &shown)
	if err != nil {
		return err
	}
	page.Groups = fillGroups(f, append(organizationGroups(f, "", fixed...), markGroup(f, files), evidenceGroup(files)))
	page.Problems = f.summary(labelled(page.Groups))
	return p.render(c, status, "organization_form", page)
}

// evidenceGroup is the files kept and the place for one more.
func evidenceGroup(files []*market.File) web.Group {
	var fields []web.Field
	if len(files) > 0 {
		fields = append(fields, web.Field{Name: "evidence", Label: "已上传的材料", Type: "checks", Options: fileOptions(files), Hint: "去掉勾选就不再附上。", Wide: true})
	}
	return web.Group{Legend: "证明材料", Hint: "只有本单位和科技局看得到。", Fields: append(fields, web.Field{
		Name: "proof", Label: "再附一份材料", Type: "file", Accept: ".pdf,.png,.jpg,.jpeg,.docx,.xlsx,.zip", Wide: true,
		Hint: "营业执照、法人证书、资质证书等，不超过 20 MB。要附多份，保存后再来一次。",
	})}
}
