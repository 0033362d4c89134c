package market

import "slices"

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
	{ActListOwn, RoleSupplier, RelOwn}, {ActListOwn, RoleDemander, RelOwn}, {ActListOwn, RoleOfficer, RelOwn}, {ActListOwn, RoleAdmin, RelOwn},
	{ActEntrust, RoleDemander, RelOwn}, {ActEntrust, RoleOfficer, RelOwn}, {ActRecall, RoleDemander, RelOwn}, {ActRecall, RoleOfficer, RelOwn},
	{ActDecline, RoleBroker, RelAny}, {ActListEntrusted, RoleBroker, RelAny}, // what was handed to the actor themselves
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
	{ActReadImport, RoleSupplier, RelOwn}, {ActReadImport, RoleDemander, RelOwn}, {ActReadImport, RoleOfficer, RelAny},
	{ActManageUsers, RoleAdmin, RelAny}, {ActSetTarget, RoleAdmin, RelAny},
	{ActManageOrganizations, RoleOfficer, RelAny}, {ActManageOrganizations, RoleAdmin, RelAny},

	{ActPublic, RoleAnyone, RelAny}, {ActSelf, RoleUser, RelAny}, {ActSaveSearch, RoleUser, RelAny}, {ActSetAlerts, RoleUser, RelAny}, {ActSignUp, RoleAnyone, RelAny}, {ActConfirmAddress, RoleAnyone, RelAny},
	{ActSignIn, RoleAnyone, RelAny}, {ActRefresh, RoleAnyone, RelAny}, {ActRecover, RoleAnyone, RelAny},

	// An organization the bureau has not checked.
	{ActReadOrganization, RoleUser, RelOwn}, {ActReadOrganization, RoleOfficer, RelAny}, {ActReadOrganization, RoleAdmin, RelAny},
	{ActReviseOrganization, RoleManager, RelOwn},
	{ActVerifyOrganization, RoleOfficer, RelForeign}, {ActReturnOrganization, RoleOfficer, RelForeign}, {ActRejectOrganization, RoleOfficer, RelForeign},
	{ActSuspendOrganization, RoleOfficer, RelForeign}, {ActRestoreOrganization, RoleOfficer, RelForeign},
	{ActConfirmMark, RoleOfficer, RelForeign}, {ActConfirmCertificate, RoleOfficer, RelForeign}, {ActRefuseCertificate, RoleOfficer, RelForeign},

	{ActReadMembers, RoleManager, RelOwn}, {ActReadMembers, RoleOfficer, RelAny}, {ActReadMembers, RoleAdmin, RelAny},
	{ActInvite, RoleManager, RelOwn}, {ActInvite, RoleAdmin, RelAny},
	{ActApplyMember, RoleUser, RelForeign},
	{ActApproveMember, RoleManager, RelOwn}, {ActApproveMember, RoleOfficer, RelForeign}, {ActApproveMember, RoleAdmin, RelAny},
	{ActRefuseMember, RoleManager, RelOwn}, {ActRefuseMember, RoleOfficer, RelForeign}, {ActRefuseMember, RoleAdmin, RelAny},
	{ActReviseMember, RoleManager, RelOwn}, {ActReviseMember, RoleAdmin, RelAny},
	{ActRemoveMember, RoleManager, RelOwn}, {ActRemoveMember, RoleAdmin, RelAny},
	{ActLeave, RoleUser, RelOwn}, {ActActFor, RoleUser, RelAny}, {ActHandOver, RoleManager, RelOwn},
	{ActRevokeInvitation, RoleManager, RelOwn}, {ActRevokeInvitation, RoleAdmin, RelAny}, {ActAcceptInvitation, RoleAnyone, RelAny},
	{ActDisableUser, RoleAdmin, RelAny}, {ActEnableUser, RoleAdmin, RelAny}, {ActResetFactor, RoleAdmin, RelAny},

	{ActRevealIdentity, RoleSupplier, RelOwn}, {ActRevealIdentity, RoleDemander, RelOwn}, {ActRevealIdentity, RoleOfficer, RelAny},
	{ActUpload, RoleUser, RelAny},
	{ActReadFile, RoleSupplier, RelOwn}, {ActReadFile, RoleDemander, RelOwn}, {ActReadFile, RoleBroker, RelOwn}, {ActReadFile, RoleManager, RelOwn},
	{ActReadFile, RoleOfficer, RelAny}, {ActReadFile, RoleAdmin, RelAny},
	{ActReadAudit, RoleOfficer, RelAny}, {ActReadAudit, RoleAdmin, RelAny},
	{ActExportAudit, RoleOfficer, RelAny}, {ActExportAudit, RoleAdmin, RelAny},
	{ActVerifyAudit, RoleOfficer, RelAny}, {ActVerifyAudit, RoleAdmin, RelAny},
	{ActReadMail, RoleAdmin, RelAny}, {ActHandMail, RoleAdmin, RelAny},
	{ActReadSynonyms, RoleOfficer, RelAny}, {ActAddSynonym, RoleOfficer, RelAny}, {ActReviseSynonym, RoleOfficer, RelAny}, {ActRemoveSynonym, RoleOfficer, RelAny}, {ActRestoreSynonym, RoleOfficer, RelAny},
	{ActReadSynonyms, RoleAdmin, RelAny}, {ActAddSynonym, RoleAdmin, RelAny}, {ActReviseSynonym, RoleAdmin, RelAny}, {ActRemoveSynonym, RoleAdmin, RelAny}, {ActRestoreSynonym, RoleAdmin, RelAny},

	{ActReadRadar, RoleOfficer, RelAny}, {ActReadRadar, RoleAdmin, RelAny}, {ActRefreshRadar, RoleOfficer, RelAny}, {ActRefreshRadar, RoleAdmin, RelAny},
	{ActMerge, RoleSupplier, RelOwn}, {ActMerge, RoleDemander, RelOwn}, {ActMerge, RoleOfficer, RelAny},
	{ActUnmerge, RoleSupplier, RelOwn}, {ActUnmerge, RoleDemander, RelOwn}, {ActUnmerge, RoleOfficer, RelAny},
	{ActReadDuplicate, RoleSupplier, RelOwn}, {ActReadDuplicate, RoleDemander, RelOwn}, {ActReadDuplicate, RoleOfficer, RelAny},
	{ActDispute, RoleSupplier, RelOwn}, {ActDispute, RoleDemander, RelOwn},
	{ActReviewDuplicates, RoleOfficer, RelAny}, {ActDismiss, RoleOfficer, RelAny}, {ActDismiss, RoleSupplier, RelOwn}, {ActDismiss, RoleDemander, RelOwn},

	// Of a match its two owners' organizations are its own.
	{ActJudge, RoleSupplier, RelOwn}, {ActJudge, RoleDemander, RelOwn}, {ActJudge, RoleBroker, RelAny}, {ActJudge, RoleOfficer, RelAny},
	{ActRetractVerdict, RoleSupplier, RelOwn}, {ActRetractVerdict, RoleDemander, RelOwn}, {ActRetractVerdict, RoleBroker, RelAny}, {ActRetractVerdict, RoleOfficer, RelAny},
	{ActReadVerdicts, RoleSupplier, RelOwn}, {ActReadVerdicts, RoleDemander, RelOwn}, {ActReadVerdicts, RoleBroker, RelAny}, {ActReadVerdicts, RoleOfficer, RelAny}, {ActReadVerdicts, RoleAdmin, RelAny},
	{ActReadAllVerdicts, RoleOfficer, RelAny}, {ActReadAllVerdicts, RoleAdmin, RelAny},
	{ActMeasureQuality, RoleAdmin, RelAny},
	{ActReadWeighting, RoleOfficer, RelAny}, {ActReadWeighting, RoleAdmin, RelAny}, {ActSetWeighting, RoleAdmin, RelAny},
	{ActTendIndex, RoleAdmin, RelAny},
}

// Opening opens to everybody an action of reading that is granted row by row
// otherwise. Who comes this way sees the public part.
type Opening struct {
	Action Action
	State  string // of the document
}

// Openings is what anybody may read, by the state it is in.
var Openings = []Opening{
	{ActReadDraft, string(StatePublished)},
	{ActReadContract, string(ContractRegistered)},
	{ActReadOrganization, string(OrgVerified)},
}

// VerifiedOnly is what members of an organization that the bureau has not
// checked may not do, whatever their roles: they draft, but nothing of theirs
// is shown and nobody's contact is shown to them.
var VerifiedOnly = []Action{ActSubmit, ActRenew, ActReadContact, ActSubmitContract, ActInvite, ActJudge}

// DueMay is what is left, of what whoever is signed in may, to those who have
// something due: what is about themselves, and why their organization stands as it does.
var DueMay = []Action{ActSelf, ActActFor, ActReadOrganization}

// May reports whether by may do action on a document of the given owners; no
// owners means the document does not exist yet. The System may do everything.
func May(by Actor, action Action, owners ...ID) bool {
	if by.User == System.User {
		return true
	}
	if !by.Verified && slices.Contains(VerifiedOnly, action) {
		return false
	}
	return granted(by, action, owners)
}

// granted reports whether a row of the table holds.
func granted(by Actor, action Action, owners []ID) bool {
	for _, g := range Grants {
		if g.Action != action || !by.Has(g.Role) {
			continue
		}
		if g.Role == RoleUser && by.Due != "" && !slices.Contains(DueMay, action) {
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
	if May(by, action, owners...) {
		return nil
	}
	return refusal(by, action, granted(by, action, owners))
}

// Admit is Permit before the document is known: it returns nil when the actor
// may do action on some document, whoever owns that and whatever state it is in.
func Admit(by Actor, action Action) error {
	opened := slices.ContainsFunc(Openings, func(o Opening) bool { return o.Action == action })
	if opened || May(by, action) || May(by, action, by.Org) {
		return nil
	}
	return refusal(by, action, granted(by, action, nil) || granted(by, action, []ID{by.Org}))
}

// refusal says why an actor may not; unverified when only the bureau's check
// is missing.
func refusal(by Actor, action Action, unverified bool) error {
	switch {
	case !by.SignedIn():
		return E(Unauthenticated, "sign_in_first", "请先登录再"+ActionName(action)+"。")
	case by.Due != "":
		return E(Denied, "due_"+string(by.Due), Dues.Name(string(by.Due)))
	case unverified:
		return E(Denied, "not_verified", "您的单位还没有通过科技局核验，通过后才能"+ActionName(action)+"。核验进度见“单位资料”。")
	default:
		return E(Denied, "not_allowed", "您的账号没有权限"+ActionName(action)+"。")
	}
}
