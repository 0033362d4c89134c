package account

import (
	"context"
	"errors"
	"slices"

	"jishi/internal/market"
	"jishi/internal/store"
)

// SignUp is what the representative of an organization tells to take part.
type SignUp struct {
	Login    string // e-mail address
	Name     string
	Phone    string
	Password string
	Purposes []string // agreed to, codes of ConsentPurposes; PurposeAccount must be among them

	Organization *market.Organization // Revisable fields and Code
	Proof        *Upload              // of the organization, or that the person belongs to it; nil to bring it later
}

// Upload is a file on its way in.
type Upload struct {
	Name    string
	Content []byte
}

// SignUp makes a visitor a user and manager of an organization that waits for
// the bureau's check; or, where the organization is registered already, a user
// who has applied to join it. Invalid names every broken field, those of the
// organization as "organization.name" and so on.
//
// A login that is taken gets the same answer after about the same work: who
// may not know whether somebody has an account learns nothing here, and the
// owner gets a mail instead. Only who repeats a sign-up of their own, with its
// password, goes on with it: the user is written first, the organization last,
// so a sign-up cut short anywhere is completed by sending it again.
func (s *Organizations) SignUp(ctx context.Context, n SignUp) error {
	if err := s.checkSignUp(ctx, n); err != nil {
		return err
	}
	person := representative(n)
	known, err := s.people.userByLogin(ctx, person.Login)
	if err != nil {
		return err
	}
	if known == nil {
		err := s.enrol(ctx, person, n)
		if !store.IsTaken(err) {
			return err
		}
		if known, err = s.people.userByLogin(ctx, person.Login); err != nil || known == nil { // the same sign-up was faster
			return errors.Join(err, market.E(market.Unavailable, "sign_up_again", "没有办成，请再提交一次。"))
		}
	}
	return s.signedUpBefore(ctx, known, n)
}

// checkSignUp returns Invalid with every broken field of a sign-up, before
// anything is looked up.
func (s *Organizations) checkSignUp(ctx context.Context, n SignUp) error {
	person := representative(n)
	person.Memberships = []market.Membership{{Org: "new", Roles: []market.Role{market.RoleManager}}}
	p := market.Problems(fieldsIn(person.Check()))
	p.Check(person.Login == "" || mailable(person.Login), "login", "请填写能收信的电子邮箱")
	if reason := s.parts.Passwords.Problem(person.Login, n.Password, person.Name, market.Fold(n.Organization.Name)); reason != "" {
		p.Add("password", reason)
	}
	p.Check(slices.Contains(n.Purposes, market.PurposeAccount), "consent", "须同意开立账号并留存操作记录，才能使用平台")
	for _, purpose := range n.Purposes {
		if !market.ConsentPurposes.Has(purpose) {
			p.Add("consent", "请从列表中选择")
		}
	}
	for _, one := range fieldsIn(checkEntry(n.Organization)) {
		p.Add("organization."+one.Field, one.Reason)
	}
	if err := s.checkProof(ctx, &p, n.Proof); err != nil {
		return err
	}
	return p.Err()
}

// checkProof notes at "proof" why a file is not taken.
func (s *Organizations) checkProof(ctx context.Context, p *market.Problems, proof *Upload) error {
	if proof == nil {
		return nil
	}
	err := s.parts.Files.Check(ctx, proof.Name, proof.Content)
	var known *market.Error
	if errors.As(err, &known) && (known.Kind == market.Invalid || known.Kind == market.TooLarge) {
		p.Add("proof", known.Message)
		return nil
	}
	return err
}

// representative is the person of a sign-up, who belongs nowhere yet.
func representative(n SignUp) *market.User {
	person := &market.User{Login: market.FoldLogin(n.Login), Name: market.Fold(n.Name), Phone: market.Fold(n.Phone)}
	if phone, err := market.ParsePhone(n.Phone); err == nil {
		person.Phone = phone
	}
	return person
}

// enrol stores a new user with their place and goes on from there.
func (s *Organizations) enrol(ctx context.Context, person *market.User, n SignUp) error {
	hash, err := s.parts.Passwords.Hash(ctx, n.Password)
	if err != nil {
		return err
	}
	person.ID, person.PasswordHash, person.PasswordAt = s.newID(), hash, s.now().UTC()
	place, err := s.place(ctx, person, n.Organization)
	if err != nil {
		return err
	}
	person.Org, person.Memberships = place.Org, []market.Membership{place}
	person.History = []market.Event{market.NextEvent(nil, signing(ctx, person, place), s.now(), market.ActSignUp, "", placed(&place), "")}
	if err := s.people.link(ctx, person.ID, place.Org, place.State); err != nil {
		return err
	}
	if err := s.users.Insert(ctx, person); err != nil {
		return err
	}
	return s.complete(ctx, person, place, n)
}

// signedUpBefore answers a sign-up under a login that is taken: it goes on
// with one that was cut short, and tells the owner of the address of any other.
// A password that is right proves nothing more here than at sign-in, so it is
// counted like there and opens nothing that a second factor guards.
func (s *Organizations) signedUpBefore(ctx context.Context, user *market.User, n SignUp) error {
	match, err := s.parts.Passwords.Guess(ctx, user.Login, n.Password, user.PasswordHash)
	if err != nil {
		return err
	}
	if !match || !signingUp(user) {
		return s.tellTaken(ctx, user)
	}
	place, err := s.place(ctx, user, n.Organization)
	if err != nil {
		return err
	}
	if user.MemberOf(place.Org) == nil { // another organization: whoever has an account adds that after signing in
		return s.tellTaken(ctx, user)
	}
	begun, err := s.unfinished(ctx, place)
	if err != nil {
		return err
	}
	if !begun { // only the mail may be missing
		return s.sendConfirmation(ctx, user)
	}
	return s.complete(ctx, user, place, n)
}

// signingUp reports whether nothing has become of a user but their sign-up.
func signingUp(user *market.User) bool {
	return !user.Disabled && user.ErasedAt.IsZero() && user.Factor == nil && user.ConfirmedAt.IsZero() && len(user.Memberships) == 1 &&
		len(user.History) > 0 && !slices.ContainsFunc(user.History, func(e market.Event) bool { return e.Action != market.ActSignUp })
}

// unfinished reports whether the sign-up behind a place was cut short: its
// organization was not written, or its application has no proof yet.
func (s *Organizations) unfinished(ctx context.Context, place market.Membership) (bool, error) {
	if place.State == market.MemberApplied {
		return place.Proof == "", nil
	}
	_, err := s.orgs.Get(ctx, place.Org)
	if market.Is(err, market.NotFound) {
		return true, nil
	}
	return false, err
}

// complete does what follows once a user has their place; each step may have
// been done before.
func (s *Organizations) complete(ctx context.Context, user *market.User, place market.Membership, n SignUp) error {
	if err := s.parts.Consents.Give(ctx, signing(ctx, user, place), n.Purposes); err != nil {
		return err
	}
	if _, err := s.settle(ctx, user, place, n.Organization, n.Proof); err != nil {
		return err
	}
	return s.sendConfirmation(ctx, user)
}

// signing is a user in the act of signing up. An applicant acts for nobody.
func signing(ctx context.Context, user *market.User, place market.Membership) market.Actor {
	by := market.Actor{User: user.ID, Name: user.Name, Request: market.RequestOf(ctx)}
	if place.State == market.MemberActive {
		by.Org, by.Roles = place.Org, place.Roles
	}
	return by
}

// fieldsIn returns the fields an error names.
func fieldsIn(err error) []market.FieldError {
	var known *market.Error
	if errors.As(err, &known) {
		return known.Fields
	}
	return nil
}
