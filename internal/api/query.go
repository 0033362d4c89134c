package api

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
)

// maxProblems bounds the fields that one refused query names.
const maxProblems = 20

// checkAddress refuses what cannot be meant: an id in the path that no
// document of ours can have, a query that is not UTF-8 or has control
// characters in it.
func checkAddress(c *fiber.Ctx) error {
	if c.Params("id") != "" && !id(c).WellFormed() {
		return market.E(market.NotFound, "not_found", "没有找到这条记录，可能已被移走。")
	}
	var p market.Problems
	for name, value := range c.Context().QueryArgs().All() {
		if len(p) < maxProblems && !(clean(name) && clean(value)) {
			p.Add(market.Clip(printable(name), market.MaxWord), "含有不是 UTF-8 的字符或控制字符")
		}
	}
	if len(p) > 0 {
		return &market.Error{Kind: market.Invalid, Code: CodeMalformedQuery, Message: "地址中有无法识别的字符，请改用 UTF-8 编码。", Fields: p}
	}
	return c.Next()
}

func clean(text []byte) bool {
	return utf8.Valid(text) && !strings.ContainsFunc(string(text), control)
}

// control reports whether r is a control character that no text has.
func control(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' }

// printable is a name from outside as it may stand in an answer.
func printable(name []byte) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return utf8.RuneError
		}
		return r
	}, string(name))
}

// queryInt reads a number between 1 and most from the query.
func queryInt(c *fiber.Ctx, name string, otherwise, most int) (int, error) {
	text := c.Query(name)
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > most {
		return 0, invalidField(name, "应为 1 至 "+strconv.Itoa(most)+" 的整数")
	}
	return n, nil
}

// queryBool reads true or false from the query; absent is false. Anything else
// is refused: a switch misread as off could write what was only to be tried.
func queryBool(c *fiber.Ctx, name string) (bool, error) {
	switch c.Query(name) {
	case "true", "1":
		return true, nil
	case "", "false", "0":
		return false, nil
	default:
		return false, invalidField(name, "只能是 true 或 false")
	}
}

// queryList reads a filter given several times or with commas. It stops when
// there are more values than any list takes, which the use case then refuses.
func queryList(c *fiber.Ctx, name string) []string {
	var values []string
	for _, raw := range c.Context().QueryArgs().PeekMulti(name) {
		for value := range strings.SplitSeq(string(raw), ",") {
			if value != "" && len(values) <= market.MaxSelection {
				values = append(values, value)
			}
		}
	}
	return values
}

// queryFen reads an amount in 分 from the query; absent is 0.
func queryFen(c *fiber.Ctx, name string) (market.Fen, error) {
	text := c.Query(name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || market.Fen(n) > market.MaxFen {
		return 0, invalidField(name, "应为以分计的非负整数")
	}
	return market.Fen(n), nil
}
