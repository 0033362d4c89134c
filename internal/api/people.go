package api

import (
	"errors"
	"reflect"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/account"
	"jishi/internal/market"
)

// peopleKey is where Register leaves who knows the names of people, for the
// answers: documents hold ids of people only.
const peopleKey = "people"

// naming answers with handle, with the name of whoever was faster in its
// refusals.
func (a *API) naming(handle fiber.Handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		c.Locals(peopleKey, a.People)
		err := handle(c)
		var known *market.Error
		if !errors.As(err, &known) || known.By == "" {
			return err
		}
		names, failed := a.People.Names(c.UserContext(), []market.ID{known.By})
		if failed != nil {
			return err // without the name it is still the answer
		}
		return known.Naming(names[known.By])
	}
}

// named puts the names of people into every history of what is answered.
func named(c *fiber.Ctx, answer any) error {
	people, ok := c.Locals(peopleKey).(*account.People)
	if !ok {
		return nil
	}
	histories := historiesIn(reflect.ValueOf(answer), nil)
	var ids []market.ID
	for _, history := range histories {
		for _, e := range history {
			ids = append(ids, e.By)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	names, err := people.Names(c.UserContext(), ids)
	if err != nil {
		return err
	}
	for _, history := range histories {
		for i := range history {
			history[i].ByName = names[history[i].By]
		}
	}
	return nil
}

var historyType = reflect.TypeFor[[]market.Event]()

// historiesIn finds the histories in a value of ours: they stand in structs,
// behind pointers and in lists.
func historiesIn(v reflect.Value, found [][]market.Event) [][]market.Event {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			found = historiesIn(v.Elem(), found)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				found = historiesIn(v.Field(i), found)
			}
		}
	case reflect.Slice:
		if v.Type() == historyType {
			return append(found, v.Interface().([]market.Event))
		}
		switch v.Type().Elem().Kind() {
		case reflect.Pointer, reflect.Interface, reflect.Struct, reflect.Slice:
			for i := range v.Len() {
				found = historiesIn(v.Index(i), found)
			}
		}
	}
	return found
}
