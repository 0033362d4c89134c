package account

import (
	"slices"
	"testing"

	"jishi/internal/follow"
	"jishi/internal/market"
	"jishi/internal/store"
)

func TestReviseProfile(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	wang := o.person("wang", o.firm, market.RoleDemander)
	o.must(insertFile(o, "mine", wang.User))
	o.must(insertFile(o, "others", "u-li"))
	good := market.Certificate{Level: "senior", Number: "B-1", Issuer: "某协会", Until: "2027-12-31", Evidence: "mine"}
	with := func(change func(*market.Certificate)) *market.Certificate { c := good; change(&c); return &c }
	for _, tt := range []struct {
		name    string
		by      market.Actor
		version int64
		profile Profile
		kind    market.Kind // -1 for success
		fields  []string
	}{
		{"visitor", market.Actor{}, 0, Profile{Name: "王五"}, market.Unauthenticated, nil},
		{"no name", wang, 0, Profile{Phone: "13812345678"}, market.Invalid, []string{"name"}},
		{"wrong phone", wang, 0, Profile{Name: "王五", Phone: "1"}, market.Invalid, []string{"phone"}},
		{"old version", wang, 9, Profile{Name: "王五"}, market.Stale, nil},
		{"empty certificate", wang, 0, Profile{Name: "王五", Certificate: &market.Certificate{}}, market.Invalid, []string{"certificate.level", "certificate.number", "certificate.issuer"}},
		{"somebody's evidence", wang, 0, Profile{Name: "王五", Certificate: with(func(c *market.Certificate) { c.Evidence = "others" })}, market.Invalid, []string{"certificate.evidence"}},
		{"no such evidence", wang, 0, Profile{Name: "王五", Certificate: with(func(c *market.Certificate) { c.Evidence = "x" })}, market.Invalid, []string{"certificate.evidence"}},
		{"confirmed by oneself", wang, 0, Profile{Name: "王五", Phone: "13812345678", Certificate: with(func(c *market.Certificate) { c.Confirmed = true })}, -1, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := o.ReviseProfile(ctx, tt.by, tt.version, tt.profile)
			if tt.kind < 0 && err != nil || tt.kind >= 0 && (!market.Is(err, tt.kind) || !slices.Equal(fieldsOf(err), tt.fields)) {
				t.Errorf("%v naming %v, want %v", err, fieldsOf(err), tt.fields)
			}
		})
	}
	u := o.read(wang.User)
	if u.Name != "王五" || u.Certificate.Confirmed || u.Login != "wang@example.com" {
		t.Errorf("%+v", u)
	}
	again, err := o.ReviseProfile(ctx, wang, u.Version, Profile{Name: "王五", Phone: u.Phone, Certificate: &good})
	o.must(err)
	if again.Version != u.Version {
		t.Error("saving what is there wrote something")
	}
}

// brokers feeds the projection of brokers with what the store and the consents hold.
func (o *office) feed(consents ...*market.Consent) {
	o.t.Helper()
	users := &follow.Follower[market.User]{Source: store.Reader[market.User](o.users), Sink: BrokerUsers{o.Brokers()}}
	o.must(users.CatchUp(o.t.Context()))
	o.must(BrokerConsents{o.Brokers()}.Apply(o.t.Context(), consents, "c"))
}

func TestCertificates(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	wang, officer := o.person("wang", o.uni, market.RoleBroker), o.person("officer", o.bureau, market.RoleOfficer)
	colleague := o.person("colleague", o.bureau, market.RoleSupplier)
	certificate := &market.Certificate{Level: "middle", Number: "B-2", Issuer: "某协会", Until: "2026-06-30"}
	for _, by := range []market.Actor{wang, colleague} {
		o.must(second(o.ReviseProfile(ctx, by, 0, Profile{Name: by.Name, Certificate: certificate})))
	}
	agreed := &market.Consent{Meta: market.Meta{ID: "c1"}, User: wang.User, Purpose: market.PurposePublish, GivenAt: o.now()}
	o.feed(agreed, &market.Consent{Meta: market.Meta{ID: "c2"}, User: colleague.User, Purpose: market.PurposeAccount, GivenAt: o.now()})
	if _, err := o.WaitingCertificates(ctx, wang, 10); !market.Is(err, market.Denied) {
		t.Errorf("queue for a broker: %v", err)
	}
	waiting, err := o.WaitingCertificates(ctx, officer, 10)
	o.must(err)
	if len(waiting) != 2 {
		t.Errorf("%d wait", len(waiting))
	}
	shown := func(org market.ID, want int) {
		t.Helper()
		o.feed()
		list, err := o.PublicBrokers(ctx, org, 10)
		o.must(err)
		if len(list) != want {
			t.Errorf("%d shown, want %d: %+v", len(list), want, list)
		}
	}
	shown("", 0)
	for _, step := range []struct {
		name    string
		by      market.Actor
		user    market.ID
		confirm bool
		note    string
		code    string
	}{
		{"by the holder", wang, wang.User, true, "", "not_allowed"},
		{"of a colleague", officer, colleague.User, true, "", "not_allowed"},
		{"of nobody", officer, "no", true, "", "not_found"},
		{"of somebody without", officer, o.person("li", o.uni, market.RoleBroker).User, true, "", "not_found"},
		{"refused without a reason", officer, wang.User, false, " ", "note_required"},
		{"refused", officer, wang.User, false, "编号查不到", ""},
		{"confirmed after that", officer, wang.User, true, "", "certificate_decided"},
	} {
		t.Run(step.name, func(t *testing.T) {
			if _, err := o.DecideCertificate(ctx, step.by, step.user, 0, step.confirm, step.note); codeOf(err) != step.code {
				t.Errorf("%v, want %q", err, step.code)
			}
		})
	}
	shown("", 0)
	better := *certificate
	better.Number = "B-3"
	o.must(second(o.ReviseProfile(ctx, wang, 0, Profile{Name: wang.Name, Certificate: &better})))
	o.must(second(o.DecideCertificate(ctx, officer, wang.User, 0, true, "")))
	shown("", 1)
	shown(o.uni.ID, 1)
	shown(o.firm.ID, 0)
	list, err := o.PublicBrokers(ctx, "", 10)
	o.must(err)
	if one := list[0]; one.Expired || one.Number != "B-3" || len(one.Orgs) != 1 || one.Orgs[0].Name != "示例大学" {
		t.Errorf("%+v", one)
	}
	o.clock.pass(200 * 24 * 3600e9)
	if list, err = o.PublicBrokers(ctx, "", 10); err != nil || !list[0].Expired {
		t.Errorf("after its time: %+v, %v", list, err)
	}
	withdrawn := *agreed
	withdrawn.WithdrawnAt = o.now()
	o.feed(&withdrawn)
	shown("", 0)
	o.feed(agreed)
	shown("", 1)
	o.must(second(o.ReviseProfile(ctx, wang, 0, Profile{Name: wang.Name, Certificate: certificate})))
	shown("", 0) // to be confirmed again
}
