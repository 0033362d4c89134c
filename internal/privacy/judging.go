package privacy

import (
	"context"
	"slices"

	"jishi/internal/market"
	"jishi/internal/store"
)

// Handed is a demand that was handed to a person as a broker.
type Handed struct {
	ID    market.ID `json:"id"`
	Title string    `json:"title"`
}

// copyJudging takes what the person says of matches, and what was handed to
// them; of that what is not public any more without its title.
func (s *Service) copyJudging(ctx context.Context, c *Copy) (err error) {
	mine := store.Query{Equal: []store.Equal{{Field: "user", Value: string(c.User.ID)}}, Sort: store.FieldChanged}
	if c.Verdicts, err = collect(ctx, s.stores.Verdicts, mine); err != nil {
		return err
	}
	demands, err := collect(ctx, s.stores.Demands, handedTo(c.User.ID, ""))
	for _, d := range demands {
		one := Handed{ID: d.ID}
		if d.Public() {
			one.Title = d.Title
		}
		c.Handed = append(c.Handed, one)
	}
	return err
}

// handedTo asks for the demands that a broker has.
func handedTo(user market.ID, after string) store.Query {
	return store.Query{Equal: []store.Equal{{Field: "broker", Value: string(user)}}, Sort: store.FieldChanged, After: after, Limit: stride}
}

// forgetVerdicts overwrites what the person said of matches in their own
// words. What they judged stays: others' matches were found by it, and it
// tells of nobody any more.
func (s *Service) forgetVerdicts(ctx context.Context, who person, _ string) (string, bool, int, error) {
	page, err := s.stores.Verdicts.Find(ctx, store.Query{
		Equal: []store.Equal{{Field: "user", Value: string(who.User)}}, Sort: store.FieldChanged, Limit: stride,
	})
	for err == nil {
		for _, v := range page.Items {
			if !forgetWords(v) {
				continue
			}
			stands := string(v.Judgement)
			if v.State != market.VerdictGiven {
				stands = string(v.State)
			}
			v.History = append(v.History, s.event(v.History, stands, stands))
			if err := s.stores.Verdicts.Update(ctx, v); err != nil {
				return "", false, 0, err
			}
		}
		if page.Next == "" {
			return "", false, 0, nil
		}
		page, err = s.stores.Verdicts.Find(ctx, store.Query{
			Equal: []store.Equal{{Field: "user", Value: string(who.User)}}, Sort: store.FieldChanged, After: page.Next, Limit: stride,
		})
	}
	return "", false, 0, err
}

// forgetWords overwrites the words of a verdict and reports whether it had any.
func forgetWords(v *market.Verdict) bool {
	own := func(text string) bool {
		named := slices.ContainsFunc(market.VerdictReasons, func(reason market.Code) bool { return reason.Name == text })
		return text != "" && text != wiped && !named
	}
	found := own(v.Note)
	if found {
		v.Note = wiped
	}
	for i := range v.History {
		if e := &v.History[i]; own(e.Note) {
			e.Note, found = "", true // as everywhere: the check of the trail against histories knows it for wiped
		}
	}
	return found
}

// handBack takes the demands back that were handed to the person, so that
// their owners can hand them to somebody else.
func (s *Service) handBack(ctx context.Context, who person, after string) (string, bool, int, error) {
	page, err := s.stores.Demands.Find(ctx, handedTo(who.User, after))
	if err != nil {
		return after, false, 0, err
	}
	_, stale, err := writeChanged(ctx, s.stores.Demands, page.Items, func(d *market.Demand) bool {
		d.Broker = ""
		e := s.event(d.History, string(d.State), string(d.State))
		e.Note = "技术经纪人已注销账号，委托已退回，请另行委托"
		d.History = append(d.History, e)
		return true
	})
	if err != nil {
		return after, false, 0, err
	}
	return "", stale || page.Next != "", 0, nil // those written are not found again
}
