package main

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"jishi/internal/market"
)

var bracketed = regexp.MustCompile(`\{\w+\}`)

// generated sends to every action that takes a body, and that nobody wrote a
// good one for by hand, what is spoiled: made from the document alone, so that
// a new action is tried as soon as it is described.
func (s stage) generated() []attempt {
	var all []attempt
	written := map[string]bool{}
	for _, wr := range s.writes {
		written[wr.method+" "+s.pattern(wr.path)] = true
	}
	for path, item := range s.w.document.Paths.Map() {
		for method, operation := range item.Operations() {
			if method == "GET" || written[method+" "+path] || operation.RequestBody == nil || operation.RequestBody.Value.Content.Get("application/json") == nil {
				continue
			}
			wr := writing{as: bureau, method: method, path: s.somewhere(path), base: sample("", operation.RequestBody.Value.Content.Get("application/json").Schema.Value)}
			all = append(all, s.spoil(wr, path)...)
		}
	}
	return all
}

// somewhere is a path of the document with ids that are there, as far as they
// are known.
func (s stage) somewhere(path string) string {
	return bracketed.ReplaceAllString(s.real(strings.NewReplacer("{user}", string(s.user), "{member}", string(s.user)).Replace(path)), "none")
}

// spoil is bodies that are none, and bodies with one field wrong or too many.
func (s stage) spoil(wr writing, path string) []attempt {
	var all []attempt
	tellsNothing := path == "/recoveries" // about whom a login is, whatever it is
	add := func(what string, body any) {
		for _, as := range everybody {
			all = append(all, attempt{what: what, as: as, method: wr.method, path: wr.path, body: body, header: []string{"If-Match", `"1"`}, mayPass: tellsNothing && what[0] == '/'})
		}
	}
	for what, body := range spoiled {
		add(what, body)
	}
	schema := s.w.document.Paths.Find(path).GetOperation(wr.method).RequestBody.Value.Content.Get("application/json").Schema.Value
	for _, name := range append(slices.Clone(reserved), "role", "price", "memberships", "user", "secret", "confirmed", "session") {
		if schema.Properties[name] != nil {
			continue
		}
		body := wr.fresh()
		body[name] = "admin"
		add("sets "+name, body)
	}
	for field, property := range schema.Properties {
		for what, value := range wrong(property.Value) {
			body := wr.fresh()
			body[field] = value
			raw, err := json.Marshal(body)
			s.w.must(err)
			add("/"+field+" is "+what, string(raw))
		}
	}
	return all
}

// userID is the id behind a sign-in.
func (w *apiWorld) userID(login string) market.ID {
	var me struct{ ID market.ID }
	w.ask(login, "GET", "/me", nil).want(200).read(&me)
	return me.ID
}
