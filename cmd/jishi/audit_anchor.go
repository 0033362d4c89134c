package main

import (
	"bufio"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"jishi/internal/audit"
)

// anchorFile is the file of the data folder that the heads of the trail are
// kept in: when the chain begins, and by a server at its start, every hour and
// at its end. Whoever puts an old copy of the database in place of the
// present one, or empties the trail, does not reach it by that. Another store has another file.
func (c config) anchorFile() string {
	name := "audit-heads"
	if c.Store != "" {
		sum := sha256.Sum256([]byte(c.Store))
		name += "-" + hex.EncodeToString(sum[:4])
	}
	return filepath.Join(c.Data, name)
}

// anchorEvery is how often a server keeps the head, besides its start and end.
const anchorEvery = time.Hour

// beginTrail begins the trail of a new store and keeps its first head at once:
// from here on it shows when the whole trail is removed.
func (h *house) beginTrail(ctx context.Context, c config) error {
	kept, err := readAnchors(c.anchorFile())
	if err != nil || len(kept) > 0 {
		return err
	}
	var nouns []audit.Noun
	for _, one := range h.nouns(logger()) {
		nouns = append(nouns, one.noun)
	}
	begun, err := h.trail.Begin(ctx, nouns...)
	if err != nil || !begun {
		return err
	}
	return h.keepAnchor(ctx, c)
}

// keepAnchors keeps the head now, every hour and when ctx ends.
func (s *serving) keepAnchors(ctx context.Context) {
	for ended := false; ; {
		if err := s.keepAnchor(context.WithoutCancel(ctx), s.cfg); err != nil {
			s.log.Error("keep audit head", "err", err)
		}
		if ended {
			return
		}
		select {
		case <-ctx.Done():
			ended = true
		case <-time.After(anchorEvery):
		}
	}
}

// keepAnchor adds the present head to the file and to the log, which operators
// send elsewhere. A chain that does not go on from the head kept last was cut
// off or begun anew: that is an error, and its head is not kept.
func (h *house) keepAnchor(ctx context.Context, c config) error {
	kept, err := readAnchors(c.anchorFile())
	if err != nil {
		return err
	}
	var last audit.Anchor
	if len(kept) > 0 {
		last = slices.MaxFunc(kept, func(a, b audit.Anchor) int { return cmp.Compare(a.Seq, b.Seq) })
		holds, err := h.trail.Holds(ctx, last)
		if err != nil {
			return err
		}
		if !holds {
			return errors.New("the audit trail was cut off or begun anew: it does not go on from " + last.String() + "; see jishi verify")
		}
	}
	anchor, err := h.trail.Anchor(ctx)
	if err != nil || anchor.Hash == "" || anchor == last {
		return err
	}
	if anchor.Seq > 0 { // the first is the same everywhere
		logger().Info("audit head", "head", anchor.String())
	}
	file, err := os.OpenFile(c.anchorFile(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	_, err = file.WriteString(clock().Format("2006-01-02T15:04:05Z") + " " + anchor.String() + "\n")
	return errors.Join(err, file.Sync(), file.Close())
}

// readAnchors returns the heads of the file; none when it is not there. A last
// line that was cut short is none.
func readAnchors(path string) ([]audit.Anchor, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var anchors []audit.Anchor
	for lines := bufio.NewScanner(file); ; {
		if !lines.Scan() {
			return anchors, lines.Err()
		}
		_, text, _ := strings.Cut(lines.Text(), " ")
		if anchor, err := audit.ParseAnchor(text); err == nil {
			anchors = append(anchors, anchor)
		}
	}
}
