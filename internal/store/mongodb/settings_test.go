package mongodb

import (
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/mongo/readpref"

	"jishi/internal/market"
)

func TestSettingsKeepPromises(t *testing.T) {
	for _, uri := range []string{
		"mongodb://h",
		"mongodb://a:1,b:2/jishi?replicaSet=rs&w=1&journal=false&readConcernLevel=local&readPreference=secondary&retryWrites=true",
	} {
		o, database, err := settings(uri)
		if err != nil || database != "jishi" {
			t.Fatalf("settings(%s) = %q, %v", uri, database, err)
		}
		if w := o.WriteConcern; w.W != "majority" || w.Journal == nil || !*w.Journal {
			t.Errorf("%s: write concern %+v", uri, w)
		}
		if level := o.ReadConcern.Level; level != "majority" {
			t.Errorf("%s: read concern %s", uri, level)
		}
		if mode := o.ReadPreference.Mode(); mode != readpref.PrimaryMode {
			t.Errorf("%s: read preference %v", uri, mode)
		}
		if o.RetryWrites == nil || *o.RetryWrites || o.RetryReads != nil && !*o.RetryReads {
			t.Errorf("%s: repeats writes %v, reads %v", uri, o.RetryWrites, o.RetryReads)
		}
	}
}

func TestSettingsDefaults(t *testing.T) {
	o, _, err := settings("mongodb://h")
	if err != nil {
		t.Fatal(err)
	}
	if *o.ServerSelectionTimeout != callLimit || *o.ConnectTimeout != callLimit || *o.MaxPoolSize != maxConnections || *o.MaxConnIdleTime != maxIdle || *o.AppName != "jishi" {
		t.Errorf("settings %+v", o)
	}
	o, database, err := settings("mongodb://u:p@h/other?connectTimeoutMS=100&serverSelectionTimeoutMS=200&maxPoolSize=3&maxIdleTimeMS=400&appName=x&authSource=admin&tls=true")
	if err != nil {
		t.Fatal(err)
	}
	if database != "other" || *o.ConnectTimeout != 100*time.Millisecond || *o.ServerSelectionTimeout != 200*time.Millisecond || *o.MaxPoolSize != 3 || *o.MaxConnIdleTime != 400*time.Millisecond || *o.AppName != "x" {
		t.Errorf("database %q, settings %+v", database, o)
	}
	if o.Auth == nil || o.Auth.Username != "u" || o.Auth.AuthSource != "admin" || o.TLSConfig == nil {
		t.Errorf("auth %+v, TLS %v", o.Auth, o.TLSConfig)
	}
}

// TestBadAddress: an address that is none is refused at once, without showing
// the password in it.
func TestBadAddress(t *testing.T) {
	for _, uri := range []string{
		"", "mongodb://", "http://u:geheim@h", "sqlite:x.db", "mongodb://u:ge:heim@h/", "mongodb://u:geheim%@h/", "mongodb://u:geheim@h:99999999/",
		"mongodb://u:geheim@h/?maxPoolSize=many", "mongodb://u:geheim@h/a b", "mongodb://u:geheim@h/a/b", "mongodb://u:geheim@h/" + strings.Repeat("x", 64),
		"mongodb://u:geheim@a,b/?directConnection=true",
	} {
		start := time.Now()
		_, err := Open(t.Context(), uri, time.Now)
		if !market.Is(err, market.Invalid) || strings.Contains(err.Error(), "geheim") || time.Since(start) > time.Second {
			t.Errorf("Open(%s) = %v after %v, want Invalid at once", uri, err, time.Since(start))
		}
	}
}
