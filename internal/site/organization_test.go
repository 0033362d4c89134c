package site

import (
	"fmt"
	"testing"

	"jishi/internal/account"
	"jishi/internal/market"
)

func TestOrganizations(t *testing.T) {
	w := newWorld(t)
	w.publish("university", "/achievements", magnesium())
	w.publish("enterprise", "/demands", with(housing(), "anonymous", "yes"))
	ctx := t.Context()
	for i := range 60 {
		_, err := w.site.Organizations.PutOrganization(ctx, market.System, &market.Organization{
			Name: fmt.Sprintf("名录单位%02d", i), Kind: "institute", Division: "500155", Summary: "做研究。",
		}, "", false)
		must(t, err)
	}
	w.catchUp()
	seen := make(map[string]bool)
	path := "/organizations?kind=institute"
	for range 3 {
		page := w.get("", path).is(200)
		for _, row := range page.all("th[scope=row]") {
			seen[inner(row)] = true
		}
		next := page.all("a[rel=next]")
		if len(next) == 0 {
			break
		}
		path = attr(next[0], "href")
	}
	if len(seen) != 60 {
		t.Errorf("%d institutes, want 60", len(seen))
	}
	w.get("", "/organizations?kind=broker").is(200).shows("没有符合条件的单位")
	w.get("", "/organizations?kind=gold").is(422)
	w.get("", "/organizations?cursor=nonsense").is(422)
	w.get("officer", "/organizations").is(200).shows("批量导入")
}

// An organization's page shows what it has published under its name, its
// contact to those who may see it, and itself only once it is checked.
func TestOrganizationPage(t *testing.T) {
	w := newWorld(t)
	w.publish("university", "/achievements", magnesium())
	w.publish("enterprise", "/demands", with(housing(), "anonymous", "yes"))
	name, err := w.site.Organizations.Organization(t.Context(), market.System, w.users["university"].Org)
	must(t, err)
	_, err = w.site.Organizations.PutOrganization(t.Context(), market.System, &market.Organization{
		Name: name.Name, Contact: market.Contact{Name: "周老师", Phone: "023-53220001"}, Summary: "做材料。",
	}, "", false)
	must(t, err)
	university, enterprise := organizationHref(w.users["university"].Org), organizationHref(w.users["enterprise"].Org)
	unchecked := &market.Organization{Meta: market.Meta{ID: "unchecked"}, Name: "未核验单位", Key: "name/未核验单位", State: market.OrgPending}
	must(t, open[market.Organization](t, w.engine, account.OrganizationSpec).Insert(t.Context(), unchecked))
	tests := []struct {
		name, as, path string
		status         int
		shows, hides   string
	}{
		{"visitor", "", university, 200, "耐热镁合金薄板轧制工艺", "023-53220001"},
		{"checked", "enterprise", university, 200, "023-******01", "023-53220001"},
		{"not checked", "newcomer", university, 200, "核验后才能看", "023-53220001"},
		{"anonymous demands stay so", "", enterprise, 200, "还没有公开的成果或需求", "耐热镁合金壳体"},
		{"unknown", "", "/organizations/nothing", 404, "没有找到", "023-"},
		{"not checked yet, by others", "university", organizationHref("unchecked"), 403, "没有权限", "未核验单位"},
		{"not checked yet, by visitors", "", organizationHref("unchecked"), 401, "登录", "未核验单位"},
		{"not checked yet, by officers", "officer", organizationHref("unchecked"), 200, "待核验", "023-"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w.get(tt.as, tt.path).is(tt.status).shows(tt.shows).hides(tt.hides)
		})
	}
}
