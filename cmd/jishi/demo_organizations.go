package main

import (
	"context"
	"fmt"

	"jishi/cmd/jishi/demo"
	"jishi/internal/account"
	"jishi/internal/market"
)

// demoMarks is what sample organizations were recognised as.
var demoMarks = map[string][]market.Mark{
	demo.Enterprise: {
		{Kind: "hightech", Number: "GR202451100001", From: "2024-11-28", Until: "2027-11-27"},
		{Kind: "specialised", Number: "ZJTX2023-0155", From: "2023-08-01", Until: "2026-12-31"},
	},
	"示例半导体有限公司":     {{Kind: "giant", Number: "XJR2022-0031", From: "2022-09-01", Until: "2027-08-31"}, {Kind: "hightech", From: "2023-10-16", Until: "2026-10-15"}},
	"示例柚业有限公司":      {{Kind: "tech", From: "2024-03-15"}},
	"示例环保科技有限公司":    {{Kind: "tech", From: "2023-05-20"}, {Kind: "growth", From: "2025-01-10", Until: "2026-12-31"}},
	unconfirmedDemo: {{Kind: "tech", From: "2024-03-15"}},
	"示例不锈钢制品有限公司":   {{Kind: "champion", From: "2025-06-01", Until: "2028-05-31"}},
}

// demoServices is what sample service institutions offer.
var demoServices = map[string]struct {
	services []string
	level    string
}{
	demo.Broker:  {[]string{"brokerage", "valuation", "training"}, "municipal"},
	"示例检验检测有限公司": {[]string{"testing", "pilot"}, "district"},
}

// demoSignUps is who waits for the bureau's check in a demonstration store.
var demoSignUps = []account.SignUp{
	{Login: "newcomer@demo.example", Name: "示例吴经理", Phone: "13800000155", Organization: &market.Organization{
		Name: "示例柑橘装备有限公司", Code: "91500155DEM000460F", Kind: "enterprise", Category: "100", Division: "500155",
		Summary: "做柑橘采后分选和清洗装备，想找果面缺陷识别和低损伤输送的技术。", Contact: market.Contact{Name: "示例吴经理", Phone: "13800000155"},
	}, Proof: &account.Upload{Name: "营业执照（示例）.pdf", Content: []byte(demoPDF)}},
	{Login: "lab@demo.example", Name: "示例冯老师", Organization: &market.Organization{
		Name: "示例生态修复研究院", Code: "12500155DEM000479H", Kind: "institute", Category: "021", Division: "500155", Summary: "做矿区和消落带的生态修复。",
	}},
}

// demoPDF is a page that says it is no real licence.
const demoPDF = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" +
	"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 200]/Contents 4 0 R/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n" +
	"4 0 obj<</Length 63>>stream\nBT /F 24 Tf 40 100 Td (Demonstration, not a real licence) Tj ET\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

// fillOrganizations gives sample organizations marks and services, and signs
// up those that wait. Doing it again changes nothing.
func (h *house) fillOrganizations(ctx context.Context) error {
	for name, marks := range demoMarks {
		if err := h.describe(ctx, name, func(org *market.Organization) { org.Marks = marks }); err != nil {
			return err
		}
	}
	for name, offer := range demoServices {
		err := h.describe(ctx, name, func(org *market.Organization) { org.Services, org.Level = offer.services, offer.level })
		if err != nil {
			return err
		}
	}
	for _, n := range demoSignUps {
		n.Password, n.Purposes = demoPassword, []string{market.PurposeAccount}
		if err := h.organizations.SignUp(ctx, n); err != nil {
			return fmt.Errorf("sign up %s: %w", n.Organization.Name, err)
		}
		if err := h.markOrganization(ctx, n.Organization); err != nil {
			return err
		}
	}
	return nil
}

// unconfirmedDemo is the sample organization whose mark the bureau has still
// to look at.
const unconfirmedDemo = "示例通航装备有限公司"

// describe writes what a sample organization says of itself, and has the
// bureau confirm its marks.
func (h *house) describe(ctx context.Context, name string, write func(*market.Organization)) error {
	org, err := h.organizations.LookUpOrganization(ctx, market.System, "", name)
	if err != nil {
		return fmt.Errorf("sample organization %s: %w", name, err)
	}
	if len(org.Marks) > 0 || len(org.Services) > 0 {
		return nil
	}
	write(org)
	if org, err = h.organizations.ReviseOrganization(ctx, market.System, org); err != nil {
		return fmt.Errorf("sample organization %s: %w", name, err)
	}
	for _, m := range org.Marks {
		if name == unconfirmedDemo {
			continue
		}
		if _, err := h.organizations.ConfirmMark(ctx, market.System, org.ID, 0, m.Kind, m.From, true); err != nil {
			return err
		}
	}
	return nil
}

// markOrganization marks what was signed up as demonstration data.
func (h *house) markOrganization(ctx context.Context, signedUp *market.Organization) error {
	org, err := h.organizations.LookUpOrganization(ctx, market.System, signedUp.Code, "")
	if err != nil || org.Demo {
		return err
	}
	org.Demo = true
	return h.docs.orgs.Update(ctx, org)
}
