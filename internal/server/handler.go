package server

import "github.com/valyala/fasthttp"

// Handler returns what answers requests, for whoever has one without a
// connection: middleware, routes and errors as behind Serve, but not the
// checks of how a message is framed on the wire.
func (s *Server) Handler() fasthttp.RequestHandler { return s.app.Handler() }
