package account

import (
	"context"
	"slices"
	"strings"

	"jishi/internal/market"
)

// alterTries bounds how often a change that is based on no version is tried
// again because the user's document moved on.
const alterTries = 5

// alteration is a change of somebody's place in an organization.
type alteration struct {
	by      market.Actor
	action  market.Action
	org     *market.Organization
	user    market.ID
	version int64  // of the user it is based on; 0 = whatever is stored
	note    string // reason, may be empty
	// do changes the membership; what it refuses is not written.
	do func(*market.Membership) error
}

// alter makes a change in one write. NotFound when the user is no member,
// Stale when they are not at the version any more.
func (s *People) alter(ctx context.Context, a alteration) (*market.User, error) {
	if err := checkNote(a.note); err != nil {
		return nil, err
	}
	for try := 1; ; try++ {
		user, err := s.alterOnce(ctx, a)
		if a.version != 0 || try == alterTries || !market.Is(err, market.Stale) {
			return user, err
		}
	}
}

func (s *People) alterOnce(ctx context.Context, a alteration) (*market.User, error) {
	before, err := s.users.Get(ctx, a.user)
	if market.Is(err, market.NotFound) {
		return nil, noMember()
	}
	if err != nil {
		return nil, err
	}
	member := before.MemberOf(a.org.ID) // first: of a stranger not even the version is told
	if member == nil {
		return nil, noMember()
	}
	if a.version != 0 && a.version != before.Version {
		return nil, memberMoved()
	}
	now := *member
	if err := a.do(&now); err != nil {
		return nil, err
	}
	after := *before
	after.SetMember(now)
	after.Org = after.Home()
	s.record(&after, a.by, a.action, placed(member), placed(&now), strings.Trim(a.org.Name+"："+a.note, "："))
	if err := s.saveUser(ctx, before, &after); err != nil {
		return nil, err
	}
	return &after, nil
}

// record adds an event to a user's history without touching the one it was
// copied from.
func (s *People) record(u *market.User, by market.Actor, a market.Action, from, to, note string) {
	u.History = append(slices.Clone(u.History), market.NextEvent(u.History, by, s.now(), a, from, to, note))
}

// placed writes a place in an organization for the history: its state and roles.
func placed(m *market.Membership) string {
	words := []string{string(m.State)}
	for _, role := range m.Roles {
		words = append(words, string(role))
	}
	return strings.Join(words, " ")
}

// end closes a membership.
func (s *People) end(m *market.Membership) error {
	m.State, m.Since = market.MemberEnded, s.now().UTC()
	return nil
}

// noteLink makes a user be found among an organization's people, and where
// they stand as far as queues are concerned.
func (s *People) noteLink(ctx context.Context, user, org market.ID, state market.MembershipState) error {
	for range alterTries {
		link, err := s.links.Get(ctx, linkID(user, org))
		if market.Is(err, market.NotFound) {
			return s.link(ctx, user, org, state)
		}
		if err != nil || link.State == state {
			return err
		}
		link.State = state
		if err := s.links.Update(ctx, link); !market.Is(err, market.Stale) {
			return err
		}
	}
	return market.E(market.Conflict, "busy", "有人正在办理同一件事，请稍后再试。")
}

// checkNote returns Invalid when a reason is no clean text of at most
// market.MaxNote characters.
func checkNote(note string) error {
	var p market.Problems
	market.CheckNote(&p, note)
	return p.Err()
}

// needNote is checkNote for what must not be done without a reason.
func needNote(note string) error {
	if market.Fold(note) == "" {
		return &market.Error{Kind: market.Invalid, Code: "note_required", Message: "请写明理由。",
			Fields: []market.FieldError{{Field: "note", Reason: "必填"}}}
	}
	return checkNote(note)
}

func memberMoved() error {
	return market.E(market.Stale, "stale_version", "这位成员的资料刚被改动。请刷新后按最新内容办理。")
}

// kindOf returns what kind an organization counts as.
func kindOf(org *market.Organization) string {
	if _, known := market.RolesOf[org.Kind]; known {
		return org.Kind
	}
	return "other"
}

// checkRoles returns Invalid unless roles suit the kind of organization, and
// Denied when they differ from before in RoleAdmin and by is none: only admins
// make and unmake admins. Denied too when they add RoleOfficer and by is
// neither an admin nor an officer of this very bureau.
func checkRoles(by market.Actor, org *market.Organization, before, roles []market.Role) error {
	var p market.Problems
	market.CheckRoles(&p, roles)
	for _, role := range roles {
		if market.Roles.Has(string(role)) && !slices.Contains(market.RolesOf[kindOf(org)], role) && !slices.Contains(before, role) {
			p.Add("roles", "这类单位没有“"+market.Roles.Name(string(role))+"”这个角色")
		}
	}
	if err := p.Err(); err != nil {
		return err
	}
	if err := checkAdmin(by, before, roles); err != nil {
		return err
	}
	return checkOfficer(by, org, before, roles)
}

// checkOfficer is the part of checkRoles about RoleOfficer: who looks after a
// bureau's members makes nobody what they are not themselves.
func checkOfficer(by market.Actor, org *market.Organization, before, after []market.Role) error {
	if slices.Contains(before, market.RoleOfficer) || !slices.Contains(after, market.RoleOfficer) {
		return nil
	}
	if by.Has(market.RoleAdmin) || by.Has(market.RoleOfficer) && by.ActsFor(org.ID) {
		return nil
	}
	return market.E(market.Denied, "only_officer", "科技局经办人的角色只有本局的经办人或平台管理员能给，请联系他们。")
}

// checkAdmin is the part of checkRoles about RoleAdmin.
func checkAdmin(by market.Actor, before, after []market.Role) error {
	if slices.Contains(before, market.RoleAdmin) == slices.Contains(after, market.RoleAdmin) || by.Has(market.RoleAdmin) {
		return nil
	}
	return market.E(market.Denied, "only_admin", "平台管理员的角色只有平台管理员能增减，请联系平台管理员。")
}

// active returns Conflict unless a membership is one.
func active(m *market.Membership) error {
	if m.State == market.MemberActive {
		return nil
	}
	return market.E(market.Conflict, "not_active", "这个人的加入申请还没有处理，请先同意或不同意。")
}
