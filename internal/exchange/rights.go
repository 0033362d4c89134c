package exchange

import (
	"regexp"
	"strings"

	"jishi/internal/market"
)

// rights is a column of intellectual property rights:
// 发明专利:ZL201710601862.3(已授权)；软件著作权:2023SR0000001.
func rights[T Importable](h head, at func(*T) *[]market.Right) column[T] {
	return column[T]{
		head: h,
		Set:  func(doc *T, v value) (err error) { *at(doc), err = readRights(v.Text); return err },
		Get: func(doc *T) string {
			items := make([]string, len(*at(doc)))
			for i, r := range *at(doc) {
				items[i] = writeRight(r)
			}
			return strings.Join(items, "；")
		},
	}
}

// rightKinds is the short names in use beside those of market.IPKinds.
var rightKinds = map[string]string{
	"软件著作权": "software", "软著": "software", "实用新型": "utility", "外观设计": "design", "发明": "invention",
	"集成电路布图设计": "layout", "植物新品种": "variety", "新品种权": "variety",
}

var (
	rightForm      = regexp.MustCompile(`^(?:([^:：]*)[:：])?\s*([^()（）]*?)\s*(?:[(（]([^()（）]*)[)）])?$`)
	softwareNumber = regexp.MustCompile(`^(?i:软著登字第.*号|\d{4}SR\d{6,7})$`)
	varietyNumber  = regexp.MustCompile(`^(?i:CNA)\d`)
)

// readRights reads rights divided by ； or line breaks; 、 and commas also
// divide them where each part is a right by itself.
func readRights(text string) ([]market.Right, error) {
	for _, separators := range []string{wordSeparators, recordSeparators} {
		all, failed := readRightsBy(text, separators)
		if failed == "" {
			return all, nil
		}
		if separators == recordSeparators {
			return nil, badCell("“" + market.Clip(failed, 24) + "”读不懂，请写成 发明专利:ZL201710601862.3 的样子，多项用；分开")
		}
	}
	return nil, nil
}

func readRightsBy(text, separators string) (all []market.Right, failed string) {
	for _, p := range cut(text, separators) {
		r, ok := readRight(text[p.from:p.to])
		if !ok {
			return nil, text[p.from:p.to]
		}
		all = append(all, r)
	}
	return all, ""
}

// readRight reads one right, or one written out in full: kind|number|state|expiry.
func readRight(item string) (market.Right, bool) {
	if fields := splitFields(item); len(fields) > 1 {
		if len(fields) != 4 {
			return market.Right{}, false
		}
		r := market.Right{Number: fields[1], Expiry: market.Date(fields[3])}
		var known bool
		r.Kind, known = rightKind(fields[0])
		return r, known && rightState(&r, fields[2]) && (r.Expiry == "" || r.Expiry.Valid())
	}
	m := rightForm.FindStringSubmatch(unescape(item))
	if m == nil {
		return market.Right{}, false
	}
	r := market.Right{Number: m[2]}
	kind, known := rightKind(m[1])
	switch {
	case m[1] != "" && known:
		r.Kind = kind
	case m[1] == "" || market.Fold(m[1]) == "专利" || market.Fold(m[1]) == "专利号":
		r.Kind, r.Number = kindOfNumber(m[2])
	}
	return r, r.Kind != "" && rightNotes(&r, m[3])
}

func rightKind(text string) (string, bool) {
	if kind, ok := rightKinds[market.Fold(text)]; ok {
		return kind, true
	}
	return market.IPKinds.Find(text)
}

// kindOfNumber tells the kind of a right written without one: from the
// number, where its form says so, or from a bare kind such as 技术秘密.
func kindOfNumber(text string) (kind, number string) {
	if kind, ok := rightKind(text); ok {
		return kind, ""
	}
	switch {
	case softwareNumber.MatchString(text):
		return "software", text
	case varietyNumber.MatchString(text):
		return "variety", text
	}
	normal, err := market.ParsePatentNumber(text)
	if err != nil {
		return "", text
	}
	digits := strings.TrimPrefix(normal, "ZL")
	at := strings.Index(digits, ".") // 12 digits: the fifth tells the kind; 8 digits: the third
	typ := digits[2]
	if at == 12 {
		typ = digits[4]
	}
	return map[byte]string{'1': "invention", '8': "invention", '2': "utility", '9': "utility", '3': "design"}[typ], text
}

// rightNotes reads what stands in brackets: the state, and the last day of the term.
func rightNotes(r *market.Right, notes string) bool {
	for _, p := range cut(notes, ",，、") {
		note := strings.TrimPrefix(notes[p.from:p.to], "有效期")
		if day, ok := strings.CutPrefix(note, "至"); ok {
			d, err := readDate(day)
			if err != nil {
				return false
			}
			r.Expiry = d
			continue
		}
		if !rightState(r, note) {
			return false
		}
	}
	return true
}

func rightState(r *market.Right, text string) bool {
	if text == "" {
		return true
	}
	state, ok := market.IPStates.Find(text)
	r.State = state
	return ok
}

// writeRight writes a right as people do, in full where that could not be
// read back.
func writeRight(r market.Right) string {
	var notes []string
	if r.State != "" {
		notes = append(notes, market.IPStates.Name(r.State))
	}
	if r.Expiry != "" {
		notes = append(notes, "至"+string(r.Expiry))
	}
	plain := market.IPKinds.Name(r.Kind)
	if r.Number != "" {
		plain += ":" + r.Number
	}
	if len(notes) > 0 {
		plain += "（" + strings.Join(notes, "，") + "）"
	}
	// Two of it, because a comma inside must not look like a divider.
	back, err := readRights(plain + "；" + plain)
	if err == nil && len(back) == 2 && back[0] == r && back[1] == r && !strings.Contains(plain, `\`) {
		return plain
	}
	return joinFields(market.IPKinds.Name(r.Kind), r.Number, nameOf(market.IPStates, r.State), string(r.Expiry))
}
