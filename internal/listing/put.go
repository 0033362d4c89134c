package listing

import (
	"context"
	"reflect"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// Put brings in one imported listing. The same external id from the same
// organization is the same listing: it is created once, updated when the text
// differs, left alone when not, so an import may be repeated. Without an
// external id every row is new, and the duplicate check speaks.
//
// What officers bring in is published at once; what others bring in is
// submitted for review when complete, else kept as a draft. With dryRun
// nothing is written and the outcome is what would happen as the store stands,
// duplicates of what is listed included; rows that did not go in are not
// compared with each other.
func (b *Book[T, P]) Put(ctx context.Context, by market.Actor, doc *T, externalID string, dryRun bool) (market.Outcome, error) {
	if err := market.Permit(by, market.ActImport); err != nil {
		return 0, err
	}
	if err := market.Permit(by, b.create); err != nil {
		return 0, err
	}
	if err := P(doc).Check(false); err != nil {
		return 0, err
	}
	if externalID == "" {
		return market.Created, b.put(ctx, by, doc, string(b.newID()), dryRun)
	}
	if len([]rune(externalID)) > market.MaxTitle {
		return 0, &market.Error{Kind: market.Invalid, Code: "invalid_fields", Message: "外部编号过长。",
			Fields: []market.FieldError{{Field: "external_id", Reason: "最多 200 字"}}}
	}
	key := string(by.Org) + "/" + externalID
	old, err := b.byImportKey(ctx, key)
	if err == nil && old == nil {
		old, err = b.exported(ctx, by, externalID)
	}
	if err != nil {
		return 0, err
	}
	if old == nil {
		return market.Created, b.put(ctx, by, doc, key, dryRun)
	}
	return b.replace(ctx, by, old, doc, dryRun)
}

// put creates an imported listing and moves it on as far as its bringer may.
func (b *Book[T, P]) put(ctx context.Context, by market.Actor, doc *T, key string, dryRun bool) error {
	demo := P(doc).Shared().Demo
	b.begin(by, doc, b.newID(), key)
	P(doc).Shared().Demo = demo && by.User == market.System.User
	if err := b.settle(ctx, by, doc, dryRun); err != nil || dryRun {
		return err
	}
	return b.docs.Insert(ctx, doc)
}

// settle sets the state an imported listing enters in. With dryRun its names
// are only asked after, not taken.
func (b *Book[T, P]) settle(ctx context.Context, by market.Actor, doc *T, dryRun bool) error {
	officer := market.May(by, market.ActReviewListings)
	if !officer && P(doc).Check(true) != nil {
		return nil
	}
	claim := b.claim
	if dryRun {
		claim = b.claimable
	}
	if err := claim(ctx, doc); err != nil {
		return err
	}
	from, to, action := P(doc).Shared().State, market.StateSubmitted, market.ActSubmit
	if officer {
		to, action = market.StatePublished, market.ActApprove
	}
	b.advance(by, doc, market.Move[market.ListingState]{From: from, Action: action, To: to}, "导入")
	return nil
}

func (b *Book[T, P]) byImportKey(ctx context.Context, key string) (*T, error) {
	page, err := b.docs.Find(ctx, store.Query{Equal: []store.Equal{{Field: "import_key", Value: key}}, Limit: 1})
	if err != nil || len(page.Items) == 0 {
		return nil, err
	}
	return page.Items[0], nil
}

// exported returns the actor's own listing that was entered here and left in
// an export under its id, nil when externalID is none of those.
func (b *Book[T, P]) exported(ctx context.Context, by market.Actor, externalID string) (*T, error) {
	old, err := b.byImportKey(ctx, externalID)
	if err != nil || old == nil || P(old).Shared().Owner != by.Org {
		return nil, err
	}
	return old, nil
}

// replace updates a listing brought in before, unless nothing differs.
func (b *Book[T, P]) replace(ctx context.Context, by market.Actor, old, doc *T, dryRun bool) (market.Outcome, error) {
	was := P(old).Shared()
	keep(P(doc).Shared(), was)
	*P(doc).Head() = *P(old).Head()
	if same(old, doc) {
		return market.Unchanged, nil
	}
	if was.State == market.StateMerged {
		return 0, &market.Error{Kind: market.Conflict, Code: "merged", Other: was.MergedInto, Message: "这条内容已合并到另一条，请改那一条；合并有误可以先撤销合并。"}
	}
	if was.State == market.StateWithdrawn {
		return 0, market.E(market.Conflict, "withdrawn", "这条内容已被撤回，不能用导入恢复；请在“我的工作”中重新编辑。")
	}
	if was.State != market.StatePublished || !market.May(by, market.ActReviewListings) {
		P(doc).Shared().State = market.StateDraft
	}
	if err := b.settle(ctx, by, doc, dryRun); err != nil {
		return 0, err
	}
	if dryRun {
		return market.Updated, nil
	}
	return market.Updated, b.docs.Update(ctx, doc)
}

// same compares what an import can write. Nil and empty lists are the same:
// the store does not tell them apart.
func same[T any](a, b *T) bool {
	return equal(reflect.ValueOf(a).Elem(), reflect.ValueOf(b).Elem())
}

func equal(a, b reflect.Value) bool {
	switch a.Kind() {
	case reflect.Struct:
		if t, ok := a.Interface().(time.Time); ok {
			return t.Equal(b.Interface().(time.Time))
		}
		for i := range a.NumField() {
			if !equal(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return true
	case reflect.Slice:
		if a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			if !equal(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	default:
		return a.Interface() == b.Interface()
	}
}
