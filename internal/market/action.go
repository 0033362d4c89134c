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
	ActListOwn           Action = "listing.list_own"
	ActEntrust           Action = "entrust"
	ActRecall            Action = "recall"
	ActDecline           Action = "decline"
	ActListEntrusted     Action = "listing.list_entrusted"

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
	ActReadImport  Action = "import.read"
	ActExport      Action = "export"
	ActManageUsers Action = "user.manage"
	ActSetTarget   Action = "target.set"

	ActManageOrganizations Action = "organization.manage"

	ActPublic Action = "public" // read what everybody may
	ActSelf   Action = "self"   // what is about the caller alone

	ActSignUp              Action = "organization.sign_up"
	ActConfirmAddress      Action = "user.confirm_address"
	ActReadOrganization    Action = "organization.read"
	ActReviseOrganization  Action = "organization.revise"
	ActVerifyOrganization  Action = "organization.verify"
	ActReturnOrganization  Action = "organization.return"
	ActRejectOrganization  Action = "organization.reject"
	ActSuspendOrganization Action = "organization.suspend"
	ActRestoreOrganization Action = "organization.restore"
	ActConfirmMark         Action = "organization.confirm_mark"

	ActReadMembers        Action = "member.read"
	ActInvite             Action = "member.invite"
	ActApplyMember        Action = "member.apply"
	ActApproveMember      Action = "member.approve"
	ActRefuseMember       Action = "member.refuse"
	ActReviseMember       Action = "member.revise"
	ActRemoveMember       Action = "member.remove"
	ActLeave              Action = "member.leave"
	ActHandOver           Action = "member.hand_over"
	ActActFor             Action = "member.act_for"
	ActConfirmCertificate Action = "user.confirm_certificate"
	ActRefuseCertificate  Action = "user.refuse_certificate"
	ActRevokeInvitation   Action = "member.revoke_invitation"
	ActAcceptInvitation   Action = "member.accept_invitation"
	ActResetFactor        Action = "factor.reset"

	ActSignIn         Action = "session.open"
	ActSignOut        Action = "session.end"
	ActRefresh        Action = "session.refresh"
	ActChangePassword Action = "password.change"
	ActRecover        Action = "password.recover"
	ActSetFactor      Action = "factor.set"
	ActRemoveFactor   Action = "factor.remove"
	ActReviseUser     Action = "user.revise"
	ActDisableUser    Action = "user.disable"
	ActEnableUser     Action = "user.enable"
	ActExportSelf     Action = "user.export"
	ActErase          Action = "user.erase"
	ActConsent        Action = "consent.give"
	ActWithdrawal     Action = "consent.withdraw"
	ActRevealIdentity Action = "contract.reveal_identity"

	ActSaveSearch    Action = "search.save"
	ActReviseSearch  Action = "search.revise"
	ActDropSearch    Action = "search.drop"
	ActRestoreSearch Action = "search.restore"
	ActSetAlerts     Action = "alert.set"

	ActUpload      Action = "file.upload"
	ActReadFile    Action = "file.read"
	ActReadAudit   Action = "audit.read"
	ActExportAudit Action = "audit.export"
	ActVerifyAudit Action = "audit.verify"
	ActWipeAudit   Action = "audit.wipe" // the System only
	ActRequest     Action = "request"    // of entries about refusals: whatever was asked for
	ActReadMail    Action = "mail.read"
	ActHandMail    Action = "mail.hand"
	ActSendMail    Action = "mail.send" // the platform's own

	ActJudge           Action = "verdict.give"
	ActRetractVerdict  Action = "verdict.retract"
	ActReadVerdicts    Action = "verdict.read"
	ActReadAllVerdicts Action = "verdict.read_all" // those of other organizations too
	ActMeasureQuality  Action = "quality.measure"

	ActReadSynonyms   Action = "synonym.read"
	ActAddSynonym     Action = "synonym.add"
	ActReviseSynonym  Action = "synonym.revise"
	ActRemoveSynonym  Action = "synonym.remove"
	ActRestoreSynonym Action = "synonym.restore"

	ActMerge            Action = "merge"
	ActUnmerge          Action = "unmerge"
	ActReadDuplicate    Action = "duplicate.read" // of a pair both owners' organizations are the own ones
	ActReviewDuplicates Action = "duplicate.review"
	ActFindDuplicate    Action = "duplicate.find" // the platform's own
	ActDispute          Action = "duplicate.dispute"
	ActDismiss          Action = "duplicate.dismiss"

	ActReadRadar    Action = "radar.read"
	ActRefreshRadar Action = "radar.refresh"

	ActReadWeighting Action = "weighting.read"
	ActSetWeighting  Action = "weighting.set"

	ActTendIndex Action = "index.tend"
)

var actionNames = CodeList{
	{string(ActCreateAchievement), "发布成果"}, {string(ActCreateDemand), "发布需求"}, {string(ActReadDraft), "查看未公开的内容"},
	{string(ActReadDetail), "查看保密内容"}, {string(ActReadContact), "查看联系方式"}, {string(ActRevise), "修改"}, {string(ActSubmit), "提交审核"},
	{string(ActApprove), "审核通过"}, {string(ActReject), "驳回"}, {string(ActWithdraw), "撤回"}, {string(ActRenew), "续期"},
	{string(ActReopen), "重新编辑"}, {string(ActExpire), "到期下架"}, {string(ActReviewListings), "审核发布项"}, {string(ActListOwn), "查看本单位的发布项"},
	{string(ActEntrust), "委托技术经纪人"}, {string(ActRecall), "收回委托"}, {string(ActDecline), "退回委托"}, {string(ActListEntrusted), "查看委托给本人的发布项"},
	{string(ActCreateContract), "填报合同"}, {string(ActReadContract), "查看合同"}, {string(ActReviseContract), "修改合同"},
	{string(ActSubmitContract), "提交登记"}, {string(ActReturnContract), "退回补正"}, {string(ActRegister), "准予登记"},
	{string(ActRefuse), "不予登记"}, {string(ActCancel), "注销登记"}, {string(ActReviewContracts), "审核合同"},
	{string(ActImport), "导入"}, {string(ActReadImport), "查看导入"}, {string(ActExport), "导出"}, {string(ActManageUsers), "管理用户"}, {string(ActSetTarget), "设定目标"},
	{string(ActManageOrganizations), "管理单位"},
	{string(ActPublic), "查看公开内容"}, {string(ActSelf), "办理本人事项"}, {string(ActSignUp), "注册单位"}, {string(ActConfirmAddress), "确认邮箱"},
	{string(ActReadOrganization), "查看单位资料"}, {string(ActReviseOrganization), "修改单位资料"}, {string(ActVerifyOrganization), "核验通过"},
	{string(ActReturnOrganization), "退回补正资料"}, {string(ActRejectOrganization), "核验不通过"}, {string(ActSuspendOrganization), "停用单位"},
	{string(ActRestoreOrganization), "恢复单位"}, {string(ActConfirmMark), "确认资质"}, {string(ActReadMembers), "查看成员"},
	{string(ActInvite), "邀请成员"}, {string(ActApplyMember), "申请加入单位"}, {string(ActApproveMember), "同意加入"}, {string(ActRefuseMember), "不同意加入"},
	{string(ActReviseMember), "调整成员角色"}, {string(ActRemoveMember), "移出成员"}, {string(ActLeave), "退出单位"},
	{string(ActHandOver), "移交管理员"}, {string(ActActFor), "切换单位"}, {string(ActConfirmCertificate), "确认经纪人证书"},
	{string(ActRefuseCertificate), "不予确认证书"}, {string(ActRevokeInvitation), "撤销邀请"}, {string(ActAcceptInvitation), "接受邀请"},
	{string(ActResetFactor), "重置两步验证"},
	{string(ActSignIn), "登录"}, {string(ActSignOut), "结束会话"}, {string(ActRefresh), "续期会话"}, {string(ActChangePassword), "修改密码"},
	{string(ActRecover), "找回密码"}, {string(ActSetFactor), "启用两步验证"}, {string(ActRemoveFactor), "停用两步验证"},
	{string(ActReviseUser), "修改个人资料"}, {string(ActDisableUser), "停用账号"}, {string(ActEnableUser), "启用账号"},
	{string(ActExportSelf), "导出个人数据"}, {string(ActErase), "注销账号"}, {string(ActConsent), "同意"}, {string(ActWithdrawal), "撤回同意"},
	{string(ActRevealIdentity), "查看身份证号"}, {string(ActUpload), "上传文件"}, {string(ActReadFile), "下载文件"},
	{string(ActReadAudit), "查看审计记录"}, {string(ActExportAudit), "导出审计记录"}, {string(ActVerifyAudit), "核对审计记录"}, {string(ActWipeAudit), "清除到期的审计内容"}, {string(ActRequest), "请求页面或接口"}, {string(ActReadMail), "查看待发邮件"}, {string(ActHandMail), "转交邮件"},
	{string(ActSendMail), "发送邮件"},
	{string(ActSaveSearch), "保存搜索"}, {string(ActReviseSearch), "修改搜索订阅"}, {string(ActDropSearch), "删除搜索订阅"},
	{string(ActRestoreSearch), "恢复搜索订阅"}, {string(ActSetAlerts), "设置提醒"},
	{string(ActJudge), "判断匹配"}, {string(ActRetractVerdict), "撤销判断"}, {string(ActReadVerdicts), "查看匹配的判断"}, {string(ActReadAllVerdicts), "查看各方的判断"},
	{string(ActMeasureQuality), "测算匹配质量"},
	{string(ActReadSynonyms), "查看同义词"}, {string(ActAddSynonym), "添加同义词"}, {string(ActReviseSynonym), "修改同义词"},
	{string(ActRemoveSynonym), "删除同义词"}, {string(ActRestoreSynonym), "恢复同义词"},
	{string(ActReadRadar), "查看缺口雷达"}, {string(ActRefreshRadar), "重新测算缺口"},
	{string(ActMerge), "合并"}, {string(ActUnmerge), "撤销合并"}, {string(ActReadDuplicate), "查看可能重复的内容"},
	{string(ActReviewDuplicates), "处理重复"}, {string(ActFindDuplicate), "发现可能重复"}, {string(ActDispute), "说明不是同一项"}, {string(ActDismiss), "认定不是同一项"},
	{string(ActReadWeighting), "查看匹配权重"}, {string(ActSetWeighting), "调整匹配权重"},
	{string(ActTendIndex), "检查和重建搜索索引"},
}

// ActionName returns the Chinese verb of an action.
func ActionName(a Action) string { return actionNames.Name(string(a)) }
