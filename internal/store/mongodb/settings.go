package mongodb

import (
	"fmt"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/mongo/options"
	"go.mongodb.org/mongo-driver/mongo/readconcern"
	"go.mongodb.org/mongo-driver/mongo/readpref"
	"go.mongodb.org/mongo-driver/mongo/writeconcern"
	"go.mongodb.org/mongo-driver/x/mongo/driver/connstring"

	"jishi/internal/market"
)

const (
	defaultDatabase = "jishi"
	maxConnections  = 64               // per server and process
	maxIdle         = 10 * time.Minute // a firewall may forget a connection that is idle for longer
)

// settings turns an address into what the driver needs and the name of the
// database. What the store promises overrides the address; how to reach the
// server is the address's to say.
func settings(uri string) (*options.ClientOptions, string, error) {
	parsed, err := connstring.ParseAndValidate(uri)
	if err != nil {
		return nil, "", badAddress(err)
	}
	database := parsed.Database
	if database == "" {
		database = defaultDatabase
	}
	if len(database) > 63 || strings.ContainsAny(database, "/\\. \"$*<>:|?\x00") {
		return nil, "", badAddress(fmt.Errorf("database name %q", database))
	}
	o := options.Client().ApplyURI(uri)
	journal := true
	o.SetWriteConcern(&writeconcern.WriteConcern{W: "majority", Journal: &journal})
	o.SetReadConcern(readconcern.Majority())
	o.SetReadPreference(readpref.Primary())
	o.SetRetryWrites(false) // see the package comment
	setDefaults(o)
	if err := o.Validate(); err != nil {
		return nil, "", badAddress(err)
	}
	return o, database, nil
}

// setDefaults fills in what the address does not say.
func setDefaults(o *options.ClientOptions) {
	if o.ServerSelectionTimeout == nil {
		o.SetServerSelectionTimeout(callLimit)
	}
	if o.ConnectTimeout == nil {
		o.SetConnectTimeout(callLimit)
	}
	if o.MaxPoolSize == nil {
		o.SetMaxPoolSize(maxConnections)
	}
	if o.MaxConnIdleTime == nil {
		o.SetMaxConnIdleTime(maxIdle)
	}
	if o.AppName == nil {
		o.SetAppName("jishi")
	}
}

func badAddress(cause error) error {
	return market.Wrap(market.Invalid, cause, "bad_store_address", "数据库地址有误，应为 mongodb://主机:端口/库名。")
}
