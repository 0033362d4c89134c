package audit

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"jishi/internal/market"
)

// Anchor is a head as it was once, kept outside the store.
type Anchor struct {
	Seq  int64
	Hash string // hex
}

// Anchor is the text form that a report gives its head and ParseAnchor reads.
func (a Anchor) String() string { return fmt.Sprintf("%d:%s", a.Seq, a.Hash) }

// ParseAnchor reads what Anchor.String wrote.
func ParseAnchor(text string) (Anchor, error) {
	var a Anchor
	number, hash, ok := strings.Cut(strings.TrimSpace(text), ":")
	_, err := fmt.Sscan(number, &a.Seq)
	raw, bad := hex.DecodeString(hash)
	if !ok || err != nil || bad != nil || a.Seq < 0 || len(raw) != sha256.Size {
		return a, market.E(market.Invalid, "bad_anchor", "链头应写成“编号:64 位十六进制”的样子。")
	}
	a.Hash = strings.ToLower(hash)
	return a, nil
}

// Anchor returns how far the chain goes by its head, to be kept outside the
// store; the zero Anchor when there is no head or it is not genuine. That of a
// chain without lines has the number 0.
func (t *Trail) Anchor(ctx context.Context) (Anchor, error) {
	head, err := t.head(ctx)
	if err != nil || head == nil || !t.keys.headGood(head) {
		return Anchor{}, err
	}
	return Anchor{head.Seq, hex.EncodeToString(head.Hash)}, nil
}

// Holds reports whether the chain still has what was its head once, and a
// genuine head that is no older. It looks at one line only; see Verify.
func (t *Trail) Holds(ctx context.Context, a Anchor) (bool, error) {
	head, err := t.head(ctx)
	if err != nil || head == nil || !t.keys.headGood(head) || head.Seq < a.Seq {
		return false, err
	}
	want, err := hex.DecodeString(a.Hash)
	if err != nil || a.Seq == 0 {
		return bytes.Equal(want, genesis.hash), nil
	}
	line, err := t.stores.Lines.Get(ctx, lineID(a.Seq))
	if market.Is(err, market.NotFound) {
		return false, nil
	}
	return err == nil && bytes.Equal(line.Hash, want), err
}

// byNumber returns the hashes of anchors by their numbers. Two that disagree
// leave a text that is no hash: one of them is not of this chain.
func byNumber(anchors []Anchor) map[int64]string {
	hashes := make(map[int64]string, len(anchors))
	for _, a := range anchors {
		if hash, there := hashes[a.Seq]; there && hash != a.Hash {
			a.Hash = "?"
		}
		hashes[a.Seq] = a.Hash
	}
	return hashes
}
