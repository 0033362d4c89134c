package signin

import (
	"context"
	"fmt"

	"jishi/internal/market"
)

// ActFor makes the actor's session act for another organization they are an
// active member of, and has their next sign-in begin there too. With an empty
// id it is wherever a new sign-in would begin, which may be nowhere. The tokens
// of the session stay good. Invalid when they are no active member.
func (s *Sessions) ActFor(ctx context.Context, by market.Actor, org market.ID) (market.Actor, error) {
	if by.Session == "" {
		return market.Actor{}, sessionOver(nil)
	}
	user, err := s.users.Get(ctx, by.User)
	if err != nil {
		return market.Actor{}, err
	}
	if org == "" {
		org = user.Home()
	} else if !user.ActiveIn(org) {
		return market.Actor{}, market.Problems{{Field: "organization", Reason: "您不是这个单位的成员，或加入申请还没有通过"}}.Err()
	}
	actor, err := s.actorOf(ctx, user, org)
	if err != nil {
		return market.Actor{}, err
	}
	if err := s.moveSession(ctx, by, org); err != nil {
		return market.Actor{}, err
	}
	actor.Session = by.Session
	if user.Org == org {
		return actor, nil
	}
	_, err = s.changeUser(ctx, user.ID, func(u *market.User) error {
		if u.ActiveIn(org) {
			u.Org = org
		}
		return nil
	})
	return actor, err
}

// moveSession writes down whom a session acts for from now on.
func (s *Sessions) moveSession(ctx context.Context, by market.Actor, org market.ID) error {
	for range writeTries {
		session, err := s.sessions.Get(ctx, by.Session)
		if err != nil || session.Org == org {
			return err
		}
		if !session.EndedAt.IsZero() {
			return sessionOver(nil)
		}
		entry := market.NewEntry(ctx, by, s.now(), market.ActActFor, kindSession, session.ID)
		entry.From, entry.To = string(session.Org), string(org)
		if err := s.Trail.Append(ctx, entry); err != nil {
			return err
		}
		session.Org = org
		if err := s.sessions.Update(ctx, session); !market.Is(err, market.Stale) {
			return err
		}
	}
	return busy()
}

// actorOf returns who acts when a user does for an organization, as both stand
// now. Unauthenticated when they are no active member of it. For no
// organization act those who belong to none, or whose applications are not
// decided: what is about themselves they may still do.
func (s *Sessions) actorOf(ctx context.Context, u *market.User, org market.ID) (market.Actor, error) {
	by := market.Actor{User: u.ID, Name: u.Name, Request: market.RequestOf(ctx)}
	if org != "" && !u.ActiveIn(org) {
		return market.Actor{}, sessionOver(fmt.Errorf("user %s is no active member of %s", u.ID, org))
	}
	if err := s.place(ctx, u, org, &by); err != nil {
		return market.Actor{}, fmt.Errorf("organizations of user %s: %w", u.ID, err)
	}
	due, err := s.due(ctx, u, by.Roles)
	if due != "" {
		by.Due = due
	}
	return by, err
}

// place says of an actor whom they act for and whom they might. One whose
// organization is not there (signing up was cut short) acts for none.
func (s *Sessions) place(ctx context.Context, u *market.User, org market.ID, by *market.Actor) error {
	var ids []market.ID
	for _, m := range u.Memberships {
		if m.State == market.MemberActive {
			ids = append(ids, m.Org)
		}
	}
	orgs, err := s.orgs.GetMany(ctx, ids)
	for _, one := range orgs {
		if one.ID != org {
			by.Others = append(by.Others, market.Place{Org: one.ID, Name: one.Name})
			continue
		}
		by.Org, by.OrgName, by.Verified, by.Roles = one.ID, one.Name, one.Verified(), u.MemberOf(org).Roles
		if one.State == market.OrgSuspended {
			by.Due = market.DueRestore
		}
	}
	return err
}
