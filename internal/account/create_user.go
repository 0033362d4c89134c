package account

import (
	"context"
	"errors"
	"regexp"
	"strings"

	"jishi/internal/market"
	"jishi/internal/store"
)

const maxLogin = 100 // characters

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
func (s *Service) CreateUser(ctx context.Context, by market.Actor, n NewUser) (*market.User, error) {
	if err := market.Permit(by, market.ActManageUsers); err != nil {
		return nil, err
	}
	user := &market.User{
		Meta:  market.Meta{ID: s.newID()},
		Login: foldLogin(n.Login), Name: market.Fold(n.Name), Org: n.Org, Roles: n.Roles,
		History: []market.Event{market.NextEvent(nil, by, s.now(), market.ActManageUsers, "", "", "")},
	}
	if err := s.checkUser(ctx, user, n.Password); err != nil {
		return nil, err
	}
	hash, err := s.hasher.create(ctx, n.Password)
	if err != nil {
		return nil, err
	}
	user.PasswordHash = hash
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
func (s *Service) checkUser(ctx context.Context, user *market.User, password string) error {
	p := userProblems(user, password)
	_, err := s.orgs.Get(ctx, user.Org)
	if err != nil && !market.Is(err, market.NotFound) {
		return err
	}
	p.Check(err == nil, "org", "没有这个单位，请先登记单位")
	return p.Err()
}

// CheckNewUser returns Invalid with every broken field of a new user but its
// organization, which may not be there yet.
func CheckNewUser(n NewUser) error {
	p := userProblems(&market.User{Login: foldLogin(n.Login), Name: market.Fold(n.Name), Roles: n.Roles}, n.Password)
	return p.Err()
}

func userProblems(user *market.User, password string) market.Problems {
	var p market.Problems
	var broken *market.Error
	if errors.As(user.Check(), &broken) {
		p = broken.Fields
	}
	p.Check(user.Login == "" || loginForm.MatchString(user.Login), "login", "应为电子邮箱，或 name@place 的样子")
	if reason := passwordProblem(user.Login, password); reason != "" {
		p.Add("password", reason)
	}
	return p
}

// foldLogin brings a login to the form it is stored in.
func foldLogin(login string) string { return strings.ToLower(market.Fold(login)) }
