package exchange

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"jishi/internal/market"
)

// code is a column whose value is one code of h.Codes, written as code or name.
func code[T Importable](h head, at func(*T) *string) column[T] {
	return column[T]{
		head: h,
		Set:  func(doc *T, v value) (err error) { *at(doc), err = readCode(h.Codes, v.Text); return err },
		Get:  func(doc *T) string { return nameOf(h.Codes, *at(doc)) },
	}
}

// codes is a column of several codes of h.Codes.
func codes[T Importable](h head, at func(*T) *[]string) column[T] {
	return column[T]{
		head: h,
		Set:  func(doc *T, v value) (err error) { *at(doc), err = readCodes(h.Codes, v.Text); return err },
		Get: func(doc *T) string {
			names := make([]string, len(*at(doc)))
			for i, c := range *at(doc) {
				names[i] = nameOf(h.Codes, c)
			}
			return strings.Join(names, "；")
		},
	}
}

// division is a column of a GB/T 2260 code, written as code or place name.
func division[T Importable](h head, at func(*T) *string) column[T] {
	return column[T]{
		head: h,
		Set:  func(doc *T, v value) (err error) { *at(doc), err = readDivision(v.Text); return err },
		Get:  func(doc *T) string { return nameOf(market.Divisions, *at(doc)) },
	}
}

// level is a column of a technology readiness level, 1–9.
func level[T Importable](h head, at func(*T) *int) column[T] {
	return column[T]{
		head: h,
		Set:  func(doc *T, v value) (err error) { *at(doc), err = readLevel(v.Text); return err },
		Get: func(doc *T) string {
			if *at(doc) == 0 {
				return ""
			}
			return strconv.Itoa(*at(doc))
		},
	}
}

// yesNo is a column of yes or no.
func yesNo[T Importable](h head, at func(*T) *bool) column[T] {
	return column[T]{
		head: h,
		Set:  func(doc *T, v value) (err error) { *at(doc), err = readYesNo(v.Text); return err },
		Get:  func(doc *T) string { return yes(*at(doc)) },
	}
}

func yes(b bool) string {
	if b {
		return "是"
	}
	return ""
}

func nameOf(list market.CodeList, code string) string {
	if code == "" {
		return ""
	}
	return list.Name(code)
}

// readCode finds one code by code or name. An answer not in the list names
// what would be.
func readCode(list market.CodeList, text string) (string, error) {
	if c, ok := list.Find(text); ok {
		return c, nil
	}
	return "", badCell("不在可选范围内，可填：" + choices(list))
}

// choices names the entries of a list, as many as a sentence can carry.
func choices(list market.CodeList) string {
	const most = 12
	var names []string
	for i, c := range list {
		if i == most {
			return strings.Join(names, "、") + " 等（见模板的“代码表”）"
		}
		names = append(names, c.Name)
	}
	return strings.Join(names, "、")
}

// maxCodes bounds the values in one cell, so that a hostile cell costs little.
const maxCodes = 60

// readCodes finds several codes. A name may itself hold a separator
// (自行实施、寻求合作), so at each place the longest name that fits is taken.
func readCodes(list market.CodeList, text string) ([]string, error) {
	pieces := pieces(text)
	if len(pieces) > maxCodes {
		return nil, badCell("选择过多")
	}
	var found []string
	for i := 0; i < len(pieces); {
		c, next := longest(list, text, pieces[i:])
		if next == 0 {
			_, err := readCode(list, text[pieces[i].from:pieces[i].to])
			return nil, err
		}
		found = appendNew(found, c)
		i += next
	}
	return found, nil
}

// longest finds the code whose name spans most of the leading pieces, and how many.
func longest(list market.CodeList, text string, pieces []span) (string, int) {
	for n := len(pieces); n > 0; n-- {
		if c, ok := list.Find(text[pieces[0].from:pieces[n-1].to]); ok {
			return c, n
		}
	}
	return "", 0
}

func appendNew(list []string, s string) []string {
	for _, old := range list {
		if old == s {
			return list
		}
	}
	return append(list, s)
}

// readDivision takes any six digits (old codes live on in old papers; market
// checks the province), and a part of a name that fits one listed place, or
// one province among them: 梁平区, 重庆.
func readDivision(text string) (string, error) {
	folded := market.Fold(text)
	if c, ok := market.Divisions.Find(folded); ok {
		return c, nil
	}
	if len(folded) == 6 && strings.Trim(folded, "0123456789") == "" {
		return folded, nil
	}
	var places, provinces []string
	for _, place := range market.Divisions {
		if !strings.Contains(place.Name, folded) {
			continue
		}
		places = append(places, place.Code)
		if strings.HasSuffix(place.Code, "0000") {
			provinces = append(provinces, place.Code)
		}
	}
	switch {
	case utf8.RuneCountInString(folded) > 1 && len(places) == 1:
		return places[0], nil
	case utf8.RuneCountInString(folded) > 1 && len(provinces) == 1:
		return provinces[0], nil
	}
	return "", badCell("不是行政区划，请填六位代码（GB/T 2260）或名称，如 500155 或 重庆市梁平区")
}

func readLevel(text string) (int, error) {
	folded := strings.ToUpper(market.Fold(text))
	if c, ok := market.Maturities.Find(folded); ok {
		folded = c
	}
	folded = strings.TrimLeft(strings.TrimPrefix(folded, "TRL"), " ")
	n, err := strconv.Atoi(strings.TrimRight(folded, " 级"))
	if err != nil || n < 1 || n > 9 {
		return 0, badCell("应为 1 至 9 级")
	}
	return n, nil
}

func readYesNo(text string) (bool, error) {
	switch strings.ToLower(market.Fold(text)) {
	case "是", "true", "1", "yes", "y", "√":
		return true, nil
	case "否", "false", "0", "no", "n", "×":
		return false, nil
	}
	return false, badCell("请填 是 或 否")
}

// badCell is the error of a cell that cannot be read; reason is a Chinese
// sentence fragment.
func badCell(reason string) error { return market.E(market.Invalid, "bad_cell", reason) }
