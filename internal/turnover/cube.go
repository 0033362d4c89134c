package turnover

import (
	"context"
	"crypto/sha256"
	"fmt"
	"sync"

	"jishi/internal/market"
)

// Cube holds what turnover needs of every contract that is or was registered,
// in columns: 42 bytes a contract, and 30 to 40 more for finding its row
// again. It is a projection: a sink of a follower over the contracts, rebuilt
// from the store at each start. It may be read while it is fed.
type Cube struct {
	mu           sync.RWMutex
	position     string
	rows         map[rowKey]uint32
	blocks       []*block
	dictionaries [codeColumns]dictionary
}

// rowKey stands for a contract's id: half the memory of the id's text, and no
// two ids share one.
type rowKey [16]byte

// NewCube returns an empty cube.
func NewCube() *Cube {
	c := &Cube{rows: make(map[rowKey]uint32)}
	for i := range c.dictionaries {
		c.dictionaries[i] = newDictionary()
	}
	return c
}

// Position returns the cursor up to which the cube holds everything; empty for
// a new one.
func (c *Cube) Position(context.Context) (string, error) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.position, nil
}

// Apply takes changed contracts and the cursor that follows them. A contract
// may come any number of times: its row is overwritten, and an older version
// of it is ignored.
func (c *Cube) Apply(_ context.Context, contracts []*market.Contract, next string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, doc := range contracts {
		if err := c.put(doc); err != nil {
			return fmt.Errorf("contract %s: %w", doc.ID, err)
		}
	}
	c.position = next
	return nil
}

// Rows returns how many contracts the cube holds, counted or not.
func (c *Cube) Rows() int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return len(c.rows)
}

// put writes one contract's row. A contract that never counted has none; one
// that no longer counts keeps its row with an empty month.
func (c *Cube) put(doc *market.Contract) error {
	sum := sha256.Sum256([]byte(doc.ID))
	key := rowKey(sum[:16])
	row, known := c.rows[key]
	if !known && doc.State != market.ContractRegistered {
		return nil
	}
	codes, err := c.encode(doc)
	if err != nil {
		return err
	}
	if !known {
		row = uint32(len(c.rows))
		if row%blockRows == 0 {
			c.blocks = append(c.blocks, new(block))
		}
		c.rows[key] = row
	}
	b, i := c.blocks[row/blockRows], row%blockRows
	if uint32(doc.Version) < b.versions[i] {
		return nil
	}
	b.versions[i] = uint32(doc.Version)
	for column, code := range codes {
		b.codes[column][i] = code
	}
	b.amounts[0][i], b.amounts[1][i], b.amounts[2][i] = doc.Amounts.Total, doc.Amounts.Technology, doc.Amounts.Paid
	return nil
}

// encode turns a contract's codes into numbers.
func (c *Cube) encode(doc *market.Contract) (numbers [codeColumns]uint16, err error) {
	codes := [codeColumns]string{
		colType: doc.Type, colField: doc.Class.Field, colIndustry: doc.Class.Industry, colOrigin: doc.Origin.Kind,
		colSeller: division(doc.Sellers), colBuyer: division(doc.Buyers),
	}
	if doc.State == market.ContractRegistered {
		codes[colMonth] = string(market.MonthOf(doc.Register.At))
	}
	for column, code := range codes {
		if numbers[column], err = c.dictionaries[column].number(code); err != nil {
			return numbers, err
		}
	}
	return numbers, nil
}

// division is where a side of a contract is at home: where its first party is.
func division(parties []market.Party) string {
	if len(parties) == 0 {
		return ""
	}
	return parties[0].Division
}
