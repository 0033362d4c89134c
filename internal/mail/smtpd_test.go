package mail

import (
	"bufio"
	"cmp"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"math/big"
	"net"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"
)

// fault is what goes wrong in one conversation with the mail server.
type fault int

const (
	fine           fault = iota
	refusesGuests        // 421 instead of a greeting
	hangsUp              // closes before the greeting
	saysNothing          // no greeting until the client gives up
	noSuchUser           // 550 to the receiver
	greylists            // 451 to the receiver
	cutInText            // closes in the middle of the text
	refusesText          // 554 after the text
	cutAfterText         // takes the text and closes without an answer
	silentOnText         // takes the text and never answers
	cutAfterAnswer       // takes the text, answers, closes before the good-bye
	faults               // how many there are
)

// took reports whether the server has the mail although the client cannot know.
func (f fault) took() bool { return f == cutAfterText || f == silentOnText }

// letter is what the server took.
type letter struct {
	from, to string
	raw      string
	message  *netmail.Message
}

// smtpd is a mail server on the loopback interface.
type smtpd struct {
	net.Listener
	t        *testing.T
	tls      *tls.Config // offers STARTTLS
	implicit bool        // speaks TLS from the start
	user     string      // wants this name and password
	password string
	next     func() fault // decides on each conversation

	mu      sync.Mutex
	letters []letter
	cut     map[string]int // by Message-ID: taken without the client being told
	over    sync.WaitGroup
}

func startSMTP(t *testing.T, s *smtpd) *smtpd {
	t.Helper()
	var err error
	if s.Listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	if s.implicit {
		s.Listener = tls.NewListener(s.Listener, s.tls)
	}
	if s.next == nil {
		s.next = func() fault { return fine }
	}
	s.t, s.cut = t, make(map[string]int)
	s.over.Go(func() {
		for {
			conn, err := s.Accept()
			if err != nil {
				return
			}
			s.over.Go(func() {
				defer conn.Close()
				s.converse(conn, s.next())
			})
		}
	})
	t.Cleanup(func() { s.Close(); s.over.Wait() })
	return s
}

func (s *smtpd) port() int { return s.Addr().(*net.TCPAddr).Port }

// all returns what was taken so far.
func (s *smtpd) all() []letter {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]letter(nil), s.letters...)
}

// talk is one conversation.
type talk struct {
	*smtpd
	conn     net.Conn
	in       *bufio.Reader
	fault    fault
	letter   letter
	secure   bool
	signedIn bool
}

func (s *smtpd) converse(conn net.Conn, f fault) {
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	c := &talk{smtpd: s, conn: conn, in: bufio.NewReader(conn), fault: f, secure: s.implicit}
	switch f {
	case hangsUp:
		return
	case saysNothing:
		c.in.ReadByte() // until the client goes
		return
	case refusesGuests:
		c.say("421 busy")
		return
	}
	c.say("220 test ESMTP")
	for {
		line, err := c.in.ReadString('\n')
		if err != nil || !c.answer(strings.TrimRight(line, "\r\n")) {
			return
		}
	}
}

func (c *talk) say(line string) { fmt.Fprintf(c.conn, "%s\r\n", line) }

// answer answers one command; false ends the conversation.
func (c *talk) answer(line string) bool {
	verb, rest, _ := strings.Cut(line, " ")
	switch strings.ToUpper(verb) {
	case "EHLO", "HELO":
		c.greet()
	case "STARTTLS":
		return c.startTLS()
	case "AUTH":
		return c.auth(rest)
	case "MAIL":
		if c.user != "" && !c.signedIn {
			c.say("530 authentication required")
			return true
		}
		c.letter.from = rest
		c.say("250 ok")
	case "RCPT":
		c.letter.to = rest
		answers := map[fault]string{noSuchUser: "550 5.1.1 " + rest + " is unknown here", greylists: "451 4.7.1 try again later"}
		c.say(cmp.Or(answers[c.fault], "250 ok"))
	case "DATA":
		return c.data()
	case "QUIT":
		c.say("221 bye")
		return false
	default:
		c.say("250 ok")
	}
	return true
}

func (c *talk) greet() {
	offers := []string{"test", "8BITMIME", "ENHANCEDSTATUSCODES"}
	if c.tls != nil && !c.secure {
		offers = append(offers, "STARTTLS")
	}
	if c.user != "" && c.secure {
		offers = append(offers, "AUTH PLAIN")
	}
	for i, offer := range offers {
		gap := "-"
		if i == len(offers)-1 {
			gap = " "
		}
		c.say("250" + gap + offer)
	}
}

func (c *talk) startTLS() bool {
	c.say("220 go")
	conn := tls.Server(c.conn, c.tls)
	if conn.Handshake() != nil {
		return false
	}
	c.conn, c.in, c.secure = conn, bufio.NewReader(conn), true
	return true
}

func (c *talk) auth(rest string) bool {
	raw, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(rest, "PLAIN "))
	c.signedIn = string(raw) == "\x00"+c.user+"\x00"+c.password
	if !c.signedIn {
		c.say("535 5.7.8 authentication failed")
		return true
	}
	c.say("235 welcome")
	return true
}

// data takes the text of a mail.
func (c *talk) data() bool {
	c.say("354 go on")
	var raw strings.Builder
	for {
		line, err := c.in.ReadString('\n')
		if err != nil {
			return false
		}
		if line == ".\r\n" {
			break
		}
		raw.WriteString(strings.TrimPrefix(line, "."))
		if c.fault == cutInText && raw.Len() > 100 {
			return false
		}
	}
	if c.fault == refusesText {
		c.say("554 5.6.0 not this text")
		return true
	}
	c.take(raw.String())
	switch c.fault {
	case cutAfterText:
		return false
	case silentOnText:
		c.in.ReadByte() // until the client goes
		return false
	}
	c.say("250 taken")
	return c.fault != cutAfterAnswer
}

func (c *talk) take(raw string) {
	c.letter.raw = raw
	message, err := netmail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		c.t.Errorf("taken is no message: %v\n%s", err, raw)
		return
	}
	c.letter.message = message
	c.mu.Lock()
	defer c.mu.Unlock()
	c.letters = append(c.letters, c.letter)
	if c.fault.took() {
		c.cut[message.Header.Get("Message-Id")]++
	}
}

// certificate returns TLS settings for 127.0.0.1 and the roots that trust them.
func certificate(t *testing.T) (server, client *tls.Config) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	must(t, err)
	parsed, err := x509.ParseCertificate(raw)
	must(t, err)
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{raw}, PrivateKey: key}}}, &tls.Config{RootCAs: roots}
}
