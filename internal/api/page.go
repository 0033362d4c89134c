package api

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
