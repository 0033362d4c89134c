package site

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"jishi/internal/market"
	"jishi/web"
)

// registered brings contracts into the register, n of them over the last three
// years, of all types, fields and origins and with a few gaps.
func (w *world) registered(n int) []*market.Contract {
	w.t.Helper()
	by := market.System
	by.Org = w.users["university"].Org
	var all []*market.Contract
	for i := range n {
		day := w.now.AddDate(0, 0, -i*37)
		doc := &market.Contract{
			Project: fmt.Sprintf("第 %d 份", i+1), Type: market.ContractTypes[i%5].Code,
			Sellers:  []market.Party{{Name: "示例大学", Org: by.Org, Category: "022", Division: market.Divisions[i%4].Code}},
			Buyers:   []market.Party{{Name: "示例镁业有限公司", Org: w.users["enterprise"].Org, Division: "500155"}},
			Amounts:  market.Amounts{Total: market.Fen(i+1)*market.Wan*7 + 1, Technology: market.Fen(i+1) * market.Wan * 5, Paid: market.Fen(i) * market.Wan},
			Term:     market.Term{Signed: market.DateOf(day.AddDate(0, 0, -3))},
			Class:    market.ContractClass{Field: market.Fields[i%7].Code, Industry: "C"},
			Origin:   market.Origin{Kind: market.Origins[i%2].Code},
			Register: market.Registration{Number: fmt.Sprintf("2026500155%06d", i), At: day},
		}
		if i%6 == 5 {
			doc.Class.Industry, doc.Buyers[0].Division = "", ""
		}
		_, err := w.site.Contracts.Put(w.t.Context(), by, doc, "r"+strconv.Itoa(i), false)
		must(w.t, err)
		all = append(all, doc)
	}
	w.catchUp()
	return all
}

// Every number on the page opens rows that add up to it, on every basis.
func TestEveryFigureOpensItsRows(t *testing.T) {
	w := newWorld(t)
	w.registered(40)
	for _, cut := range []string{"basis=total", "basis=technology", "basis=paid&from=2025-01&to=2025-12"} {
		t.Run(cut, func(t *testing.T) {
			page := w.get("", "/turnover?"+cut).is(200)
			figures := 0
			for _, table := range page.all("table.jishi-sums") {
				for _, row := range find(table, "tr") {
					links := find(row, "a")
					if len(links) != 2 {
						continue // the head
					}
					figures++
					checkRows(t, w, links[0], links[1])
				}
			}
			if figures < 20 {
				t.Errorf("%d figures on the page:\n%s", figures, page.text("main"))
			}
		})
	}
	for _, bar := range w.get("", "/turnover").all(".jishi-bar-figures") {
		href := attr(find(bar, "a")[0], "href")
		w.get("", href).is(200).shows("份")
	}
}

// checkRows follows the two links of a figure: its count and its amount.
func checkRows(t *testing.T, w *world, count, amount *html.Node) {
	t.Helper()
	if attr(count, "href") != attr(amount, "href") {
		t.Errorf("count and amount lead to %s and %s", attr(count, "href"), attr(amount, "href"))
	}
	list := w.get("", attr(amount, "href")).is(200)
	shown := find(list.one(".jishi-figures"), "dd")
	asked := list.one(".is-asked")
	if got := strings.TrimSuffix(inner(shown[0]), " 份"); got != inner(count) {
		t.Errorf("%s counts %s, the page %s", list.asked, got, inner(count))
	}
	if got := attr(find(asked, "data")[0], "title"); got != attr(amount, "title") {
		t.Errorf("%s adds up to %s, the page %s", list.asked, got, attr(amount, "title"))
	}
	rows := list.all("th[scope=row]")
	if len(rows) < contractsPerPage {
		if strconv.Itoa(len(rows)) != inner(count) {
			t.Errorf("%s has %d rows, the page says %s", list.asked, len(rows), inner(count))
		}
		list.shows("与成交额统计的数相等")
	}
}

func TestTurnoverTablesAddUp(t *testing.T) {
	w := newWorld(t)
	all := w.registered(40)
	sum := market.Fen(0)
	for _, doc := range all {
		sum += doc.Amounts.Total
	}
	page := w.get("", "/turnover").is(200).shows("40 份", "不设期限", "规划指标 23", "口径：合同成交额。期间：2025年", "按登记日期（北京时间）")
	for _, table := range page.all("table.jishi-sums") {
		added := market.Fen(0)
		for _, body := range find(table, "tbody") {
			for _, link := range find(body, "a[title]") {
				amount, err := market.ParseMoney(attr(link, "title"), market.Yuan)
				must(t, err)
				added += amount
			}
		}
		foot := find(find(table, "tfoot")[0], "a[title]")[0]
		if added != sum || attr(foot, "title") != web.Yuan(int64(sum)) {
			t.Errorf("rows add up to %d, the foot says %s, the store %d", added, attr(foot, "title"), sum)
		}
	}
	months := find(page.all("table.jishi-sums")[0], "tbody")[0]
	rows := find(months, "th")
	if len(rows) != chartMonths+1 || inner(rows[0]) != "2026-03" || inner(rows[24]) != "2024-03 及更早" {
		t.Errorf("%d months, first %s, last %s", len(rows), inner(rows[0]), inner(rows[len(rows)-1]))
	}
}

// Each picture holds the figures of the table beside it.
func TestTurnoverPictures(t *testing.T) {
	w := newWorld(t)
	w.registered(12)
	page := w.get("", "/turnover?from=2025-06&to=2026-02").is(200)
	pictures := page.all("script[type=application/json]")
	tables := page.all("table.jishi-sums")
	if len(pictures) != 4 || len(tables) != 4 {
		t.Fatalf("%d pictures, %d tables", len(pictures), len(tables))
	}
	for i, picture := range pictures {
		var options struct {
			Series []struct{ Data []json.Number }
			XAxis  struct{ Data []string }
			YAxis  struct{ Data []string }
		}
		must(t, json.Unmarshal([]byte(rawText(picture)), &options))
		names := append(options.XAxis.Data, options.YAxis.Data...)
		rows := find(find(tables[i], "tbody")[0], "tr")
		if len(names) != len(rows) || len(options.Series[0].Data) != len(rows) {
			t.Errorf("picture %d has %d names and %d amounts for %d rows", i, len(names), len(options.Series[0].Data), len(rows))
			continue
		}
		for j, row := range rows {
			at := j
			if i == 0 {
				at = len(rows) - 1 - j // months run from left to right, the table from the newest down
			}
			amount, err := market.ParseMoney(options.Series[0].Data[at].String(), market.Wan)
			must(t, err)
			if names[at] != inner(find(row, "th")[0]) || web.Yuan(int64(amount)) != attr(find(row, "a[title]")[0], "title") {
				t.Errorf("picture %d shows %s %d, the table %s", i, names[at], amount, inner(row))
			}
		}
	}
}

func TestBadCuts(t *testing.T) {
	w := newWorld(t)
	w.registered(3)
	tests := []struct{ name, query, at, reason string }{
		{"no basis", "basis=gold", "basis", "没有这个统计口径"},
		{"no month", "from=2025", "from", "2026-03"}, {"no such month", "to=2025-13", "to", "2026-03"},
		{"backwards", "from=2025-02&to=2025-01", "to", "不能早于"},
		{"script", "from=" + url.QueryEscape(`"><script>`), "from", "2026-03"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			page := w.get("", "/turnover?"+tt.query).is(422)
			if got := page.wrong(tt.at); !strings.Contains(got, tt.reason) {
				t.Errorf("beside %s stands %q, want %q", tt.at, got, tt.reason)
			}
			if len(page.all("table")) != 0 {
				t.Error("figures are shown all the same")
			}
		})
	}
	w.get("", "/turnover/export/xlsx?by=month&from=x").is(422)
	w.get("", "/turnover/export/pdf?by=month").is(404)
	w.get("", "/turnover/export/csv?by=gold").is(404)
}

// Officers compare with the store; a cube that has not caught up is found out.
func TestTurnoverCheck(t *testing.T) {
	w := newWorld(t)
	w.registered(5)
	for _, as := range []string{"", "university"} {
		w.get(as, "/turnover?check=yes").is(200).hides("check=yes", "逐份重算")
	}
	w.get("officer", "/turnover").is(200).shows("与数据库核对")
	w.get("officer", "/turnover?check=yes").is(200).shows("5 份登记在册的合同", "全部相等")
	href := w.fileContract("university", rolling())
	w.register("officer", href, "20265001550099").leads(href)
	w.get("officer", "/turnover?check=yes").is(200).shows("6 份登记在册的合同").hides("全部相等")
	w.get("", "/contracts?tab=registered").is(200).shows("统计正在更新")
}

func TestTurnoverExport(t *testing.T) {
	w := newWorld(t)
	w.registered(10)
	for _, by := range []string{"month", "type", "field", "origin"} {
		answer := w.get("", "/turnover/export/csv?basis=technology&by="+by).is(200)
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(answer.body, "\ufeff"))).ReadAll()
		must(t, err)
		last := rows[len(rows)-1]
		if rows[0][2] != "技术交易额（元）" || last[0] != "合计" || last[1] != "10" || last[2] != "2750000.00" {
			t.Errorf("by %s: %v … %v", by, rows[0], last)
		}
		if name := answer.header.Get("Content-Disposition"); !strings.HasPrefix(name, "attachment;") {
			t.Errorf("Content-Disposition %q", name)
		}
	}
	if book := w.get("", "/turnover/export/xlsx?by=type").is(200); !strings.HasPrefix(book.body, "PK") {
		t.Error("the workbook is none")
	}
}

func TestNothingRegistered(t *testing.T) {
	w := newWorld(t)
	w.get("", "/turnover").is(200).shows("这段时间没有登记的合同", "还差 50 亿元", "还差 5 亿元")
	w.get("", "/contracts").is(200).shows("还没有登记的合同")
	w.registered(3)
	w.get("", "/turnover?from=2019-01&to=2019-12").is(200).shows("这段时间没有登记的合同", "2019年")
	w.get("", "/contracts?tab=registered&year=2019").is(200).shows("没有这样的合同", "2019年登记的合同")
}

func TestIndicators(t *testing.T) {
	w := newWorld(t)
	w.now = time.Date(2026, 1, 20, 2, 0, 0, 0, time.UTC)
	w.registered(10)
	page := w.get("", "/indicators").is(200).shows("全社会研发经费占地区生产总值的比重", "35左右", "其中：国家高新技术企业", "科技进步贡献率")
	rows := find(page.one("table.jishi-indicators"), "tr")
	if len(rows) != 34 {
		t.Errorf("%d rows, want the head, 28 and 5", len(rows))
	}
	own := page.one("#row-23")
	if text := inner(own); !strings.Contains(text, "0.98") || !strings.Contains(text, "本平台 2025 年登记的合同成交额") {
		t.Errorf("row 23: %s", text)
	}
	w.get("", attr(find(own, "a")[0], "href")).is(200).shows("2025年登记的合同成交额合计")
	answer := w.get("", "/indicators/export/csv").is(200)
	lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(answer.body, "\ufeff"))).ReadAll()
	must(t, err)
	if len(lines) != 34 || lines[1][1] != "全社会研发经费占地区生产总值的比重" || !strings.Contains(lines[1][8], "梁平府发") {
		t.Errorf("%d lines, %v", len(lines), lines[1])
	}
}
