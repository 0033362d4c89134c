package market

import "testing"

func TestStateName(t *testing.T) {
	for _, tt := range []struct{ kind, state, want string }{
		{"contract", "submitted", "已提交"}, {"achievement", "draft", "草稿"}, {"organization", "pending", "待核验"}, {"mail", "handed", "已转交"},
		{"user", "active supplier broker", "在职、供给方、技术经纪人"}, {"user", "", ""}, {"user", "something new", "something、new"},
		{"ticket", "used", "已使用"}, {"consent", "withdrawn", "已撤回"}, {"import", "failed", "没有做完"}, {"target", "50 亿元", "50 亿元"}, {"nothing", "x", "x"},
	} {
		if got := StateName(tt.kind, tt.state); got != tt.want {
			t.Errorf("StateName(%s, %s) = %s, want %s", tt.kind, tt.state, got, tt.want)
		}
	}
}
