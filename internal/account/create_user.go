package account

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"regexp"

	"jishi/internal/market"
	"jishi/internal/store"
)

var loginForm = regexp.MustCompile(`^[^\s@<>"',;\\/]{1,64}@[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)*$`)

// NewUser is what a user is made of.
type NewUser struct {
	Login    string // e-mail or name@place; kept in lower case
	Name     string
	Org      market.ID
	Roles    []market.Role
	Password string // at least 10 characters of three classes, without the login
}

// CreateUser adds a user of an organization. Admins and the System may. Invalid
// names every broken field, the password's reason among them; Conflict when the
// login is taken.
func (s *People) CreateUser(ctx context.Context, by market.Actor, n NewUser) (*market.User, error) {
	if err := market.Permit(by, market.ActManageUsers); err != nil {
		return nil, err
	}
	user := s.newUser(n)
	user.ID = s.newID()
	user.History = []market.Event{market.NextEvent(nil, by, s.now(), market.ActManageUsers, "", "", "")}
	if err := s.checkUser(ctx, user, n.Password); err != nil {
		return nil, err
	}
	hash, err := s.parts.Passwords.Hash(ctx, n.Password)
	if err != nil {
		return nil, err
	}
	user.PasswordHash, user.PasswordAt = hash, s.now().UTC()
	if err := s.link(ctx, user.ID, n.Org, market.MemberActive); err != nil {
		return nil, err
	}
	err = s.users.Insert(ctx, user)
	if store.IsTaken(err) {
		return nil, &market.Error{Kind: market.Conflict, Code: "login_taken", Message: "这个登录名已被使用，请换一个。",
			Fields: []market.FieldError{{Field: "login", Reason: "已被使用"}}}
	}
	if err != nil {
		return nil, err
	}
	return user, nil
}

// checkUser collects what is wrong with a new user.
func (s *People) checkUser(ctx context.Context, user *market.User, password string) error {
	p := s.userProblems(user, password)
	_, err := s.orgs.Get(ctx, user.Org)
	if err != nil && !market.Is(err, market.NotFound) {
		return err
	}
	p.Check(err == nil, "org", "没有这个单位，请先登记单位")
	return p.Err()
}

// CheckNewUser returns Invalid with every broken field of a new user but its
// organization, which may not be there yet.
func (s *People) CheckNewUser(n NewUser) error {
	p := s.userProblems(s.newUser(n), n.Password)
	return p.Err()
}

// newUser is the user n describes, an active member of one organization.
func (s *People) newUser(n NewUser) *market.User {
	return &market.User{
		Login: market.FoldLogin(n.Login), Name: market.Fold(n.Name), Org: n.Org,
		Memberships: []market.Membership{{Org: n.Org, Roles: n.Roles, State: market.MemberActive, Since: s.now().UTC()}},
	}
}

// link notes that a user has to do with an organization, before the user's
// own document says so: a link to nothing does no harm, a member without one
// would not be found.
func (s *People) link(ctx context.Context, user, org market.ID, state market.MembershipState) error {
	err := s.links.Insert(ctx, &market.MemberLink{Meta: market.Meta{ID: linkID(user, org)}, Org: org, User: user, State: state})
	if store.IsTaken(err) {
		return nil
	}
	return err
}

// linkID is the id of the one link between a user and an organization.
func linkID(user, org market.ID) market.ID {
	sum := sha256.Sum256([]byte(user + "/" + org))
	return market.ID("ml-" + hex.EncodeToString(sum[:16]))
}

func (s *People) userProblems(user *market.User, password string, about ...string) market.Problems {
	var p market.Problems
	var broken *market.Error
	if errors.As(user.Check(), &broken) {
		p = broken.Fields
	}
	p.Check(user.Login == "" || loginForm.MatchString(user.Login), "login", "应为电子邮箱，或 name@place 的样子")
	if reason := s.parts.Passwords.Problem(user.Login, password, append(about, user.Name)...); reason != "" {
		p.Add("password", reason)
	}
	return p
}
