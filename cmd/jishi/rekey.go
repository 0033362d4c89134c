package main

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v3"

	"jishi/internal/market"
	"jishi/internal/store"
	"jishi/internal/vault"
)

// rekeyCommand moves every encrypted field to the current key.
func rekeyCommand() *cli.Command {
	return &cli.Command{
		Name:         "rekey",
		Usage:        "把加密字段迁移到当前密钥；先设 JISHI_FIELD_KEY（新）与 JISHI_FIELD_KEY_PREVIOUS（旧）并重启服务，完成后即可去掉旧密钥",
		Flags:        storeFlags(),
		ArgValidator: takes(0, 0),
		Action: func(ctx context.Context, c *cli.Command) error {
			cfg := readConfig(c)
			if err := cfg.mustExist(); err != nil {
				return err
			}
			h, err := openHouse(ctx, cfg)
			if err != nil {
				return err
			}
			defer h.close()
			moved, err := h.rekey(ctx)
			if err != nil {
				return err
			}
			fmt.Printf("已迁移 %d 份记录到当前密钥\n", moved)
			return nil
		},
	}
}

// rekey moves every encrypted field of the store to the current key and
// returns how many documents it changed. It may run beside a server that has
// both keys, and be repeated.
func (h *house) rekey(ctx context.Context) (int, error) {
	moved := 0
	for _, move := range []func() (int, error){
		func() (int, error) { return rekeyAll(ctx, h.vault, h.docs.users) },
		func() (int, error) { return rekeyAll(ctx, h.vault, h.docs.mails) },
		func() (int, error) { return rekeyAll(ctx, h.vault, h.docs.contracts) },
		func() (int, error) { return rekeyAll(ctx, h.vault, h.docs.private.erasures) },
	} {
		n, err := move()
		if moved += n; err != nil {
			return moved, err
		}
	}
	return moved, nil
}

// sealing is a document with encrypted fields.
type sealing[T any] interface {
	*T
	SealedFields() []market.SealedField
}

// rekeyAll moves the encrypted fields of one collection. A document that
// changes meanwhile is read again; its new version comes along in the feed.
func rekeyAll[T any, P sealing[T]](ctx context.Context, v *vault.Vault, docs store.Collection[T]) (moved int, err error) {
	for since := ""; ; {
		page, next, err := docs.Changes(ctx, since, store.MaxLimit)
		if err != nil {
			return moved, err
		}
		again := false
		for _, doc := range page {
			changed, err := reseal(v, P(doc).SealedFields())
			if err != nil {
				return moved, err
			}
			if !changed {
				continue
			}
			err = docs.Update(ctx, doc)
			if again = again || market.Is(err, market.Stale); err == nil {
				moved++
			} else if !market.Is(err, market.Stale) {
				return moved, err
			}
		}
		if len(page) < store.MaxLimit && !again {
			return moved, nil
		}
		since = next
	}
}

func reseal(v *vault.Vault, fields []market.SealedField) (changed bool, err error) {
	for _, one := range fields {
		moved, err := v.Reseal(one.Field, one.About)
		if err != nil {
			return changed, err
		}
		changed = changed || moved
	}
	return changed, nil
}
