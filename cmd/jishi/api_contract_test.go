package main

import (
	"testing"
	"time"

	"jishi/internal/market"
)

// TestAPIContracts takes contracts through registration over HTTP, the total
// following each step.
func TestAPIContracts(t *testing.T) {
	w := startAPI(t)
	t.Run("registering moves the total by the amount", func(t *testing.T) { w.in(t).register() })
	t.Run("return, refuse", func(t *testing.T) { w.in(t).decide() })
	t.Run("who may see and do what", func(t *testing.T) { w.in(t).foreignContract() })
}

func contractInput(project string, total market.Fen) map[string]any {
	return map[string]any{
		"project": project, "type": "XK", "sub_type": "XK2",
		"sellers": []map[string]string{{"name": "示例大学", "category": "022", "division": "500155"}},
		"buyers":  []map[string]string{{"name": "示例镁合金制品有限公司", "category": "100", "division": "500155"}},
		"amounts": map[string]any{"total_fen": total, "technology_fen": total / 2, "paid_fen": 0},
		"term":    map[string]string{"signed": "2026-03-02", "from": "2026-03-02", "to": "2027-03-01"},
		"class":   map[string]string{"field": "05", "industry": "C"}, "payment": "installments",
	}
}

func (w *apiWorld) headline() targetAnswer {
	w.Helper()
	return w.targetsNow()["headline"]
}

func (w *apiWorld) register() {
	const amount = 123_456_789
	before, plan := w.headline(), w.targetsNow()["plan-23"]
	month := string(market.MonthOf(time.Now()))
	d := w.create(university, "/contracts", contractInput("接口登记试验", amount))
	at := "/contracts/" + d.ID
	w.ask(university, "POST", at+"/register", map[string]string{"number": "20265001559901"}).want(403)
	w.ask(bureau, "POST", at+"/register", map[string]string{"number": "20265001559901"}).want(409, "wrong_state")
	d = w.ask(university, "POST", at+"/submit", nil, "If-Match", d.etag).want(200).doc()
	w.ask(bureau, "POST", at+"/register", map[string]string{"number": "12"}).want(422, "bad_registration_number")
	w.ask(bureau, "POST", at+"/register", map[string]string{"number": "2024500155900001"}).want(409, "registration_number_taken")
	if now := w.headline(); now.Achieved != before.Achieved {
		w.Errorf("a contract not registered moves the total from %d to %d", before.Achieved, now.Achieved)
	}
	d = w.ask(bureau, "POST", at+"/register", map[string]string{"number": "20265001559901"}, "If-Match", d.etag).want(200).doc()
	if d.State != "registered" || d.Version != 3 {
		w.Errorf("registered: %+v", d)
	}
	w.eventually(time.Second, "counted", func() bool { return w.headline().Achieved != before.Achieved })
	now := w.headline()
	if now.Achieved-before.Achieved != amount || now.Count != before.Count+1 {
		w.Errorf("the total went from %d to %d for %d", before.Achieved, now.Achieved, amount)
	}
	if after := w.targetsNow()["plan-23"]; after.Achieved != plan.Achieved {
		w.Errorf("the plan's figure of 2025 went from %d to %d", plan.Achieved, after.Achieved)
	}
	w.drillDown()
	w.ask(bureau, "POST", at+"/register", map[string]string{"number": "20265001559901"}).want(200)
	if again := w.headline(); again.Achieved != now.Achieved {
		w.Errorf("registering again moves the total from %d to %d", now.Achieved, again.Achieved)
	}
	if rows := w.walk("/contracts?type=XK&field=05&month="+month, 5); len(rows) == 0 || rows[0] != d.ID {
		w.Errorf("the rows of %s do not begin with %s: %v", month, d.ID, rows)
	}
	w.ask(bureau, "POST", at+"/cancel", map[string]string{"note": "双方终止"}).want(200)
	w.eventually(time.Second, "no longer counted", func() bool { return w.headline().Achieved == before.Achieved })
}

func (w *apiWorld) decide() {
	before := w.headline()
	d := w.create(university, "/contracts", map[string]any{"project": "接口补正试验"})
	at := "/contracts/" + d.ID
	if p := w.ask(university, "POST", at+"/submit", nil).want(422, "invalid_fields").problem(); len(p.Fields) < 5 {
		w.Errorf("an empty contract lacks only %v", p.Fields)
	}
	w.ask(university, "PUT", at, contractInput("接口补正试验", 100)).want(428)
	d = w.ask(university, "PUT", at, contractInput("接口补正试验", 100), "If-Match", d.etag).want(200).doc()
	w.ask(university, "PUT", at, contractInput("接口补正试验旧", 100), "If-Match", `"1"`).want(412, "stale_version")
	w.ask(university, "POST", at+"/submit", nil).want(200)
	w.ask(bureau, "POST", at+"/return", map[string]string{}).want(422, "note_required")
	w.ask(bureau, "POST", at+"/return", map[string]string{"note": "请附付款计划"}).want(200)
	d = w.ask(university, "GET", at, nil).want(200).doc()
	if d.State != "returned" || d.History[len(d.History)-1].Note != "请附付款计划" {
		w.Errorf("returned: %+v", d)
	}
	w.ask(university, "PUT", at, contractInput("接口补正试验二", 200), "If-Match", d.etag).want(200)
	w.ask(university, "POST", at+"/submit", nil).want(200)
	w.ask(bureau, "POST", at+"/refuse", map[string]string{"note": "不是技术合同"}).want(200)
	w.ask(university, "POST", at+"/submit", nil).want(409, "wrong_state")
	if now := w.headline(); now.Achieved != before.Achieved {
		w.Errorf("a refused contract moves the total from %d to %d", before.Achieved, now.Achieved)
	}
}

func (w *apiWorld) foreignContract() {
	d := w.create(university, "/contracts", contractInput("他人合同接口试验", 100))
	at := "/contracts/" + d.ID
	before := w.versions()
	for _, tt := range []struct {
		as          string
		read, write int
	}{{visitor, 401, 401}, {enterprise, 403, 403}, {broker, 403, 403}} {
		w.ask(tt.as, "GET", at, nil).want(tt.read)
		w.ask(tt.as, "PUT", at, contractInput("改写", 100), "If-Match", d.etag).want(tt.write)
		w.ask(tt.as, "POST", at+"/submit", nil).want(tt.write)
		w.ask(tt.as, "POST", at+"/register", map[string]string{"number": "20265001559902"}).want(tt.write)
		for _, move := range []string{"return", "refuse", "cancel"} {
			w.ask(tt.as, "POST", at+"/"+move, map[string]string{"note": "不行"}).want(tt.write)
		}
	}
	w.ask(bureau, "PUT", at, contractInput("改写", 100), "If-Match", d.etag).want(403)
	w.ask(broker, "POST", "/contracts", contractInput("无权填报", 100)).want(403)
	after := w.versions()
	for id, version := range after {
		if before[id] != version {
			w.Errorf("a refused request changed %s", id)
		}
	}
}
