package web

import "net/url"

// ErrorPage is the data of page "error".
type ErrorPage struct {
	Base     Base
	Status   int       // HTTP status
	Heading  string    // what happened, in a few words
	Text     string    // what that means and what to do
	Problems []Problem // which values were refused, for 422
	Next     []Crumb   // ways on, the best one first
}

// faults are the words for each status; any other 4xx or 5xx uses 400 or 500.
var faults = map[int]struct{ heading, text string }{
	400: {"请求有误", "地址或提交的内容不完整。请返回上一页检查后再试。"},
	401: {"请先登录", "这个页面登录后才能看。"},
	403: {"没有权限", "您的账号不能查看或办理这一项。如需权限，请联系本单位管理员。"},
	404: {"没有找到", "这个页面不存在、已撤回，或者您无权查看。"},
	409: {"状态已变化", "在您操作期间这一项已经有了新的进展。请刷新后按最新状态办理。"},
	412: {"内容已被他人修改", "您看到的不是最新内容。请刷新后重新修改，以免覆盖他人的改动。"},
	413: {"内容过大", "提交的文件或文字超过上限。请缩小后再试。"},
	422: {"内容需要改正", "有些内容不符合要求，见下面列出的各项。"},
	429: {"操作过于频繁", "请稍等片刻再试。"},
	500: {"系统出错", "这一步没有办成。请稍后再试；若仍不行，请把下面的编号告诉我们。"},
	503: {"暂时无法服务", "系统的一部分正在恢复，请一两分钟后再试。"},
}

// NewErrorPage fills the error page for an HTTP status with its usual words
// and ways on. A message that is not empty takes the place of the usual text.
func NewErrorPage(base Base, status int, message string) ErrorPage {
	words, ok := faults[status]
	switch {
	case ok:
	case status >= 500:
		words = faults[500]
	default:
		words = faults[400]
	}
	base.Title, base.HideSearch = words.heading, true
	page := ErrorPage{Base: base, Status: status, Heading: words.heading, Text: words.text}
	if message != "" {
		page.Text = message
	}
	if status == 401 || status == 403 && !base.User.SignedIn {
		page.Next = append(page.Next, Crumb{Href: "/sign-in?next=" + url.QueryEscape(base.Path), Text: "去登录"})
	}
	if base.User.SignedIn {
		page.Next = append(page.Next, Crumb{Href: "/desk", Text: "回到我的工作"})
	}
	page.Next = append(page.Next, Crumb{Href: "/", Text: "回到首页"})
	return page
}
