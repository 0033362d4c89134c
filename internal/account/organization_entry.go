package account

import (
	"slices"

	"jishi/internal/market"
)

// revisable returns a document with what an organization writes about itself,
// brought to the form it is stored in. Everything else, such as state, key and
// history, is the platform's and never comes from outside; so does Code, which
// is fixed by the sign-up.
func revisable(entry *market.Organization) market.Organization {
	return market.Organization{
		Name: market.Fold(entry.Name), Kind: entry.Kind, Category: entry.Category, Division: entry.Division,
		Summary: entry.Summary, Contact: entry.Contact, Services: slices.Clone(entry.Services), Level: entry.Level,
		Marks: unconfirmed(entry.Marks), Evidence: slices.Clone(entry.Evidence),
	}
}

// unconfirmed returns marks as their organization claims them.
func unconfirmed(marks []market.Mark) []market.Mark {
	claimed := slices.Clone(marks)
	for i := range claimed {
		claimed[i].Confirmed = false
	}
	return claimed
}

// keyed returns the entry of a new organization with its normalised code and
// key, and nothing in it that its representative may not write.
func keyed(entry *market.Organization) *market.Organization {
	doc := revisable(entry)
	doc.Code = entry.Code
	_ = doc.Check() // sets Code and Key; what is wrong was told by checkEntry
	doc.Marks, doc.Evidence = nil, nil
	return &doc
}

// checkEntry returns Invalid with every broken field of an organization that
// somebody signs up.
func checkEntry(entry *market.Organization) error {
	doc := revisable(entry)
	doc.Code = market.Fold(entry.Code)
	p := market.Problems(fieldsIn(doc.Check()))
	p.Check(market.Fold(entry.Code) != "", "code", "必填，请照营业执照或法人证书填写")
	checkKind(&p, entry.Kind)
	p.Check(entry.Category != "", "category", "请选择")
	p.Check(entry.Division != "", "division", "请选择")
	return p.Err()
}

// checkKind notes when a kind is none that people give their organization.
func checkKind(p *market.Problems, kind string) {
	switch {
	case kind == "":
		p.Add("kind", "请选择")
	case market.OrganizationKinds.Has(kind) && market.StartRoles[kind] == nil:
		p.Add("kind", "科技主管部门由平台管理员开立，请选择其他类型")
	}
}
