package account

import "jishi/internal/market"

// kindBureau is the kind of the organizations whose officers decide about all
// others. What makes one gives power over the whole market.
const kindBureau = "bureau"

// checkNewBureau returns Invalid when org is a bureau and by may make none:
// admins and the System may, officers not.
func checkNewBureau(by market.Actor, org *market.Organization) error {
	if org.Kind != kindBureau || by.Has(market.RoleAdmin) {
		return nil
	}
	return wrongKind("only_admin_bureau", "新的科技主管部门只能由平台管理员登记，请联系平台管理员")
}

// checkBureauStays returns Invalid when an organization of kind before would
// become a bureau, or a bureau something else. Nobody may do that to what is
// on record: its members have their roles by the kind they joined.
func checkBureauStays(before, after string) error {
	if before == after || before != kindBureau && after != kindBureau {
		return nil
	}
	return wrongKind("bureau_kind_fixed", "已登记的单位不能改为科技主管部门，科技主管部门也不能改为其他类型")
}

func wrongKind(code, reason string) error {
	return &market.Error{Kind: market.Invalid, Code: code, Message: reason + "。",
		Fields: []market.FieldError{{Field: "kind", Reason: reason}}}
}
