package site

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"jishi/internal/account"
	"jishi/internal/alert"
	"jishi/internal/contract"
	"jishi/internal/file"
	"jishi/internal/listing"
	"jishi/internal/mail"
	"jishi/internal/market"
	"jishi/internal/matching"
	"jishi/internal/privacy"
	"jishi/internal/signin"
	"jishi/internal/store"
)

// noEntries is a trail that has nothing of anybody.
type noEntries struct{}

func (noEntries) OfUser(context.Context, market.ID, int) ([]market.Entry, error) { return nil, nil }

// private adds to config what people decide about their data, and what shows
// masked data of others, five times a day each.
func (w *world) private(engine store.Engine, config *Config) {
	w.t.Helper()
	t := w.t
	passwords, err := signin.NewPasswords(signin.WeakestHash)
	must(t, err)
	config.Privacy = privacy.New(privacy.Stores{
		Users: open[market.User](t, engine, account.UserSpec), Organizations: open[market.Organization](t, engine, account.OrganizationSpec),
		Consents: open[market.Consent](t, engine, privacy.ConsentSpec), Erasures: open[market.Erasure](t, engine, privacy.ErasureSpec),
		Sessions: open[market.Session](t, engine, signin.SessionSpec), Tickets: open[market.Ticket](t, engine, account.TicketSpec),
		Mails: open[market.Mail](t, engine, mail.Spec), Files: open[market.File](t, engine, file.Spec),
		Achievements: open[market.Achievement](t, engine, listing.AchievementSpec), Demands: open[market.Demand](t, engine, listing.DemandSpec),
		Verdicts: open[market.Verdict](t, engine, matching.VerdictSpec), Alerts: privacy.Alerts{
			Searches: open[market.SavedSearch](t, engine, alert.SearchSpec), Notices: open[market.Notice](t, engine, alert.NoticeSpec),
			Settings: open[market.AlertSetting](t, engine, alert.SettingSpec),
		},
	}, privacy.Parts{Passwords: passwords, Members: config.People, Sealer: sealer(t), Trail: config.Audit.Trail, Entries: noEntries{}}, w.clock)
	reveals := privacy.NewReveals(open[privacy.Count](t, engine, privacy.RevealSpec), config.Audit.Trail, 5, w.clock)
	config.Private = Private{
		Listings: listing.NewContacts(config.Achievements, config.Demands, reveals), Organizations: account.NewContacts(config.Organizations, reveals),
		Identities: contract.NewIdentities(config.Contracts, reveals),
	}
}

func TestPrivacyNotice(t *testing.T) {
	w := newWorld(t)
	page := w.get("", "/privacy").is(200).shows(market.PolicyVersion, "第四十五条", "第四十七条", "不使用任何人的浏览记录", "保存多久")
	for _, purpose := range market.ConsentPurposes {
		page.shows(purpose.Name)
		if purposeTexts[purpose.Code] == "" {
			t.Errorf("%s is not explained", purpose.Code)
		}
	}
	if footer := w.get("", "/").is(200).text("footer"); !strings.Contains(footer, "隐私政策") {
		t.Errorf("the footer does not lead there: %s", footer)
	}
}

// Deciding, taking back, deciding again, with what is recorded shown.
func TestConsentPages(t *testing.T) {
	w := newWorld(t)
	w.get("", "/account/privacy").leads("/sign-in")
	page := w.get("university", "/account/privacy").is(200).shows("请先阅读并选择")
	for _, box := range page.all("input[type=checkbox]") {
		if has(box, "checked") {
			t.Error("a box is ticked before anybody decided")
		}
	}
	w.post("university", "/account/privacy", url.Values{"contact": {"yes"}}).leads("/account/privacy")
	w.get("university", "/account/privacy").shows("请先阅读并选择")
	w.post("university", "/account/privacy", url.Values{"account": {"yes"}, "contact": {"yes"}}).leads("/desk")
	w.get("university", "/account/privacy").is(200).hides("请先阅读并选择").shows("已同意", "政策 "+market.PolicyVersion, "要撤回这一项，请注销账号")
	w.post("university", "/account/privacy/withdraw", url.Values{"purpose": {"contact"}}).leads("/account/privacy")
	w.get("university", "/account/privacy").shows("2026-03-01 撤回")
	w.post("university", "/account/privacy/give", url.Values{"purpose": {"contact"}}).leads("/account/privacy")
	w.post("university", "/account/privacy/give", url.Values{"purpose": {"everything"}}).is(422)
	w.post("university", "/account/privacy/withdraw", url.Values{"purpose": {"account"}}).is(409).shows("请注销账号")
}

func TestExportPage(t *testing.T) {
	w := newWorld(t)
	w.get("", "/account/export").leads("/sign-in")
	got := w.get("university", "/account/export").is(200)
	var mine struct {
		User struct {
			Login   string
			History []struct {
				ByName string `json:"by_name"`
			}
		}
	}
	must(t, json.Unmarshal([]byte(got.body), &mine))
	if mine.User.Login != "university@demo" || mine.User.History[0].ByName != "系统" || !strings.Contains(got.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("exported %+v, %s", mine, got.header)
	}
	if strings.Contains(got.body, "argon2") {
		t.Error("the hash of the password is in the file")
	}
}

func TestErasePage(t *testing.T) {
	w := newWorld(t)
	w.post("university", "/account/erase", url.Values{"login": {"university@demo"}, "password": {"wrong"}}).is(422).shows("密码不对", "注销后不能恢复")
	w.post("university", "/account/erase", url.Values{"login": {"x"}, "password": {password}}).is(422).shows("与您的登录名不一致")
	w.get("university", "/account/privacy").is(200)
	w.post("university", "/account/erase", url.Values{"login": {"university@demo"}, "password": {password}}).leads("/")
	names, err := w.site.People.Names(t.Context(), []market.ID{w.users["university"].User})
	if err != nil || names[w.users["university"].User] != market.ErasedName {
		t.Errorf("named %v, %v", names, err)
	}
}

// The table of readers of a listing's contact: hidden, masked with a button, or
// in full.
func TestContactOnPages(t *testing.T) {
	w := newWorld(t)
	v := magnesium()
	v.Set("contact.name", "周老师")
	v.Set("contact.phone", "13812345678")
	v.Set("contact.email", "zhou@example.edu")
	href := w.publish("university", "/achievements", v)
	whole := []string{"13812345678", "zhou@example.edu"}
	masked := []string{"周老师", "138****5678", "z***@example.edu", "查看联系方式"}
	w.get("university", href).is(200).shows(whole...).hides("查看联系方式")
	w.get("", href).is(200).hides(append(whole, masked...)...).shows("登录后查看")
	w.get("newcomer", href).is(200).hides(append(whole, masked...)...)
	w.get("enterprise", href).is(200).shows(masked...).hides(whole...)
	w.get("officer", href).is(200).shows(masked...).hides(whole...)

	full := w.post("enterprise", href+"/contact", nil).is(200).shows(whole...).hides("查看联系方式").shows("已留下记录")
	if full.header.Get("Cache-Control") != "no-store" {
		t.Errorf("kept by caches: %s", full.header.Get("Cache-Control"))
	}
	w.get("enterprise", href).hides(whole...) // a look is a look, not a right
	w.post("", href+"/contact", nil).is(401)
	w.post("newcomer", href+"/contact", nil).is(403).shows("核验")
	for range 4 {
		w.post("enterprise", href+"/contact", nil).is(200)
	}
	w.post("enterprise", href+"/contact", nil).is(429).shows("上限").hides(whole...)

	t.Run("who did what", func(t *testing.T) {
		w.get("officer", href).shows("测试university")
		w.post("university", "/account/erase", url.Values{"login": {"university@demo"}, "password": {password}}).leads("/")
		w.get("officer", href).shows(market.ErasedName).hides("测试university")
	})
}
