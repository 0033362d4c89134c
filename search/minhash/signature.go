package minhash

import "math"

// The shape of signatures. A pair of similarity s shares at least one band with
// probability 1 − (1 − s³)³² (see Chance): 0.98 at 0.5 and 0.9999 at 0.6, but
// 0.03 at 0.1. What shares one is looked at again by its estimate.
const (
	Hashes = 96
	rows   = 3
	Bands  = Hashes / rows
)

// Signature is the least hash of each of the bins a set falls into, one byte of
// it each: of two signatures, places agree with the probability of the sets'
// similarity, and by chance once in 256 (P. Li, A. König, "b-Bit Minwise
// Hashing", 2010).
type Signature [Hashes]byte

// Sign returns the signature of a set; false when the set is empty and there is
// none. It hashes each member once and parts the hashes into bins; an empty bin
// borrows the value of another, chosen by its place alone (A. Shrivastava,
// "Optimal Densification for Fast and Accurate Minwise Hashing", 2017).
func Sign(set Set) (Signature, bool) {
	var sig Signature
	if len(set) == 0 {
		return sig, false
	}
	var least [Hashes]uint64
	for i := range least {
		least[i] = math.MaxUint64
	}
	for _, member := range set {
		bin := member >> 32 * Hashes >> 32
		least[bin] = min(least[bin], mix(member^seed))
	}
	for bin, value := range least {
		for try := uint64(1); value == math.MaxUint64; try++ {
			value = least[mix(uint64(bin)<<32|try)%Hashes]
		}
		sig[bin] = byte(mix(value))
	}
	return sig, true
}

// seed parts the order of the hashes in a bin from the bin they fall into.
const seed = 0x6a09e667f3bcc908

// Estimate returns about the similarity of the sets that two signatures are of,
// 0–1. Its standard error is that of Hashes throws, at most 0.052.
func Estimate(a, b *Signature) float64 {
	same := 0
	for i := range a {
		if a[i] == b[i] {
			same++
		}
	}
	const chance = 1.0 / 256
	return max(0, (float64(same)/Hashes-chance)/(1-chance))
}

// Chance is the probability that a pair of a similarity is found by its bands.
func Chance(similarity float64) float64 {
	return 1 - math.Pow(1-math.Pow(similarity, rows), Bands)
}

// band is what a signature says in one band.
func (s *Signature) band(i int) uint32 {
	at := i * rows
	return uint32(s[at])<<16 | uint32(s[at+1])<<8 | uint32(s[at+2])
}
