package market

// Organization is a 单位 that lists, buys, brokers or reviews.
type Organization struct {
	Meta     `bson:"-"`
	Name     string  `bson:"name" json:"name"`
	Key      string  `bson:"key" json:"key"`           // credit code, or "name/" + normalised name without one; unique, never changes
	Code     string  `bson:"code" json:"code"`         // 统一社会信用代码, may be empty until verified
	Kind     string  `bson:"kind" json:"kind"`         // code of OrganizationKinds
	Category string  `bson:"category" json:"category"` // code of PartyCategories
	Division string  `bson:"division" json:"division"` // GB/T 2260
	Summary  string  `bson:"summary" json:"summary"`
	Contact  Contact `bson:"contact" json:"contact"`
	Verified bool    `bson:"verified" json:"verified"` // checked by the bureau
	Demo     bool    `bson:"demo" json:"demo"`
	History  []Event `bson:"history" json:"history"`
}

// Check normalises the code, sets Key and returns Invalid naming every broken field.
func (o *Organization) Check() error {
	var p Problems
	checkText(&p, "name", o.Name, true, MaxTitle)
	checkText(&p, "summary", o.Summary, false, MaxSummary)
	checkCode(&p, "kind", o.Kind, OrganizationKinds)
	checkCode(&p, "category", o.Category, PartyCategories)
	checkDivision(&p, "division", o.Division)
	o.Contact.check(&p)
	if o.Code != "" {
		code, err := ParseCreditCode(o.Code)
		p.Check(err == nil, "code", "统一社会信用代码不对，请核对 18 位代码")
		o.Code = code
	}
	if o.Key == "" {
		o.Key = o.Code
	}
	if o.Key == "" {
		o.Key = "name/" + NormalTitle(o.Name)
	}
	return p.Err()
}

// User is a person with a sign-in, acting for one organization.
type User struct {
	Meta         `bson:"-"`
	Login        string  `bson:"login" json:"login"` // e-mail or name@place; lower case, unique, never changes
	Name         string  `bson:"name" json:"name"`
	Org          ID      `bson:"org" json:"org"`
	Roles        []Role  `bson:"roles" json:"roles"`
	PasswordHash string  `bson:"password_hash" json:"-"` // argon2id in PHC form
	Disabled     bool    `bson:"disabled" json:"disabled"`
	Epoch        int64   `bson:"epoch" json:"-"` // tokens issued under an earlier epoch are dead
	History      []Event `bson:"history" json:"history"`
}

// Check returns Invalid naming every broken field.
func (u *User) Check() error {
	var p Problems
	checkText(&p, "name", u.Name, true, MaxWord)
	checkText(&p, "login", u.Login, true, 100)
	p.Check(len(u.Roles) > 0, "roles", "至少一个角色")
	for _, r := range u.Roles {
		p.Check(Roles.Has(string(r)), "roles", "没有这个角色")
	}
	return p.Err()
}
