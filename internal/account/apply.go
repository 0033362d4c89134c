package account

import (
	"context"
	"slices"

	"jishi/internal/market"
)

// Application is what somebody says who wants to join an organization.
type Application struct {
	Roles  []market.Role // of the organization's business, see Askable
	Proof  market.ID     // file of the applicant's that proves who they are; may be empty
	Upload *Upload       // the same on its way in; nil for none
}

// Apply asks that by be taken in by an organization that is there. Conflict
// when they are a member or have asked already. Until it is decided they act
// for the organization in nothing.
func (s *People) Apply(ctx context.Context, by market.Actor, org market.ID, a Application) error {
	if err := market.Permit(by, market.ActApplyMember, org); err != nil {
		return err
	}
	place, err := s.orgs.Get(ctx, org)
	if err != nil {
		return err
	}
	if !place.Verified() {
		return market.E(market.Conflict, "not_open", "这个单位还没有通过科技局核验，暂时不能申请加入。")
	}
	var p market.Problems
	market.CheckRoles(&p, a.Roles)
	for _, role := range a.Roles {
		p.Check(slices.Contains(Askable(place), role), "roles", "不能申请这个角色，加入后可请单位管理员调整")
	}
	if err := p.Err(); err != nil {
		return err
	}
	self, err := s.users.Get(ctx, by.User)
	if err != nil {
		return err
	}
	if m := self.MemberOf(org); m != nil {
		return alreadyMember(m)
	}
	proof, err := s.attached(ctx, by, a.Proof, a.Upload, "proof")
	if err != nil {
		return err
	}
	return s.join(ctx, by, by.User, place, market.Membership{
		Org: org, Roles: inOrder(a.Roles), State: market.MemberApplied, Since: s.now().UTC(), Proof: proof,
	}, market.ActApplyMember)
}

// attached returns the file somebody attaches to what is about themselves: the
// one that comes now, which then is theirs and not their organization's, or one
// they uploaded before.
func (s *People) attached(ctx context.Context, by market.Actor, before market.ID, now *Upload, field string) (market.ID, error) {
	if now == nil {
		return before, s.ownFile(ctx, by, before, field)
	}
	self := by
	self.Org, self.OrgName, self.Roles = "", "", nil
	file, err := s.parts.Files.Add(ctx, self, now.Name, now.Content)
	if err != nil {
		return "", err
	}
	return file.ID, nil
}

// join gives a user a membership, after the link that lets it be found.
// Conflict when there is one that has not ended, unless it is an application
// that becomes active.
func (s *People) join(ctx context.Context, by market.Actor, user market.ID, org *market.Organization, m market.Membership, action market.Action) error {
	for range alterTries {
		before, err := s.users.Get(ctx, user)
		if err != nil {
			return err
		}
		from := ""
		if old := before.MemberOf(org.ID); old != nil {
			if old.State == market.MemberActive || m.State == market.MemberApplied {
				return alreadyMember(old)
			}
			from = placed(old)
		}
		if err := s.noteLink(ctx, user, org.ID, m.State); err != nil {
			return err
		}
		after := *before
		if !after.SetMember(m) {
			return market.E(market.Conflict, "too_many_organizations", "一个人最多加入 20 个单位，请先退出不再需要的单位。")
		}
		after.Org = after.Home()
		s.record(&after, by, action, from, placed(&m), org.Name)
		if err := s.saveUser(ctx, before, &after); !market.Is(err, market.Stale) {
			return err
		}
	}
	return memberMoved()
}

func alreadyMember(m *market.Membership) error {
	if m.State == market.MemberApplied {
		return market.E(market.Conflict, "already_applied", "加入申请已经提交，请等单位管理员处理。")
	}
	return market.E(market.Conflict, "already_member", "已经是这个单位的成员。")
}

// ownFile returns Invalid at a field unless the file named is one that by
// uploaded. No file is fine.
func (s *People) ownFile(ctx context.Context, by market.Actor, file market.ID, field string) error {
	if file == "" {
		return nil
	}
	found, err := s.files.Get(ctx, file)
	if err != nil && !market.Is(err, market.NotFound) {
		return err
	}
	var p market.Problems
	p.Check(err == nil && found.User == by.User, field, "没有这个文件，请重新上传")
	return p.Err()
}
