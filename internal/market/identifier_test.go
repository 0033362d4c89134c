package market

import "testing"

func TestParseCreditCode(t *testing.T) {
	tests := []struct {
		name, in, want string
		bad            bool
	}{
		{"district organ of the plan", "11500228008652193Q", "11500228008652193Q", false},
		{"company", "914403001922038216", "914403001922038216", false},
		{"university", "12100000400000624D", "12100000400000624D", false},
		{"institute of technology", "12100000400000456B", "12100000400000456B", false},
		{"letters in body", "91110108551385082Q", "91110108551385082Q", false},
		{"lower case, spaces, full width", " 1150022800865 2193ｑ", "11500228008652193Q", false},
		{"wrong check", "914403001922038217", "", true},
		{"made up", "12100000400000624X", "", true},
		{"letter I", "9I4403001922038216", "", true},
		{"letter O", "O14403001922038216", "", true},
		{"17 characters", "91440300192203821", "", true},
		{"19 characters", "9144030019220382160", "", true},
		{"Han", "统一社会信用代码统一社会信用代码统一", "", true},
		{"empty", "", "", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ParseCreditCode(tt.in)
			if got != tt.want || (err != nil) != tt.bad {
				t.Errorf("ParseCreditCode(%q) = %q, %v; want %q", tt.in, got, err, tt.want)
			}
		})
	}
}

func TestParsePatentNumber(t *testing.T) {
	tests := []struct {
		name, in, want string
		bad            bool
	}{
		{"application", "201710601862.3", "ZL201710601862.3", false},
		{"granted", "ZL201710601862.3", "ZL201710601862.3", false},
		{"no dot", "zl 2017106018623", "ZL201710601862.3", false},
		{"old form", "97101765.4", "ZL97101765.4", false},
		{"old form, check X", "95115608.x", "ZL95115608.X", false},
		{"wrong check", "201710601862.4", "", true},
		{"wrong kind digit", "201770601862.3", "", true},
		{"publication number", "CN107123456A", "", true},
		{"short", "2017", "", true},
		{"empty", "", "", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ParsePatentNumber(tt.in)
			if got != tt.want || (err != nil) != tt.bad {
				t.Errorf("ParsePatentNumber(%q) = %q, %v; want %q", tt.in, got, err, tt.want)
			}
		})
	}
}

func TestParsePhone(t *testing.T) {
	tests := []struct {
		in, want string
		bad      bool
	}{
		{"13812345678", "13812345678", false},
		{"+86 138-1234-5678", "13812345678", false},
		{"１３８１２３４５６７８", "13812345678", false},
		{"023-53221234", "023-53221234", false},
		{"02353221234-801", "02353221234-801", false},
		{"12812345678", "", true},
		{"1381234567", "", true},
		{"电话", "", true},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			got, err := ParsePhone(tt.in)
			if got != tt.want || (err != nil) != tt.bad {
				t.Errorf("ParsePhone(%q) = %q, %v; want %q", tt.in, got, err, tt.want)
			}
		})
	}
}

// A code that is taken is whole, in its one form, and its check character
// catches every single character mistyped.
func FuzzParseCreditCode(f *testing.F) {
	for _, seed := range []string{"11500228008652193Q", "91440300192203821\xff", " 1150022800865 2193ｑ", "O14403001922038216", ""} {
		f.Add(seed, uint8(3), uint8(7))
	}
	f.Fuzz(func(t *testing.T, s string, at, by uint8) {
		code, err := ParseCreditCode(s)
		if err != nil {
			return
		}
		if again, err := ParseCreditCode(code); err != nil || again != code || len(code) != 18 {
			t.Errorf("%q normalises to %q, which does not parse to itself", s, code)
		}
		slipped := []byte(code)
		slipped[int(at)%18] = creditAlphabet[int(by)%len(creditAlphabet)]
		if _, err := ParseCreditCode(string(slipped)); (err == nil) != (string(slipped) == code) {
			t.Errorf("%q with a slip is %q: %v", code, slipped, err)
		}
	})
}

// A number that is taken is in its one form, and its check character catches
// every single digit mistyped.
func FuzzParsePatentNumber(f *testing.F) {
	for _, seed := range []string{"ZL201710601862.3", "95115608.X", "zl 2017106018623", "CN107123456A", "ＺＬ９７１０１７６５．４"} {
		f.Add(seed, uint8(5), uint8(1))
	}
	f.Fuzz(func(t *testing.T, s string, at, by uint8) {
		number, err := ParsePatentNumber(s)
		if err != nil {
			return
		}
		if again, err := ParsePatentNumber(number); err != nil || again != number {
			t.Errorf("%q normalises to %q, which does not parse to itself", s, number)
		}
		digits := len(number) - len("ZL.0")
		slipped := []byte(number)
		slipped[2+int(at)%digits] = '0' + by%10
		if _, err := ParsePatentNumber(string(slipped)); err == nil && string(slipped) != number {
			t.Errorf("%q with a slip is %q, and is taken", number, slipped)
		}
	})
}
