package evaluate

import (
	"math/rand/v2"
	"slices"
)

// Resamples is how many samples an interval rests on.
const Resamples = 2000

// outside is the number of resampled means left out on either side: 2.5 %.
const outside = Resamples / 40

// Estimate is a mean over queries with its 95 % interval.
type Estimate struct {
	Mean, Low, High float64
}

// Bootstrap returns the mean of values, at least one, and the interval between
// the 2.5th and 97.5th percentiles of the means of Resamples samples drawn from
// them with replacement. The seed is fixed, so as many values are always drawn
// by the same places: the bootstrap of per-query differences of two systems is
// the paired one, and a figure comes out the same whenever it is computed.
func Bootstrap(values []float64) Estimate {
	random := rand.New(rand.NewPCG(1, 2))
	means := make([]float64, Resamples)
	for i := range means {
		sum := 0.0
		for range values {
			sum += values[random.IntN(len(values))]
		}
		means[i] = sum / float64(len(values))
	}
	slices.Sort(means)
	return Estimate{Mean: mean(values), Low: means[outside], High: means[Resamples-1-outside]}
}

func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}
