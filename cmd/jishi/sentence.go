package main

import (
	"context"
	"errors"
	"io/fs"
	"syscall"

	"jishi/internal/market"
)

// sentence is what a person at the terminal reads of an error.
func sentence(err error) string {
	var e *market.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	text := e.Message
	for _, f := range e.Fields {
		text += " " + f.Field + "：" + f.Reason
	}
	if cause := errors.Unwrap(e); cause != nil {
		text += "（" + reason(cause) + "）"
	}
	return text
}

// reasons are what the machine says most often, in the operator's language.
var reasons = []struct {
	err  error
	text string
}{
	{syscall.EISDIR, "这是一个目录"},
	{syscall.ENOTDIR, "路径中有一段不是目录"},
	{syscall.EADDRINUSE, "地址已被占用，请换一个，或先停止占用它的程序"},
	{syscall.ENOSPC, "磁盘已满"},
	{syscall.EROFS, "磁盘只读"},
	{fs.ErrNotExist, "没有这个文件或目录"},
	{fs.ErrPermission, "没有权限"},
	{context.Canceled, "已中止"},
}

// reason is the text of an error that is none of ours.
func reason(err error) string {
	for _, r := range reasons {
		if errors.Is(err, r.err) {
			return r.text
		}
	}
	return err.Error()
}

// failed is an error with what was to be done before the machine's reason.
func failed(what string, err error) error {
	return &failure{text: what + "：" + reason(err), cause: err}
}

type failure struct {
	text  string
	cause error
}

func (f *failure) Error() string { return f.text }
func (f *failure) Unwrap() error { return f.cause }
