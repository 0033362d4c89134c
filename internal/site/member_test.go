package site

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"jishi/internal/account"
	"jishi/internal/follow"
	"jishi/internal/market"
	"jishi/internal/signin"
)

// place adds an organization of a kind.
func (w *world) place(name, kind string) *market.Organization {
	w.t.Helper()
	org, err := w.site.Organizations.CreateOrganization(w.t.Context(), market.System, &market.Organization{Name: name, Kind: kind})
	must(w.t, err)
	return org
}

// hire adds somebody to an organization and lets the test act under their name.
func (w *world) hire(name string, org *market.Organization, roles ...market.Role) market.Actor {
	w.t.Helper()
	by := market.Actor{User: w.newID(), Org: org.ID, Name: "测试" + name, OrgName: org.Name, Roles: roles, Verified: true, Session: w.newID()}
	w.insert(by, name+"@example.com")
	must(w.t, open[market.Session](w.t, w.engine, signin.SessionSpec).Insert(w.t.Context(), &market.Session{Meta: market.Meta{ID: by.Session}, User: by.User, Org: org.ID, UsedAt: w.now}))
	w.users[name] = by
	return by
}

// again has somebody act as their session now says.
func (w *world) again(name string) {
	w.t.Helper()
	by := w.users[name]
	session, err := open[market.Session](w.t, w.engine, signin.SessionSpec).Get(w.t.Context(), by.Session)
	must(w.t, err)
	org, err := w.site.Organizations.Organization(w.t.Context(), market.System, session.Org)
	must(w.t, err)
	m, err := w.site.People.Member(w.t.Context(), market.System, session.Org, by.User)
	must(w.t, err)
	by.Org, by.OrgName, by.Roles = org.ID, org.Name, m.Roles
	w.users[name] = by
}

// link is the secret part of the last invitation sent to a login.
func (w *world) link(login string) string {
	w.t.Helper()
	for _, m := range slices.Backward(w.mails.mails) {
		if _, rest, ok := strings.Cut(m.Text, "https://jishi.example/invitations/"); ok && m.To == login {
			secret, _, _ := strings.Cut(rest, "\n")
			return secret
		}
	}
	w.t.Fatalf("no invitation to %s", login)
	return ""
}

func (w *world) flash(a *answer) string {
	w.t.Helper()
	for _, cookie := range a.header.Values("Set-Cookie") {
		if value, ok := strings.CutPrefix(cookie, flashCookie+"="); ok {
			value, _, _ = strings.Cut(value, ";")
			return w.with(flashCookie, value, "/sign-in").text(".jishi-note")
		}
	}
	return ""
}

func TestMembersPage(t *testing.T) {
	w := newWorld(t)
	org := w.place("示例研究所", "institute")
	w.hire("boss", org, market.RoleManager, market.RoleSupplier)
	li := w.hire("li", org, market.RoleSupplier)
	w.get("", "/organization/members").leads("/sign-in")
	w.get("li", "/organization/members").is(403)
	w.get("rival", "/organizations/"+string(org.ID)+"/members").is(403)
	page := w.get("boss", "/organization/members").is(200).shows("示例研究所", "测试li", "li@example.com", "供给方", "邀请同事")
	if len(page.all("a[href=/organization/members]")) == 0 {
		t.Error("no tab leads here")
	}
	w.get("officer", "/organizations/"+string(org.ID)+"/members").is(200).shows("测试li").hides("发出邀请")
	here := memberHref(org.ID, li.User)
	w.get("boss", here).is(200).shows("测试li", "移交管理员", "移出单位")
	w.get("officer", here).is(200).hides("移出单位", "保存角色")
	version := w.get("boss", here).all("[name=version]")[0]
	form := url.Values{"version": {attr(version, "value")}}
	w.post("boss", here+"/revise", form).is(422).shows("至少一个角色")
	w.post("boss", here+"/revise", with(form, "roles", "officer")).is(422).shows("没有“科技局经办人”这个角色")
	w.post("li", here+"/revise", with(form, "roles", "manager")).is(403)
	w.post("boss", here+"/revise", with(form, "roles", "broker")).leads("/organization/members")
	w.get("boss", "/organization/members").shows("技术经纪人")
	if said := w.flash(w.post("boss", here+"/revise", with(form, "roles", "supplier"))); !strings.Contains(said, "刚被改动") {
		t.Errorf("an old form: %q", said)
	}
	w.post("boss", here+"/remove", url.Values{"version": {"2"}}).is(422).shows("必填")
	w.post("boss", here+"/remove", url.Values{"version": {"2"}, "note": {"离职"}}).leads("/organization/members")
	w.get("boss", "/organization/members").hides("li@example.com")
	w.get("boss", here).is(404)
	own := memberHref(org.ID, w.users["boss"].User)
	w.get("boss", own).is(200).hides("移出单位", "移交管理员")
	if said := w.flash(w.post("boss", own+"/revise", url.Values{"version": {"1"}, "roles": {"supplier"}})); !strings.Contains(said, "唯一的单位管理员") {
		t.Errorf("the last manager: %q", said)
	}
}

func TestHandOverPage(t *testing.T) {
	w := newWorld(t)
	org := w.place("示例研究所", "institute")
	w.hire("boss", org, market.RoleManager)
	li := w.hire("li", org, market.RoleSupplier)
	here := memberHref(org.ID, li.User)
	w.post("boss", here+"/hand-over", url.Values{}).is(422).shows("至少一个角色")
	w.post("boss", here+"/hand-over", url.Values{"roles": {"broker"}}).leads("/account/organizations")
	w.again("boss")
	w.again("li")
	w.get("boss", "/organization/members").is(403)
	w.get("li", "/organization/members").is(200).shows("单位管理员")
}

func TestInvitationPages(t *testing.T) {
	w := newWorld(t)
	org := w.place("示例研究所", "institute")
	w.hire("boss", org, market.RoleManager)
	w.hire("wang", w.place("示例公司", "enterprise"), market.RoleDemander)
	invite := "/organizations/" + string(org.ID) + "/invitations"
	w.post("boss", invite, url.Values{"login": {"不是邮箱"}, "roles": {"supplier"}}).is(422).shows("能收信的电子邮箱")
	w.post("boss", invite, url.Values{"login": {"new@example.com"}}).is(422).shows("至少一个角色")
	w.post("boss", invite, url.Values{"login": {"new@example.com"}, "roles": {"supplier"}}).leads("/organization/members")
	w.post("boss", invite, url.Values{"login": {"new@example.com"}, "roles": {"supplier"}}).is(409).shows("已经邀请过")
	w.post("boss", invite, url.Values{"login": {"boss@example.com"}, "roles": {"supplier"}}).is(409).shows("已经是本单位的成员")
	old := w.link("new@example.com")
	page := w.get("boss", "/organization/members").shows("new@example.com", "还剩 7 天")
	for _, form := range page.all("form[method=post]") {
		if strings.HasSuffix(attr(form, "action"), "/resend") {
			w.post("boss", attr(form, "action"), nil).leads("/organization/members")
		}
	}
	secret := w.link("new@example.com")
	w.get("", "/invitations/"+old).is(409).shows("已被撤销")
	w.get("", "/invitations/nosuch").is(404).shows("核对邮件中的链接")
	here := "/invitations/" + secret
	w.get("", here).is(200).secret().shows("示例研究所", "供给方", "new@example.com", "开立账号并加入")
	w.get("wang", here).is(200).shows("不是受邀的账号", "wang@example.com").hides("开立账号并加入")
	w.post("wang", here, nil).is(409).shows("n***@example.com")
	w.post("", here, url.Values{"name": {"示例新人"}, "password": {"x"}}).is(422).shows("须同意开立账号")
	w.post("", here, url.Values{"name": {"示例新人"}, "password": {"Qingshan-2026-hu"}, "consent": {"account"}}).leads("/sign-in")
	w.get("", here).is(409).shows("已经用过")
	w.get("boss", "/organization/members").shows("示例新人").hides("还剩 7 天")

	w.post("boss", invite, url.Values{"login": {"wang@example.com"}, "roles": {"broker"}}).leads("/organization/members")
	here = "/invitations/" + w.link("wang@example.com")
	w.get("", here).is(200).shows("登录后接受").hides("开立账号")
	w.get("wang", here).is(200).shows("接受邀请")
	w.post("wang", here, nil).leads("/desk")
	w.again("wang")
	if w.users["wang"].Org != org.ID {
		t.Error("who accepts does not act for the organization at once")
	}
	w.get("wang", here).is(200).shows("已经是这个单位的成员")
	w.post("wang", here, nil).leads("/desk")
	w.post("boss", invite+"/"+string(market.TicketID(w.link("wang@example.com")))+"/revoke", nil).leads("/organization/members")
}

func TestOwnOrganizations(t *testing.T) {
	w := newWorld(t)
	firm, lab := w.place("示例公司", "enterprise"), w.place("示例研究所", "institute")
	w.hire("boss", lab, market.RoleManager)
	w.hire("wang", firm, market.RoleDemander)
	w.get("wang", "/organizations/"+string(lab.ID)).is(200).shows("申请加入")
	w.get("boss", "/organizations/"+string(lab.ID)).is(200).hides("申请加入")
	join := "/organizations/" + string(lab.ID) + "/join"
	w.get("boss", join).is(403)
	w.get("wang", join).is(200).shows("示例研究所", "技术经纪人").hides("单位管理员</span>")
	w.post("wang", join, nil).is(422).shows("至少一个角色")
	w.sendFile("wang", join, url.Values{"roles": {"broker"}}, "file", "证明.pdf", "不是 PDF").is(422)
	w.post("wang", join, url.Values{"roles": {"broker"}}).leads("/account/organizations")
	w.get("wang", "/account/organizations").is(200).shows("待确认", "撤回申请", "现在代表")
	w.get("boss", "/organization/members").shows("申请加入的", "测试wang")
	here := memberHref(lab.ID, w.users["wang"].User)
	w.get("boss", here).is(200).shows("同意加入", "不同意").hides("移出单位")
	w.post("boss", here+"/approve", url.Values{"version": {"2"}, "roles": {"broker", "supplier"}}).leads("/organization/members")
	page := w.get("wang", "/account/organizations").is(200).shows("切换到这里").hides("待确认")
	if len(page.all("form[action=/account/act-for]")) != 1 {
		t.Error("no way to change over")
	}
	w.post("wang", "/account/act-for", url.Values{"organization": {string(lab.ID)}, "next": {"//evil"}}).leads("/desk")
	w.again("wang")
	w.get("wang", "/account/organizations").shows("现在代表")
	if w.users["wang"].Org != lab.ID {
		t.Error("did not change over")
	}
	w.post("wang", "/account/act-for", url.Values{"organization": {"elsewhere"}}).leads("/account/organizations")
	w.post("wang", "/account/leave", url.Values{"organization": {string(lab.ID)}}).leads("/account/organizations")
	w.again("wang")
	if w.users["wang"].Org != firm.ID {
		t.Error("who left does not go on for another")
	}
	w.post("wang", "/account/leave", nil).leads("/account/organizations")
	if said := w.flash(w.post("boss", "/account/leave", url.Values{"organization": {string(lab.ID)}})); !strings.Contains(said, "唯一的单位管理员") {
		t.Errorf("the last manager leaves: %q", said)
	}
}

func TestProfileAndCertificate(t *testing.T) {
	w := newWorld(t)
	center := w.place("示例经纪公司", "broker")
	wang := w.hire("wang", center, market.RoleBroker)
	bureau := w.place("示例科技局", "bureau")
	w.hire("clerk", bureau, market.RoleOfficer)
	form := url.Values{"version": {"1"}, "name": {"测试王"}, "phone": {"13812345678"}}
	w.get("wang", "/account").is(200).shows("wang@example.com", "技术经纪人证书")
	w.post("wang", "/account", with(form, "phone", "12")).is(422)
	w.post("wang", "/account", with(form, "version", "9")).is(409).shows("别处改动过")
	w.post("wang", "/account", with(form, "certificate.number", "B-1")).is(422).shows("请从列表中选择")
	stated := with(form, "certificate.number", "B-1", "certificate.issuer", "某协会", "certificate.level", "middle", "certificate.until", "2026-12-31")
	w.sendFile("wang", "/account", stated, "file", "证书.pdf", "不是 PDF").is(422)
	w.sendFile("wang", "/account", stated, "file", "证书.pdf", somePDF).leads("/account")
	w.get("wang", "/account").shows("待科技局确认", "下载扫描件")
	w.feed()
	here := certificateHref(wang.User)
	w.get("clerk", "/review").is(200).shows("测试王的技术经纪人证书", "经纪人证书")
	w.get("wang", here).is(403)
	w.get("clerk", here).is(200).shows("B-1", "某协会", "2026-12-31", "确认证书")
	w.post("clerk", here+"/refuse", url.Values{"version": {"2"}}).is(422).shows("必填")
	w.post("clerk", here+"/refuse", url.Values{"version": {"2"}, "note": {"编号查不到"}}).leads("/review")
	w.get("wang", "/account").shows("未获确认", "编号查不到")
	w.post("wang", "/account", with(stated, "version", "3", "certificate.number", "B-2")).leads("/account")
	w.post("clerk", here+"/confirm", url.Values{"version": {"4"}}).leads("/review")
	w.feed()
	w.get("", "/brokers").is(200).shows("还没有公开的技术经纪人").hides("B-2")
	w.feed(&market.Consent{Meta: market.Meta{ID: "c1"}, User: wang.User, Purpose: market.PurposePublish, GivenAt: w.now})
	w.get("", "/brokers").is(200).shows("测试王", "示例经纪公司", "中级", "B-2", "有效").hides("13812345678", "wang@example.com")
	w.get("", "/organizations/"+string(center.ID)).is(200).shows("测试王", "B-2")
	w.now = w.now.AddDate(1, 0, 0)
	w.get("", "/brokers").is(200).shows("已过有效期")
}

// feed brings the projection of brokers up to date.
func (w *world) feed(consents ...*market.Consent) {
	w.t.Helper()
	users := &follow.Follower[market.User]{Source: open[market.User](w.t, w.engine, account.UserSpec), Sink: account.BrokerUsers{Brokers: w.site.People.Brokers()}}
	must(w.t, users.CatchUp(w.t.Context()))
	must(w.t, account.BrokerConsents{Brokers: w.site.People.Brokers()}.Apply(w.t.Context(), consents, "c"))
}

func TestAdminUsers(t *testing.T) {
	w := newWorld(t)
	bureau := w.place("示例科技局", "bureau")
	w.hire("chief", bureau, market.RoleAdmin)
	w.hire("clerk", bureau, market.RoleOfficer)
	wang := w.hire("wang", w.place("示例公司", "enterprise"), market.RoleDemander)
	here := userHref(wang.User)
	for _, as := range []string{"clerk", "wang", "officer"} {
		w.get(as, "/admin/users").is(403)
		w.get(as, here).is(403)
		w.post(as, here+"/disable", url.Values{"version": {"1"}, "note": {"x"}}).is(403)
	}
	w.get("chief", "/admin/users?q=wang").is(200).shows("wang@example.com", "示例公司（需求方）").hides("clerk@example.com")
	w.get("chief", "/admin/users?q=%E6%97%A0").is(200).shows("没有找到这样的用户")
	page := w.get("chief", here).is(200).shows("停用账号", "示例公司").hides("重置两步验证")
	if len(page.all("a[href="+memberHref(wang.Org, wang.User)+"]")) != 1 {
		t.Error("no way to the place")
	}
	w.post("chief", here+"/disable", url.Values{"version": {"1"}}).is(422).shows("必填")
	w.post("chief", here+"/disable", url.Values{"version": {"1"}, "note": {"违规"}}).leads(here)
	w.get("chief", here).is(200).shows("已停用", "违规", "启用账号")
	w.post("chief", here+"/enable", url.Values{"version": {"2"}, "note": {"查清了"}}).leads(here)
	if said := w.flash(w.post("chief", here+"/reset-factor", url.Values{"version": {"3"}, "note": {"x"}})); !strings.Contains(said, "没有启用两步验证") {
		t.Errorf("without a factor: %q", said)
	}
	own := userHref(w.users["chief"].User)
	w.get("chief", own).is(200).hides("停用账号")
	if said := w.flash(w.post("chief", own+"/disable", url.Values{"version": {"1"}, "note": {"x"}})); !strings.Contains(said, "不能停用自己") {
		t.Errorf("oneself: %q", said)
	}
}
