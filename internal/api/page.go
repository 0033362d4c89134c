package api

import (
	"strconv"

	"github.com/gofiber/fiber/v2"
)

// page is one page of a list.
type page[T any] struct {
	Items  []T    `json:"items"`
	Cursor string `json:"cursor"` // of the next page, empty at the end
}

func pageOf[T any](items []T, cursor string) page[T] {
	if items == nil {
		items = []T{}
	}
	return page[T]{Items: items, Cursor: cursor}
}

// queryInt reads a number between 1 and most from the query.
func queryInt(c *fiber.Ctx, name string, otherwise, most int) (int, error) {
	text := c.Query(name)
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > most {
		return 0, invalidField(name, "应为 1 至 "+strconv.Itoa(most)+" 的整数")
	}
	return n, nil
}
