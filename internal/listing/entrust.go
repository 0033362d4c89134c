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

// Entrusting is how owners hand demands to brokers. A broker who
// was handed one learns nothing confidential by it: they see what any broker
// sees, and that they were asked.
type Entrusting struct {
	demands *Demands
	brokers Brokers
	notices Notices
}

// NewEntrusting returns how demands are handed to the brokers of a directory.
func NewEntrusting(demands *Demands, brokers Brokers, notices Notices) *Entrusting {
	return &Entrusting{demands: demands, brokers: brokers, notices: notices}
}

// Entrust hands a published demand to a broker and tells them. version is the
// one the actor read, 0 for any. It returns Conflict when the demand is with
// another broker or not published, Invalid at "broker" when that is nobody of
// the directory. Handing it to the same one again answers success.
func (e *Entrusting) Entrust(ctx context.Context, by market.Actor, id market.ID, version int64, broker market.ID) (*market.Demand, error) {
	doc, err := e.open(ctx, by, id, version, market.ActEntrust)
	if err != nil {
		return nil, err
	}
	shared := doc.Shared()
	switch {
	case shared.Broker == broker && broker != "":
		return e.again(ctx, by, doc)
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
	return e.told(ctx, by, doc, handing(doc, place))
}

// again answers for a demand that the broker has already. They are told again,
// which makes no second notice: the first may have been lost.
func (e *Entrusting) again(ctx context.Context, by market.Actor, doc *market.Demand) (*market.Demand, error) {
	place, err := e.brokers.BrokerPlace(ctx, doc.Broker)
	if market.Is(err, market.NotFound) {
		return e.demands.mask(by, doc), nil // of the directory no more
	}
	if err != nil {
		return nil, err
	}
	return e.told(ctx, by, doc, handing(doc, place))
}

// handing is what a broker is told when a demand is handed to them.
func handing(doc *market.Demand, place market.Place) market.Notice {
	return market.Notice{User: doc.Broker, Org: place.Org, Title: "《" + market.Clip(doc.Title, 60) + "》委托您对接"}
}

// Recall takes a demand back from its broker and tells them.
func (e *Entrusting) Recall(ctx context.Context, by market.Actor, id market.ID, version int64) (*market.Demand, error) {
	doc, err := e.open(ctx, by, id, version, market.ActRecall)
	if err != nil {
		return nil, err
	}
	broker := doc.Shared().Broker
	if broker == "" {
		return e.demands.mask(by, doc), nil
	}
	if err := e.end(ctx, by, doc, market.ActRecall, ""); err != nil {
		return nil, err
	}
	return e.told(ctx, by, doc, market.Notice{User: broker, Title: "《" + market.Clip(doc.Shared().Title, 60) + "》的委托已收回"})
}

// Decline gives a demand back to who handed it over, with a reason that may
// be empty. Conflict for a broker who does not have it, or has it no more.
func (e *Entrusting) Decline(ctx context.Context, by market.Actor, id market.ID, version int64, reason string) (*market.Demand, error) {
	doc, err := e.open(ctx, by, id, version, market.ActDecline)
	if err != nil {
		return nil, err
	}
	shared := doc.Shared()
	if shared.Broker != by.User {
		return nil, market.E(market.Conflict, "not_entrusted", "这条内容没有委托给您，或者委托已被收回。")
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
func (e *Entrusting) Entrusted(ctx context.Context, by market.Actor, after string, limit int) (store.Page[market.Demand], error) {
	if err := market.Permit(by, market.ActListEntrusted); err != nil {
		return store.Page[market.Demand]{}, err
	}
	page, err := e.demands.docs.Find(ctx, store.Query{
		Equal: []store.Equal{{Field: "broker", Value: string(by.User)}}, Sort: store.FieldChanged, Desc: true, After: after, Limit: limit,
	})
	if err != nil {
		return store.Page[market.Demand]{}, err
	}
	items := page.Items[:0]
	for _, doc := range page.Items {
		if doc.Shared().Public() {
			items = append(items, e.demands.maskRow(by, doc))
		}
	}
	page.Items = items
	return page, nil
}

// Holder returns to whom a demand is handed, "" for nobody, as far as the
// actor may know: its owner, officers, and the broker themselves.
func (e *Entrusting) Holder(ctx context.Context, by market.Actor, id market.ID) (market.ID, error) {
	doc, err := e.demands.visible(ctx, by, id)
	if err != nil {
		return "", err
	}
	shared := doc.Shared()
	if shared.Broker == by.User || market.May(by, market.ActReadDetail, shared.Owner) {
		return shared.Broker, nil
	}
	return "", nil
}

// open reads a demand that the actor may do something with.
func (e *Entrusting) open(ctx context.Context, by market.Actor, id market.ID, version int64, action market.Action) (*market.Demand, error) {
	doc, err := e.demands.docs.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	shared := doc.Shared()
	if err := market.Permit(by, action, shared.Owner); err != nil {
		return nil, err
	}
	if version != 0 && doc.Head().Version != version {
		return nil, stale(shared)
	}
	return doc, nil
}

// end takes a demand from its broker.
func (e *Entrusting) end(ctx context.Context, by market.Actor, doc *market.Demand, action market.Action, note string) error {
	doc.Shared().Broker = ""
	return e.note(ctx, by, doc, action, note)
}

// note writes a demand with what was done with it; its state stays.
func (e *Entrusting) note(ctx context.Context, by market.Actor, doc *market.Demand, action market.Action, note string) error {
	shared := doc.Shared()
	state := string(shared.State)
	shared.History = append(shared.History, market.NextEvent(shared.History, by, e.demands.now().UTC(), action, state, state, note))
	return e.demands.docs.Update(ctx, doc)
}

// told tells somebody of the last step of an entrustment, once for each.
func (e *Entrusting) told(ctx context.Context, by market.Actor, doc *market.Demand, n market.Notice) (*market.Demand, error) {
	head, seq := doc.Head(), 0
	for _, event := range doc.History {
		switch event.Action {
		case market.ActEntrust, market.ActRecall, market.ActDecline:
			seq = event.Seq
		}
	}
	n.Kind, n.Link, n.About, n.Mail = market.NoticeHanded, "/demands/"+string(head.ID), head.ID, market.MailDue
	n.ID = market.NoticeID(n.Kind, n.User, head.ID, market.ID(strconv.Itoa(seq)))
	if n.User == "" { // the platform itself handed it over
		return e.demands.mask(by, doc), nil
	}
	if err := e.notices.Add(ctx, n); err != nil {
		return nil, market.Wrap(market.Unavailable, err, "not_told", "已经办好，但提醒没有发出，请另行告知对方。")
	}
	return e.demands.mask(by, doc), nil
}

// entrusted is the last event that handed a demand to a broker.
func entrusted(shared *market.Listing) market.Event {
	for i := len(shared.History) - 1; i >= 0; i-- {
		if shared.History[i].Action == market.ActEntrust {
			return shared.History[i]
		}
	}
	return market.Event{}
}
