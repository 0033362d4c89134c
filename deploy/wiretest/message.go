package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Sizes and codes of the MongoDB wire protocol.
const (
	headerSize = 16         // length, requestID, responseTo, opCode; each a little-endian int32
	maxMessage = 48_000_000 // what FerretDB and MongoDB announce as maxMessageSizeBytes

	opQuery = 2004 // the first hello of a connection; FerretDB takes nothing else in this form
	opMsg   = 2013 // every command after that

	flagMoreToCome = 1 << 1 // in a request: the client expects no reply (write concern w: 0)
)

// errMessage marks a message that is not what the protocol says.
var errMessage = errors.New("not a usable wire message")

// freely lists the commands that change nothing. All others, unknown ones too, go through the gate.
var freely = map[string]bool{
	"aggregate": true, "count": true, "distinct": true, "explain": true, "find": true,
	"getMore": true, "killCursors": true, "endSessions": true,
	"listCollections": true, "listDatabases": true, "listIndexes": true,
	"hello": true, "isMaster": true, "ismaster": true, "ping": true,
	"buildInfo": true, "buildinfo": true, "connectionStatus": true, "serverStatus": true,
}

// message is one whole wire message, header included.
type message []byte

// command is what the gate has to know of a request.
type command struct {
	name           string // such as "insert"
	unacknowledged bool   // the client expects no reply
}

// writes reports whether the command may change data.
func (c command) writes() bool { return !freely[c.name] }

// readMessage reads one message of at most maxMessage bytes. Memory grows with what arrives, not with
// what the header claims. It returns io.EOF if r ends before the first byte.
func readMessage(r io.Reader) (message, error) {
	var header [headerSize]byte
	if _, err := io.ReadFull(r, header[:]); err != nil {
		return nil, err
	}
	size := int64(int32(binary.LittleEndian.Uint32(header[:])))
	if size < headerSize || size > maxMessage {
		return nil, fmt.Errorf("%w: length %d, want %d to %d", errMessage, size, headerSize, maxMessage)
	}
	body := bytes.NewBuffer(make([]byte, 0, min(size, 64<<10)))
	body.Write(header[:])
	if _, err := io.CopyN(body, r, size-headerSize); err != nil {
		return nil, fmt.Errorf("message cut short: %w", noEOF(err))
	}
	return body.Bytes(), nil
}

// noEOF keeps an end in the middle of a message apart from one between messages.
func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// command says what m asks for. Compressed messages are refused; no client sends them, since
// FerretDB offers no compression in its hello.
func (m message) command() (command, error) {
	switch code := int32(binary.LittleEndian.Uint32(m[12:])); code {
	case opQuery:
		return command{name: "hello"}, nil
	case opMsg:
		body := m[headerSize:]
		if len(body) < 4 {
			return command{}, fmt.Errorf("%w: no flags", errMessage)
		}
		flags := binary.LittleEndian.Uint32(body)
		name, err := commandName(body[4:])
		return command{name: name, unacknowledged: flags&flagMoreToCome != 0}, err
	default:
		return command{}, fmt.Errorf("%w: opcode %d", errMessage, code)
	}
}

// commandName finds the name of the command among the sections of an OP_MSG: it is that of the
// first element of the document in the section of kind 0. Sections of kind 1, the documents of a batch,
// are stepped over.
func commandName(sections []byte) (string, error) {
	for len(sections) >= 5 {
		kind, rest := sections[0], sections[1:]
		size := int64(int32(binary.LittleEndian.Uint32(rest)))
		if size < 5 || size > int64(len(rest)) {
			return "", fmt.Errorf("%w: section of %d bytes", errMessage, size)
		}
		switch kind {
		case 0:
			name, _, found := bytes.Cut(rest[5:size], []byte{0}) // 4 bytes length, 1 byte type
			if !found || len(name) == 0 {
				return "", fmt.Errorf("%w: no command", errMessage)
			}
			return string(name), nil
		case 1:
			sections = rest[size:]
		default:
			return "", fmt.Errorf("%w: section of kind %d", errMessage, kind)
		}
	}
	return "", fmt.Errorf("%w: no body section", errMessage)
}
