package account

import (
	"context"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"jishi/internal/market"
)

// ReviseOrganization replaces what an organization writes about itself. entry
// carries the id, and as its Version the one the actor read: Stale, naming who
// changed it, when it is no longer that. Its managers may. A verified
// organization keeps its name and kind, and none changes its code: Invalid. A
// mark that reads otherwise than the bureau confirmed it is unconfirmed again.
// Files named must be the organization's, or the actor's own. After a return or
// a rejection the organization waits for the bureau again.
func (s *Organizations) ReviseOrganization(ctx context.Context, by market.Actor, entry *market.Organization) (*market.Organization, error) {
	old, err := s.orgs.Get(ctx, entry.ID)
	if err != nil {
		return nil, err
	}
	if err := market.Permit(by, market.ActReviseOrganization, old.ID); err != nil {
		return nil, err
	}
	if entry.Version != old.Version {
		return nil, organizationMoved(old)
	}
	move, err := market.OrganizationMoves.Next(old.State, market.ActReviseOrganization, "", market.OrganizationState.Name)
	if err != nil {
		return nil, err
	}
	now := written(old, entry)
	if err := s.checkRevision(ctx, by, old, &now, entry); err != nil {
		return nil, err
	}
	changed := rewordedFields(old, &now)
	if len(changed) == 0 && move.From == move.To {
		return old, nil
	}
	note := ""
	if len(changed) > 0 {
		note = "修改了" + strings.Join(changed, "、")
	}
	now.History = append(slices.Clone(old.History), market.NextEvent(old.History, by, s.now(), move.Action, string(move.From), string(move.To), note))
	if now.State = move.To; move.From != move.To {
		now.Since = s.now().UTC()
	}
	if err := s.orgs.Update(ctx, &now); err != nil {
		return nil, err
	}
	return &now, nil
}

// written returns old with what entry says. Marks stay confirmed that read as
// they did.
func written(old, entry *market.Organization) market.Organization {
	now, says := *old, revisable(entry)
	now.Name, now.Kind, now.Category, now.Division = says.Name, says.Kind, says.Category, says.Division
	now.Summary, now.Contact, now.Services, now.Level = says.Summary, says.Contact, says.Services, says.Level
	now.Marks, now.Evidence = says.Marks, says.Evidence
	for i := range now.Marks {
		confirmed := now.Marks[i]
		confirmed.Confirmed = true
		now.Marks[i].Confirmed = slices.Contains(old.Marks, confirmed)
	}
	return now
}

// checkRevision collects what is wrong with a revision.
func (s *Organizations) checkRevision(ctx context.Context, by market.Actor, old, now, entry *market.Organization) error {
	p := market.Problems(fieldsIn(now.Check()))
	if code, err := market.ParseCreditCode(entry.Code); entry.Code != "" && (err != nil || code != old.Code) {
		p.Add("code", "登记后不能修改，代码填错了请重新注册单位")
	}
	if old.Verified() {
		p.Check(now.Name == old.Name, "name", "核验后不能自行修改，更名请联系科技局")
		p.Check(now.Kind == old.Kind, "kind", "核验后不能自行修改，请联系科技局")
	}
	if now.Kind != old.Kind {
		checkKind(&p, now.Kind)
		p.Check(old.Kind != kindBureau, "kind", "科技主管部门不能改为其他类型")
	}
	if err := s.checkFiles(ctx, &p, by, old, now); err != nil {
		return err
	}
	return p.Err()
}

// checkFiles notes every file that is neither named already nor the
// organization's or the actor's own.
func (s *Organizations) checkFiles(ctx context.Context, p *market.Problems, by market.Actor, old, now *market.Organization) error {
	known := placesOf(old)
	for _, at := range placesOf(now) {
		if at.file == "" || slices.ContainsFunc(known, func(k filePlace) bool { return k.file == at.file }) {
			continue
		}
		file, err := s.files.Get(ctx, at.file)
		if err != nil && !market.Is(err, market.NotFound) {
			return err
		}
		own := err == nil && (file.Owner == old.ID || file.Owner == "" && file.User == by.User)
		p.Check(own, at.field, "没有这个文件，请重新上传")
	}
	return nil
}

// filePlace is where an organization names a file.
type filePlace struct {
	field string
	file  market.ID
}

func placesOf(org *market.Organization) []filePlace {
	places := make([]filePlace, 0, len(org.Evidence)+len(org.Marks))
	for _, file := range org.Evidence {
		places = append(places, filePlace{"evidence", file})
	}
	for i, mark := range org.Marks {
		places = append(places, filePlace{"marks." + strconv.Itoa(i) + ".evidence", mark.Evidence})
	}
	return places
}

// organizationFields is what an organization writes about itself, by the name
// it has on the form.
var organizationFields = []struct {
	label string
	value func(*market.Organization) any
}{
	{"名称", func(o *market.Organization) any { return o.Name }}, {"类型", func(o *market.Organization) any { return o.Kind }},
	{"单位性质", func(o *market.Organization) any { return o.Category }}, {"所在地区", func(o *market.Organization) any { return o.Division }},
	{"简介", func(o *market.Organization) any { return o.Summary }}, {"联系人", func(o *market.Organization) any { return o.Contact }},
	{"服务内容", func(o *market.Organization) any { return listed(o.Services) }}, {"机构级别", func(o *market.Organization) any { return o.Level }},
	{"资质", func(o *market.Organization) any { return listed(o.Marks) }}, {"证明材料", func(o *market.Organization) any { return listed(o.Evidence) }},
}

// listed makes an absent list equal to an empty one.
func listed[T any](list []T) []T { return append([]T{}, list...) }

// rewordedFields names what differs between two versions.
func rewordedFields(a, b *market.Organization) []string {
	var labels []string
	for _, f := range organizationFields {
		if !reflect.DeepEqual(f.value(a), f.value(b)) {
			labels = append(labels, f.label)
		}
	}
	return labels
}
