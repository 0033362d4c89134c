package market

// The actions. Listing actions serve achievements and demands alike.
const (
	ActCreateAchievement Action = "achievement.create"
	ActCreateDemand      Action = "demand.create"
	ActReadDraft         Action = "listing.read_draft"
	ActReadDetail        Action = "listing.read_detail"
	ActReadContact       Action = "listing.read_contact"
	ActRevise            Action = "revise"
	ActSubmit            Action = "submit"
	ActApprove           Action = "approve"
	ActReject            Action = "reject"
	ActWithdraw          Action = "withdraw"
	ActRenew             Action = "renew"
	ActReopen            Action = "reopen"
	ActExpire            Action = "expire"
	ActReviewListings    Action = "listing.review"

	ActCreateContract  Action = "contract.create"
	ActReadContract    Action = "contract.read"
	ActReviseContract  Action = "contract.revise"
	ActSubmitContract  Action = "contract.submit"
	ActReturnContract  Action = "contract.return"
	ActRegister        Action = "contract.register"
	ActRefuse          Action = "contract.refuse"
	ActCancel          Action = "contract.cancel"
	ActReviewContracts Action = "contract.review"

	ActImport      Action = "import"
	ActExport      Action = "export"
	ActManageUsers Action = "user.manage"
	ActSetTarget   Action = "target.set"

	ActManageOrganizations Action = "organization.manage"
)

// Relation is how an actor stands to a document.
type Relation int

// The relations.
const (
	RelAny     Relation = iota // whoever the actor is to the document
	RelOwn                     // the actor's organization owns it or is a party to it
	RelForeign                 // it is not the actor's own
)

// Grant allows a role an action on documents it stands to in a relation.
type Grant struct {
	Action   Action
	Role     Role
	Relation Relation
}

// Grants is the permission table. What is not in it is denied. Officers may
// not review what their own organization lists or sells, hence RelForeign.
var Grants = []Grant{
	{ActCreateAchievement, RoleSupplier, RelAny}, {ActCreateAchievement, RoleOfficer, RelAny},
	{ActCreateDemand, RoleDemander, RelAny}, {ActCreateDemand, RoleOfficer, RelAny},

	{ActReadDraft, RoleSupplier, RelOwn}, {ActReadDraft, RoleDemander, RelOwn}, {ActReadDraft, RoleOfficer, RelAny}, {ActReadDraft, RoleAdmin, RelAny},
	{ActReadDetail, RoleSupplier, RelOwn}, {ActReadDetail, RoleDemander, RelOwn}, {ActReadDetail, RoleOfficer, RelAny},
	{ActReadContact, RoleSupplier, RelAny}, {ActReadContact, RoleDemander, RelAny}, {ActReadContact, RoleBroker, RelAny}, {ActReadContact, RoleOfficer, RelAny},

	{ActRevise, RoleSupplier, RelOwn}, {ActRevise, RoleDemander, RelOwn}, {ActRevise, RoleOfficer, RelOwn},
	{ActSubmit, RoleSupplier, RelOwn}, {ActSubmit, RoleDemander, RelOwn}, {ActSubmit, RoleOfficer, RelOwn},
	{ActWithdraw, RoleSupplier, RelOwn}, {ActWithdraw, RoleDemander, RelOwn}, {ActWithdraw, RoleOfficer, RelAny},
	{ActRenew, RoleSupplier, RelOwn}, {ActRenew, RoleDemander, RelOwn}, {ActRenew, RoleOfficer, RelOwn},
	{ActReopen, RoleSupplier, RelOwn}, {ActReopen, RoleDemander, RelOwn}, {ActReopen, RoleOfficer, RelOwn},
	{ActReviewListings, RoleOfficer, RelAny},
	{ActApprove, RoleOfficer, RelForeign}, {ActReject, RoleOfficer, RelForeign},

	{ActCreateContract, RoleSupplier, RelAny}, {ActCreateContract, RoleDemander, RelAny}, {ActCreateContract, RoleOfficer, RelAny},
	{ActReadContract, RoleSupplier, RelOwn}, {ActReadContract, RoleDemander, RelOwn}, {ActReadContract, RoleBroker, RelOwn}, {ActReadContract, RoleOfficer, RelAny}, {ActReadContract, RoleAdmin, RelAny},
	{ActReviseContract, RoleSupplier, RelOwn}, {ActReviseContract, RoleDemander, RelOwn}, {ActReviseContract, RoleOfficer, RelOwn},
	{ActSubmitContract, RoleSupplier, RelOwn}, {ActSubmitContract, RoleDemander, RelOwn}, {ActSubmitContract, RoleOfficer, RelOwn},
	{ActReviewContracts, RoleOfficer, RelAny},
	{ActReturnContract, RoleOfficer, RelAny}, {ActRegister, RoleOfficer, RelAny}, {ActRefuse, RoleOfficer, RelAny}, {ActCancel, RoleOfficer, RelAny},

	{ActImport, RoleSupplier, RelAny}, {ActImport, RoleDemander, RelAny}, {ActImport, RoleOfficer, RelAny},
	{ActExport, RoleSupplier, RelAny}, {ActExport, RoleDemander, RelAny}, {ActExport, RoleBroker, RelAny}, {ActExport, RoleOfficer, RelAny}, {ActExport, RoleAdmin, RelAny},
	{ActManageUsers, RoleAdmin, RelAny}, {ActSetTarget, RoleAdmin, RelAny},
	{ActManageOrganizations, RoleOfficer, RelAny}, {ActManageOrganizations, RoleAdmin, RelAny},
}

// May reports whether by may do action on a document of the given owners; no
// owners means the document does not exist yet. The System may do everything.
func May(by Actor, action Action, owners ...ID) bool {
	if by.User == System.User {
		return true
	}
	for _, g := range Grants {
		if g.Action != action || !by.Has(g.Role) {
			continue
		}
		own := by.ActsFor(owners...)
		if g.Relation == RelAny || (g.Relation == RelOwn) == own {
			return true
		}
	}
	return false
}

// Permit returns nil when May holds, Unauthenticated for a visitor, else Denied.
func Permit(by Actor, action Action, owners ...ID) error {
	switch {
	case May(by, action, owners...):
		return nil
	case !by.SignedIn():
		return E(Unauthenticated, "sign_in_first", "请先登录再"+ActionName(action)+"。")
	default:
		return E(Denied, "not_allowed", "您的账号没有权限"+ActionName(action)+"。")
	}
}

var actionNames = CodeList{
	{string(ActCreateAchievement), "发布成果"}, {string(ActCreateDemand), "发布需求"}, {string(ActReadDraft), "查看未公开的内容"},
	{string(ActReadDetail), "查看保密内容"}, {string(ActReadContact), "查看联系方式"}, {string(ActRevise), "修改"}, {string(ActSubmit), "提交审核"},
	{string(ActApprove), "审核通过"}, {string(ActReject), "驳回"}, {string(ActWithdraw), "撤回"}, {string(ActRenew), "续期"},
	{string(ActReopen), "重新编辑"}, {string(ActExpire), "到期下架"}, {string(ActReviewListings), "审核发布项"},
	{string(ActCreateContract), "填报合同"}, {string(ActReadContract), "查看合同"}, {string(ActReviseContract), "修改合同"},
	{string(ActSubmitContract), "提交登记"}, {string(ActReturnContract), "退回补正"}, {string(ActRegister), "准予登记"},
	{string(ActRefuse), "不予登记"}, {string(ActCancel), "注销登记"}, {string(ActReviewContracts), "审核合同"},
	{string(ActImport), "导入"}, {string(ActExport), "导出"}, {string(ActManageUsers), "管理用户"}, {string(ActSetTarget), "设定目标"},
	{string(ActManageOrganizations), "管理单位"},
}

// ActionName returns the Chinese verb of an action.
func ActionName(a Action) string { return actionNames.Name(string(a)) }
