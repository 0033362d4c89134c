package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"jishi/internal/audit"
)

// anchorFile is the file of the data folder that the heads of the trail are
// kept in, one a day: whoever puts an old copy of the database in place of the
// present one does not reach it. Another store has another file.
func (c config) anchorFile() string {
	name := "audit-heads"
	if c.Store != "" {
		sum := sha256.Sum256([]byte(c.Store))
		name += "-" + hex.EncodeToString(sum[:4])
	}
	return filepath.Join(c.Data, name)
}

// keepAnchor adds the present head to the file and to the log, which operators
// send elsewhere.
func (s *serving) keepAnchor(ctx context.Context) error {
	anchor, err := s.trail.Anchor(ctx)
	if err != nil || anchor.Seq == 0 {
		return err
	}
	s.log.Info("audit head", "head", anchor.String())
	file, err := os.OpenFile(s.cfg.anchorFile(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
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
