package contract

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/bson"

	"jishi/internal/market"
)

const (
	cardOne = "11010519491231002X" // of the standard itself, nobody's
	cardTwo = "110101199003070599"
)

// inventor is a contract whose first seller is a natural person.
func inventor(card string) *market.Contract {
	c := magnesium()
	c.Sellers = append([]market.Party{{Name: "李发明", Category: market.CategoryPerson, Division: "500155", Card: card}}, c.Sellers...)
	return c
}

// opened is the identity card of the first seller as it is stored.
func (w *world) opened(t *testing.T, id market.ID) (card, masked string) {
	t.Helper()
	c := w.stored(t, id)
	card, err := w.sealer.Open(c.Sellers[0].Identity, c.IdentityPlace())
	if err != nil {
		t.Fatal(err)
	}
	return card, c.Sellers[0].Masked
}

func TestIdentityIsSealed(t *testing.T) {
	w := newWorld(t)
	c, err := w.Create(ctx, seller, inventor(" 110105-19491231-002x "))
	if err != nil {
		t.Fatal(err)
	}
	if c.Sellers[0].Card != "" || c.Sellers[0].Masked != "1101*************X" {
		t.Errorf("answered with %+v", c.Sellers[0])
	}
	raw, err := bson.Marshal(w.stored(t, c.ID))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(raw), cardOne) {
		t.Error("the number is in the stored document")
	}
	if card, _ := w.opened(t, c.ID); card != cardOne {
		t.Errorf("sealed %q", card)
	}
}

func TestIdentityRefused(t *testing.T) {
	w := newWorld(t)
	for _, tt := range []struct {
		name   string
		change func(*market.Contract)
		field  string
	}{
		{"wrong number", func(c *market.Contract) { c.Sellers[0].Card = "110105194912310021" }, "sellers.identity"},
		{"15 digits", func(c *market.Contract) { c.Sellers[0].Card = "110105491231002" }, "sellers.identity"},
		{"of a company", func(c *market.Contract) { c.Buyers[0].Card = cardOne }, "buyers.identity"},
		{"in the name", func(c *market.Contract) { c.Sellers[0].Name = "李发明 " + cardOne }, "sellers.name"},
		{"in the project", func(c *market.Contract) { c.Project = "为" + cardOne + "开发" }, "project"},
		{"in what was deducted", func(c *market.Contract) { c.Amounts.Deducted = cardOne }, "amounts.deducted"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := inventor("")
			tt.change(c)
			_, err := w.Create(ctx, seller, c)
			wantFields(t, err, tt.field)
			if strings.Contains(err.Error(), cardOne) {
				t.Errorf("%v repeats the number", err)
			}
		})
	}
}

// What is not typed again stays; what is typed again as it was changes nothing;
// who is no natural person any more has no identity card.
func TestIdentityRevised(t *testing.T) {
	w := newWorld(t)
	c, err := w.Create(ctx, seller, inventor(cardOne))
	if err != nil {
		t.Fatal(err)
	}
	revise := func(entry *market.Contract) *market.Contract {
		t.Helper()
		now := w.stored(t, c.ID)
		entry.ID, entry.Version = now.ID, now.Version
		revised, err := w.Revise(ctx, seller, entry)
		if err != nil {
			t.Fatal(err)
		}
		return revised
	}
	for _, tt := range []struct {
		name   string
		change func(*market.Contract)
		want   string
		writes bool
	}{
		{"not typed again", func(c *market.Contract) { c.Project = "另一个名称" }, cardOne, true},
		{"the same again", func(c *market.Contract) { c.Project = "另一个名称"; c.Sellers[0].Card = cardOne }, cardOne, false},
		{"corrected", func(c *market.Contract) { c.Sellers[0].Card = cardTwo }, cardTwo, true},
		{"in another place", func(c *market.Contract) { c.Sellers[0], c.Sellers[1] = c.Sellers[1], c.Sellers[0] }, "", true},
		{"and back", func(c *market.Contract) {}, cardTwo, true},
		{"another person", func(c *market.Contract) { c.Sellers[0].Name = "王发明" }, "", true},
		{"typed for them", func(c *market.Contract) { c.Sellers[0].Name = "王发明"; c.Sellers[0].Card = cardOne }, cardOne, true},
		{"no person", func(c *market.Contract) { c.Sellers[0].Name, c.Sellers[0].Category = "王发明", "400" }, "", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before, entry := w.stored(t, c.ID).Version, inventor("")
			tt.change(entry)
			revised := revise(entry)
			if wrote := revised.Version > before; wrote != tt.writes {
				t.Errorf("wrote: %v", wrote)
			}
			card, masked := w.opened(t, c.ID)
			if card != tt.want || card == "" && masked != "" || card != "" && masked != market.MaskIdentityCard(card) {
				t.Errorf("stored %q, %q, want %q", card, masked, tt.want)
			}
		})
	}
}

// A program that sends its request again, and an import that knows no identity
// cards, leave them as they are.
func TestIdentityRepeated(t *testing.T) {
	w := newWorld(t)
	first, err := w.CreateKeyed(ctx, seller, inventor(cardOne), "k")
	if err != nil {
		t.Fatal(err)
	}
	again, err := w.CreateKeyed(ctx, seller, inventor(cardOne), "k")
	if err != nil || again.ID != first.ID || again.Version != 1 {
		t.Errorf("again: %v", err)
	}
	if _, err := w.CreateKeyed(ctx, seller, inventor(cardTwo), "k"); !market.Is(err, market.Invalid) {
		t.Errorf("another card under the same key: %v", err)
	}
	once, err := w.CreateOnce(ctx, seller, inventor(cardOne), "form")
	if err != nil {
		t.Fatal(err)
	}
	if again, err := w.CreateOnce(ctx, seller, inventor(cardOne), "form"); err != nil || again.Version != once.Version {
		t.Errorf("the form again: %v", err)
	}
	if changed, err := w.CreateOnce(ctx, seller, inventor(cardTwo), "form"); err != nil || changed.Version != once.Version+1 {
		t.Errorf("the form with another card: %v", err)
	}
	if card, _ := w.opened(t, once.ID); card != cardTwo {
		t.Errorf("stored %q", card)
	}
}

// notes takes reveals, or refuses them.
type notes struct {
	seen []string
	err  error
}

func (n *notes) Reveal(_ context.Context, by market.Actor, action market.Action, kind string, subject market.ID, fields ...string) error {
	if n.err == nil {
		n.seen = append(n.seen, strings.Join([]string{string(by.User), string(action), kind, string(subject), strings.Join(fields, "+")}, " "))
	}
	return n.err
}

func TestIdentityRevealed(t *testing.T) {
	w := newWorld(t)
	entry := inventor(cardOne)
	entry.Buyers = append(entry.Buyers, market.Party{Name: "赵用户", Category: market.CategoryPerson, Card: cardTwo})
	c, err := w.Create(ctx, seller, entry)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := w.Create(ctx, seller, magnesium())
	if err != nil {
		t.Fatal(err)
	}
	stranger := actor("u-x", "org-x", "路人", market.RoleSupplier)
	for _, tt := range []struct {
		name string
		by   market.Actor
		id   market.ID
		kind market.Kind // -1 = shown
	}{
		{"who entered it", seller, c.ID, -1}, {"the other party", buyer, c.ID, -1}, {"officer", officer, c.ID, -1},
		{"broker", broker, c.ID, market.Denied}, {"admin", admin, c.ID, market.Denied}, {"stranger", stranger, c.ID, market.Denied},
		{"visitor", visitor, c.ID, market.Unauthenticated}, {"none there", seller, plain.ID, market.NotFound}, {"no contract", seller, "none", market.NotFound},
	} {
		t.Run(tt.name, func(t *testing.T) {
			noted := new(notes)
			got, err := NewIdentities(w.Service, noted).Reveal(ctx, tt.by, tt.id)
			if tt.kind >= 0 {
				if !market.Is(err, tt.kind) || got != nil || noted.seen != nil {
					t.Errorf("got %v, %v, noted %v", got, err, noted.seen)
				}
				return
			}
			want := []Identity{{"sellers", 0, "李发明", cardOne}, {"buyers", 1, "赵用户", cardTwo}}
			entry := string(tt.by.User) + " contract.reveal_identity contract " + string(c.ID) + " sellers.0.identity+buyers.1.identity"
			if err != nil || !slices.Equal(got, want) || !slices.Equal(noted.seen, []string{entry}) {
				t.Errorf("got %v, %v, noted %v", got, err, noted.seen)
			}
		})
	}
	t.Run("not noted, not shown", func(t *testing.T) {
		failed := errors.New("the trail is away")
		got, err := NewIdentities(w.Service, &notes{err: failed}).Reveal(ctx, officer, c.ID)
		if got != nil || !errors.Is(err, failed) {
			t.Errorf("got %v, %v", got, err)
		}
	})
}
