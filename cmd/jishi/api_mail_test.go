package main

import (
	"strings"
	"testing"

	"jishi/internal/market"
)

// TestAPIMails passes on a mail as an admin does whose platform has no mail
// server, and tries the same as everybody else.
func TestAPIMails(t *testing.T) {
	w := startAPI(t)
	const admin = "admin@demo"
	var granted struct {
		Token string `json:"access_token"`
	}
	w.ask(visitor, "POST", "/sessions", map[string]string{"login": admin, "password": demoPassword}).want(201).read(&granted)
	w.tokens[admin] = granted.Token
	m := &market.Mail{Meta: market.Meta{ID: "test-mail"}, To: "zhang@example.cn", Subject: "通知", Text: "见 " + w.h.outbox.Link("/x")}
	w.must(w.h.outbox.Send(t.Context(), m))

	for _, login := range everybody {
		status := 403
		if login == visitor {
			status = 401
		}
		w.ask(login, "GET", "/mails", nil).want(status)
		w.ask(login, "GET", "/mails/test-mail", nil).want(status)
		w.ask(login, "POST", "/mails/test-mail/open", nil).want(status)
		w.ask(login, "POST", "/mails/test-mail/hand", nil).want(status)
	}
	var list struct {
		Items []struct{ ID, To, State string }
	}
	w.ask(admin, "GET", "/mails?state=waiting&limit=100", nil).want(200).read(&list)
	found := false
	for _, one := range list.Items {
		found = found || one.ID == "test-mail" && one.To == "z***@example.cn" && one.State == "waiting"
	}
	if !found {
		t.Errorf("list %+v", list)
	}
	w.ask(admin, "GET", "/mails?state=lost", nil).want(422)
	w.ask(admin, "GET", "/mails?cursor=x", nil).want(400)
	w.ask(admin, "GET", "/mails/nothing", nil).want(404)
	var opened struct{ To, Text string }
	w.ask(admin, "POST", "/mails/test-mail/open", nil).want(200).read(&opened)
	if opened.To != "zhang@example.cn" || !strings.HasPrefix(opened.Text, "见 http://127.0.0.1:") {
		t.Errorf("opened %+v", opened)
	}
	w.ask(admin, "POST", "/mails/test-mail/hand", nil, "If-Match", `"9"`).want(412)
	w.ask(admin, "POST", "/mails/test-mail/hand", nil, "If-Match", `"1"`).want(200)
	w.ask(admin, "POST", "/mails/test-mail/open", nil).want(409)
	w.ask(admin, "POST", "/mails/test-mail/hand", nil).want(200)
}
