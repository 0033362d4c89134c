package web

// Broker is one broker in the public directory. Part "brokers" takes []Broker.
type Broker struct {
	Name   string
	Orgs   []Crumb // whom they work for
	Level  string
	Number string // of the certificate
	Until  string // last day it holds
	State  Badge
}
