package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"
)

// wire builds a message of the given opcode.
func wire(code uint32, body string) message {
	m := make(message, headerSize, headerSize+len(body))
	binary.LittleEndian.PutUint32(m, uint32(headerSize+len(body)))
	binary.LittleEndian.PutUint32(m[12:], code)
	return append(m, body...)
}

// sized puts the length of a section, itself included, before its content.
func sized(content string) string {
	return string(binary.LittleEndian.AppendUint32(nil, uint32(4+len(content)))) + content
}

// call builds an OP_MSG that carries the command name, as drivers send it.
func call(name string) message {
	return wire(opMsg, "\x00\x00\x00\x00\x00"+sized("\x02"+name+"\x00"+sized("c\x00")+"\x00"))
}

func TestCommand(t *testing.T) {
	body, batch := "\x00"+sized("\x02insert\x00"+sized("c\x00")+"\x00"), "\x01"+sized("documents\x00")
	for _, c := range []struct {
		m    message
		want command
	}{
		{call("find"), command{name: "find"}},
		{wire(opMsg, "\x00\x00\x00\x00"+body+batch), command{name: "insert"}},
		{wire(opMsg, "\x00\x00\x00\x00"+batch+body), command{name: "insert"}},
		{wire(opMsg, "\x02\x00\x00\x00"+body), command{name: "insert", unacknowledged: true}},
		{wire(opQuery, "anything"), command{name: "hello"}},
	} {
		got, err := c.m.command()
		if err != nil || got != c.want {
			t.Errorf("%q: %+v, %v; want %+v", c.m, got, err, c.want)
		}
	}
}

func TestCommandRefuses(t *testing.T) {
	for _, m := range []message{
		wire(2012, "compressed"), wire(opMsg, ""), wire(opMsg, "\x00\x00\x00"), wire(opMsg, "\x00\x00\x00\x00"),
		wire(opMsg, "\x00\x00\x00\x00\x00\x05\x00"),
		wire(opMsg, "\x00\x00\x00\x00\x00\xff\xff\xff\xff____"),
		wire(opMsg, "\x00\x00\x00\x00\x00\xff\x00\x00\x00____"),
		wire(opMsg, "\x00\x00\x00\x00\x00"+sized("\x00")),
		wire(opMsg, "\x00\x00\x00\x00\x01"+sized("documents\x00")),
		wire(opMsg, "\x00\x00\x00\x00\x07"+sized("abc")),
	} {
		if got, err := m.command(); !errors.Is(err, errMessage) {
			t.Errorf("%q: %+v, %v; want a refusal", m, got, err)
		}
	}
}

func TestWrites(t *testing.T) {
	for _, name := range []string{
		"insert", "update", "delete", "findAndModify", "findandmodify", "create", "createIndexes",
		"drop", "dropDatabase", "dropIndexes", "renameCollection", "neverHeardOf",
	} {
		if !(command{name: name}).writes() {
			t.Errorf("%s passes freely", name)
		}
	}
	for _, name := range []string{"find", "getMore", "count", "aggregate", "hello", "ping"} {
		if (command{name: name}).writes() {
			t.Errorf("%s waits for writes", name)
		}
	}
}

func TestReadMessage(t *testing.T) {
	whole := wire(opMsg, strings.Repeat("x", 200<<10))
	stream := bytes.NewReader(append(append([]byte{}, whole...), call("ping")...))
	for _, want := range []message{whole, call("ping")} {
		got, err := readMessage(stream)
		if err != nil || !bytes.Equal(got, want) {
			t.Fatalf("%d bytes, %v; want %d", len(got), err, len(want))
		}
	}
	if _, err := readMessage(stream); err != io.EOF {
		t.Errorf("at the end: %v, want io.EOF", err)
	}
	if _, err := readMessage(bytes.NewReader(whole[:100])); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("cut short: %v", err)
	}
	for _, size := range []uint32{0, 15, maxMessage + 1, 1 << 31} {
		m := wire(opMsg, "")
		binary.LittleEndian.PutUint32(m, size)
		if _, err := readMessage(bytes.NewReader(m)); !errors.Is(err, errMessage) {
			t.Errorf("length %d: %v, want a refusal", size, err)
		}
	}
}

func FuzzCommand(f *testing.F) {
	f.Add([]byte(call("insert")))
	f.Fuzz(func(t *testing.T, data []byte) {
		if m, err := readMessage(bytes.NewReader(data)); err == nil {
			m.command() // must not panic
		}
	})
}
