package requirement

// Dimension says what kind of thing a unit measures: powers of the base
// quantities, and for what has none of its own its kind. Only quantities of
// one dimension can be compared.
type Dimension struct {
	Length, Mass, Time, Current, Heat, Substance, Light, Money int8
	Kind                                                       string // ratio, dB, 次 …; empty for what physics measures
}

// times returns the dimension of a product with a unit raised to a power.
func (d Dimension) times(other Dimension, power int8) Dimension {
	d.Length += other.Length * power
	d.Mass += other.Mass * power
	d.Time += other.Time * power
	d.Current += other.Current * power
	d.Heat += other.Heat * power
	d.Substance += other.Substance * power
	d.Light += other.Light * power
	d.Money += other.Money * power
	if other.Kind != "" {
		if power < 0 {
			d.Kind += "/" + other.Kind
		} else {
			d.Kind += other.Kind
		}
	}
	return d
}

// The dimensions that units below are made of.
var (
	length      = Dimension{Length: 1}
	area        = Dimension{Length: 2}
	volume      = Dimension{Length: 3}
	mass        = Dimension{Mass: 1}
	duration    = Dimension{Time: 1}
	frequency   = Dimension{Time: -1}
	temperature = Dimension{Heat: 1}
	substance   = Dimension{Substance: 1}
	money       = Dimension{Money: 1}
	force       = Dimension{Length: 1, Mass: 1, Time: -2}
	pressure    = Dimension{Length: -1, Mass: 1, Time: -2}
	energy      = Dimension{Length: 2, Mass: 1, Time: -2}
	powerOf     = Dimension{Length: 2, Mass: 1, Time: -3}
	charge      = Dimension{Current: 1, Time: 1}
	ampere      = Dimension{Current: 1}
	voltage     = Dimension{Length: 2, Mass: 1, Time: -3, Current: -1}
	resistance  = Dimension{Length: 2, Mass: 1, Time: -3, Current: -2}
	conductance = Dimension{Length: -2, Mass: -1, Time: 3, Current: 2}
	capacitance = Dimension{Length: -2, Mass: -1, Time: 4, Current: 2}
	inductance  = Dimension{Length: 2, Mass: 1, Time: -2, Current: -2}
	flux        = Dimension{Mass: 1, Time: -2, Current: -1}
	weber       = Dimension{Length: 2, Mass: 1, Time: -2, Current: -1}
	light       = Dimension{Light: 1}
	lux         = Dimension{Light: 1, Length: -2}
	viscosity   = Dimension{Length: -1, Mass: 1, Time: -1}
	ratio       = kind("ratio")
)

func kind(name string) Dimension { return Dimension{Kind: name} }
