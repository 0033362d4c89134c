package file

import (
	"context"
	"math/rand/v2"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

const (
	leastCharge = 4 << 10       // of the quota for the smallest file, so that their number is bounded too
	chargeTime  = 1 * time.Hour // after this a file on its way has arrived or never will
	useTries    = 40            // each lost only to somebody else's success
	usePause    = 4 * time.Millisecond
	settleTime  = 5 * time.Second // for the end of an upload whose client's time is over
)

// reserve charges a file to a payer before it is stored; Conflict when their
// quota does not hold it. Charges are kept one by one until the file is known
// to be stored or not, so that a process that dies in between makes the sum
// neither too small nor, for long, too large.
func (s *Service) reserve(ctx context.Context, payer market.ID, f *market.File) error {
	return s.changeUse(ctx, payer, func(use *market.FileUse) error {
		charge := market.FileCharge{File: f.ID, Bytes: max(f.Size, leastCharge), At: s.now().UTC()}
		if used(use)+charge.Bytes > s.quota {
			if err := s.resolve(ctx, use, func(c market.FileCharge) bool { return s.now().Sub(c.At) > chargeTime }); err != nil {
				return err
			}
		}
		if used(use)+charge.Bytes > s.quota {
			return market.E(market.Conflict, "quota_used_up", "单位的文件空间已经用完，请联系科技局扩大。")
		}
		use.Pending = append(use.Pending, charge)
		return nil
	})
}

// settle turns the charge of a file that was on its way into one of a stored
// file, or takes it back when the file is not there.
func (s *Service) settle(ctx context.Context, payer, id market.ID) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	return s.changeUse(ctx, payer, func(use *market.FileUse) error {
		return s.resolve(ctx, use, func(c market.FileCharge) bool { return c.File == id || s.now().Sub(c.At) > chargeTime })
	})
}

// resolve looks up the files of charges that are over.
func (s *Service) resolve(ctx context.Context, use *market.FileUse, over func(market.FileCharge) bool) error {
	var pending []market.FileCharge
	for _, charge := range use.Pending {
		if !over(charge) {
			pending = append(pending, charge)
			continue
		}
		_, err := s.files.Get(ctx, charge.File)
		switch {
		case err == nil:
			use.Bytes += charge.Bytes
		case !market.Is(err, market.NotFound):
			return err
		}
	}
	use.Pending = pending
	return nil
}

// changeUse changes what a payer has used, against everybody else who does.
func (s *Service) changeUse(ctx context.Context, payer market.ID, change func(*market.FileUse) error) error {
	for range useTries {
		use, err := s.uses.Get(ctx, payer)
		if market.Is(err, market.NotFound) {
			use, err = &market.FileUse{Meta: market.Meta{ID: payer}}, nil
		}
		if err != nil {
			return err
		}
		if err := change(use); err != nil {
			return err
		}
		write := s.uses.Update
		if use.Version == 0 {
			write = s.uses.Insert
		}
		err = write(ctx, use)
		if err == nil || !market.Is(err, market.Stale) && !store.IsTaken(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(usePause + rand.N(2*usePause)):
		}
	}
	return market.E(market.Unavailable, "busy", "同时上传的文件太多，请稍后再试。")
}

// used is what stored files and those on their way take.
func used(use *market.FileUse) int64 {
	sum := use.Bytes
	for _, charge := range use.Pending {
		sum += charge.Bytes
	}
	return sum
}

// Use returns how many bytes the actor's organization has used, or the actor
// when they act for none, and how many it may.
func (s *Service) Use(ctx context.Context, by market.Actor) (usedBytes, quota int64, err error) {
	if err := market.Permit(by, market.ActUpload); err != nil {
		return 0, 0, err
	}
	payer := by.User
	if active(by) {
		payer = by.Org
	}
	use, err := s.uses.Get(ctx, payer)
	if market.Is(err, market.NotFound) {
		return 0, s.quota, nil
	}
	if err != nil {
		return 0, 0, err
	}
	return used(use), s.quota, nil
}
