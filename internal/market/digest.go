package market

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// Digest returns the SHA-256, hex, of what of an achievement is compared with
// demands: its public texts and what stands beside them in the score. Whoever
// reads a masked copy gets the same one.
func (a *Achievement) Digest() string {
	d := digestOf(&a.Listing)
	d.add("benefit", a.Benefit, "stage", a.Maturity.Stage, "trl", fmt.Sprint(a.Maturity.TRL), "evidence", a.Maturity.Evidence)
	d.add("price", a.Price.Mode, fmt.Sprint(a.Price.Low), fmt.Sprint(a.Price.High))
	for _, r := range a.Rights {
		d.add("right", r.Kind, r.Number, r.State, string(r.Expiry))
	}
	return d.sum()
}

// Digest returns the SHA-256, hex, of what of a demand is compared with
// achievements. Whoever reads a masked copy gets the same one.
func (d *Demand) Digest() string {
	all := digestOf(&d.Listing)
	all.add("conditions", d.Conditions, "ip", d.IPTerm, "trl", fmt.Sprint(d.MinTRL), "deadline", string(d.Deadline))
	all.add("budget", fmt.Sprint(d.BudgetLow), fmt.Sprint(d.BudgetHigh))
	for _, c := range d.Criteria {
		all.add("criterion", c.Name, c.Op, c.Value, c.Unit)
	}
	return all.sum()
}

// digest gathers texts so that no two lists of them read the same.
type digest struct{ strings.Builder }

func digestOf(l *Listing) *digest {
	d := &digest{}
	d.add("title", l.Title, "summary", l.Summary, "class", l.Class.Field, l.Class.Industry, l.Class.Chain, l.Class.Division)
	d.add(append([]string{"keywords"}, l.Keywords...)...)
	d.add(append([]string{"modes"}, l.Modes...)...)
	return d
}

func (d *digest) add(texts ...string) {
	for _, text := range texts {
		fmt.Fprintf(d, "%d:%s", len(text), text)
	}
	d.WriteByte('\n')
}

func (d *digest) sum() string {
	sum := sha256.Sum256([]byte(d.String()))
	return hex.EncodeToString(sum[:])
}
