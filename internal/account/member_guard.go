package account

import (
	"context"
	"slices"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// GuardSpec declares the collection of guards.
var GuardSpec = store.Spec{Name: "member_guards"}

// Guard keeps a role from losing its last holder. Who holds it is in many
// documents, the users, and no write spans two of them: two managers who remove
// each other at the same time would each see the other still there. So whoever
// is about to take the role from somebody first notes here, in the one document
// of that role, whom and from which version of their document. The holders are
// read after the guard, those noted do not count, and the note is written only
// if no other came between; of two, the second sees the first.
//
// A note speaks of one version of one user. When that user's document moves on,
// by the very removal or by any other write, the removal has happened or can
// no longer happen, and the note is void. One left behind by a crash is made
// void by writing the user as they are (see fence).
type Guard struct {
	market.Meta `bson:"-"`
	Leaving     []Leaving `bson:"leaving" json:"leaving"`
}

// Leaving is a holder of a role who is about to lose it.
type Leaving struct {
	User    market.ID `bson:"user" json:"user"`
	Version int64     `bson:"version" json:"version"` // of the user; the removal happens to this version or not at all
	At      time.Time `bson:"at" json:"at"`           // UTC
}

const (
	// guardTries bounds how often losing a role starts anew because somebody
	// else was faster; each round loses only to another's success.
	guardTries = 5
	// leavingTime is after which a removal that has not happened is taken for dead.
	leavingTime = 10 * time.Second
)

// watched is a role that somebody must hold.
type watched struct {
	guard   market.ID
	holders func(context.Context) ([]*market.User, error)
	none    error // what is said to whoever would leave nobody
}

// managers watches the managers of one organization.
func (s *People) managers(org market.ID) watched {
	return watched{
		guard: "managers-" + org,
		holders: func(ctx context.Context) ([]*market.User, error) {
			return s.holders(ctx, market.RoleManager, org)
		},
		none: market.E(market.Conflict, "last_manager", "这是该单位唯一的单位管理员。请先指定另一位单位管理员，再办理这一步。"),
	}
}

// admins watches the admins of the platform, who are members of bureaus.
func (s *People) admins() watched {
	return watched{
		guard: "admins",
		holders: func(ctx context.Context) ([]*market.User, error) {
			bureaus, err := s.orgs.Find(ctx, store.Query{Equal: []store.Equal{{Field: "kind", Value: "bureau"}}, Sort: "name", Limit: store.MaxLimit})
			if err != nil {
				return nil, err
			}
			var all []*market.User
			for _, org := range bureaus.Items {
				users, err := s.holders(ctx, market.RoleAdmin, org.ID)
				if err != nil {
					return nil, err
				}
				all = append(all, users...)
			}
			return all, nil
		},
		none: market.E(market.Conflict, "last_admin", "这是唯一的平台管理员。请先指定另一位平台管理员，再办理这一步。"),
	}
}

func (s *People) holders(ctx context.Context, role market.Role, org market.ID) ([]*market.User, error) {
	users, err := s.membersOf(ctx, org)
	return slices.DeleteFunc(users, func(u *market.User) bool { return !u.Has(role, org) }), err
}

// saveUser writes a user that was before. A role that must not lose its last
// holder is kept from it: Conflict when it would. Stale when the user is not
// before any more.
func (s *People) saveUser(ctx context.Context, before, after *market.User) error {
	for _, w := range s.lost(before, after) {
		if err := s.leave(ctx, w, before); err != nil {
			return err
		}
	}
	return s.users.Update(ctx, after)
}

// lost returns the watched roles that a write takes from a user. Disabling
// somebody does not count against their organization: that is a decision of
// the platform, whose admins can name another manager.
func (s *People) lost(before, after *market.User) []watched {
	var roles []watched
	admin := false
	for _, m := range before.Memberships {
		kept := *after
		kept.Disabled = before.Disabled
		if before.Has(market.RoleManager, m.Org) && !kept.Has(market.RoleManager, m.Org) {
			roles = append(roles, s.managers(m.Org))
		}
		admin = admin || before.Has(market.RoleAdmin, m.Org) && !after.Has(market.RoleAdmin, m.Org)
	}
	if admin {
		roles = append(roles, s.admins())
	}
	return roles
}

// leave notes that a user is about to lose a role at their present version.
func (s *People) leave(ctx context.Context, w watched, user *market.User) error {
	for range guardTries {
		guard, err := s.guard(ctx, w.guard)
		if err != nil {
			return err
		}
		holders, err := w.holders(ctx)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(holders, func(u *market.User) bool { return u.ID != user.ID && !guard.leaves(u) }) {
			fenced, err := s.fence(ctx, guard, holders, user.ID)
			if err != nil {
				return err
			}
			if !fenced {
				return w.none
			}
			continue
		}
		guard.note(user, holders, s.now())
		if err := s.guards.Update(ctx, guard); !market.Is(err, market.Stale) {
			return err
		}
	}
	return market.E(market.Conflict, "busy", "有人正在调整同一单位的成员，请稍后再试。")
}

// guard reads a guard, which is made when it is first asked for.
func (s *People) guard(ctx context.Context, id market.ID) (*Guard, error) {
	guard, err := s.guards.Get(ctx, id)
	if !market.Is(err, market.NotFound) {
		return guard, err
	}
	guard = &Guard{Meta: market.Meta{ID: id}}
	if err := s.guards.Insert(ctx, guard); !store.IsTaken(err) {
		return guard, err
	}
	return s.guards.Get(ctx, id)
}

// fence makes void what is noted of a holder whose removal is taken for dead,
// by writing them as they are: nothing that began before can still succeed.
// It reports whether there was one.
func (s *People) fence(ctx context.Context, guard *Guard, holders []*market.User, but market.ID) (bool, error) {
	for _, u := range holders {
		if u.ID == but || s.now().Sub(guard.since(u)) < leavingTime {
			continue
		}
		if err := s.users.Update(ctx, u); err != nil && !market.Is(err, market.Stale) {
			return false, err
		}
		return true, nil
	}
	return false, nil
}

// leaves reports whether a user, as read, may be losing the role just now.
func (g *Guard) leaves(u *market.User) bool { return !g.since(u).IsZero() }

// since returns when it was noted that a user, as read, is losing the role;
// zero when it was not.
func (g *Guard) since(u *market.User) time.Time {
	for _, l := range g.Leaving {
		if l.User == u.ID && l.Version == u.Version {
			return l.At
		}
	}
	return time.Time{}
}

// note adds a user and drops what has become void.
func (g *Guard) note(user *market.User, holders []*market.User, at time.Time) {
	g.Leaving = slices.DeleteFunc(g.Leaving, func(l Leaving) bool {
		holds := slices.ContainsFunc(holders, func(u *market.User) bool { return u.ID == l.User && u.Version == l.Version })
		return l.User == user.ID || !holds
	})
	g.Leaving = append(g.Leaving, Leaving{User: user.ID, Version: user.Version, At: at.UTC()})
}
