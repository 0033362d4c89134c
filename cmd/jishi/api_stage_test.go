package main

import (
	"encoding/json"
	"strings"

	"jishi/internal/market"
)

// canary marks texts that must show up nowhere but in the field they are for.
const canary = "canary-5f2c"

// write is one action that takes a body, with somebody who may do it, a
// document in the right state, and a body that would be taken.
type writing struct {
	as, method, path string
	base             any  // the body that would be taken
	bare             bool // it may also come without a body
}

// stage is documents in every state, and the actions that write.
type stage struct {
	w            *apiWorld
	ids          map[string]string // of documents, by what they are for
	organization market.ID
	user         market.ID // of the university
	writes       []writing
}

// stage makes the documents that attempts are made on.
func (w *apiWorld) stage() stage {
	s := stage{w: w, ids: map[string]string{}}
	s.listings(university, "achievements", func(n string) map[string]any { return achievementInput("待扰的成果" + n) })
	s.listings(enterprise, "demands", func(n string) map[string]any {
		return map[string]any{
			"title": "待扰的需求" + n, "summary": "用于检验接口。", "class": map[string]string{"field": "05"}, "modes": []string{"license"},
			"demand_kind": "problem", "criteria": []map[string]string{{"name": "除杂率", "op": "ge", "value": "95", "unit": "%"}},
			"budget_low_fen": 100, "budget_high_fen": 200, "min_trl": 3, "deadline": "2030-01-01", "anonymous": true,
			"demander": "示例镁合金制品有限公司", "detail": "产线与配方", "ip_term": "归我公司", "conditions": "有中试条件",
			"contact": map[string]any{"name": "钱经理", "phone": "13912345678", "email": "qian@example.com"},
		}
	})
	s.contracts()
	org, err := w.h.organizations.LookUpOrganization(w.Context(), market.System, "", "示例大学")
	w.must(err)
	s.organization, s.user = org.ID, w.userID(university)
	var kept storedFile
	w.uploadFile(university, filePart{"file", "证明.pdf", somePDF(canary)}).want(201).read(&kept)
	s.ids["files"] = kept.ID
	s.writes = append(s.writes,
		writing{bureau, "POST", "/organizations", map[string]any{"name": "待扰的单位", "contact": map[string]string{"phone": "13812345678"}}, false},
		writing{visitor, "POST", "/sessions", map[string]string{"login": canary, "password": canary}, false},
	)
	return s
}

func (s *stage) listings(owner, kind string, input func(string) map[string]any) {
	at := "/" + kind
	make := func(n string, moves ...string) string {
		id := s.w.create(owner, at, input(n)).ID
		for _, move := range moves {
			as := owner
			if move == "approve" {
				as = bureau
			}
			s.w.ask(as, "POST", at+"/"+id+"/"+move, nil).want(200)
		}
		s.ids[kind+" "+n] = id
		return at + "/" + id
	}
	note := map[string]string{"note": "说明"}
	draft := make("draft")
	submitted := make("submitted", "submit")
	s.writes = append(s.writes,
		writing{owner, "POST", at, input("new"), false},
		writing{owner, "PUT", draft, input("draft"), false},
		writing{owner, "POST", draft + "/submit", note, true},
		writing{bureau, "POST", submitted + "/approve", note, true},
		writing{bureau, "POST", submitted + "/reject", note, true},
		writing{owner, "POST", submitted + "/withdraw", note, true},
		writing{owner, "POST", make("published", "submit", "approve") + "/renew", note, true},
		writing{owner, "POST", make("withdrawn", "withdraw") + "/reopen", note, true},
	)
}

func (s *stage) contracts() {
	make := func(n string, submit bool) string {
		id := s.w.create(university, "/contracts", contractInput("待扰的合同"+n, 100)).ID
		if submit {
			s.w.ask(university, "POST", "/contracts/"+id+"/submit", nil).want(200)
		}
		s.ids["contracts "+n] = id
		return "/contracts/" + id
	}
	note, number := map[string]string{"note": "说明"}, map[string]string{"number": "20265001559999"}
	draft, submitted := make("draft", false), make("submitted", true)
	registered := make("registered", true)
	s.w.ask(bureau, "POST", registered+"/register", map[string]string{"number": "20265001559998"}).want(200)
	s.writes = append(s.writes,
		writing{university, "POST", "/contracts", contractInput("待扰的合同new", 100), false},
		writing{university, "PUT", draft, contractInput("待扰的合同draft", 100), false},
		writing{university, "POST", draft + "/submit", map[string]any{}, true},
		writing{bureau, "POST", submitted + "/register", number, false},
		writing{bureau, "POST", submitted + "/return", note, false},
		writing{bureau, "POST", submitted + "/refuse", note, false},
		writing{bureau, "POST", registered + "/cancel", note, false},
	)
}

// headers is what a write that would be taken has.
func (wr writing) headers(s stage) []string {
	if wr.method != "PUT" {
		return nil
	}
	return []string{"If-Match", s.w.send(s.w.request(wr.as, "GET", wr.path, nil)).header.Get("ETag")}
}

// fresh is the base body decoded anew, to be spoiled.
func (wr writing) fresh() map[string]any {
	raw, err := json.Marshal(wr.base)
	if err != nil {
		panic(err)
	}
	into := map[string]any{}
	if err := json.Unmarshal(raw, &into); err != nil {
		panic(err)
	}
	return into
}

// pattern is the path as the document has it.
func (s stage) pattern(path string) string {
	for _, id := range s.ids {
		path = strings.ReplaceAll(path, id, "{id}")
	}
	return path
}
