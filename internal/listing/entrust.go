package listing

import (
	"context"
	"strconv"

	"jishi/internal/market"
	"jishi/internal/store"
)

// Brokers knows the public directory of brokers.
type Brokers interface {
	// BrokerPlace returns for which organization a broker of the directory
	// works; NotFound when nobody of that id is in it or their certificate
	// holds no more.
	BrokerPlace(ctx context.Context, user market.ID) (market.Place, error)
}

// Notices takes messages to people.
type Notices interface {
	// Add gives a notice; one with an id that was given before is left alone.
	Add(ctx context.Context, n market.Notice) error
}

// Entrusting is how owners hand listings of one kind to brokers. A broker who
// was handed one learns nothing confidential by it: they see what any broker
// sees, and that they were asked.
type Entrusting[T any, P Kind[T]] struct {
	book    *Book[T, P]
	brokers Brokers
	notices Notices
	path    string // of the pages: /demands
}

// NewEntrusting returns how demands are handed to brokers.
func NewEntrusting(demands *Demands, brokers Brokers, notices Notices) *Entrusting[market.Demand, *market.Demand] {
	return &Entrusting[market.Demand, *market.Demand]{book: demands, brokers: brokers, notices: notices, path: "/demands/"}
}

// Entrust hands a published listing to a broker and tells them. version is the
// one the actor read, 0 for any. It returns Conflict when the listing is with
// another broker or not published, Invalid at "broker" when that is nobody of
// the directory. Handing it to the same one again answers success.
func (e *Entrusting[T, P]) Entrust(ctx context.Context, by market.Actor, id market.ID, version int64, broker market.ID) (*T, error) {
	doc, err := e.open(ctx, by, id, version, market.ActEntrust)
	if err != nil {
		return nil, err
	}
	shared := P(doc).Shared()
	switch {
	case shared.Broker == broker && broker != "":
		return e.book.mask(by, doc), nil
	case shared.Broker != "":
		return nil, market.E(market.Conflict, "already_entrusted", "已经委托给另一位技术经纪人，请先收回，再委托。")
	case !shared.Public():
		return nil, market.E(market.Conflict, "wrong_state", "只有已发布的内容可以委托给技术经纪人，现在的状态是“"+shared.State.Name()+"”。")
	}
	place, err := e.brokers.BrokerPlace(ctx, broker)
	if market.Is(err, market.NotFound) {
		return nil, &market.Error{Kind: market.Invalid, Code: "no_such_broker", Message: "请从技术经纪人名录中选择一位。",
			Fields: []market.FieldError{{Field: "broker", Reason: "请选择"}}}
	}
	if err != nil {
		return nil, err
	}
	shared.Broker = broker
	if err := e.note(ctx, by, doc, market.ActEntrust, "委托给"+place.Name+"的技术经纪人"); err != nil {
		return nil, err
	}
	return e.told(ctx, by, doc, market.Notice{User: broker, Org: place.Org, Title: "《" + market.Clip(shared.Title, 60) + "》委托您对接"})
}

// Recall takes a listing back from its broker and tells them.
func (e *Entrusting[T, P]) Recall(ctx context.Context, by market.Actor, id market.ID, version int64) (*T, error) {
	doc, err := e.open(ctx, by, id, version, market.ActRecall)
	if err != nil {
		return nil, err
	}
	broker := P(doc).Shared().Broker
	if broker == "" {
		return e.book.mask(by, doc), nil
	}
	if err := e.end(ctx, by, doc, market.ActRecall, ""); err != nil {
		return nil, err
	}
	return e.told(ctx, by, doc, market.Notice{User: broker, Title: "《" + market.Clip(P(doc).Shared().Title, 60) + "》的委托已收回"})
}

// Decline gives a listing back to who handed it over, with a reason that may
// be empty. Only the broker who has it may; who has it no more is Denied.
func (e *Entrusting[T, P]) Decline(ctx context.Context, by market.Actor, id market.ID, version int64, reason string) (*T, error) {
	doc, err := e.open(ctx, by, id, version, market.ActDecline)
	if err != nil {
		return nil, err
	}
	shared := P(doc).Shared()
	if shared.Broker != by.User {
		return nil, market.E(market.Denied, "not_entrusted", "这条内容没有委托给您，或者委托已被收回。")
	}
	var problems market.Problems
	if market.CheckNote(&problems, reason); len(problems) > 0 {
		return nil, problems.Err()
	}
	asked := entrusted(shared)
	if err := e.end(ctx, by, doc, market.ActDecline, reason); err != nil {
		return nil, err
	}
	return e.told(ctx, by, doc, market.Notice{User: asked.By, Org: shared.Owner, Title: "《" + market.Clip(shared.Title, 60) + "》的委托被技术经纪人退回"})
}

// Entrusted returns a page of what was handed to the actor, last changed
// first, as any broker sees it; what is not public any more is left out.
func (e *Entrusting[T, P]) Entrusted(ctx context.Context, by market.Actor, after string, limit int) (store.Page[T], error) {
	if err := market.Permit(by, market.ActListEntrusted); err != nil {
		return store.Page[T]{}, err
	}
	page, err := e.book.docs.Find(ctx, store.Query{
		Equal: []store.Equal{{Field: "broker", Value: string(by.User)}}, Sort: store.FieldChanged, Desc: true, After: after, Limit: limit,
	})
	if err != nil {
		return store.Page[T]{}, err
	}
	items := page.Items[:0]
	for _, doc := range page.Items {
		if P(doc).Shared().Public() {
			items = append(items, e.book.maskRow(by, doc))
		}
	}
	page.Items = items
	return page, nil
}

// Holder returns to whom a listing is handed, "" for nobody, as far as the
// actor may know: its owner, officers, and the broker themselves.
func (e *Entrusting[T, P]) Holder(ctx context.Context, by market.Actor, id market.ID) (market.ID, error) {
	doc, err := e.book.visible(ctx, by, id)
	if err != nil {
		return "", err
	}
	shared := P(doc).Shared()
	if shared.Broker == by.User || market.May(by, market.ActReadDetail, shared.Owner) {
		return shared.Broker, nil
	}
	return "", nil
}

// open reads a listing that the actor may do something with.
func (e *Entrusting[T, P]) open(ctx context.Context, by market.Actor, id market.ID, version int64, action market.Action) (*T, error) {
	doc, err := e.book.docs.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	shared := P(doc).Shared()
	if err := market.Permit(by, action, shared.Owner); err != nil {
		return nil, err
	}
	if version != 0 && P(doc).Head().Version != version {
		return nil, stale(shared)
	}
	return doc, nil
}

// end takes a listing from its broker.
func (e *Entrusting[T, P]) end(ctx context.Context, by market.Actor, doc *T, action market.Action, note string) error {
	P(doc).Shared().Broker = ""
	return e.note(ctx, by, doc, action, note)
}

// note writes a listing with what was done with it; its state stays.
func (e *Entrusting[T, P]) note(ctx context.Context, by market.Actor, doc *T, action market.Action, note string) error {
	shared := P(doc).Shared()
	state := string(shared.State)
	shared.History = append(shared.History, market.NextEvent(shared.History, by, e.book.now().UTC(), action, state, state, note))
	return e.book.docs.Update(ctx, doc)
}

// told tells somebody of what has just been written.
func (e *Entrusting[T, P]) told(ctx context.Context, by market.Actor, doc *T, n market.Notice) (*T, error) {
	head, history := P(doc).Head(), P(doc).Shared().History
	n.Kind, n.Link, n.About, n.Mail = market.NoticeHanded, e.path+string(head.ID), head.ID, market.MailDue
	n.ID = market.NoticeID(n.Kind, n.User, head.ID, market.ID(strconv.Itoa(len(history))))
	if n.User == "" { // the platform itself handed it over
		return e.book.mask(by, doc), nil
	}
	if err := e.notices.Add(ctx, n); err != nil {
		return nil, market.Wrap(market.Unavailable, err, "not_told", "已经办好，但提醒没有发出，请另行告知对方。")
	}
	return e.book.mask(by, doc), nil
}

// entrusted is the last event that handed a listing to a broker.
func entrusted(shared *market.Listing) market.Event {
	for i := len(shared.History) - 1; i >= 0; i-- {
		if shared.History[i].Action == market.ActEntrust {
			return shared.History[i]
		}
	}
	return market.Event{}
}
