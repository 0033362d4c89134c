package server

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Rate is how often one client may do something: Burst times at once, and
// again Count times within Per.
type Rate struct {
	Count int
	Per   time.Duration
	Burst int
}

// Rates is how often one client may send requests of each class. The zero
// Rates are the usual ones.
type Rates struct {
	off   bool
	rates map[Class]Rate
}

// usualRates are generous: people at work do not meet them.
var usualRates = map[Class]Rate{
	ClassRead:   {100, time.Second, 600},
	ClassWrite:  {20, time.Second, 100},
	ClassSignIn: {10, time.Minute, 20},
	ClassUpload: {30, time.Minute, 30},
	ClassExport: {20, time.Minute, 20},
}

// maxRate bounds counts and bursts.
const maxRate = 1_000_000

var rateUnits = map[string]time.Duration{"s": time.Second, "min": time.Minute, "h": time.Hour}

// ParseRates reads rates as "read=100/s:600,sign-in=10/min:20": class, times
// per s, min or h, and the burst, which is the count when not given. Classes
// that are not named keep their usual rate; "off" turns all limits off. Errors
// are sentence fragments in Chinese.
func ParseRates(text string) (Rates, error) {
	text = strings.TrimSpace(text)
	if text == "off" {
		return Rates{off: true}, nil
	}
	all := Rates{rates: make(map[Class]Rate)}
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		class := Class(strings.TrimSpace(name))
		if _, known := usualRates[class]; !known {
			return Rates{}, fmt.Errorf("没有“%s”这一类，只有 read、write、sign-in、upload、export", class)
		}
		if _, twice := all.rates[class]; twice {
			return Rates{}, fmt.Errorf("%s 写了两次", class)
		}
		rate, err := parseRate(strings.TrimSpace(value))
		if err != nil {
			return Rates{}, fmt.Errorf("%s：%w", class, err)
		}
		all.rates[class] = rate
	}
	return all, nil
}

func parseRate(text string) (Rate, error) {
	wrong := errors.New("应写作 次数/单位:一次最多，如 100/s:600，单位是 s、min 或 h，次数为 1–1000000")
	often, burst, several := strings.Cut(text, ":")
	count, unit, _ := strings.Cut(often, "/")
	per, known := rateUnits[unit]
	if !several {
		burst = count
	}
	r := Rate{Count: rateCount(count), Per: per, Burst: rateCount(burst)}
	if !known || r.Count == 0 || r.Burst == 0 {
		return Rate{}, wrong
	}
	return r, nil
}

// rateCount reads a whole number of 1–maxRate; 0 when it is none.
func rateCount(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > maxRate {
		return 0
	}
	return n
}

// Off reports whether nothing is limited.
func (r Rates) Off() bool { return r.off }

// of returns the rate of a class.
func (r Rates) of(class Class) Rate {
	if one, ok := r.rates[class]; ok {
		return one
	}
	return usualRates[class]
}
