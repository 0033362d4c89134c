package server

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// Class is a kind of request that has a rate of its own.
type Class string

// The classes.
const (
	ClassNone   Class = ""        // not limited: files of the program, health
	ClassRead   Class = "read"    // whatever changes nothing
	ClassWrite  Class = "write"   // whatever may change something
	ClassSignIn Class = "sign-in" // what can be used to guess passwords, codes and links, or to find out who has an account; always by address
	ClassUpload Class = "upload"  // takes files
	ClassExport Class = "export"  // makes files of many rows
)

// classRule says which class the requests to a path belong to.
type classRule struct {
	methods []string // empty = any
	first   []string // first segments of the path below /api/v1 or of a page, empty = any
	segment []string // one of these is anywhere in the path, empty = any
	class   Class
}

var posts = []string{fiber.MethodPost}

// classRules is the table of classes; the first rule that fits holds.
var classRules = []classRule{
	{first: []string{"static", "healthz", "readyz"}, class: ClassNone},
	{methods: posts, first: []string{"sessions"}, segment: []string{"act-for", "end-all"}, class: ClassWrite},
	{methods: posts, first: []string{"sessions", "sign-in", "sign-up", "sign-ups", "recover", "recoveries", "invitations", "confirm", "confirmations"}, class: ClassSignIn},
	{methods: posts, segment: []string{"password", "factor"}, class: ClassSignIn},
	{segment: []string{"export", "exports"}, class: ClassExport},
	{methods: posts, segment: []string{"files", "imports", "evidence"}, class: ClassUpload},
	{methods: []string{fiber.MethodGet, fiber.MethodHead, fiber.MethodOptions}, class: ClassRead},
	{class: ClassWrite},
}

// ClassOf returns the class of a request by its method and path.
func ClassOf(method, path string) Class {
	segments := strings.Split(strings.Trim(path, "/"), "/")
	if len(segments) > 2 && segments[0] == "api" {
		segments = segments[2:]
	}
	for _, rule := range classRules {
		if rule.fits(method, segments) {
			return rule.class
		}
	}
	return ClassWrite
}

func (r classRule) fits(method string, segments []string) bool {
	within := func(list []string, words ...string) bool {
		return len(list) == 0 || slices.ContainsFunc(words, func(word string) bool { return slices.Contains(list, word) })
	}
	return within(r.methods, method) && within(r.first, segments[0]) && within(r.segment, segments...)
}
